"""What the tests of access share: a centre of its own for each test, empty or with people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.access_world import World, open_world
from tests.integration.ended import end_all


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """Nothing that a test started in this process outlives it."""
    yield
    end_all()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A centre that nobody has signed in to yet."""
    with open_world(tmp_path) as opened:
        yield opened


@pytest.fixture
def staffed(world: World) -> World:
    """The same with a person of each role."""
    return world.staffed()

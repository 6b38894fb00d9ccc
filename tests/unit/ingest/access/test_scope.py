"""What a person may see is decided in one place."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.access.permissions import Role
from ingest.access.person import Person
from ingest.access.scope import EVERYTHING, NOTHING, Scope, scope_of


def person(cameras: frozenset[str] | None, *, active: bool = True) -> Person:
    return Person("1", "an", "An", Role.OFFICER, active=active, cameras=cameras)


def test_without_a_set_every_camera_is_seen() -> None:
    assert scope_of(person(None)) == EVERYTHING
    assert EVERYTHING.sees("any")


def test_an_empty_set_is_nothing_and_not_everything() -> None:
    scope = scope_of(person(frozenset()))
    assert scope.cameras == frozenset()
    assert not scope.sees("any")


def test_who_is_switched_off_sees_nothing() -> None:
    assert scope_of(person(None, active=False)) == NOTHING
    assert scope_of(person(frozenset({"a"}), active=False)) == NOTHING


@given(st.frozensets(st.text(min_size=1)), st.text(min_size=1))
def test_exactly_the_set_is_seen(cameras: frozenset[str], asked: str) -> None:
    assert Scope(cameras).sees(asked) is (asked in cameras)

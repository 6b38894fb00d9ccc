"""The dashboard in a real browser, on the real product."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.alone


@pytest.mark.parametrize(
    "spec", ["doors.mjs", "alerts.mjs", "cameras.mjs", "connection.mjs", "accessibility.mjs", "phone.mjs"]
)
def test_in_chromium(run_spec: Callable[[str], None], spec: str) -> None:
    """A person at a screen cannot do what the file says."""
    run_spec(spec)

"""Settings that a person writes: nonsense is named."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.access.settings import AccessSettings


def test_a_session_outlives_a_shift_but_not_the_next_one() -> None:
    assert AccessSettings().session_lifetime == timedelta(hours=24)
    assert AccessSettings().session_idle == timedelta(hours=12)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"session_idle": 0}, "session_idle"),
        ({"session_lifetime": -1}, "session_lifetime"),
        ({"failures_per_person": 0}, "failures_per_person"),
        ({"trusted_proxies": ["proxy.local"]}, "write 10.0.0.5"),
        ({"trustedproxies": []}, "trustedproxies"),
    ],
)
def test_nonsense(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        AccessSettings.model_validate(wrong)

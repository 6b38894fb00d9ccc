"""When a ban or a use holds."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.scene import Hours


def is_in_force(hours: Sequence[Hours], at: datetime, zone: ZoneInfo) -> bool:
    """Whether any of these hours holds at a moment, in the scene's time zone; without hours it always does."""
    return not hours or any(entry.hold(at, zone) for entry in hours)

"""How long to wait before a camera is tried again. Pure: chance comes in as a number."""

from dataclasses import dataclass

from contracts.backoff import backoff_s
from contracts.health import Reason

WATCHED = frozenset(
    {
        Reason.REFUSED,
        Reason.UNREACHABLE,
        Reason.TIMEOUT,
        Reason.NAME_NOT_FOUND,
        Reason.NOT_RTSP,
        Reason.STALLED,
        Reason.ENDED,
        Reason.CORRUPT,
    }
)
"""Causes that end when the camera is back: while waiting it is asked once a second, without credentials and without
opening a stream, whether it speaks RTSP again. The answer cuts the wait short, so that frames flow within 10 s of
its return although the pauses between real tries grow to 30 s."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential pauses with full jitter in their upper half, seconds."""

    min_s: float
    max_s: float
    refused_s: float

    def pause_s(self, failures: int, reason: Reason, chance: float) -> float:
        """Pause after so many failures in a row (1 = the first).

        Args:
            failures: consecutive failures, from 1.
            reason: of the last one. After a wrong password the pause is never under `refused_s`: cameras lock out
                who tries too fast.
            chance: 0 <= chance < 1, random; it spreads the tries of many cameras behind one dead switch.
        """
        if failures < 1 or not 0 <= chance < 1:
            raise ValueError(f"failures must be at least 1 and chance in 0..1, not {failures} and {chance}")
        if reason is Reason.WRONG_PASSWORD:
            longest = backoff_s(failures, 1.0, least_s=self.min_s, most_s=self.max_s)
            return max(self.refused_s, longest) * (1 + 0.1 * chance)
        return max(self.min_s, backoff_s(failures, chance, least_s=self.min_s, most_s=self.max_s))

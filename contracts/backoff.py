"""How long to wait before the next try. Pure: chance comes in as a number."""


def backoff_s(failures: int, chance: float, *, least_s: float = 0.25, most_s: float = 5.0) -> float:
    """Pause before the next try: doubles with each failure, bounded, spread over its upper half.

    Args:
        failures: tries that failed in a row, 1 or more.
        chance: uniform in 0..1, so that many who failed at one moment do not come back at one moment.
        least_s: longest pause after the first failure, seconds.
        most_s: longest pause of all, seconds.

    Raises:
        ValueError: failures under 1, or chance outside 0..1.
    """
    if failures < 1 or not 0 <= chance <= 1:
        raise ValueError(f"failures must be at least 1 and chance in 0..1, not {failures} and {chance}")
    longest = min(most_s, least_s * 2.0 ** min(failures - 1, 32))
    return longest * (0.5 + chance / 2)

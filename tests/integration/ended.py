"""What a test starts in this process and a failed test would leave running: ended at the test's end in any case.

A consumer left behind asks for a broker that is gone as fast as it can, and disturbs the times of all tests after it.
"""

from collections.abc import Callable

_endings: list[Callable[[], object]] = []


def at_end(ending: Callable[[], object]) -> None:
    """`ending` is called when the running test has ended, also where it failed; it may have been called by then."""
    _endings.append(ending)


def end_all() -> None:
    """Calls all endings, newest first, whatever each of them says."""
    said: list[Exception] = []
    while _endings:
        try:
            _endings.pop()()
        except Exception as error:  # noqa: BLE001 - the others are ended all the same
            said.append(error)
    if said:
        raise ExceptionGroup("not ended", said)

"""A test that fails half-way must not keep the run from ending: threads it left are named, and nothing waits for them.

Python waits for every thread that is no daemon before it exits; one reader of a Kafka that was gone has kept a run of
CI from ending until its limit, all results printed.
"""

import os
import sys
import threading
import time

import pytest

PATIENCE_S = float(os.environ.get("GIAOLO_LEFT_THREADS_S", "20"))
_STATUS = pytest.StashKey[int]()


def left_threads() -> list[str]:
    """Names of the threads Python waits for at its end."""
    mine = threading.main_thread()
    return sorted(one.name for one in threading.enumerate() if one is not mine and not one.daemon and one.is_alive())


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keeps the result for the end."""
    session.config.stash[_STATUS] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """After the last word was printed: who has not ended by himself soon is ended, and a good run becomes a bad one."""
    status = config.stash.get(_STATUS, 0) or 1

    def end() -> None:
        time.sleep(PATIENCE_S)
        left = left_threads()
        if not left:  # a worker of pytest-xdist that is done before the other
            return
        sys.stderr.write(f"threads left running by a test: {', '.join(left)}\n")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    threading.Thread(target=end, name="end-of-tests", daemon=True).start()

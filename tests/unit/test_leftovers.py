"""The end of a test run whose tests left threads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

LEAVES = """
import threading

def test_leaves_a_thread():
    threading.Thread(target=threading.Event().wait, name="reader-of-nothing").start()
    assert {passes}

def test_another():
    pass
"""
IDLE = """
from concurrent.futures import ThreadPoolExecutor

POOL = ThreadPoolExecutor(2)

def test_an_idle_pool_ends_by_itself():
    POOL.submit(int).result()
"""


@pytest.mark.parametrize("passes", [True, False])
def test_a_run_that_left_a_thread_ends_all_the_same_and_says_whose(tmp_path: Path, passes: bool) -> None:
    (tmp_path / "test_it.py").write_text(LEAVES.format(passes=passes))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.leftovers", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "GIAOLO_LEFT_THREADS_S": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "reader-of-nothing" in done.stderr
    assert ("2 passed" if passes else "1 failed, 1 passed") in done.stdout


def test_who_ends_by_himself_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(IDLE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.leftovers", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")

"""What must hold: what was alive at the start is out of the search for garbage; cycles made later are still found."""

import subprocess
import sys

CHILD = """
import gc, weakref
from contracts.collector import YOUNGEST, settle

class Node:
    pass

settle()
assert gc.get_freeze_count() > 1_000, gc.get_freeze_count()
assert gc.get_threshold()[0] == YOUNGEST
node = Node()
node.itself = node
gone = weakref.ref(node)
del node
keep = [[] for _ in range(YOUNGEST + 1_000)]
assert gone() is None, "a cycle is never found again"
"""


def test_the_start_is_frozen_and_later_cycles_are_still_found() -> None:
    """In a process of its own: the test run must keep its own settings."""
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""How the C library holds memory for a process with many threads.

glibc gives each thread an arena of its own and keeps in it what was freed: a node with two threads for each camera held
half as much again as it used (docs/performance.md). Elsewhere than with glibc both functions do nothing.
"""

import ctypes
from functools import cache

_M_ARENA_MAX = -8  # malloc.h
ARENAS = 2


@cache
def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libc.so.6")
    except OSError:
        return None
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


def share_arenas() -> bool:
    """Lets all threads that begin from now on share two arenas; False where that cannot be told."""
    library = _glibc()
    return library is not None and library.mallopt(_M_ARENA_MAX, ARENAS) == 1


def give_back() -> bool:
    """Gives the system back what was freed, as after loading a network; False where nothing was."""
    library = _glibc()
    return library is not None and library.malloc_trim(0) == 1

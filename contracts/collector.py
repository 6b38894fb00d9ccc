"""Python's search for cyclic garbage, in a process that runs for months.

Every collection of the oldest generation walks through all that is alive. After the start that is half a million
objects of the libraries, which never go: a tenth of a second and more, in which no thread of the process runs. And each
batch of records makes tens of thousands of objects without one cycle among them, so the young are looked through again
and again for nothing: reading 500 events cost five times as much with the default thresholds as without a search.
"""

import gc

YOUNGEST = 20_000
"""Objects made and not freed, after which the youngest are looked through; Python's default is 700."""


def settle() -> None:
    """What is alive now is never looked at again; what comes is looked through less often. Once, after the start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, 20, 20)

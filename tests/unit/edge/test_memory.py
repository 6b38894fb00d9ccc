"""What the C library keeps of freed memory."""

import platform
import subprocess
import sys

import pytest

HELD = """
import threading, psutil
import numpy as np
from edge.memory import give_back, share_arenas

if {shared}:
    assert share_arenas()

def work(begun, may_end):
    kept = [bytearray(30_000) for _ in range(400)]
    small = kept[::40]
    del kept
    begun.release()
    may_end.wait()

begun, may_end = threading.Semaphore(0), threading.Event()
threads = [threading.Thread(target=work, args=(begun, may_end)) for _ in range(24)]
for thread in threads:
    thread.start()
for _ in threads:
    begun.acquire()
import ctypes, re, tempfile, os
library = ctypes.CDLL("libc.so.6")
library.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
library.fdopen.restype = ctypes.c_void_p
library.fflush.argtypes = [ctypes.c_void_p]
with tempfile.TemporaryFile() as file:
    stream = library.fdopen(os.dup(file.fileno()), b"w")
    library.malloc_info(0, stream)
    library.fflush(stream)
    file.seek(0)
    print(len(re.findall(rb"<heap nr", file.read())))
may_end.set()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_many_threads_share_two_arenas() -> None:
    arenas = {}
    for shared in (False, True):
        program = HELD.format(shared=shared)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        arenas[shared] = int(done.stdout)
    assert arenas[True] <= 2 < arenas[False]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_what_was_freed_goes_back_to_the_system() -> None:
    program = """
import psutil
from edge.memory import give_back

kept = [bytearray(60_000) for _ in range(2000)]
last = kept[-1]
del kept
before = psutil.Process().memory_info().rss
assert give_back()
assert psutil.Process().memory_info().rss < before - 50_000_000, (before, psutil.Process().memory_info().rss)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""Cores are the engine's: no library of ours computes in threads nobody counts."""

import cv2

from edge.cores import keep_to_one_thread


def test_opencv_works_in_the_thread_that_calls_it() -> None:
    """Two threads asked for before are one afterwards."""
    cv2.setNumThreads(2)
    keep_to_one_thread()
    assert cv2.getNumThreads() == 1

"""Who has threads of its own. The engine counts the cores and gives out turns; nothing else may take them."""

import cv2


def keep_to_one_thread() -> None:
    """OpenCV works in the thread that calls it, in the whole process.

    Its own pool takes a share of every larger call to another core, on which another camera is computing: the same work
    then costs several times the CPU time.
    """
    cv2.setNumThreads(1)

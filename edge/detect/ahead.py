"""Pictures of one video looked at several at once, and told in their order: for who need not be live.

A network with one thread for each of several calls does more in sum than one call with all of them.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from edge.detect.detector import Detector, Shown
from edge.detections import Detections
from edge.frame import Frame


def looked_at(frames: Iterable[Frame], detector: Detector, at_once: int) -> Iterator[tuple[Frame, Detections]]:
    """Each frame with its detections, in order, whatever took longer.

    Args:
        frames: taken from at most `at_once` ahead of the one that is given out.
        detector: may be called from several threads at once.
        at_once: calls under way together, 1 or more.

    Raises:
        ModelError: as the detector; for the frame it was raised for, after those before it.
    """
    waiting: deque[tuple[Frame, Future[Detections]]] = deque()
    with ThreadPoolExecutor(at_once, thread_name_prefix="look-ahead") as pool:
        try:
            for frame in frames:
                waiting.append((frame, pool.submit(Shown.of(frame.picture, detector).seen_by, detector)))
                if len(waiting) > at_once:
                    first, seen = waiting.popleft()
                    yield first, seen.result()
            while waiting:
                first, seen = waiting.popleft()
                yield first, seen.result()
        finally:  # who asks no further waits for no more than what is under way
            for _, seen in waiting:
                seen.cancel()

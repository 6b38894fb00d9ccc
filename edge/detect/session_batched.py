"""Pictures of several cameras in one call of the network: on a GPU eight together take little longer than one.

Whoever comes while the network runs waits, and all who wait go together when it is free: batches are as large as the
load makes them, and a picture that comes alone goes alone, at once. There is no thread for it and no time to wait out.
"""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.detect.session import PICTURES, Session
from edge.errors import ModelError

Outputs = tuple[NDArray[Any], ...]


@dataclass(slots=True, eq=False)
class _Place:
    """One picture, and what became of it. `told` is set when that is known, or when its thread is to run the next."""

    blob: NDArray[Any]
    outcome: Outputs | Exception = field(default_factory=lambda: ModelError("the call of the network was interrupted"))
    runs: bool = False
    told: threading.Event = field(default_factory=threading.Event)


class BatchedSession:
    """See Session. Who has a result leaves at once: the next call is run by one of those who wait for it.

    Args:
        session: of a network that takes any number of pictures.
        most: pictures in a call.
    """

    def __init__(self, session: Session, most: int) -> None:
        self._session = session
        self._most = most
        self._waiting: deque[_Place] = deque()
        self._is_running = False
        self._lock = threading.Lock()  # of these two; not held while the network runs
        self.input_shape = session.input_shape
        self.input_type = session.input_type
        self.metadata = session.metadata
        self.providers = session.providers

    def run(self, blob: NDArray[Any]) -> Outputs:
        """See Session. A batch that fails is tried one by one: a picture's fault stays its own."""
        place = _Place(blob)
        with self._lock:
            self._waiting.append(place)
            if not self._is_running:
                self._is_running = True
                self._call(place)
        try:
            place.told.wait()
            if place.runs:
                self._run(self._next(place))
        finally:
            self._leave(place)
        if isinstance(place.outcome, Exception):
            raise place.outcome
        return place.outcome

    def _call(self, place: _Place) -> None:
        place.runs = True
        place.told.set()

    def _next(self, place: _Place) -> list[_Place]:
        """Those who go together now: whose turn it is, and who has waited longest."""
        with self._lock:
            self._waiting.remove(place)
            others = [self._waiting.popleft() for _ in range(min(self._most - 1, len(self._waiting)))]
        return [place, *others]

    def _leave(self, place: _Place) -> None:
        """Also of one who was interrupted. Whose turn it was gives it to who has waited longest."""
        with self._lock:
            if place in self._waiting:
                self._waiting.remove(place)
            if place.runs:
                if self._waiting:
                    self._call(self._waiting[0])
                else:
                    self._is_running = False

    def _run(self, places: list[_Place]) -> None:
        """Fills in all places; those of a batch that fails each by themselves."""
        try:
            together = self._session.run(np.concatenate([place.blob for place in places]))
            for number, place in enumerate(places):
                place.outcome = tuple(output[number : number + 1] for output in together)
        except Exception as error:  # noqa: BLE001 - whose picture it was is told by trying each
            if len(places) == 1:
                places[0].outcome = error
                return
            for place in places:
                self._run([place])
        finally:  # nobody waits for ever for a call that was interrupted
            for place in places:
                place.told.set()


def takes_batches(session: Session, height: int, width: int, most: int) -> bool:
    """True where so many pictures together give what each gives alone.

    Asked by running it: an export may have fixed the number of pictures deep inside, and mix them without a word.
    """
    rng = np.random.default_rng(1)
    blobs: list[NDArray[Any]] = [
        rng.integers(0, 256, (1, height, width, 3), np.uint8)
        if session.input_type == PICTURES
        else rng.random((1, 3, height, width), np.float32)
        for _ in range(most)
    ]
    try:
        together = session.run(np.concatenate(blobs))
        alone = [session.run(blob) for blob in blobs]
    except ModelError:
        return False
    return all(
        output.shape == (most, *own[0].shape[1:]) and _is_near(output, np.concatenate(own))
        for output, own in zip(together, zip(*alone, strict=True), strict=True)
    )


def _is_near(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """The same but for the order of sums: a GPU takes another way for another number of pictures."""
    return bool(np.abs(one - other).max(initial=0) <= 0.01 * max(1.0, np.abs(other).max(initial=0)))

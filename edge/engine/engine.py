"""One detector, few turns at once, N cameras."""

import threading
import time
from collections.abc import Callable

from contracts.scene import SceneConfig
from edge.config import DetectConfig
from edge.detect.detector import Detector
from edge.engine.desk import TurnDesk
from edge.engine.rate import RateLimits, has_room
from edge.engine.seat import Seat
from edge.engine.words import overload

ROOM_EVERY_S = 1.0


class Engine:
    """Seats the cameras of a node before its detector. Any thread.

    Args:
        detector: shared by all cameras.
        places: inferences at once.
        limits: of each camera's rate.
        clock: seconds that only grow.
    """

    def __init__(
        self, detector: Detector, *, places: int, limits: RateLimits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.detector = detector
        self._limits = limits
        self._clock = clock
        self.places = places
        self._desk = TurnDesk(places, clock)
        self._lock = threading.Lock()
        self._seats: list[Seat] = []
        self._room = False
        self._looked_s = clock()

    @classmethod
    def of(cls, detector: Detector, config: DetectConfig) -> "Engine":
        """As a node file says."""
        limits = RateLimits(config.min_fps, config.fps, config.max_fps)
        return cls(detector, places=config.at_once, limits=limits)

    def seat(self, camera: str, scene: SceneConfig) -> Seat:
        """A camera begins; `leave` when it ends."""
        seat = Seat(
            camera,
            scene,
            detector=self.detector,
            desk=self._desk,
            limits=self._limits,
            has_room=self.has_room,
            clock=self._clock,
        )
        with self._lock:
            self._seats.append(seat)
        return seat

    def leave(self, seat: Seat) -> None:
        """A camera has ended."""
        seat.close()
        with self._lock:
            if seat in self._seats:
                self._seats.remove(seat)

    def has_room(self) -> bool:
        """Whether cameras may have more than they need; looked at once a second."""
        now_s = self._clock()
        with self._lock:
            if now_s - self._looked_s >= ROOM_EVERY_S and (turn_s := self._desk.usual_s) is not None:
                self._looked_s = now_s
                welcome = sum(seat.welcome for seat in self._seats)
                self._room = has_room(turn_s, welcome, self.places, had_room=self._room)
            return self._room

    def faults(self) -> list[str]:
        """What is too slow, or hangs, in words. A turn that hangs is taken back: others get its place."""
        with self._lock:
            seats = list(self._seats)
        hanging = {seat.camera: found for seat in seats if (found := seat.hanging()) is not None}
        accounts = {seat.camera: seat.account() for seat in seats if seat.camera not in hanging}
        return [f"{camera}: {found.words()}" for camera, found in sorted(hanging.items())] + overload(accounts)

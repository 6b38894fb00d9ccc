"""One camera's place in the engine: when its thread takes a picture, and the detector its pipeline sees.

while not stopped:
    wait for a picture; look(); ask(), and again when the time has come
    if wait():                       the turn has come
        take the newest picture; detect() it, and each of its regions that is due
        end_turn(); the rest of its road
        done()

A region is work of its camera, done in the same turn: a camera with regions keeps the same share of its rate as all
others when there is too little time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from contracts.scene import SceneConfig
from edge.detect.detector import Detector
from edge.detect.regions import worth_a_look
from edge.detections import Detections
from edge.engine.desk import TurnDesk
from edge.engine.motion import Gray, Motion
from edge.engine.pace import Account, Judged, Pace
from edge.engine.rate import Rate, RateLimits, SourceRate
from edge.engine.words import Hanging
from edge.frame import Frame

HANGS_S = 10.0
HANGS_TIMES = 20.0  # of what is usual
_SLACK = 1.1  # a measured rate of the source that is a little low must not leave pictures out


@dataclass(frozen=True, slots=True)
class _Stage:
    """What the camera's thread is at, and since when."""

    at: Literal["line", "detector", "road"]
    since_s: float


class Seat:
    """For one camera's thread; `account`, `hanging`, `welcome` and `close` for any.

    Attributes:
        camera: its id.
        name, model_sha256, input_size: see Detector.
        welcome: looks a second, at pictures and regions, that the camera would take if there is room.
    """

    def __init__(
        self,
        camera: str,
        scene: SceneConfig,
        *,
        detector: Detector,
        desk: TurnDesk,
        limits: RateLimits,
        has_room: Callable[[], bool],
        clock: Callable[[], float],
    ) -> None:
        now_s = clock()
        self.camera = camera
        self.name = detector.name
        self.model_sha256 = detector.model_sha256
        self.input_size = detector.input_size
        self.welcome = 0.0
        self._detector = detector
        self._desk = desk
        self._has_room = has_room
        self._clock = clock
        self._ticket = desk.join(limits.usual)
        in_picture = any(head.region is not None for head in scene.signal_heads)
        self._regions = [region.fps for region in worth_a_look(scene.detection_regions)]
        self._rate = Rate(
            limits,
            scene.rules.on(),
            watches_lamps=in_picture,
            now_s=now_s,
            at_least=max((fps or 0.0 for fps in self._regions), default=0.0),
        )
        self._look_every_s = 1 / limits.usual
        self._looked_s = now_s - self._look_every_s
        self._motion = Motion()
        self._source = SourceRate()
        self._lock = threading.Lock()
        self._pace = Pace(now_s)
        self._asked_s = self._given_s = self._ended_s = now_s
        self._own_s = 0.0
        self._looks = 0
        self._stage: _Stage | None = None

    def idle(self) -> None:
        """No picture comes: nothing is wanted."""
        self.welcome = 0.0
        self._wants(0.0)

    def look(self, glance: Callable[[], Gray | None]) -> None:
        """Asks for a small grey look at the waiting picture when the time for one has come."""
        now_s = self._clock()
        if now_s - self._looked_s < self._look_every_s:
            return
        self._looked_s = now_s
        gray = glance()
        if gray is not None and self._motion.look(gray, now_s):
            self._rate.moved(now_s)

    def ask(self) -> float:
        """A picture waits. Seconds until a turn is due, at most until the next `look`; 0: now `wait`."""
        now_s = self._clock()
        needed = self._rate.needed(now_s)
        self._wants(self._sent(needed))
        welcome = self._rate.welcome(now_s)
        self.welcome = self._looks_at(self._sent(welcome))
        rate = welcome if self._has_room() else needed
        left_s = self._desk.ask(self._ticket, self._sent(rate, _SLACK))
        if left_s > 0:
            return min(left_s, max(self._looked_s + self._look_every_s - now_s, 0.001))
        self._asked_s = now_s
        self._stage = _Stage("line", now_s)
        return 0.0

    def wait(self) -> bool:
        """Waits for the turn; False: the seat was closed."""
        if not self._desk.wait(self._ticket):
            self._stage = None
            return False
        self._given_s = self._clock()
        self._looks = 0
        self._stage = _Stage("detector", self._given_s)
        return True

    def detect(self, image: NDArray[np.uint8]) -> Detections:
        """See Detector. Within a turn as often as it takes."""
        self._looks += 1
        found = self._detector.detect(image)
        if len(found):
            self._rate.seen(self._clock())
        return found

    def end_turn(self) -> None:
        """The frame needs the detector no longer; nothing happens when the turn is over."""
        stage = self._stage
        if stage is not None and stage.at == "detector":
            self._desk.end(self._ticket, self._looks)
            self._ended_s = self._clock()
            self._stage = _Stage("road", self._ended_s)

    def done(self, frame: Frame | None, now: datetime) -> None:
        """The frame's road is at its end, or was left with an exception; None: there was none to take."""
        self.end_turn()
        self._stage = None
        if frame is None:
            return
        age_s = max(0.0, (now - frame.captured_at).total_seconds())
        now_s = self._clock()
        self._source.see(frame.index, frame.captured_at, discontinuity=frame.discontinuity)
        judged = Judged(
            now_s,
            age_s,
            line_s=self._given_s - self._asked_s,
            turn_s=self._ended_s - self._given_s,
            own_s=now_s - self._ended_s,
            looks=self._looks,
        )
        with self._lock:
            self._own_s = judged.own_s
            self._pace.add(judged)

    def close(self) -> None:
        """The camera ends: nobody waits for it, and `wait` returns."""
        self._desk.leave(self._ticket)

    def account(self) -> Account:
        """What the camera wanted and got over the last seconds."""
        stage, now_s = self._stage, self._clock()
        spent_s = 0.0 if stage is None else now_s - stage.since_s
        is_own = stage is not None and stage.at == "road"
        with self._lock:
            return self._pace.account(now_s, turn_s=0.0 if is_own else spent_s, own_s=spent_s if is_own else 0.0)

    def hanging(self) -> Hanging | None:
        """What the camera has been at for far too long, if anything."""
        stage = self._stage
        if stage is None or stage.at == "line":
            return None
        in_detector = stage.at == "detector"
        usual_s = (self._desk.usual_s or 0.0) * (1 + len(self._regions)) if in_detector else self._own_s
        since_s = self._clock() - stage.since_s
        if since_s <= max(HANGS_S, HANGS_TIMES * usual_s):
            return None
        if in_detector:
            self._desk.take_back(self._ticket)
        return Hanging(since_s, in_detector, usual_s)

    def _wants(self, rate: float) -> None:
        with self._lock:
            self._pace.wants(rate, self._clock())

    def _looks_at(self, rate: float) -> float:
        """Looks a second at so many pictures."""
        return rate + sum(rate if fps is None else min(rate, fps) for fps in self._regions)

    def _sent(self, rate: float, slack: float = 1.0) -> float:
        """The rate, as far as the camera sends so many pictures."""
        fps = self._source.fps
        return min(rate, slack * fps) if fps else rate

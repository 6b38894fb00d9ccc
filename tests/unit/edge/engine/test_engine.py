"""Cameras before one detector, in real threads: shares, ages, faults, and one that hangs."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.event import TimeQuality
from contracts.scene import DetectionRegion, SceneConfig
from edge.config import DetectConfig, usable_cores
from edge.detections import Detections
from edge.engine.engine import Engine
from edge.engine.rate import RateLimits
from edge.engine.seat import HANGS_S, Seat
from edge.frame import Frame
from edge.picture import WholePicture
from edge.scene.load import default_scene

pytestmark = pytest.mark.timeout(60)

FAST = 5  # seconds of the engine's clock in one of ours
IMAGE = np.zeros((48, 64, 3), np.uint8)
FILE_TIME = TimeQuality(source="file", uncertainty_ms=0)
SOMEBODY = Detections(np.array([[10, 10, 30, 40]], np.float32), np.array([0.9], np.float32), np.array([0], np.int64))


class SlowDetector:
    """Takes `seconds` a picture, and sees somebody or nobody; raises where it is told to."""

    name = "slow"
    model_sha256 = "a" * 64
    input_size = (4096, 4096)

    def __init__(self, seconds: float, found: Detections = SOMEBODY) -> None:
        self.seconds = seconds
        self.found = found
        self.fails = False
        self.most = 0
        self._inside = 0
        self._lock = threading.Lock()

    def detect(self, image: NDArray[np.uint8]) -> Detections:  # noqa: ARG002
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        time.sleep(self.seconds / FAST)
        with self._lock:
            self._inside -= 1
        if self.fails:
            raise RuntimeError("no graphics card")
        return self.found


def fast_clock() -> float:
    return time.monotonic() * FAST


def engine_of(detector: SlowDetector, places: int) -> Engine:
    return Engine(detector, places=places, limits=RateLimits(2, 5, 10), clock=fast_clock)


def with_regions(count: int, **parts: Any) -> SceneConfig:
    """The default scene with so many detection regions."""
    polygon = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6))
    regions = [DetectionRegion(id=f"r{number}", polygon=polygon, **parts) for number in range(count)]
    return default_scene().model_copy(update={"detection_regions": tuple(regions)})


class Camera:
    """A camera with a picture waiting at any time; its thread does what a worker's does."""

    def __init__(self, engine: Engine, name: str, own_s: float = 0.0, regions: int = 0) -> None:
        self.regions = regions
        self.seat: Seat = engine.seat(name, with_regions(regions))
        self.judged: list[float] = []
        self.own_s = own_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        index = 0
        while not self._stop.is_set():
            self.seat.look(lambda: IMAGE[:, :, 0])
            pause_s = self.seat.ask()
            if pause_s > 0:
                self._stop.wait(pause_s / FAST)
            elif self.seat.wait():
                index += 1
                frame = Frame("c", index * 5, WholePicture(IMAGE), datetime.now(UTC), FILE_TIME)
                try:
                    for _ in range(1 + self.regions):
                        self.seat.detect(frame.image)
                    self.seat.end_turn()
                    self._stop.wait(self.own_s / FAST)
                except RuntimeError:
                    pass
                finally:
                    self.seat.done(frame, datetime.now(UTC))
                self.judged.append(fast_clock())

    def stop(self) -> None:
        self._stop.set()
        self.seat.close()
        self._thread.join(5)
        assert not self._thread.is_alive()


class Site:
    """Cameras that are ended after the test."""

    def __init__(self) -> None:
        self.cameras: list[Camera] = []

    def add(self, engine: Engine, name: str, own_s: float = 0.0, regions: int = 0) -> Camera:
        self.cameras.append(Camera(engine, name, own_s, regions))
        return self.cameras[-1]


@pytest.fixture(name="site")
def _site() -> Iterator[Site]:
    site = Site()
    yield site
    for camera in site.cameras:
        camera.stop()


def test_twelve_cameras_on_a_machine_for_half_of_them(site: Site) -> None:
    """All are looked at alike, no more than two at once, and the node says by how much it is too small."""
    detector = SlowDetector(0.066)
    engine = engine_of(detector, 2)
    cameras = [site.add(engine, f"c{number}") for number in range(12)]
    time.sleep(11 / FAST)
    counts = [len(camera.judged) for camera in cameras]
    assert detector.most == 2
    assert min(counts) >= 0.8 * max(counts)
    (words,) = engine.faults()
    since = fast_clock() - 10
    judged = sum(moment >= since for camera in cameras for moment in camera.judged) / 10
    assert words.startswith("12 cameras want 60 pictures a second, this machine manages ")
    assert int(words.split(" manages ")[1].split(":")[0]) == pytest.approx(judged, abs=2)
    assert judged <= 31
    account = cameras[0].seat.account()
    assert account.wanted == pytest.approx(5, abs=0.1)
    assert account.reached < 0.8 * account.wanted


def test_regions_are_paid_for_by_all_cameras_alike(site: Site) -> None:
    """Every second camera looks three times at each picture: all lose the same share, and the regions are named."""
    engine = engine_of(SlowDetector(0.066), 2)
    cameras = [site.add(engine, f"c{number}", regions=2 * (number % 2)) for number in range(6)]
    time.sleep(11 / FAST)
    counts = [len(camera.judged) for camera in cameras]
    assert min(counts) >= 0.8 * max(counts)
    (words,) = engine.faults()
    assert words.startswith("6 cameras want 30 pictures a second, each looked at 2.0 times for its detection regions, ")
    assert "look at fewer or slower detection regions" in words


def test_regions_are_in_the_books_of_the_room_there_is(site: Site) -> None:
    """Alone it would be looked at ten times a second; with three regions that would be forty looks, and half the time.

    0.05 s a look and two places: 40 looks would take all of the time, 20 take half of it.
    """
    engine = engine_of(SlowDetector(0.05), 2)
    camera = site.add(engine, "only", regions=3)
    time.sleep(6 / FAST)
    recent = [moment for moment in camera.judged if moment > camera.judged[-1] - 2]
    assert camera.seat.welcome == pytest.approx(40)
    assert not engine.has_room()
    assert len(recent) <= 11
    assert engine.faults() == []


def test_one_camera_on_an_idle_machine_is_looked_at_most_often(site: Site) -> None:
    """A demo of one camera: ten times a second, although five are needed."""
    engine = engine_of(SlowDetector(0.02), 2)
    camera = site.add(engine, "only")
    time.sleep(4 / FAST)
    recent = [moment for moment in camera.judged if moment > camera.judged[-1] - 2]
    assert len(recent) == pytest.approx(20, abs=2)
    assert camera.seat.account().wanted == pytest.approx(5, abs=0.1)
    assert engine.faults() == []


def test_a_detector_too_slow_for_one_camera_is_the_machines_fault(site: Site) -> None:
    """Nobody stands in line, and it is not the camera that sends too little."""
    engine = engine_of(SlowDetector(0.4), 2)
    site.add(engine, "only")
    time.sleep(10.5 / FAST)
    assert engine.faults()[0].startswith("1 camera wants 5 pictures a second, this machine manages ")


def test_a_camera_whose_rules_are_slow_holds_nobody_up(site: Site) -> None:
    engine = engine_of(SlowDetector(0.02), 1)
    slow, well = site.add(engine, "slow", own_s=1.0), site.add(engine, "well")
    time.sleep(10.5 / FAST)
    assert len(slow.judged) <= 11
    assert len(well.judged) >= 50
    (words,) = engine.faults()
    assert words.startswith("slow: tracks, rules and evidence take ")


def test_a_detector_that_fails_gives_its_turn_back(site: Site) -> None:
    detector = SlowDetector(0.01)
    detector.fails = True
    engine = engine_of(detector, 1)
    cameras = [site.add(engine, name) for name in "ab"]
    time.sleep(1.5 / FAST)
    assert all(len(camera.judged) >= 5 for camera in cameras)


class HandClock:
    """Seconds moved by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(("fps", "wanted"), [(8, 8), (4, 5), (None, 5)])
def test_a_region_faster_than_the_camera_raises_its_rate(fps: float | None, wanted: float) -> None:
    """The whole picture is looked at in each that is judged; a slower region is left out of some."""
    clock = HandClock()
    engine = Engine(SlowDetector(0), places=1, limits=RateLimits(2, 5, 10), clock=clock)
    seat = engine.seat("gate", with_regions(1, fps=fps))
    seat.ask()
    clock.now_s += 4
    assert seat.account().wanted == pytest.approx(wanted)


def test_looks_at_regions_are_not_a_long_turn() -> None:
    """Four looks of 0.1 s are no slower detector than one: what hangs and what there is room for go by the look."""
    clock = HandClock()
    engine = Engine(SlowDetector(0), places=1, limits=RateLimits(2, 5, 10), clock=clock)
    seat = engine.seat("gate", with_regions(3))
    for _ in range(3):
        clock.now_s += 1
        assert seat.ask() == 0
        assert seat.wait()
        for _ in range(4):
            seat.detect(IMAGE)
            clock.now_s += 0.1
        seat.done(Frame("c", 1, WholePicture(IMAGE), datetime.now(UTC), FILE_TIME), datetime.now(UTC))
    assert seat.account().looks == 4
    clock.now_s += 1
    seat.ask()
    seat.wait()
    clock.now_s += HANGS_S + 1
    assert "in the detector (usually 0.40 s)" in engine.faults()[0]


def test_an_inference_that_hangs_is_named_and_its_place_given_to_others() -> None:
    clock = HandClock()
    engine = Engine(SlowDetector(0), places=1, limits=RateLimits(2, 5, 10), clock=clock)
    hung, well = engine.seat("hung", default_scene()), engine.seat("well", default_scene())
    assert hung.ask() == 0
    assert hung.wait()
    assert well.ask() == 0
    clock.now_s += HANGS_S
    assert not any("analysis has been" in words for words in engine.faults())
    clock.now_s += 1
    told = engine.faults()
    assert told[0].startswith("hung: analysis has been at one picture for 11 s, in the detector")
    assert told[1].startswith("1 camera wants 5 pictures a second, this machine manages 0: ")
    assert well.wait()
    well.done(None, datetime.now(UTC))
    hung.done(None, datetime.now(UTC))
    assert not any("analysis has been" in words for words in engine.faults())


def test_rules_that_hang_are_named_as_such() -> None:
    clock = HandClock()
    engine = Engine(SlowDetector(0), places=1, limits=RateLimits(2, 5, 10), clock=clock)
    seat = engine.seat("gate", default_scene())
    seat.ask()
    seat.wait()
    seat.detect(IMAGE)
    seat.end_turn()
    clock.now_s += HANGS_S + 1
    assert "in tracks, rules and evidence" in engine.faults()[0]


def test_a_scene_with_lamps_in_the_picture_never_rests() -> None:
    clock = HandClock()
    engine = Engine(SlowDetector(0), places=1, limits=RateLimits(2, 5, 10), clock=clock)
    head = {"id": "A", "region": [[0.1, 0.1], [0.2, 0.3]]}
    lamps = engine.seat("lamps", SceneConfig.model_validate({"version": 1, "scene_version": 1, "signal_heads": [head]}))
    bare = engine.seat("bare", default_scene())
    clock.now_s += 30
    for seat in (lamps, bare):
        seat.ask()
    clock.now_s += 10
    assert lamps.account().wanted == pytest.approx(5)
    assert bare.account().wanted == pytest.approx(2)


def test_places_follow_the_cores_and_the_file() -> None:
    """`threads` of one inference fill cores, too."""
    assert Engine.of(SlowDetector(0), DetectConfig()).places == usable_cores()
    assert Engine.of(SlowDetector(0), DetectConfig(threads=64)).places == 1
    assert Engine.of(SlowDetector(0), DetectConfig(workers=7)).places == 7

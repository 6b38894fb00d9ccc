"""Files, good and bad, through the real decoder."""

import itertools
import threading
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from pydantic import SecretStr

from contracts.camera import StreamConfig
from contracts.health import CameraState, Reason
from edge.config import CameraConfig
from edge.errors import StreamError
from edge.stream.camera import CameraStream
from edge.stream.file import FileReader
from edge.stream.source import VideoSource
from tests.integration.streams import Part, write_ts

START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
CLIPS = [
    ("street.mp4", 905, 37.646),
    ("two_way.mp4", 480, 19.978),
    ("a13_night.mp4", 273, 10.88),
    ("surveyed_junction.mp4", 60, 2.95),
    ("highway.avi", 1699, 28.35),
    ("pedestrians.avi", 795, 79.4),
]


@pytest.mark.parametrize(("name", "frames", "last_s"), CLIPS)
def test_every_frame_comes_once_and_in_time(clips: Path, name: str, frames: int, last_s: float) -> None:
    with FileReader(clips / name, "c1", start_at=START) as reader:
        times, indices = [], []
        for frame in reader:
            times.append(frame.captured_at)
            indices.append(frame.index)
            assert frame.image.shape == (reader.size[1], reader.size[0], 3)
            assert frame.discontinuity == (frame.index == 0)
            assert (frame.camera, frame.time_quality.source) == ("c1", "file")
        assert abs((reader.frame_count or 0) - frames) <= 1
    assert indices == list(range(frames))
    assert all(before < after for before, after in itertools.pairwise(times))
    assert times[0] == START
    assert (times[-1] - START).total_seconds() == pytest.approx(last_s, abs=0.05)


def test_the_same_file_gives_the_same_times_and_pictures(clips: Path) -> None:
    def read() -> list[tuple[datetime, int]]:
        with FileReader(clips / "surveyed_junction.mp4") as reader:
            return [(frame.captured_at, int(frame.image.astype(np.int64).sum())) for frame in reader]

    first = read()
    assert first == read()
    assert first[0][0] == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_start_without_a_zone_is_refused(clips: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        FileReader(clips / "street.mp4", start_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def write_audio(path: Path) -> Path:
    with av.open(str(path), "w") as output:
        stream = output.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def test_bad_files_say_what_is_wrong(clips: Path, tmp_path: Path) -> None:
    whole = (clips / "street.mp4").read_bytes()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "cut.mp4").write_bytes(whole[:2000])
    (tmp_path / "page.mp4").write_text("<html><body>401 Unauthorized</body></html>")
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(1).bytes(100_000))
    cases = {
        tmp_path / "nowhere.mp4": (Reason.FILE_MISSING, "There is no file"),
        tmp_path: (Reason.FILE_MISSING, "folder"),
        tmp_path / "empty.mp4": (Reason.CORRUPT, "damaged, cut short, empty"),
        tmp_path / "cut.mp4": (Reason.CORRUPT, "damaged, cut short, empty"),
        tmp_path / "page.mp4": (Reason.CORRUPT, "damaged, cut short, empty"),
        tmp_path / "noise.mp4": (Reason.CORRUPT, "damaged, cut short, empty"),
        write_audio(tmp_path / "sound.wav"): (Reason.NO_VIDEO, "no video"),
    }
    for path, (reason, words) in cases.items():
        with pytest.raises(StreamError, match=words) as caught:
            list(FileReader(path))
        assert caught.value.reason is reason, path.name


def test_a_file_cut_in_the_middle_gives_what_it_has(clips: Path, tmp_path: Path) -> None:
    whole = (clips / "pedestrians.avi").read_bytes()
    (tmp_path / "half.avi").write_bytes(whole[: len(whole) // 2])
    assert 300 < sum(1 for _ in FileReader(tmp_path / "half.avi")) < 500


def test_a_picture_too_large_is_refused_before_it_takes_memory(clips: Path) -> None:
    with pytest.raises(StreamError, match="max_pixels") as caught:
        FileReader(clips / "street.mp4", stream=StreamConfig(max_pixels=10_000))
    assert caught.value.reason is Reason.CODEC


def camera(path: Path, **stream: object) -> CameraConfig:
    return CameraConfig(id="c1", url=SecretStr(str(path)), stream=StreamConfig.model_validate(stream))


def test_a_file_is_played_at_its_own_pace(clips: Path) -> None:
    stream = CameraStream(camera(clips / "street.mp4"))
    began = datetime.now(UTC)
    stream.start()
    frames = []
    while (datetime.now(UTC) - began).total_seconds() < 2.0:
        if (frame := stream.latest(0.5)) is not None:
            frames.append((frame.captured_at, datetime.now(UTC)))
    health = stream.health()
    stream.stop()
    assert 35 <= health.frames <= 55
    assert health.fps == pytest.approx(24, abs=4)
    assert (health.state, health.codec, health.width, health.height) == (CameraState.ONLINE, "h264", 640, 352)
    assert all(timedelta(0) <= seen - taken < timedelta(seconds=0.5) for taken, seen in frames[1:])


def test_a_file_that_ends_starts_again_marked_as_a_break(clips: Path) -> None:
    stream = CameraStream(camera(clips / "surveyed_junction.mp4"))
    stream.start()
    frames = []
    until = time.monotonic() + 4.5
    while time.monotonic() < until:
        if (frame := stream.latest(0.5)) is not None:
            frames.append((frame.index, frame.captured_at, frame.discontinuity))
    stream.stop()
    assert any(broken for index, _, broken in frames if index >= 55), "the second round begins with a break"
    times = [at for _, at, _ in frames]
    assert all(before < after for before, after in itertools.pairwise(times))
    assert stream.health().reconnects == 0, "a new round is no new connection"


def test_a_file_not_looped_ends_in_words(clips: Path) -> None:
    stream = CameraStream(camera(clips / "surveyed_junction.mp4", loop=False))
    stream.start()
    until = time.monotonic() + 8
    while stream.health().reason is not Reason.ENDED and time.monotonic() < until:
        stream.latest(0.2)
    frames = stream.health().frames
    time.sleep(1.5)
    health = stream.health()
    stream.stop()
    assert health.frames == frames == 60, "it is not played again"
    assert (health.state, health.reason) == (CameraState.OFFLINE, Reason.ENDED)
    assert "played to its end" in health.detail


def test_a_slow_consumer_gets_the_newest_and_drops_are_counted(clips: Path) -> None:
    stream = CameraStream(camera(clips / "street.mp4"))
    stream.start()
    ages = []
    for _ in range(4):
        frame = stream.latest(2.0)
        assert frame is not None
        ages.append((datetime.now(UTC) - frame.captured_at).total_seconds())
        time.sleep(0.5)
    health = stream.health()
    stream.stop()
    assert max(ages) < 0.5
    assert health.dropped > 20


def test_a_missing_file_is_told_and_does_not_end_the_thread(tmp_path: Path) -> None:
    changed = threading.Event()
    stream = CameraStream(camera(tmp_path / "later.mp4"), on_change=changed.set)
    stream.start()
    assert changed.wait(5)
    health = stream.health()
    stream.stop()
    assert (health.state, health.reason) == (CameraState.OFFLINE, Reason.FILE_MISSING)
    assert not any(thread.name == "camera-c1" for thread in threading.enumerate())


def test_a_camera_with_a_nonsense_address_is_told_without_its_password() -> None:
    config = CameraConfig(id="c1", url=SecretStr("rtsp://op:s3c/ret@10.0.0.7/cam"))
    stream = CameraStream(config)
    stream.start()
    until = time.monotonic() + 5
    while stream.health().reason is Reason.CONNECTING and time.monotonic() < until:
        time.sleep(0.02)
    health = stream.health()
    stream.stop()
    assert health.reason is Reason.BAD_ADDRESS
    assert "s3c" not in health.detail


def test_lost_packets_are_found_although_the_decoder_says_nothing(clips: Path, tmp_path: Path) -> None:
    whole = FileReader(write_ts(tmp_path / "whole.ts", [Part(clips / "a13_day.mp4", 10)]))
    frames = sum(1 for _ in whole)
    holed = FileReader(write_ts(tmp_path / "holed.ts", [Part(clips / "a13_day.mp4", 10, lose_every=20)]))
    left = sum(1 for _ in holed)
    assert whole.gaps == 0
    assert frames - left == pytest.approx(frames / 20, abs=2)
    assert holed.gaps == pytest.approx(frames - left, abs=2)


def write_still(path: Path, *, black: bool, seconds: float) -> Path:
    """A camera that shows one picture for ever."""
    gray = np.zeros((288, 352), np.uint8) if black else np.random.default_rng(2).integers(30, 220, (288, 352))
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10, options={"preset": "ultrafast", "qp": "0"})
        stream.width, stream.height, stream.pix_fmt = 352, 288, "yuv420p"
        for index in range(int(seconds * 10)):
            frame = av.VideoFrame.from_ndarray(gray.astype(np.uint8), format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 10)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


@pytest.mark.parametrize(("black", "reason", "within_s"), [(True, Reason.BLACK, 4), (False, Reason.FROZEN, 13)])
def test_a_dead_picture_is_told(tmp_path: Path, black: bool, reason: Reason, within_s: float) -> None:
    stream = CameraStream(camera(write_still(tmp_path / "still.mp4", black=black, seconds=20)))
    stream.start()
    until = time.monotonic() + within_s
    while stream.health().reason is not reason and time.monotonic() < until:
        time.sleep(0.1)
    health = stream.health()
    stream.stop()
    assert (health.state, health.reason) == (CameraState.DEGRADED, reason)
    assert (health.black, health.frozen) == (black, not black)


def test_an_unforeseen_fault_stays_in_its_thread(
    clips: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever breaks, the camera says so and tries again; what it says holds no password."""

    def fail(*_: object) -> None:
        raise RuntimeError("cannot read rtsp://op:s3cret@10.0.0.7/cam")

    with monkeypatch.context() as patch:
        patch.setattr(VideoSource, "units", fail)
        stream = CameraStream(camera(clips / "street.mp4", backoff_min_s=0.1, backoff_max_s=0.2))
        stream.start()
        until = time.monotonic() + 5
        while stream.health().reason is not Reason.INTERNAL and time.monotonic() < until:
            time.sleep(0.02)
        broken = stream.health()
    frame = stream.latest(5)
    stream.stop()
    assert (broken.state, broken.reason) == (CameraState.OFFLINE, Reason.INTERNAL)
    assert frame is not None, "it reads again once the fault is gone"
    said = capsys.readouterr()
    assert "s3cret" not in broken.detail + said.out + said.err

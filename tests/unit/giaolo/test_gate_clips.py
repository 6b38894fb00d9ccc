"""Clips for the gate: which scene counts them, and what a detector of known boxes is counted for."""

import shutil
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from contracts.errors import UsageError
from edge.detections import Detections
from edge.errors import ConfigError, StreamError
from edge.scene.load import default_scene, load_scene
from giaolo.gate_clips import GateClip, clips_of, sample_clips, watch
from giaolo.samples import samples_folder

STREET = samples_folder() / "street.yaml"


def video(path: Path, *, seconds: int = 3, size: tuple[int, int] = (160, 96)) -> Path:
    """A grey video, 24 frames a second, whose brightness rises with the frame's number."""
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(24 * seconds):
            image = np.full((size[1], size[0], 3), 40 + number * 2, np.uint8)
            sink.mux(stream.encode(av.VideoFrame.from_ndarray(image, "bgr24")))
        sink.mux(stream.encode())
    return path


class Driver:
    """Sees one car that drives from the left edge to the right as the picture brightens."""

    name = "driver"
    model_sha256 = "0" * 64
    input_size = (4096, 4096)

    def __init__(self) -> None:
        self.seen = 0

    def detect(self, image: NDArray[np.uint8]) -> Detections:
        self.seen += 1
        x = (float(image.mean()) - 40) / 144 * 150
        box = np.array([[x, 40, x + 24, 60]], np.float32)
        return Detections(box, np.array([0.9], np.float32), np.array([RoadUserClass.CAR], np.int64))


class Blind(Driver):
    """Sees nothing."""

    def detect(self, image: NDArray[np.uint8]) -> Detections:
        return super().detect(image).where(np.zeros(1, bool))


ACROSS = """\
version: 1
scene_version: 1
name: Across
lines:
  - {id: middle, start: [0.5, 0.0], end: [0.5, 1.0], forward: east, backward: west}
rules: {line_count: }
"""


def test_each_detector_is_counted_for_itself(tmp_path: Path) -> None:
    """One decoding, two roads."""
    (tmp_path / "a.yaml").write_text(ACROSS, encoding="utf-8")
    clips = clips_of([video(tmp_path / "a.mp4")])
    driver, blind = Driver(), Blind()
    told: list[int] = []
    seen = watch(clips, {"driver": driver, "blind": blind}, 0.25, lambda _what, done, _all: told.append(done))
    (drove,), (nothing,) = seen["driver"], seen["blind"]
    assert sum(drove.counts.values()) == 1
    assert next(iter(drove.counts)).startswith("middle ")
    assert nothing.counts == {}
    assert driver.seen == blind.seen == len(drove.frames) == len(nothing.frames)
    assert 34 <= len(drove.frames) <= 37, "twelve a second of three seconds"
    assert told == list(range(1, len(told) + 1))


def test_the_scene_beside_the_video_is_taken(tmp_path: Path) -> None:
    """gate.mp4 and gate.yaml, as people name them."""
    clip = video(tmp_path / "gate.mp4", seconds=1)
    shutil.copy(STREET, tmp_path / "gate.yaml")
    assert clips_of([clip])[0].scene == load_scene(STREET)


def test_a_video_without_a_scene_is_counted_across_the_middle(tmp_path: Path) -> None:
    """Better than not at all."""
    clips = clips_of([video(tmp_path / "gate.mp4", seconds=1)])
    assert clips[0].scene == default_scene()
    assert clips[0].scene.lines_of_count()


def test_a_sample_brings_its_own_scene(clips: Path) -> None:
    """Whatever it is called."""
    assert clips_of([clips / "street.mp4"])[0].scene == load_scene(STREET)


def test_a_wrong_scene_is_told(tmp_path: Path) -> None:
    """Not silently the default instead."""
    clip = video(tmp_path / "gate.mp4", seconds=1)
    (tmp_path / "gate.yaml").write_text("colour: red\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"gate\.yaml"):
        clips_of([clip])


def test_nonsense_videos_are_told(tmp_path: Path) -> None:
    """Missing, twice, or no video."""
    clip = video(tmp_path / "a.mp4", seconds=1)
    with pytest.raises(UsageError, match=r"gone\.mp4: there is no such video"):
        clips_of([tmp_path / "gone.mp4"])
    with pytest.raises(UsageError, match=r"a\.mp4 stands twice"):
        clips_of([clip, clip])
    (tmp_path / "b.mp4").write_bytes(b"no video")
    with pytest.raises(StreamError):
        watch(clips_of([tmp_path / "b.mp4"]), {"driver": Driver()}, 0.25, lambda *_: None)


def test_wide_pictures_are_told_from_others(tmp_path: Path) -> None:
    """The flat input is made for 16:9; in 4:3 it makes everything smaller, which says nothing of int8."""
    assert GateClip(video(tmp_path / "wide.mp4", seconds=1, size=(176, 96)), default_scene()).is_wide()
    assert not GateClip(video(tmp_path / "old.mp4", seconds=1, size=(128, 96)), default_scene()).is_wide()


def test_the_samples_are_the_wide_ones_with_lines(clips: Path) -> None:
    """Three at least, or the gate has too little."""
    assert clips.is_dir()
    found, left_out = sample_clips()
    assert left_out == []
    assert [clip.name for clip in found] == ["street.mp4", "street_quiet.mp4", "two_way.mp4", "dense_junction.mp4"]

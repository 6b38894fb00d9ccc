"""Frames to calibrate on: evenly over a video of unknown length, and what is refused before any work."""

from pathlib import Path

import numpy as np
import pytest

from contracts.errors import UsageError
from edge.config import DetectConfig
from edge.errors import ModelError
from giaolo.calibrate import check_paths, make_int8, spread
from models.errors import QuantiseError
from models.made import read_made
from models.quantise import Calibration
from tests.unit.giaolo.test_gate_clips import video
from tests.unit.models.tiny import ultralytics_like


@pytest.mark.parametrize("length", [0, 1, 4, 5, 9, 10, 11, 1000, 1001])
def test_frames_are_spread_over_the_whole_video(length: int) -> None:
    """The first seconds of a night say nothing of the day."""
    frames = iter([np.full(1, number, np.int64) for number in range(length)])
    found = [int(frame[0]) for frame in spread(frames, 5)]  # type: ignore[arg-type]
    assert len(found) == min(5, length)
    assert found == sorted(set(found))
    if length >= 5:
        assert found[0] == 0
        assert found[-1] >= length * 0.7
        assert max(np.diff(found)) <= 2 * max(1, length // 5)


def test_no_more_is_held_than_twice_as_many() -> None:
    """A video of hours must not fill the memory."""
    alive = 0

    class Frame(np.ndarray):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    most = 0
    frames = []

    def film() -> object:
        nonlocal alive, most
        for _ in range(500):
            alive += 1
            most = max(most, alive)
            yield np.zeros(1, np.uint8).view(Frame)

    frames = spread(film(), 5)  # type: ignore[arg-type]
    assert len(frames) == 5
    assert most <= 12


@pytest.mark.parametrize(
    ("videos", "out", "words"),
    [
        ([], "a.onnx", "no frames to calibrate on: name videos"),
        (["gone.mp4"], "a.onnx", r"gone\.mp4: there is no such video"),
        (["here.mp4"], "a.int8", "name a file that ends in .onnx"),
        (["here.mp4"], "folder.onnx", "name a file that ends in .onnx"),
    ],
)
def test_what_can_be_told_before_any_work_is(tmp_path: Path, videos: list[str], out: str, words: str) -> None:
    """Not after five minutes of calibration."""
    (tmp_path / "here.mp4").write_bytes(b"")
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises(UsageError, match=words):
        check_paths([tmp_path / name for name in videos], tmp_path / out)


def test_a_model_that_cannot_be_quantised_leaves_nothing_behind(tmp_path: Path) -> None:
    """No half file that a node might start with."""
    names = str(dict.fromkeys(range(80), "car"))
    model = ultralytics_like(tmp_path / "pools.onnx", 64, 96, names=names)
    config = DetectConfig(model=str(model), height=64, width=96)
    out = tmp_path / "pools-int8.onnx"

    def make(config: DetectConfig) -> None:
        make_int8(
            config,
            [video(tmp_path / "a.mp4", seconds=1)],
            out,
            frames=4,
            calibration=Calibration(),
            told=lambda *_: None,
        )

    with pytest.raises(QuantiseError, match=r"pools\.onnx: has no convolutions"):
        make(config)
    with pytest.raises(ModelError, match="there is no such model file"):
        make(config.model_copy(update={"model": "gone/model.onnx"}))
    assert not out.exists()
    assert read_made(out) is None

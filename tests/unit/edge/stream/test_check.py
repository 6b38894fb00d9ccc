"""The words an engineer reads on a ladder."""

import json
from pathlib import Path

import numpy as np
import pytest

from contracts.event import TimeQuality
from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.check import CheckReport, _advice, _verdict, _Watch, check


def watched(frames: int = 250, damaged: int = 0, keys_s: tuple[float, ...] = (0, 2, 4)) -> _Watch:
    quality = TimeQuality(source="arrival", uncertainty_ms=150)
    return _Watch(frames=frames, damaged=damaged, keys_s=list(keys_s), quality=quality, first_s=0.0, last_s=10.0)


@pytest.mark.parametrize(
    ("watch", "gaps", "black", "reason"),
    [
        (watched(), 0, False, Reason.NONE),
        (watched(), 1, False, Reason.NONE),
        (watched(), 3, False, Reason.PACKET_LOSS),
        (watched(damaged=3), 0, False, Reason.CORRUPT),
        (watched(), 0, True, Reason.BLACK),
        (watched(frames=0), 0, False, Reason.CORRUPT),
    ],
)
def test_the_worst_is_told(watch: _Watch, gaps: int, black: bool, reason: Reason) -> None:
    assert _verdict(watch, gaps, black=black, failure=None, where="x")[0] is reason


def test_a_failure_comes_before_all_else() -> None:
    failure = StreamError(Reason.STALLED, "it hangs")
    assert _verdict(watched(frames=0), 9, black=True, failure=failure, where="x") == (Reason.STALLED, "it hangs")


@pytest.mark.parametrize(
    ("watch", "codec", "fps", "words"),
    [
        (watched(), "h264", 25.0, "fitted to arrival (+/- 150 ms)"),
        (watched(), "hevc", 25.0, "Browsers do not play hevc"),
        (watched(), "h264", 2.0, "2.0 frames/s is little"),
        (watched(keys_s=(0, 10)), "h264", 25.0, "Key frames are 10 s apart"),
    ],
)
def test_advice(watch: _Watch, codec: str, fps: float, words: str) -> None:
    assert any(words in line for line in _advice(watch, codec, fps))


def test_a_good_stream_needs_no_advice() -> None:
    watch = watched()
    watch.quality = TimeQuality(source="rtcp", uncertainty_ms=10)
    assert _advice(watch, "h264", 25.0) == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", Reason.BAD_ADDRESS),
        ("rtsp://op:s3c/ret@h/x", Reason.BAD_ADDRESS),
        ("/nowhere/a.mp4", Reason.FILE_MISSING),
        ("rtsp://op:s3cret@camera.invalid/x", Reason.NAME_NOT_FOUND),
    ],
)
def test_nonsense_is_a_report_not_an_exception(url: str, reason: Reason) -> None:
    report = check(url, 1)
    assert (report.ok, report.reachable, report.reason) == (False, False, reason)
    assert json.loads(json.dumps(report.to_dict()))["reason"] == reason.value
    assert report.text().startswith("PROBLEM")
    assert "s3c" not in report.text()


def test_noise_is_reached_but_not_read(tmp_path: Path) -> None:
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(1).bytes(10_000))
    report = check(str(tmp_path / "noise.mp4"), 1)
    assert (report.reachable, report.reason) == (True, Reason.CORRUPT)


def test_text_of_a_report_without_a_second_key_frame() -> None:
    report = CheckReport("rtsp://h/x", True, True, Reason.NONE, "fine", watched_s=5.0, codec="h264")
    assert "none repeated within 5 s" in report.text()
    assert "not measured" in report.text()

"""Clips and stills from the packets of real videos: what an officer will play."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.errors import StreamError
from edge.stream.file import FileReader
from edge.stream.remux import clip_suffix, decode_at, derive_h264, plays_in_browser, write_clip
from edge.stream.ring import EncodedPacket, PacketSlice, StreamSpec
from tests.integration.streams import encode

Pictures = dict[datetime, NDArray[np.uint8]]


def cut(path: Path, before_s: float = 6.0, after_s: float = 1.0) -> tuple[PacketSlice, Pictures]:
    """The slice so many seconds before the end, and every picture of the file."""
    with FileReader(path) as reader:
        pictures = {frame.captured_at: frame.image for frame in reader}
        last = max(pictures)
        clip = reader.ring.cut(last - timedelta(seconds=before_s), last - timedelta(seconds=after_s))
    assert clip is not None
    return clip, pictures


def shown(path: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(path)) as container:
        yield from container.decode(video=0)


SOURCES = [
    ("street.mp4", "h264", ".mp4"),
    ("two_way.mp4", "h264", ".mp4"),
    ("highway.avi", "mpeg4", ".mp4"),
    ("pedestrians.avi", "msmpeg4v3", ".mkv"),
    ("hevc.mp4", "hevc", ".mp4"),
    ("hevc_b.mp4", "hevc", ".mp4"),
    ("mjpeg.avi", "mjpeg", ".mp4"),
    ("mpeg4.mp4", "mpeg4", ".mp4"),
]


@pytest.fixture(scope="module")
def made(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips in codecs of cameras that the samples lack."""
    folder = tmp_path_factory.mktemp("codecs")
    quiet = "log-level=none:keyint=25:pools=1:frame-threads=1"
    plain, with_b = {"x265-params": f"{quiet}:bframes=0"}, {"x265-params": f"{quiet}:bframes=3"}
    encode(folder / "hevc.mp4", clips / "a13_day.mp4", "libx265", 200, {"preset": "ultrafast", **plain})
    encode(folder / "hevc_b.mp4", clips / "a13_day.mp4", "libx265", 200, {"preset": "ultrafast", **with_b})
    encode(folder / "mjpeg.avi", clips / "a13_day.mp4", "mjpeg", 200, {"q": "5"}, "yuvj420p")
    encode(folder / "mpeg4.mp4", clips / "a13_day.mp4", "mpeg4", 200, {"g": "25"})
    return folder


@pytest.mark.parametrize(("name", "codec", "suffix"), SOURCES)
def test_a_clip_has_every_picture_bit_for_bit(
    clips: Path, made: Path, tmp_path: Path, name: str, codec: str, suffix: str
) -> None:
    path = clips / name if (clips / name).exists() else made / name
    clip, pictures = cut(path)
    assert (clip.spec.codec, clip_suffix(codec)) == (codec, suffix)
    target = tmp_path / f"clip{suffix}"
    write_clip(clip, target)
    found = list(shown(target))
    assert abs(len(found) - len(clip.packets)) <= 1
    if name == "highway.avi":
        return  # its presentation times are wrong in the file itself, so pictures cannot be paired by time
    times = [float((frame.pts or 0) * (frame.time_base or Fraction(1))) for frame in found]
    assert times[0] == pytest.approx(0, abs=0.2)
    assert all(before < after for before, after in zip(times, times[1:], strict=False))  # noqa: RUF007
    assert times[-1] - times[0] == pytest.approx((clip.end - clip.start).total_seconds(), abs=0.1)
    images = {moment: image for moment, image in pictures.items() if clip.start <= moment <= clip.end}
    middle = len(found) // 2
    assert np.array_equal(found[middle].to_ndarray(format="bgr24"), [*images.values()][middle])


@pytest.mark.parametrize("name", ["street.mp4", "hevc_b.mp4"])
def test_packets_are_not_re_encoded(clips: Path, made: Path, tmp_path: Path, name: str) -> None:
    """Every coded picture of the clip file is, byte for byte, one the camera sent."""
    path = clips / name if (clips / name).exists() else made / name
    clip, _ = cut(path)
    write_clip(clip, tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        written = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    assert len(written) == len(clip.packets)
    same = sum(ours.data == theirs for ours, theirs in zip(clip.packets, written, strict=True))
    assert same >= len(written) - 1, "only the first may have gained its parameter sets"
    assert written[0].endswith(clip.packets[0].data[-1000:])


def test_an_mp4_has_its_index_in_front(clips: Path, tmp_path: Path) -> None:
    clip, _ = cut(clips / "street.mp4")
    write_clip(clip, tmp_path / "clip.mp4")
    data = (tmp_path / "clip.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("name", ["pedestrians.avi", "hevc_b.mp4", "mjpeg.avi", "highway.avi"])
def test_the_derived_copy_plays_in_a_browser(clips: Path, made: Path, tmp_path: Path, name: str) -> None:
    clip, _ = cut(clips / name if (clips / name).exists() else made / name)
    assert not plays_in_browser(clip.spec.codec)
    derive_h264(clip, tmp_path / "copy.mp4")
    with av.open(str(tmp_path / "copy.mp4")) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert stream.codec_context.name == "h264"
        assert "Baseline" in (stream.codec_context.profile or "")
        assert stream.codec_context.pix_fmt == "yuv420p"
    assert abs(len(frames) - len(clip.packets)) <= 3
    length = float((frames[-1].pts or 0) * (frames[-1].time_base or Fraction(1)))
    assert length == pytest.approx((clip.end - clip.start).total_seconds(), abs=0.2)
    data = (tmp_path / "copy.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("name", ["street.mp4", "two_way.mp4", "pedestrians.avi", "hevc_b.mp4", "mjpeg.avi"])
def test_stills_are_the_pictures_analysis_saw(clips: Path, made: Path, name: str) -> None:
    clip, pictures = cut(clips / name if (clips / name).exists() else made / name)
    moments = [clip.end, clip.start + (clip.end - clip.start) / 3, clip.start - timedelta(hours=1)]
    stills = decode_at(clip, moments)
    assert stills[0].captured_at == clip.end
    assert abs(stills[1].captured_at - moments[1]) <= timedelta(seconds=0.05)
    assert stills[2].captured_at == clip.start
    for still in stills:
        assert np.array_equal(still.image, pictures[still.captured_at])


def test_packets_that_are_noise_say_so(tmp_path: Path) -> None:
    spec = StreamSpec("h264", b"", 640, 352, Fraction(1, 25), Fraction(25))
    moment = datetime.fromisoformat("2026-03-01T07:00:00+00:00")
    clip = PacketSlice(spec, tuple(EncodedPacket(b"noise" * 50, i, i, i == 0, moment) for i in range(5)))
    with pytest.raises(StreamError, match="No picture"):
        derive_h264(clip, tmp_path / "copy.mp4")
    with pytest.raises(StreamError, match="No picture"):
        decode_at(clip, [moment])
    assert not (tmp_path / "copy.mp4").exists()


def test_a_codec_that_does_not_fit_leaves_no_file_behind(clips: Path, tmp_path: Path) -> None:
    clip, _ = cut(clips / "pedestrians.avi")
    with pytest.raises(StreamError, match="cannot be written"):
        write_clip(clip, tmp_path / "clip.mp4")
    assert not (tmp_path / "clip.mp4").exists()


def test_parameter_sets_come_with_the_first_packet(clips: Path, tmp_path: Path) -> None:
    """A camera that says its parameters only when asked (SDP) still gives clips that open."""
    clip, _ = cut(clips / "street.mp4")
    write_clip(clip, tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (640, 352)
        first = next(iter(container.demux(video=0)))
    assert first.is_keyframe

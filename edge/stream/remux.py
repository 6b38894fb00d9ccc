"""PyAV: from a slice of packets to files and stills. Originals are remuxed, never re-encoded."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import av.error
import numpy as np
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.nal import annex_b, is_annex_b, parameter_sets
from edge.stream.ring import EncodedPacket, PacketSlice
from edge.stream.source import Converter

_BROWSER = frozenset({"h264", "vp8", "vp9", "av1"})
_IN_MP4 = frozenset({"h264", "hevc", "mpeg4", "mjpeg", "av1", "vp9"})
_TICKS = 90000
_CRF = "20"


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """A picture of a slice: (H, W, 3) uint8 BGR, and its event time."""

    captured_at: datetime
    image: NDArray[np.uint8]


def plays_in_browser(codec: str) -> bool:
    """Whether common browsers play this codec (FFmpeg's canonical name) without a plug-in."""
    return codec in _BROWSER


def clip_suffix(codec: str) -> str:
    """File suffix of an original clip: `.mp4`, or `.mkv` for codecs that MP4 does not know (old AVI codecs)."""
    return ".mp4" if codec in _IN_MP4 else ".mkv"


def write_clip(clip: PacketSlice, path: Path) -> None:
    """Writes the packets as they came to `path`, of the kind its suffix says (see `clip_suffix`).

    Times start at 0; decoding times grow strictly; an MP4 has its index in front, so that it plays while loading.

    Raises:
        StreamError: the codec does not fit the container, or the packets cannot be muxed.
    """
    fast = {"movflags": "faststart"} if path.suffix == ".mp4" else {}
    packets = _timed(_self_contained(clip))
    try:
        with av.open(str(path), "w", options=fast) as output:
            stream = _mux_stream(output, clip)
            for packet in packets:
                output.mux(_to_av(packet, clip.spec.time_base, stream))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        path.unlink(missing_ok=True)
        raise StreamError(
            Reason.CODEC, f"A clip with {clip.spec.codec} cannot be written to {path.name} ({error})."
        ) from None


def derive_h264(
    clip: PacketSlice, path: Path, is_wanted: Callable[[], bool] = lambda: True, since: datetime | None = None
) -> None:
    """Writes a re-encoded copy that every browser plays: H.264 Baseline, yuv420p, MP4 with its index in front.

    It is a derivative: evidence is the original beside it. An original begins at a key frame, which may lie long before
    the wanted moment; the copy begins at `since`. Given up as soon as `is_wanted` says no.

    Raises:
        StreamError: not one picture could be decoded, or the file cannot be written.
    """
    pictures = _pictures(clip)
    first = next((shown for shown in pictures if since is None or shown[0] >= since), None)
    if first is None:
        raise StreamError(Reason.CORRUPT, "No picture of the clip can be decoded; there is no copy to make.")
    start = first[0]
    try:
        with av.open(str(path), "w", options={"movflags": "faststart"}) as output:
            stream = _encoder(output, first[1])
            last = -1
            for moment, picture in _chain(first, pictures):
                if not is_wanted():
                    raise InterruptedError("no longer wanted")
                shown = picture.reformat(stream.width, stream.height, format="yuv420p", threads=1)
                last = max(last + 1, round((moment - start).total_seconds() * _TICKS))
                shown.pts, shown.time_base = last, Fraction(1, _TICKS)
                shown.pict_type = 0
                output.mux(stream.encode(shown))
            output.mux(stream.encode())
    except (av.error.FFmpegError, OSError, ValueError) as error:
        path.unlink(missing_ok=True)
        raise StreamError(Reason.CODEC, f"No H.264 copy can be written to {path.name} ({error}).") from None


def decode_at(clip: PacketSlice, moments: Sequence[datetime]) -> list[Still]:
    """The picture nearest to each moment, in the order of the moments.

    Decoded once, and no further than needed; only the wanted pictures are kept and converted.

    Raises:
        StreamError: not one picture could be decoded.
    """
    nearest: dict[datetime, tuple[datetime, av.VideoFrame]] = {}
    for at, picture in _pictures(clip):
        for moment in moments:
            known = nearest.get(moment)
            if known is None or abs(at - moment) < abs(known[0] - moment):
                nearest[moment] = (at, picture)
        if all(at > moment for moment in moments):
            break
    if not nearest:
        raise StreamError(Reason.CORRUPT, "No picture of the clip can be decoded.")
    converter = Converter()
    return [Still(nearest[moment][0], converter.bgr(nearest[moment][1])) for moment in moments]


def _chain(
    first: tuple[datetime, av.VideoFrame], rest: Iterator[tuple[datetime, av.VideoFrame]]
) -> Iterator[tuple[datetime, av.VideoFrame]]:
    yield first
    yield from rest


def _pictures(clip: PacketSlice) -> Iterator[tuple[datetime, av.VideoFrame]]:
    """Decoded pictures with their event times, in order of presentation."""
    context = cast("VideoCodecContext", av.CodecContext.create(clip.spec.codec, "r"))
    context.thread_count = 1
    context.width, context.height = clip.spec.width, clip.spec.height  # old AVI codecs do not carry their size
    if clip.spec.extradata:
        context.extradata = clip.spec.extradata
    times = {packet.pts: packet.captured_at for packet in clip.packets}
    first = clip.packets[0]

    def told(pictures: Sequence[av.VideoFrame]) -> Iterator[tuple[datetime, av.VideoFrame]]:
        for picture in pictures:
            moment = times.get(picture.pts) if picture.pts is not None else None
            yield moment or first.captured_at, picture

    for packet in clip.packets:
        with suppress(av.error.FFmpegError):
            yield from told(context.decode(_to_av(packet, clip.spec.time_base)))
    with suppress(av.error.FFmpegError):
        yield from told(context.decode(None))


def _self_contained(clip: PacketSlice) -> tuple[EncodedPacket, ...]:
    """Packets of which the first holds the parameter sets, as a muxer without a decoder's header needs it."""
    spec, first = clip.spec, clip.packets[0]
    if spec.codec not in ("h264", "hevc"):
        return clip.packets
    packets = clip.packets
    extradata = spec.extradata
    if extradata and not is_annex_b(extradata):
        extradata, packets = annex_b(spec.codec, extradata, packets)
        first = packets[0]
    if parameter_sets(spec.codec, first.data):
        return packets
    return (replace(first, data=extradata + first.data), *packets[1:])


def _timed(packets: tuple[EncodedPacket, ...]) -> Iterator[EncodedPacket]:
    """Packets whose presentation starts at 0 and whose decoding times grow by at least a tick and never pass it."""
    zero = min(packet.pts for packet in packets)
    last: int | None = None
    for packet in packets:
        dts = packet.dts - zero
        if last is not None and dts <= last:
            dts = last + 1
        pts = max(packet.pts - zero, dts)
        last = dts
        yield replace(packet, pts=pts, dts=dts)


def _to_av(packet: EncodedPacket, time_base: Fraction, stream: Stream | None = None) -> "av.Packet[VideoStream]":
    native = cast("av.Packet[VideoStream]", av.Packet(packet.data))
    native.pts, native.dts, native.time_base = packet.pts, packet.dts, time_base
    native.is_keyframe = packet.is_keyframe
    if stream is not None:
        native.stream = cast("VideoStream", stream)
    return native


def _mux_stream(output: "av.container.OutputContainer", clip: PacketSlice) -> Stream:
    spec = clip.spec
    if spec.codec == "mpeg4":
        return _mpeg4_stream(output, clip)
    return output.add_mux_stream(
        spec.codec,
        rate=_sane_rate(spec.average_rate),
        width=spec.width,
        height=spec.height,
        time_base=spec.time_base,
    )


def _mpeg4_stream(output: "av.container.OutputContainer", clip: PacketSlice) -> Stream:
    """MPEG-4 part 2 wants its header (VOL) in the container, which only a template carries over."""
    raw = clip.spec.extradata + b"".join(packet.data for packet in clip.packets[:8])
    with av.open(io.BytesIO(raw), "r", format="m4v") as template:
        stream = output.add_stream_from_template(template.streams.video[0], opaque=True)
    stream.time_base = clip.spec.time_base
    return stream


def _sane_rate(rate: Fraction | None) -> Fraction | None:
    return rate.limit_denominator(1001) if rate and rate < 1000 else None


def _encoder(output: "av.container.OutputContainer", picture: av.VideoFrame) -> VideoStream:
    stream = output.add_stream("libx264", options={"preset": "veryfast", "crf": _CRF, "profile": "baseline"})
    stream.width, stream.height = picture.width & ~1, picture.height & ~1
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, _TICKS)
    stream.codec_context.thread_count = 1
    return stream

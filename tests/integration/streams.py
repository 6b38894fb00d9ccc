"""Streams for tests, put together from real clips packet by packet: joined, repeated, damaged, without re-encoding."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.video.stream import VideoStream

from edge.stream.file import FileReader
from edge.stream.nal import annex_b
from edge.stream.ring import EncodedPacket

_TICKS = 90000


@dataclass(frozen=True)
class Part:
    """So many seconds of an H.264 clip; damaged ones keep their headers and have noise for pictures; every so manieth
    packet that is no key frame may be lost."""

    clip: Path
    seconds: float
    damaged: bool = False
    lose_every: int = 0


def packets_of(clip: Path) -> tuple[bytes, tuple[EncodedPacket, ...], Fraction]:
    """Extradata, all packets and the time base of a clip."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        base = cast("Fraction", stream.time_base)
        moment = FileReader(clip).start_at
        packets = tuple(
            EncodedPacket(bytes(packet), packet.pts, packet.dts, packet.is_keyframe, moment)
            for packet in container.demux(stream)
            if packet.size and packet.pts is not None and packet.dts is not None
        )
        return stream.codec_context.extradata or b"", packets, base


def write_ts(path: Path, parts: Iterable[Part]) -> Path:
    """MPEG transport stream of the parts, one after the other in time, with parameter sets at every key frame."""
    noise = random.Random(7)
    begins = Fraction(0)
    with av.open(str(path), "w", format="mpegts") as output:
        stream = output.add_mux_stream("h264", time_base=Fraction(1, _TICKS))
        for part in parts:
            extradata, packets, base = packets_of(part.clip)
            sets, packets = annex_b("h264", extradata, packets)
            length = (packets[-1].dts - packets[0].dts) * base + Fraction(1, 25)
            turn = Fraction(0)
            while turn < part.seconds:
                for number, packet in enumerate(packets):
                    if part.lose_every and number % part.lose_every == 1 and not packet.is_keyframe:
                        continue
                    at = turn + packet.dts * base
                    if at >= part.seconds:
                        break
                    data = sets + packet.data if packet.is_keyframe else packet.data
                    if part.damaged:
                        data = data[:40] + noise.randbytes(max(0, len(data) - 40))
                    native = cast("av.Packet[VideoStream]", av.Packet(data))
                    native.dts = round((begins + at) * _TICKS)
                    native.pts = round((begins + turn + packet.pts * base) * _TICKS)
                    native.time_base = Fraction(1, _TICKS)
                    native.is_keyframe = packet.is_keyframe
                    native.stream = cast("VideoStream", stream)
                    output.mux(native)
                turn += length
            begins += Fraction(part.seconds)
    return path


def encode(path: Path, clip: Path, codec: str, frames: int, options: dict[str, str], pix_fmt: str = "yuv420p") -> Path:
    """The first frames of a clip in another codec."""
    with av.open(str(clip)) as source, av.open(str(path), "w") as output:
        stream = cast("VideoStream", output.add_stream(codec, rate=25, options=options))
        stream.width, stream.height = source.streams.video[0].width, source.streams.video[0].height
        stream.pix_fmt = pix_fmt
        for index, frame in enumerate(source.decode(video=0)):
            if index >= frames:
                break
            frame.pts, frame.time_base, frame.pict_type = index, Fraction(1, 25), 0
            output.mux(stream.encode(frame.reformat(format=pix_fmt)))
        output.mux(stream.encode())
    return path

"""PyAV: opens a camera or file and yields its packets, decoded. The one module of the road that reads with FFmpeg."""

import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Self

import av
import av.error
import av.logging
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from contracts.health import Reason
from edge.errors import StreamError
from edge.picture import size_within
from edge.stream.address import Address, FileAddress
from edge.stream.diagnose import opening_error, reading_error, status_error
from edge.stream.nal import parameter_sets
from edge.stream.ring import StreamSpec

av.logging.set_level(None)  # FFmpeg's own messages name addresses with their passwords

_RTSP_OPTIONS = {
    "rtsp_transport": "tcp",
    "allowed_media_types": "video",  # with sound beside it FFmpeg re-bases PTS at the first sender report
    "analyzeduration": "2000000",
    "fpsprobesize": "0",
    "max_delay": "0",
}
_HTTP_STATUS: dict[type[Exception], int] = {
    av.error.HTTPBadRequestError: 400,
    av.error.HTTPUnauthorizedError: 401,
    av.error.HTTPForbiddenError: 403,
    av.error.HTTPNotFoundError: 404,
    av.error.HTTPServerError: 500,
}


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One packet and the pictures that came out of the decoder with it.

    Attributes:
        data: the packet's bytes; empty at the end of a file, when the decoder is emptied.
        pts: presentation time, ticks; None where the stream has none.
        dts: decoding time, ticks; None where the stream has none.
        is_keyframe: decoding can start here.
        sender_s: camera's UTC for `pts` (seconds since 1970) by its sender reports; None without.
        frames: decoded pictures in order of presentation, mostly one.
        is_damaged: the decoder refused the packet or marked its picture as corrupt.
        spec: the stream as it is from this packet on; a new object when codec parameters or size changed.
    """

    data: bytes = field(repr=False)
    pts: int | None
    dts: int | None
    is_keyframe: bool
    sender_s: float | None
    frames: tuple[av.VideoFrame, ...]
    is_damaged: bool
    spec: StreamSpec

    @property
    def pts_s(self) -> float | None:
        """Presentation time, seconds; decoding time where the stream has no other."""
        ticks = self.pts if self.pts is not None else self.dts
        return None if ticks is None else float(ticks * self.spec.time_base)


class VideoSource:
    """An opened camera or file. Use in one thread only, and close it there."""

    def __init__(self, address: Address, *, open_timeout_s: float, read_timeout_s: float, max_pixels: int) -> None:
        """Opens it; StreamError says why not."""
        self._where = str(address)
        self._max_pixels = max_pixels
        self._read_timeout_s = read_timeout_s
        self._is_live = not isinstance(address, FileAddress)
        self._container = _open(address, open_timeout_s, read_timeout_s)
        try:
            self._stream = _video_stream(self._container, self._where)
            self._spec = self._first_spec()
            self._check_size()
        except BaseException:
            self._container.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the connection or file. Does not wait for the other side."""
        self._container.close()

    @property
    def spec(self) -> StreamSpec:
        """The stream as it is now."""
        return self._spec

    @property
    def frame_count(self) -> int | None:
        """Frames as the file's header tells; None where it does not."""
        return self._stream.frames or None

    @property
    def duration_s(self) -> float | None:
        """Length as the file's header tells, seconds."""
        if self._stream.duration and self._stream.time_base:
            return float(self._stream.duration * self._stream.time_base)
        return self._container.duration / av.time_base if self._container.duration else None

    def units(self) -> Iterator[Unit]:
        """Packets as they come, decoded; ends where the stream ends, raises StreamError where it breaks."""
        packets = self._container.demux(self._stream)
        while True:
            began = time.monotonic()
            try:
                packet = next(packets, None)
            except (av.error.FFmpegError, OSError) as error:
                raise self._broken(error, time.monotonic() - began) from None
            if packet is None:
                return
            if self._timed_out(time.monotonic() - began):  # what the parser held, given out at the time-out
                raise reading_error(TimeoutError(), self._where)
            yield self._unit(packet)

    def _broken(self, error: Exception, waited_s: float) -> StreamError:
        if isinstance(error, av.error.ExitError) or self._timed_out(waited_s):
            error = TimeoutError()
        return reading_error(error, self._where)

    def _timed_out(self, waited_s: float) -> bool:
        return self._is_live and waited_s >= 0.95 * self._read_timeout_s

    def _unit(self, packet: "av.Packet[VideoStream]") -> Unit:
        damaged = packet.is_corrupt
        frames: tuple[av.VideoFrame, ...] = ()
        try:
            frames = tuple(packet.decode())
        except av.error.EOFError:
            pass
        except (av.error.FFmpegError, ValueError):
            damaged = True
        data = bytes(packet) if packet.size else b""
        self._renew_spec(packet.is_keyframe, data, frames)
        return Unit(
            data=data,
            pts=packet.pts,
            dts=packet.dts,
            is_keyframe=packet.is_keyframe,
            sender_s=_sender_time(packet) if self._is_live else None,
            frames=frames,
            is_damaged=damaged or any(frame.is_corrupt for frame in frames),
            spec=self._spec,
        )

    def _first_spec(self) -> StreamSpec:
        stream, context = self._stream, self._stream.codec_context
        return StreamSpec(
            codec=context.codec.canonical_name,
            extradata=context.extradata or b"",
            width=context.width,
            height=context.height,
            time_base=stream.time_base or Fraction(1, 90000),
            average_rate=stream.average_rate or stream.guessed_rate,
        )

    def _renew_spec(self, is_keyframe: bool, data: bytes, frames: tuple[av.VideoFrame, ...]) -> None:
        """Notices another size or other in-band parameter sets; the decoder was fed before, so it knows the size."""
        context = self._stream.codec_context
        width, height = (frames[-1].width, frames[-1].height) if frames else (context.width, context.height)
        old = self._spec
        extradata = (parameter_sets(old.codec, data) if is_keyframe and self._is_live else b"") or old.extradata
        if (width, height, extradata) != (old.width, old.height, old.extradata) and width and height:
            self._spec = StreamSpec(old.codec, extradata, width, height, old.time_base, old.average_rate)
            self._check_size()

    def _check_size(self) -> None:
        spec = self._spec
        if spec.width * spec.height > self._max_pixels:
            raise StreamError(
                Reason.CODEC,
                f"{self._where} sends {spec.width}x{spec.height} pixels, more than stream.max_pixels "
                f"({self._max_pixels}) allows; use the camera's smaller stream or raise the limit.",
            )


class Converter:
    """Pictures out of decoded frames. One per thread: FFmpeg keeps megabytes of scaling state, shared here."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()
        self._shrinker = VideoReformatter()  # one for both would be set up anew each time they take turns

    def bgr(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        """(H, W, 3) uint8, BGR; not to be written to: the frame itself where it is in these colours already."""
        return _pixels(self._reformatter.reformat(frame, format="bgr24", threads=1))

    def bgr_at(self, frame: av.VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
        """(height, width, 3) uint8, BGR: scaled as it is put into colours."""
        # Averaging steps over nothing thin. FFmpeg's fast bilinear is cheaper, and half a pixel off.
        shrunk = self._shrinker.reformat(
            frame, width=width, height=height, format="bgr24", interpolation=Interpolation.AREA, threads=1
        )
        return _pixels(shrunk)

    def luma(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        """(H, W) uint8 brightness; a view into the frame where its first plane is that already."""
        if not frame.format.name.startswith(("yuv4", "yuvj4", "nv12", "nv21", "gray")) or frame.format.has_palette:
            frame = self._gray(frame)
        plane = frame.planes[0]
        if frame.format.components[0].bits != 8 or plane.line_size < frame.width:
            plane = self._gray(frame).planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        return rows[: frame.height, : frame.width]

    def _gray(self, frame: av.VideoFrame) -> av.VideoFrame:
        return self._reformatter.reformat(frame, format="gray", threads=1)


class DecodedPicture:
    """What the decoder gave. For the thread of its converter."""

    def __init__(self, frame: av.VideoFrame, converter: Converter) -> None:
        self._frame = frame
        self._converter = converter
        self._bgr: NDArray[np.uint8] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """See Picture."""
        return self._frame.width, self._frame.height

    def bgr(self) -> NDArray[np.uint8]:
        """See Picture."""
        if self._bgr is None:
            self._bgr = self._converter.bgr(self._frame)
        return self._bgr

    def bgr_within(self, width: int, height: int) -> NDArray[np.uint8]:
        """See Picture."""
        size = size_within(*self.size, width, height)
        return self.bgr() if size == self.size else self._converter.bgr_at(self._frame, *size)


def _pixels(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """(H, W, 3) of a frame in bgr24: a view, for 1920x1080 are 6 MB."""
    plane = frame.planes[0]
    strides = (plane.line_size, 3, 1)
    return np.ndarray((frame.height, frame.width, 3), np.uint8, buffer=memoryview(plane), strides=strides)


def _open(address: Address, open_timeout_s: float, read_timeout_s: float) -> "av.container.InputContainer":
    where = str(address)
    try:
        if isinstance(address, FileAddress):
            if not address.path.is_file():
                raise FileNotFoundError if not address.path.exists() else IsADirectoryError
            return av.open(f"file:{address.path.resolve()}", "r")
        return av.open(address.url, "r", options=dict(_RTSP_OPTIONS), timeout=(open_timeout_s, read_timeout_s))
    except av.error.HTTPError as error:
        if isinstance(address, FileAddress):
            raise opening_error(error, where) from None
        raise status_error(_HTTP_STATUS.get(type(error), 400), "", address) from None
    except av.error.ExitError:
        raise opening_error(TimeoutError(), where) from None
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise opening_error(error, where) from None


def _video_stream(container: "av.container.InputContainer", where: str) -> VideoStream:
    streams = container.streams.video
    if not streams:
        raise StreamError(Reason.NO_VIDEO, f"{where} holds no video (sound or other data only); choose another.")
    stream = max(streams, key=lambda each: (each.codec_context is not None, each.frames or 0))
    if stream.codec_context is None:
        raise StreamError(
            Reason.CODEC, f"The video of {where} is of a kind that cannot be decoded; set H.264 in the camera."
        )
    stream.codec_context.thread_count = 1
    stream.codec_context.thread_type = "NONE"
    if not (stream.codec_context.width and stream.codec_context.height):
        raise StreamError(
            Reason.CORRUPT,
            f"{where} sent no picture from which the video's size could be learnt; check the network and the camera.",
        )
    return stream


def _sender_time(packet: "av.Packet[VideoStream]") -> float | None:
    """UTC of the packet as FFmpeg derives it from RTCP sender reports (AVProducerReferenceTime: int64 wall us)."""
    if not packet.has_sidedata("prft"):
        return None
    wall_us: int = struct.unpack_from("<q", bytes(packet.get_sidedata("prft")))[0]
    return wall_us / 1e6

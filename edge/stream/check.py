"""Why a camera does not work, or how good its stream is: watched for some seconds, told in words."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from contracts.camera import StreamConfig
from contracts.event import TimeQuality
from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.address import Address, FileAddress, parse_address
from edge.stream.clock import EPOCH, FileClock, StreamClock
from edge.stream.diagnose import inspect
from edge.stream.intake import Intake, Shot
from edge.stream.remux import plays_in_browser
from edge.stream.ring import PacketRing
from edge.stream.source import Unit, VideoSource
from edge.stream.vitals import Vitals

_LOW_FPS = 5.0  # UK SI 2022/71, schedule 1: least rate of evidence for moving traffic
_LONG_GROUP_S = 4.0
_LOSS_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Outcome of a check. `words` says the worst in one sentence, `advice` what else is worth knowing."""

    address: str
    ok: bool
    reachable: bool
    reason: Reason
    words: str
    watched_s: float = 0.0
    codec: str = ""
    width: int = 0
    height: int = 0
    frames: int = 0
    fps: float | None = None
    key_frame_interval_s: float | None = None
    bitrate_kbps: float | None = None
    time_source: str = ""
    time_uncertainty_ms: float | None = None
    gaps: int = 0
    damaged: int = 0
    black: bool = False
    advice: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As JSON would have it."""
        return {**asdict(self), "reason": self.reason.value, "advice": list(self.advice)}

    def text(self) -> str:
        """Lines for a person."""
        lines = [f"{'OK' if self.ok else 'PROBLEM'}  {self.address}", f"  {self.words}"]
        if self.codec:
            lines += [f"  {name:<11}{value}" for name, value in self._figures()]
        return "\n".join([*lines, *(f"  - {line}" for line in self.advice)])

    def _figures(self) -> list[tuple[str, str]]:
        fps = "not measured" if self.fps is None else f"{self.fps:.1f} frames/s"
        rate = "" if self.bitrate_kbps is None else f", {self.bitrate_kbps:.0f} kbit/s"
        keys = (
            f"none repeated within {self.watched_s:.0f} s"
            if self.key_frame_interval_s is None
            else f"every {self.key_frame_interval_s:.1f} s"
        )
        return [
            ("picture", f"{self.codec}, {self.width}x{self.height}, {fps}{rate}"),
            ("key frames", keys),
            ("time", f"{self.time_source or 'unknown'}, +/- {self.time_uncertainty_ms or 0:.0f} ms"),
            ("loss", f"{self.gaps} holes, {self.damaged} damaged packets in {self.frames} frames"),
        ]


@dataclass(slots=True)
class _Watch:
    """What was seen."""

    frames: int = 0
    first_s: float | None = None
    last_s: float = 0.0
    keys_s: list[float] = field(default_factory=list)
    bytes: int = 0
    damaged: int = 0
    discontinuities: int = 0
    quality: TimeQuality | None = None

    def shot(self, shot: Shot) -> None:
        at = (shot.captured_at - EPOCH).total_seconds()
        self.first_s = at if self.first_s is None else self.first_s
        self.frames, self.last_s, self.quality = self.frames + 1, at, shot.quality

    def unit(self, unit: Unit) -> None:
        self.bytes += len(unit.data)
        self.damaged += unit.is_damaged
        if unit.is_keyframe and unit.data and unit.pts_s is not None:
            self.keys_s.append(unit.pts_s)

    @property
    def span_s(self) -> float:
        return 0.0 if self.first_s is None else self.last_s - self.first_s

    @property
    def key_interval_s(self) -> float | None:
        steps = [after - before for before, after in zip(self.keys_s, self.keys_s[1:], strict=False) if after > before]
        return max(steps, default=None)


def check(url: str, seconds: float = 5.0, *, config: StreamConfig | None = None) -> CheckReport:
    """Opens a camera or file, watches it for so long, and reports; never raises for what is wrong with the camera."""
    config = config or StreamConfig()
    try:
        address = parse_address(url)
    except StreamError as error:
        return CheckReport("(not an address)", False, False, error.reason, str(error))
    try:
        return _watch(address, seconds, config)
    except StreamError as error:
        unreachable = {Reason.NAME_NOT_FOUND, Reason.REFUSED, Reason.UNREACHABLE, Reason.TIMEOUT, Reason.FILE_MISSING}
        return CheckReport(str(address), False, error.reason not in unreachable, error.reason, str(error))


def _watch(address: Address, seconds: float, config: StreamConfig) -> CheckReport:
    is_file = isinstance(address, FileAddress)
    if not isinstance(address, FileAddress):
        inspect(address, config.open_timeout_s)
    watch, vitals = _Watch(), Vitals()
    with VideoSource(
        address,
        open_timeout_s=config.open_timeout_s,
        read_timeout_s=config.read_timeout_s,
        max_pixels=config.max_pixels,
    ) as source:
        intake = Intake(PacketRing(config.ring_s), vitals, watch.shot)
        clock = FileClock(EPOCH) if is_file else StreamClock()
        vitals.connected(source.spec)
        began = time.monotonic()
        failure: StreamError | None = None
        try:
            for unit in source.units():
                now = time.monotonic()
                watch.unit(unit)
                intake.take(unit, clock, now, time.time())
                if now - began >= seconds:
                    break
            else:
                failure = None if is_file else StreamError(Reason.ENDED, f"{address} ended the stream by itself.")
        except StreamError as error:
            failure = error
        return _report(address, watch, vitals, failure, time.monotonic() - began)


def _report(
    address: Address, watch: _Watch, vitals: Vitals, failure: StreamError | None, watched_s: float
) -> CheckReport:
    health = vitals.health(0)
    fps = (watch.frames - 1) / watch.span_s if watch.span_s > 0 else None
    reason, words = _verdict(watch, health.gaps, black=health.black, failure=failure, where=str(address))
    return CheckReport(
        address=str(address),
        ok=reason is Reason.NONE,
        reachable=True,
        reason=reason,
        words=words,
        watched_s=round(watched_s, 1),
        codec=health.codec,
        width=health.width,
        height=health.height,
        frames=watch.frames,
        fps=None if fps is None else round(fps, 2),
        key_frame_interval_s=None if watch.key_interval_s is None else round(watch.key_interval_s, 2),
        bitrate_kbps=round(watch.bytes * 8 / 1000 / watch.span_s) if watch.span_s > 0 else None,
        time_source=watch.quality.source if watch.quality else "",
        time_uncertainty_ms=watch.quality.uncertainty_ms if watch.quality else None,
        gaps=health.gaps,
        damaged=watch.damaged,
        black=health.black,
        advice=tuple(_advice(watch, health.codec, fps)),
    )


def _verdict(watch: _Watch, gaps: int, *, black: bool, failure: StreamError | None, where: str) -> tuple[Reason, str]:
    if failure is not None:
        return failure.reason, str(failure)
    if not watch.frames:
        return Reason.CORRUPT, f"Data comes from {where}, but no picture could be decoded from it."
    if black:
        return Reason.BLACK, "The picture is black; check lens cover, light and exposure."
    if watch.damaged > _LOSS_SHARE * watch.frames:
        return Reason.CORRUPT, "Pictures are damaged; check the network's cable and load, or lower the bit rate."
    if gaps > max(1.0, _LOSS_SHARE * watch.frames):
        return Reason.PACKET_LOSS, "Frames are missing; check the network's cable and load, or lower the bit rate."
    return Reason.NONE, "The stream is fine."


def _advice(watch: _Watch, codec: str, fps: float | None) -> list[str]:
    advice = []
    quality = watch.quality
    if quality is not None and quality.source == "arrival":
        advice.append(
            "No usable RTCP sender report came: event times are fitted to arrival "
            f"(+/- {quality.uncertainty_ms:.0f} ms). Set the camera's clock by NTP, or watch longer than 10 s."
        )
    if codec and not plays_in_browser(codec):
        advice.append(f"Browsers do not play {codec}: a derived H.264 copy will stand beside each original clip.")
    if fps is not None and fps < _LOW_FPS:
        advice.append(f"{fps:.1f} frames/s is little for tracking and below the 5 some rules of evidence ask for.")
    if watch.key_interval_s is not None and watch.key_interval_s > _LONG_GROUP_S:
        advice.append(
            f"Key frames are {watch.key_interval_s:.0f} s apart: clips start up to that much early and a lost packet "
            "hurts that long; set 1 to 2 s in the camera."
        )
    return advice

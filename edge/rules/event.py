"""A finding becomes an event: pixels become shares of the picture, floats are rounded here and nowhere else."""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from contracts.canonical import event_id
from contracts.event import (
    Event,
    EventData,
    GroundPosition,
    ImageSize,
    PathPoint,
    RuleRef,
    SignalSeen,
    SpeedRef,
    TimeQuality,
    TrackRef,
    event_type,
    source_path,
)
from edge.rules.finding import Finding
from edge.scene.facts import KMH
from edge.scene.sample import seconds
from edge.track.track import Track

CENTIMETRES = 2  # decimals; no camera places a wheel better
DEGREES = 7  # decimals: a centimetre
_points: TypeAdapter[tuple[PathPoint, ...]] = TypeAdapter(tuple[PathPoint, ...])  # all at once: sixty to an event
DECIMALS = 6  # a thousandth of a pixel on 4K, a microsecond


@dataclass(frozen=True, slots=True)
class Origin:
    """Where findings of one camera come from. `model_sha256` is None when tracks came without a model's name."""

    node: str
    camera: str
    scene_version: int
    model_sha256: str | None


def event_of(
    finding: Finding,
    origin: Origin,
    *,
    image_size: tuple[int, int],
    time_quality: TimeQuality,
    still_sha256: str | None = None,
) -> Event:
    """Event of a finding. Equal findings give equal bytes; the sequence stays 0, the outbox gives it.

    The place is part of what happened: one track may enter two zones at the same moment.
    """
    track = finding.track
    subject = str(track.id) if track is not None else finding.where
    identity = event_id(
        node=origin.node,
        camera=origin.camera,
        rule="/".join(part for part in (finding.rule, finding.where, finding.act) if part),
        track=subject,
        started_at=finding.started_at,
    )
    return Event(
        id=identity,
        source=source_path(origin.node, origin.camera),
        type=event_type(finding.kind, finding.rule, finding.version),
        time=finding.started_at,
        subject=subject,
        data=EventData(
            kind=finding.kind,
            node=origin.node,
            camera=origin.camera,
            rule=RuleRef(id=finding.rule, version=finding.version),
            scene_version=origin.scene_version,
            model_sha256=origin.model_sha256,
            track=None if track is None else _track(track),
            image=ImageSize(width=image_size[0], height=image_size[1]),
            box=None if track is None else _box(track, image_size),
            signals=_signals(finding),
            speed=_speed(finding),
            position=_position(finding),
            path=_path(finding, image_size),
            still_sha256=still_sha256,
            where=finding.where,
            judged_at=finding.judged_at,
            facts=_rounded(finding.facts),
            time_quality=TimeQuality(
                source=time_quality.source, uncertainty_ms=_rounded(float(time_quality.uncertainty_ms))
            ),
        ),
    )


def _track(track: Track) -> TrackRef:
    return TrackRef(
        id=str(track.id),
        class_name=track.cls.label,
        confidence=_rounded(min(max(float(track.confidence), 0.0), 1.0)),
        riders=track.riders,
    )


def _box(track: Track, image_size: tuple[int, int]) -> tuple[float, float, float, float]:
    width, height = image_size
    return _unit(track.x1, width), _unit(track.y1, height), _unit(track.x2, width), _unit(track.y2, height)


def _signals(finding: Finding) -> tuple[SignalSeen, ...]:
    return tuple(
        SignalSeen(
            head=span.head,
            state=span.state,
            since_s=_rounded(seconds(span.since, finding.started_at)),
            until_s=None if span.until is None else _rounded(seconds(span.until, finding.started_at)),
        )
        for span in finding.signals
    )


def _speed(finding: Finding) -> SpeedRef | None:
    speed = finding.speed
    if speed is None:
        return None
    return SpeedRef(
        kmh=_rounded(speed.mps * KMH),
        uncertainty_kmh=_rounded(speed.uncertainty_mps * KMH),
        window_s=_rounded(speed.window_s),
        method=speed.method,
    )


def _position(finding: Finding) -> GroundPosition | None:
    if finding.metres is None:
        return None
    x, y = (round(metres, CENTIMETRES) for metres in finding.metres)
    if finding.wgs84 is None:
        return GroundPosition(metres=(x, y))
    latitude, longitude = (round(degrees, DEGREES) for degrees in finding.wgs84)
    return GroundPosition(metres=(x, y), latitude=latitude, longitude=longitude)


def _path(finding: Finding, image_size: tuple[int, int]) -> tuple[PathPoint, ...]:
    width, height = image_size
    began = finding.started_at
    points = [
        {
            "offset_s": round((sample.at - began).total_seconds(), DECIMALS),
            "x": _unit(sample.point[0], width),
            "y": _unit(sample.point[1], height),
        }
        for sample in finding.path
    ]
    return _points.validate_python(points)


def _unit(pixels: float, extent: int) -> float:
    """Share of the picture; a box that reaches far outside is cut at half a picture beyond the edge."""
    share = float(pixels) / extent
    if not -0.5 < share < 1.5:
        share = min(max(share, -0.5), 1.5)
    return round(share, DECIMALS)


def _rounded(value: Any) -> Any:
    """The same value with every float in it rounded."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(entry) for entry in value]
    return value

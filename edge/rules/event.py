"""A finding becomes an event: pixels become shares of the picture, floats are rounded here and nowhere else."""

from dataclasses import dataclass
from typing import Any

from contracts.canonical import event_id
from contracts.event import (
    Event,
    EventData,
    ImageSize,
    PathPoint,
    RuleRef,
    TimeQuality,
    TrackRef,
    event_type,
    source_path,
)
from edge.rules.finding import Finding
from edge.scene.sample import seconds

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
    track, (width, height) = finding.track, image_size
    identity = event_id(
        node=origin.node,
        camera=origin.camera,
        rule=f"{finding.rule}/{finding.where}",
        track=str(track.id),
        started_at=finding.started_at,
    )
    return Event(
        id=identity,
        source=source_path(origin.node, origin.camera),
        type=event_type(finding.kind, finding.rule, finding.version),
        time=finding.started_at,
        subject=str(track.id),
        data=EventData(
            kind=finding.kind,
            node=origin.node,
            camera=origin.camera,
            rule=RuleRef(id=finding.rule, version=finding.version),
            scene_version=origin.scene_version,
            model_sha256=origin.model_sha256,
            track=TrackRef(
                id=str(track.id),
                class_name=track.cls.label,
                confidence=_rounded(min(max(float(track.confidence), 0.0), 1.0)),
                riders=track.riders,
            ),
            image=ImageSize(width=width, height=height),
            box=(_unit(track.x1, width), _unit(track.y1, height), _unit(track.x2, width), _unit(track.y2, height)),
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


def _path(finding: Finding, image_size: tuple[int, int]) -> tuple[PathPoint, ...]:
    width, height = image_size
    return tuple(
        PathPoint(
            offset_s=_rounded(seconds(sample.at, finding.started_at)),
            x=_unit(sample.point[0], width),
            y=_unit(sample.point[1], height),
        )
        for sample in finding.path
    )


def _unit(pixels: float, extent: int) -> float:
    """Share of the picture; a box that reaches far outside is cut at half a picture beyond the edge."""
    return round(min(max(float(pixels) / extent, -0.5), 1.5), DECIMALS)


def _rounded(value: Any) -> Any:
    """The same value with every float in it rounded."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(entry) for entry in value]
    return value

"""A simulated hour as files: MOTChallenge text with its sidecar, and the scene as a person would save it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import yaml

from contracts.event import ImageSize
from edge.track.motlog import track_line
from edge.track.sidecar import FrameMark, Sidecar, SignalMark
from edge.track.track import Track
from tests.simulation.watch import with_signals
from tests.simulation.world import World


def write_log(world: World, frames: Iterable[tuple[datetime, Sequence[Track]]], folder: Path) -> tuple[Path, Path]:
    """Writes tracks.txt, tracks.json and scene.yaml; paths of the log and of the scene."""
    lines: list[str] = []
    marks: list[FrameMark] = []
    signals: list[SignalMark] = []
    for number, frame in enumerate(with_signals(world, frames), start=1):
        marks.append(FrameMark(frame=number, at=frame.at))
        signals += [SignalMark.of(change, number) for change in frame.signals]
        lines += [track_line(number, track) for track in frame.tracks]
    width, height = world.size
    sidecar = Sidecar(
        camera=world.place,
        frame_rate=len(marks) / (marks[-1].at - marks[0].at).total_seconds(),
        started_at=marks[0].at,
        image=ImageSize(width=width, height=height),
        frames=tuple(marks),
        signals=tuple(signals),
    )
    log, scene = folder / "tracks.txt", folder / "scene.yaml"
    log.write_text("".join(lines), encoding="utf-8")
    log.with_suffix(".json").write_bytes(sidecar.to_json())
    document = world.scene.model_dump(mode="json", by_alias=True, exclude_none=True)
    scene.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return log, scene

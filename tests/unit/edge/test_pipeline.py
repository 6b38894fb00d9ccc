"""The road of one camera where its end is not willing: a finding that is refused takes no other with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from contracts.event import Event, TimeQuality
from edge.analyse import FolderSink
from edge.config import EvidenceConfig
from edge.detections import Detections
from edge.errors import EdgeError, EvidenceError, OutboxError
from edge.evidence.desk import EvidenceDesk, OpenPackage
from edge.evidence.signer import Signer
from edge.frame import Frame
from edge.outbox.rows import NamedFiles
from edge.picture import WholePicture
from edge.pipeline import CameraPipeline
from edge.rules.finding import Finding
from tests.unit.edge.road_story import START, scene

LINES = scene(
    lines=[
        {"id": "near", "start": [0, 0.5], "end": [0.45, 0.5]},
        {"id": "far", "start": [0.55, 0.5], "end": [1, 0.5]},
    ],
    rules={"line_count": {}},
)

WRONG_WAY = scene(
    lanes=[
        {
            "id": "up",
            "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]],
            "direction": {"start": [0.5, 0.9], "end": [0.5, 0.1]},
        }
    ],
    rules={"wrong_way": {}},
)


BLACK = WholePicture(np.zeros((240, 320, 3), np.uint8))


class TwoCars:
    """Sees two cars side by side that drive down the picture, 8 pixels a frame."""

    name = "two-cars"
    model_sha256 = "a" * 64
    input_size = (4096, 4096)

    def __init__(self) -> None:
        self.y = 20.0

    def detect(self, image: NDArray[np.uint8]) -> Detections:  # noqa: ARG002
        self.y += 8
        boxes = [[x - 20, self.y - 30, x + 20, self.y] for x in (80, 240)]
        return Detections(
            np.array(boxes, np.float32), np.full(2, 0.9, np.float32), np.full(2, int(RoadUserClass.CAR), np.int64)
        )


class FullOnce(FolderSink):
    """An outbox whose disk is full for the first event."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.kept: list[str | None] = []
        self.is_full = True

    def add_all(self, events: Sequence[tuple[Event, NamedFiles]]) -> list[Event | EdgeError]:
        taken: list[Event | EdgeError] = []
        for event, files in events:
            if self.is_full:
                self.is_full = False
                taken.append(OutboxError("no room"))
            else:
                self.kept.append(event.data.where)
                taken += super().add_all([(event, files)])
        return taken


def test_a_refused_finding_takes_no_other_of_its_frame_with_it(tmp_path: Path) -> None:
    sink = FullOnce(tmp_path / "events.jsonl")
    desk = EvidenceDesk(
        tmp_path / "evidence", node="n", signer=Signer.from_folder(tmp_path / "keys"), config=EvidenceConfig()
    )
    pipeline = CameraPipeline("c", scene=LINES, detector=TwoCars(), confidence=0.25, desk=desk, sink=sink)
    frame = Frame("c", 0, BLACK, START, TimeQuality(source="file", uncertainty_ms=0))
    refused = 0
    for number in range(20):
        try:
            pipeline.step(replace(frame, index=number, captured_at=START + timedelta(seconds=number / 10)))
        except OutboxError:
            refused += 1
    sink.close()
    assert refused == 1
    assert sink.kept == ["far"]


class FullDesk(EvidenceDesk):
    """No room for a picture any more."""

    def open(self, frame: Frame, finding: Finding) -> OpenPackage:  # noqa: ARG002
        raise EvidenceError("no space left on device")


def test_a_violation_without_room_for_its_pictures_is_an_event_all_the_same(tmp_path: Path) -> None:
    """A full disk must not make a violation unseen: it goes without evidence, and the fault is reported."""
    sink = FolderSink(tmp_path / "events.jsonl")
    desk = FullDesk(tmp_path / "evidence", node="n", signer=Signer.from_folder(tmp_path / "k"), config=EvidenceConfig())
    pipeline = CameraPipeline("c", scene=WRONG_WAY, detector=TwoCars(), confidence=0.25, desk=desk, sink=sink)
    frame = Frame("c", 0, BLACK, START, TimeQuality(source="file", uncertainty_ms=0))
    refused = 0
    for number in range(25):
        try:
            pipeline.step(replace(frame, index=number, captured_at=START + timedelta(seconds=number / 10)))
        except EvidenceError:
            refused += 1
    sink.close()
    stored = [Event.model_validate_json(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert refused >= 1
    assert len(stored) == 2
    assert {(event.data.kind, event.data.still_sha256) for event in stored} == {("violation", None)}


class BrokenDesk(EvidenceDesk):
    """Fails at the second package: in opening it, or, before that, in naming the event of the first."""

    fails_at = "open"

    def open(self, frame: Frame, finding: Finding) -> OpenPackage:
        opened = getattr(self, "opened", 0)
        self.opened = opened + 1
        if self.fails_at == "open" and opened:
            raise RuntimeError("nobody expected this")
        return super().open(frame, finding)

    def attach(self, package: OpenPackage, event: Event) -> None:
        attached = getattr(self, "attached", 0)
        self.attached = attached + 1
        if self.fails_at == "attach" and not attached:
            raise EvidenceError("no space left on device")
        super().attach(package, event)


def drive(pipeline: CameraPipeline) -> None:
    """Gives the camera 25 frames, ten a second, or as many as it takes until it fails."""
    frame = Frame("c", 0, BLACK, START, TimeQuality(source="file", uncertainty_ms=0))
    for number in range(25):
        pipeline.step(replace(frame, index=number, captured_at=START + timedelta(seconds=number / 10)))


@pytest.mark.parametrize(
    ("fails_at", "error", "stored", "kept"), [("open", RuntimeError, 1, 1), ("attach", EvidenceError, 2, 1)]
)
def test_a_package_that_fails_takes_no_other_of_its_frame_with_it(
    tmp_path: Path, fails_at: str, error: type[Exception], stored: int, kept: int
) -> None:
    """Two cars go the wrong way in one frame: the events are on disk, and the good package waits to be closed."""
    sink = FolderSink(tmp_path / "events.jsonl")
    signer = Signer.from_folder(tmp_path / "k")
    desk = BrokenDesk(tmp_path / "evidence", node="n", signer=signer, config=EvidenceConfig())
    desk.fails_at = fails_at
    pipeline = CameraPipeline("c", scene=WRONG_WAY, detector=TwoCars(), confidence=0.25, desk=desk, sink=sink)
    with pytest.raises(error):
        drive(pipeline)
    sink.close()
    assert len((tmp_path / "events.jsonl").read_text().splitlines()) == stored
    assert len(pipeline.packages) == kept

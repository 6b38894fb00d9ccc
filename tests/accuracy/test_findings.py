"""Every finding on the shared clips was looked at by a person and judged; a new one must be looked at too.

The verdicts are in `judged.toml`, one for each finding (counts have a table of their own). `GIAOLO_ACCURACY=1` takes
every clip, otherwise the short ones. A finding nobody has judged fails: draw it with
`python -m tests.accuracy.clips --draw CLIP`, look at build/findings, and write down what you see. So does a judged
finding that is no longer found, unless its verdict was `wrong`.
"""

import json
import os
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from edge.config import DetectConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.errors import ModelError
from tests.accuracy.clips import CLIPS, Clip, Found, findings_of, log_of

ROOT = Path(__file__).resolve().parents[2]
EVERY_CLIP = bool(os.environ.get("GIAOLO_ACCURACY"))
SHORT = ("a13_wet", "box_junction")
TABLE = ROOT / "build" / "findings.json"
SAME_S = 1.0  # other rounding of the detector on another processor moves a track's beginning by some frames


class Verdict(BaseModel):
    """What a person saw. `at_s` may be off by a second."""

    model_config = ConfigDict(extra="forbid")

    clip: str
    rule: str
    where: str
    at_s: float
    verdict: Literal["right", "wrong", "debatable"]
    saw: str = Field(min_length=10)


class Judged(BaseModel):
    """The file of verdicts."""

    model_config = ConfigDict(extra="forbid")

    finding: list[Verdict]


def verdicts() -> list[Verdict]:
    """All verdicts, as they were written down."""
    text = (Path(__file__).parent / "judged.toml").read_text(encoding="utf-8")
    return Judged.model_validate(tomllib.loads(text)).finding


@pytest.fixture(scope="module", name="detector")
def _detector() -> Detector:
    try:
        return load_detector(DetectConfig(threads=2))
    except ModelError as error:
        pytest.skip(f"the default detector cannot be had: {error}")


@pytest.mark.timeout(1800)
def test_every_finding_was_looked_at(clips: Path, detector: Detector) -> None:
    chosen = [clip for clip in CLIPS if EVERY_CLIP or clip.name in SHORT]
    rows: list[dict[str, object]] = []
    strangers: list[Found] = []
    left = [verdict for verdict in verdicts() if any(verdict.clip == clip.name for clip in chosen)]
    for clip in chosen:
        for found in _found(clip, clips, detector):
            verdict = next((one for one in left if _same(one, found)), None)
            if verdict is None:
                strangers.append(found)
                continue
            left.remove(verdict)
            rows.append(asdict(found) | {"verdict": verdict.verdict, "saw": verdict.saw})
    if EVERY_CLIP:
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(json.dumps(rows, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    assert not strangers, f"nobody has judged: {strangers}"
    assert not [one for one in left if one.verdict != "wrong"], "judged, but no longer found"


def _found(clip: Clip, clips: Path, detector: Detector) -> list[Found]:
    if not (clips / clip.file).is_file():
        pytest.skip(f"{clip.file} is not here")
    every = findings_of(clip, log_of(clip, clips, detector))
    return [found for found, finding in every if finding.kind != "count"]


def _same(verdict: Verdict, found: Found) -> bool:
    return (verdict.clip, verdict.rule, verdict.where) == (found.clip, found.rule, found.where) and abs(
        verdict.at_s - found.at_s
    ) <= SAME_S

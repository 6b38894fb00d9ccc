"""Timing in turns and ranking, with clocks made by hand."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.config import DetectConfig
from edge.detections import Detections
from giaolo.model_bench import BenchResult, Judged, Spread, Timing, as_dict, timed
from giaolo.variants import Variant
from models.gate import Tally, Verdict

IMAGE = np.zeros((4, 4, 3), np.uint8)


@dataclass
class Clocks:
    """Time that only passes while a detector works."""

    wall_s: float = 0
    cpu_s: float = 0
    calls: list[str] = field(default_factory=list)


@dataclass
class Worker:
    """A detector that takes a known time."""

    name: str
    clocks: Clocks
    wall_s: float
    cpu_s: float
    model_sha256: str = "0" * 64
    input_size: tuple[int, int] = (4096, 4096)

    def detect(self, image: NDArray[np.uint8]) -> Detections:
        assert image.shape == (4, 4, 3)
        self.clocks.wall_s += self.wall_s
        self.clocks.cpu_s += self.cpu_s
        self.clocks.calls.append(self.name)
        return Detections.empty()


def test_each_takes_its_turn_in_every_round() -> None:
    """Whoever disturbs the machine for a second disturbs all."""
    clocks = Clocks()
    workers = {"a": Worker("a", clocks, 0.05, 0.1), "b": Worker("b", clocks, 0.2, 0.03)}
    told: list[tuple[str, int, int | None]] = []
    result = timed(
        workers,
        [IMAGE, IMAGE],
        progress=lambda *step: told.append(step),
        rounds=3,
        clocks=(lambda: clocks.wall_s, lambda: clocks.cpu_s),
    )
    assert clocks.calls == ["a", "a", "a", "b", "b", "b"] * 3
    assert told == [("timing", 1, 3), ("timing", 2, 3), ("timing", 3, 3)]
    assert result["a"].wall_ms.median == pytest.approx(50)
    assert result["a"].cpu_ms.median == pytest.approx(100)
    assert result["b"].cpu_ms.low == pytest.approx(30)


def test_the_call_that_warms_up_is_not_timed() -> None:
    """The first call after another network finds its weights out of the caches."""
    clocks = Clocks()

    class Cold(Worker):
        def detect(self, image: NDArray[np.uint8]) -> Detections:
            self.wall_s = 1.0 if not self.clocks.calls else 0.01
            return super().detect(image)

    result = timed(
        {"a": Cold("a", clocks, 0, 0)},
        [IMAGE],
        progress=lambda *_: None,
        rounds=1,
        clocks=(lambda: clocks.wall_s, lambda: clocks.cpu_s),
    )
    assert result["a"].wall_ms.high == pytest.approx(10)


def test_a_spread_is_its_median_and_its_ends() -> None:
    """One disturbed round moves an end, not the median."""
    assert Spread.of([30, 31, 90]) == Spread(31, 30, 90)
    assert str(Spread(31.4, 29.6, 90)) == "31 (30 to 90)"


def judged(model: str, cpu_ms: float, faults: tuple[str, ...] = ()) -> Judged:
    spread = Spread(cpu_ms, cpu_ms, cpu_ms)
    verdict = Verdict((), Tally(1000, 995), Tally(990, 988), faults)
    return Judged(Variant("f32", DetectConfig(model=model), "MIT"), Timing(spread, spread), verdict)


def test_a_variant_that_fails_is_not_among_those_to_choose_from() -> None:
    """The fastest of all may be blind."""
    blind, quick, slow = judged("a", 10, ("loses half",)), judged("b", 20), judged("c", 60)
    result = BenchResult((blind, quick, slow), {"OpenVINO": "not installed"}, ("a.mp4",), 0.1)
    assert result.passed == (quick, slow)
    assert result.failed == (blind,)
    document = as_dict(result)
    assert document["fastest"] == quick.variant.name
    assert [row["passed"] for row in document["variants"]] == [False, True, True]
    assert document["variants"][1]["detect"]["model"] == "b"
    assert {key: document["variants"][1][key] for key in ("share", "lost", "of", "new")} == {
        "share": 0.99648,
        "lost": 5,
        "of": 1000,
        "new": 2,
    }
    assert document["missing"] == {"OpenVINO": "not installed"}


def test_nothing_passes_is_no_fastest() -> None:
    """Too little to judge by."""
    assert as_dict(BenchResult((judged("a", 1, ("too little",)),), {}, (), 0))["fastest"] is None

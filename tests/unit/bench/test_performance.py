"""The performance report: what it says of figures, and when it refuses to measure."""

import json

import pytest

from bench import performance
from bench.objects import taken_ms
from bench.performance import Figure, main, most_in_time, page, spread

TOLD = {
    "date": "2026-11-23",
    "machine": "two cores",
    "python": "3.11",
    "code": "abc1234",
    "load": 0.1,
    "busy": 0.02,
    "rounds": 3,
}


def test_a_figure_is_the_median_of_its_rounds_beside_its_peer() -> None:
    figure = spread("frames a second", [30.0, 10.0, 20.0], "1/s", peer="another", peer_value=8.0, goal=">= 2.5 x")
    assert (figure.value, figure.low, figure.high, figure.ratio) == (20.0, 10.0, 30.0, 2.5)
    assert json.loads(json.dumps(figure.to_dict()))["ratio"] == 2.5
    assert "| frames a second | 20 1/s (10 to 30) | 8 1/s: another | 2.50 | >= 2.5 x |" in page(
        [figure], {**TOLD, "command": "giaolo bench"}
    )


def test_a_figure_without_a_peer_has_no_ratio() -> None:
    figure = Figure("memory", 300, "MiB", 300, 300)
    assert figure.ratio is None
    assert "| memory | 300 MiB |  |  |  |" in page([figure], {**TOLD, "command": "giaolo bench"})


@pytest.mark.parametrize(("first", "limit"), [(10, 12), (10, 10), (10, 4), (3, 0), (1, 1)])
def test_the_most_cameras_are_found_from_either_side(first: int, limit: int) -> None:
    asked: list[int] = []

    def is_in_time(number: int) -> bool:
        asked.append(number)
        return number <= limit

    assert most_in_time(first, is_in_time) == limit
    assert len(asked) == len(set(asked)), "each run takes most of a minute"


def test_a_busy_machine_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(performance, "busy_share", lambda: 0.4)
    assert main(["--only", "objects"]) == 2
    assert "others use 40% of this machine" in capsys.readouterr().err


def test_following_and_judging_is_timed_beside_the_peer() -> None:
    taken = taken_ms(5, 2, frames_each=40)
    assert len(taken.following) == len(taken.judging) == len(taken.peer) == 2
    assert all(0 < one < 100 for one in taken.following + taken.judging + taken.peer)
    assert min(taken.following) < max(taken.judging)

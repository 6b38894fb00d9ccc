"""Ten streams for half an hour: what is told of the minutes."""

import pytest

from bench.streams import Minute, judged

MIB = 2**20


def minute(number: int, *, rss: float, looks: float = 5.0, age: float | None = 0.2, garbage: float = 5.0) -> Minute:
    return Minute(
        60.0 * number,
        int(rss * MIB),
        {"a": 5.0, "b": looks, "garbage": garbage},
        {"a": 0.1, "b": age, "garbage": 9.0},
        1.5,
    )


def test_growth_is_that_of_the_second_half() -> None:
    """A node fills its caches first; 1 MiB a minute on 400 is 15 % an hour."""
    filled = [minute(n, rss=100 + 40 * min(n, 10)) for n in range(1, 21)]
    assert judged(filled)["memory_growth_an_hour"] == pytest.approx(0, abs=1e-9)
    grows = [minute(n, rss=390 + n) for n in range(1, 21)]
    assert judged(grows)["memory_growth_an_hour"] == pytest.approx(60 / 405.5, rel=1e-3)


def test_the_worst_sound_camera_of_any_minute_counts() -> None:
    """The one with garbage may be late and missed; a camera nobody looked at has no age but no looks either."""
    found = judged([minute(1, rss=400), minute(2, rss=400, looks=4.9, age=0.7), minute(3, rss=400, garbage=2.0)])
    assert found["looks_per_s_least"] == 4.9
    assert found["age_p95_s_worst"] == 0.7
    assert judged([minute(1, rss=400), minute(2, rss=400, looks=0.0, age=None)])["looks_per_s_least"] == 0.0


def test_the_first_minute_is_not_asked_for_looks() -> None:
    """Cameras connect in it; where there is no other it counts."""
    assert judged([minute(1, rss=400, looks=3.0), minute(2, rss=400)])["looks_per_s_least"] == 5.0
    assert judged([minute(1, rss=400, looks=3.0)])["looks_per_s_least"] == 3.0

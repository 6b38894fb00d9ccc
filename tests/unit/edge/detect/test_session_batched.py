"""Pictures of several cameras in one call of a real network; on the processor, which computes what a GPU does."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.detect.session_batched import BatchedSession, takes_batches
from edge.detect.session_onnx import OnnxSession
from edge.detect.yolov8 import CHANNELS, SCALE
from edge.errors import ModelError
from models.pictured import pictured
from models.reshape import reshape
from tests.unit.models.tiny import ultralytics_like

HEIGHT, WIDTH = 64, 96
Blob = NDArray[np.float32]


class Noted(OnnxSession):
    """Tells how many pictures came together, and cannot stand what is no number."""

    def __init__(self, model: bytes, *, before: Callable[[], object] = lambda: None) -> None:
        super().__init__(model, threads=1)
        self.together: list[int] = []
        self._before = before

    def run(self, blob: Blob) -> tuple[NDArray[Any], ...]:
        self.together.append(len(blob))
        self._before()
        if np.isnan(blob).any():
            raise ModelError("a picture without numbers")
        return super().run(blob)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return ultralytics_like(tmp_path / "mine.onnx", 32, 64)


def pictures(count: int) -> list[Blob]:
    return list(np.random.default_rng(1).random((count, 1, 3, HEIGHT, WIDTH), np.float32))


def test_each_gets_its_own_whoever_it_came_with(model: Path) -> None:
    """Forty pictures from eight threads: what each gives alone, to the last bit. Who has its result brings its next
    picture while the network runs for the others."""

    def others_have_come() -> None:
        until = time.monotonic() + 10
        while len(batched._waiting) < min(4, 40 - sum(session.together)) and time.monotonic() < until:
            time.sleep(0.001)

    session = Noted(reshape(model, HEIGHT, WIDTH, batch=None), before=others_have_come)
    batched = BatchedSession(session, 4)
    alone = OnnxSession(reshape(model, HEIGHT, WIDTH), threads=1)
    given = pictures(40)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(batched.run, given))
    for blob, outputs in zip(given, found, strict=True):
        assert np.array_equal(outputs[0], alone.run(blob)[0])
    assert sum(session.together) == 40
    assert set(session.together[1:-1]) == {4}


def test_who_comes_alone_waits_for_nobody(model: Path) -> None:
    """One picture, one call, with one picture in it."""
    session = Noted(reshape(model, HEIGHT, WIDTH, batch=None))
    BatchedSession(session, 8).run(pictures(1)[0])
    assert session.together == [1]


def test_a_picture_that_fails_takes_none_with_it(model: Path) -> None:
    """The one gets the error; those it was with get their results."""
    gate = threading.Event()
    session = Noted(reshape(model, HEIGHT, WIDTH, batch=None), before=lambda: gate.wait(5))
    batched = BatchedSession(session, 8)
    given = pictures(5)
    given[3][:] = np.nan
    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(batched.run, blob) for blob in given]
        while len(batched._waiting) < 4:  # the first is under way, the others have come
            time.sleep(0.001)
        gate.set()
        outcomes = [one.exception() for one in waiting]
    assert [outcome is not None for outcome in outcomes] == [False, False, False, True, False]
    assert "without numbers" in str(outcomes[3])
    assert session.together[:2] == [1, 4]


def test_a_call_that_is_interrupted_leaves_nobody_waiting(model: Path) -> None:
    """Ctrl-C hits the thread that runs the network for others, too."""
    begun, go = threading.Event(), threading.Event()

    def interrupted() -> None:
        if not begun.is_set():
            begun.set()
            go.wait(5)
            raise KeyboardInterrupt

    batched = BatchedSession(Noted(reshape(model, HEIGHT, WIDTH, batch=None), before=interrupted), 8)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(batched.run, pictures(1)[0])
        begun.wait(5)
        second = pool.submit(batched.run, pictures(1)[0])
        go.set()
        assert isinstance(first.exception(5), KeyboardInterrupt)
        assert second.result(5)[0].shape[0] == 1


def test_who_is_interrupted_while_waiting_is_not_waited_for(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its picture is taken back, and the turn does not get stuck with it."""
    begun, go = threading.Event(), threading.Event()

    def first_call() -> None:
        begun.set()
        go.wait(5)

    session = Noted(reshape(model, HEIGHT, WIDTH, batch=None), before=first_call)
    batched = BatchedSession(session, 8)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(batched.run, pictures(1)[0])
        begun.wait(5)
        with monkeypatch.context() as patched:
            patched.setattr(threading.Event, "wait", lambda *_: _thread_interrupted())
            with pytest.raises(KeyboardInterrupt):
                batched.run(pictures(1)[0])
        go.set()
        assert first.result(5)[0].shape[0] == 1
    batched.run(pictures(1)[0])
    assert session.together == [1, 1]


def _thread_interrupted() -> bool:
    raise KeyboardInterrupt


def test_a_network_for_one_picture_is_told_from_one_for_many(model: Path) -> None:
    """By running it."""
    many = OnnxSession(reshape(model, HEIGHT, WIDTH, batch=None), threads=1)
    assert takes_batches(many, HEIGHT, WIDTH, 3)
    assert not takes_batches(OnnxSession(reshape(model, HEIGHT, WIDTH), threads=1), HEIGHT, WIDTH, 3)


def test_pictures_go_together_as_they_are(model: Path) -> None:
    """Preparing is the network's own: bytes go in."""
    content = pictured(reshape(model, HEIGHT, WIDTH, batch=None), order=CHANNELS, scale=SCALE)
    assert takes_batches(OnnxSession(content, threads=1), HEIGHT, WIDTH, 3)

"""The bytes of an event are signed and compared: a quicker way of writing them must give the same ones."""

from collections.abc import Callable
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from contracts.canonical import canonical_json
from contracts.event import Event, PathPoint
from contracts.evidence import event_document
from tests.unit.edge.outbox.acts import act

UNITS = st.floats(-0.5, 1.5)
POINTS = st.builds(PathPoint, offset_s=st.floats(), x=UNITS, y=UNITS)
TRICKY = '"path":[],\\"path\\":[]'


def plainly(event: Event, **without: Any) -> bytes:
    """As the promise says: Python's writer over everything."""
    return canonical_json(event.model_dump(mode="json", **without))


@given(path=st.lists(POINTS, max_size=5), words=st.text(max_size=10))
@example(path=[PathPoint(offset_s=1e16, x=1e-4, y=9.999e-05)], words="")
@example(path=[PathPoint(offset_s=-0.0, x=5e-324, y=1.0)], words=TRICKY)
@example(path=[PathPoint(offset_s=float("inf"), x=0.1, y=0.2)], words="")
def test_the_quick_way_of_writing_gives_the_same_bytes(path: list[PathPoint], words: str) -> None:
    """A byte that differs is an altered event: its package would not verify."""
    event = act(1)
    facts = {"path": [], words: words, TRICKY: {"path": []}}
    data = event.data.model_copy(update={"path": tuple(path), "facts": facts, "where": words})
    event = event.model_copy(update={"data": data, "subject": words + TRICKY})
    assert said(event.to_json) == said(lambda: plainly(event))
    assert said(lambda: event_document(event)) == said(lambda: plainly(event, exclude={"sequence"}))


def said(write: Callable[[], bytes]) -> bytes | str:
    """The bytes, or that there are none: infinity is no JSON."""
    try:
        return write()
    except ValueError as error:
        return str(error)


def test_numbers_of_a_road_take_the_quick_way() -> None:
    """Six digits after the point, seconds of a few minutes: what the edge writes."""
    event = act(1)
    digits = [round(n * 0.000123 - 0.5, 6) for n in range(1, 2000)]
    points = tuple(PathPoint(offset_s=round(n * 0.1 - 90, 6), x=x, y=-x / 3) for n, x in enumerate(digits))
    event = event.model_copy(update={"data": event.data.model_copy(update={"path": points})})
    assert event.to_json() == plainly(event)

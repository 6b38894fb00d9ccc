"""Lists are put together from slices; whatever the filter, they show what a look at every event would show."""

import random
from datetime import timedelta
from typing import Any

import pytest

from contracts.event import Event
from ingest.access.scope import EVERYTHING, Scope
from ingest.store import events, migrate
from ingest.store.base import Database
from ingest.store.events import MOST_SLICES, EventFilter, Position
from tests.integration.test_store import postgres_url, server, url
from tests.unit.ingest.stories import START, an_event

__all__ = ["postgres_url", "server", "url"]

CAMERAS = tuple(f"camera-{n}" for n in range(6))
KINDS = ("violation", "incident", "count")
STATES = ("new", "confirmed", "rejected")


def some_events(chance: random.Random) -> list[tuple[Event, str]]:
    """Events of which many have the same time."""
    made = []
    for number in range(240):
        kind = chance.choice(KINDS)
        event = an_event(
            number,
            kind=kind,  # type: ignore[arg-type]
            camera=chance.choice(CAMERAS),
            time=START + timedelta(seconds=chance.randrange(40)),
        )
        made.append((event, "new" if kind == "count" else chance.choice(STATES)))
    return made


def fits(event: Event, state: str, scope: Scope, wanted: EventFilter) -> bool:
    data = event.data
    return (
        scope.sees(data.camera)
        and (not wanted.cameras or data.camera in wanted.cameras)
        and (not wanted.kinds or data.kind in wanted.kinds)
        and (not wanted.states or state in wanted.states)
        and (not wanted.rules or data.rule.id in wanted.rules)
        and (not wanted.types or event.type in wanted.types)
        and (wanted.from_time is None or event.time >= wanted.from_time)
        and (wanted.to_time is None or event.time < wanted.to_time)
    )


def a_filter(chance: random.Random) -> tuple[Scope, EventFilter]:
    def some(values: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(values, chance.randrange(1, len(values) + 1))) if chance.random() < 0.4 else ()

    scope = EVERYTHING
    if chance.random() < 0.4:
        scope = Scope(frozenset(some(CAMERAS)))  # often nobody
    rules = ("wrong_way", "stopped_vehicle", "line_count", "nothing")
    types = ("vn.giaolo.violation.wrong_way.v1", "vn.giaolo.count.line_count.v1")
    begin = START + timedelta(seconds=chance.randrange(30)) if chance.random() < 0.3 else None
    end = START + timedelta(seconds=chance.randrange(30, 45)) if chance.random() < 0.3 else None
    return scope, EventFilter(begin, end, some(CAMERAS), some(KINDS), some(STATES), some(types), some(rules))


def all_pages(database: Database, scope: Scope, wanted: EventFilter, limit: int) -> list[str]:
    seen: list[str] = []
    after: Position | None = None
    with database.read() as session:
        while True:
            rows, after = events.page(session, scope, wanted, limit=limit, after=after)
            seen += [row.id for row in rows]
            if after is None:
                return seen


@pytest.mark.parametrize("seed", range(2))
def test_pages_show_what_a_look_at_every_event_shows(url: str, seed: int) -> None:
    chance = random.Random(seed)
    database = Database(url)
    migrate.upgrade(database)
    made = some_events(chance)
    with database.write() as session:
        events.add(session, [(event, events.stored_form(event)) for event, _ in made], START)
        for event, state in made:
            row = session.get(events.EventRow, event.id)
            assert row is not None
            row.state = state
    filters = [a_filter(chance) for _ in range(24)]
    many = (*CAMERAS, *(f"elsewhere-{n}" for n in range(MOST_SLICES)))
    filters += [(EVERYTHING, EventFilter(cameras=many)), (Scope(frozenset(many)), EventFilter(kinds=("incident",)))]
    for scope, wanted in filters:
        expected = sorted(((e.time, e.id) for e, state in made if fits(e, state, scope, wanted)), reverse=True)
        found = all_pages(database, scope, wanted, limit=chance.choice([23, 60, 500]))
        assert found == [event_id for _, event_id in expected], (scope, wanted)
    database.close()

"""Legal hold: an event that must stay, and its evidence with it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request
from sqlalchemy.orm import Session

from ingest.access.deps import Permission, Person, Scope, requires, scope_of
from ingest.access.rim import network_of
from ingest.api.access_views import address_of
from ingest.api.problems import documented, not_found
from ingest.api.schemas import EventView, HoldRequest
from ingest.api.state import CentreState, centre_of
from ingest.store import access_log, events, live, retention
from ingest.store.access_log import Act, Entry
from ingest.store.retention import HoldRow

router = APIRouter(prefix="/events", tags=["events"])

Keeper = Annotated[Person, Depends(requires(Permission.EVENT_HOLD))]
Centre = Annotated[CentreState, Depends(centre_of)]
Reason = Annotated[str, Query(min_length=1, max_length=200, pattern=r"\S", description="why it need not stay any more")]


@router.put("/{event_id}/hold", operation_id="holdEvent", responses=documented(401, 403, 404, 422))
def hold_event(
    person: Keeper, centre: Centre, request: Request, event_id: str, why: Annotated[HoldRequest, Body()]
) -> EventView:
    """Puts an event on hold: it and its evidence are not deleted. One that is on hold stays as it is."""
    row = HoldRow(event_id=event_id, reason=why.reason, by_id=person.id, by_name=person.name, at=centre.clock())
    entry = _entry(Act.HOLD_SET, person, request, event_id, why.reason)
    return _change(centre, scope_of(person), entry, lambda session: retention.hold(session, row))


@router.delete("/{event_id}/hold", operation_id="liftHold", responses=documented(401, 403, 404, 422))
def lift_hold(person: Keeper, centre: Centre, request: Request, event_id: str, reason: Reason) -> EventView:
    """Takes the hold off. The access log keeps who did it, and why."""
    entry = _entry(Act.HOLD_LIFTED, person, request, event_id, reason.strip())
    return _change(centre, scope_of(person), entry, lambda session: retention.lift(session, event_id))


def _entry(act: Act, person: Person, request: Request, event_id: str, reason: str) -> Entry:
    address = address_of(request)
    return Entry(centre_of(request).clock(), act, person.id, event_id, address, network_of(address), reason)


def _change(centre: CentreState, scope: Scope, entry: Entry, act: Callable[[Session], bool]) -> EventView:
    """Does it to an event that may be seen, and notes it where it changed something."""
    with centre.database.write() as session:
        row = events.lock(session, scope, entry.subject or "")
        if row is None:
            raise not_found("event")
        if act(session):
            access_log.add(session, entry)
            live.append(session, [live.Change("decision", row.id, row.camera_id)], entry.at)
        view = centre.views.event_list(session, [row])[0]
    centre.live.wake()
    return view

"""Events: lists, one event, decisions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Query, Response

from contracts.event import Kind
from ingest.access.deps import Permission, Person, require, requires, scope_of
from ingest.api.paging import MAX_CURSOR, cursor_of, position_of
from ingest.api.problems import FieldProblem, Problem, documented, not_found
from ingest.api.schemas import DecisionRequest, EventPage, EventView
from ingest.api.state import CentreState, centre_of
from ingest.store import events, live
from ingest.store.events import EventFilter, EventRow, EventState, Verdicts

router = APIRouter(prefix="/events", tags=["events"])

Reader = Annotated[Person, Depends(requires(Permission.EVENT_READ))]
Centre = Annotated[CentreState, Depends(centre_of)]
Names = Annotated[list[str] | None, Query(max_length=100)]


def event_filter(
    from_time: Annotated[datetime | None, Query(alias="from", description="not before this time, with zone")] = None,
    to_time: Annotated[datetime | None, Query(alias="to", description="before this time, with zone")] = None,
    camera: Names = None,
    kind: Annotated[list[Kind] | None, Query()] = None,
    state: Annotated[list[EventState] | None, Query()] = None,
    type_: Annotated[list[str] | None, Query(alias="type", max_length=100)] = None,
    rule: Names = None,
) -> EventFilter:
    """The filter of a list; 422 says which part of it makes no sense."""
    faults = [
        FieldProblem(where=f"query.{name}", message="needs a zone, as in 2026-11-22T08:15:30Z")
        for name, moment in (("from", from_time), ("to", to_time))
        if moment is not None and moment.tzinfo is None
    ]
    if not faults and from_time is not None and to_time is not None and from_time >= to_time:
        faults = [FieldProblem(where="query.to", message="must be after `from`")]
    if faults:
        detail = "; ".join(f"{fault.where}: {fault.message}" for fault in faults)
        raise Problem(422, "invalid", "The request is not understood", detail, errors=faults)
    return EventFilter(
        from_time=from_time,
        to_time=to_time,
        cameras=tuple(camera or ()),
        kinds=tuple(kind or ()),
        states=tuple(state or ()),
        types=tuple(type_ or ()),
        rules=tuple(rule or ()),
    )


@router.get("", operation_id="listEvents", responses=documented(400, 401, 403, 422))
def list_events(
    person: Reader,
    centre: Centre,
    wanted: Annotated[EventFilter, Depends(event_filter)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR)] = None,
) -> EventPage:
    """Events, newest first."""
    after = position_of(cursor)
    with centre.database.read() as session:
        rows, following = events.page(session, scope_of(person), wanted, limit=limit, after=after)
        return EventPage(items=centre.views.event_list(session, rows), next=cursor_of(following))


@router.get("/{event_id}", operation_id="readEvent", responses=documented(401, 403, 404))
def read_event(person: Reader, centre: Centre, event_id: str, response: Response) -> EventView:
    """One event; the header `ETag` is its version, for `If-Match`."""
    with centre.database.read() as session:
        row = events.one(session, scope_of(person), event_id)
        if row is None:
            raise not_found("event")
        view = centre.views.event_list(session, [row])[0]
    response.headers["ETag"] = _etag(view.version)
    return view


@router.post("/{event_id}/decision", operation_id="decideEvent", responses=documented(401, 403, 404, 409, 412, 422))
def decide_event(
    person: Reader,
    centre: Centre,
    event_id: str,
    request: Annotated[DecisionRequest, Body()],
    response: Response,
    if_match: Annotated[str | None, Header()] = None,
) -> EventView:
    """Confirms or rejects an event. With `If-Match`, only if nobody decided in between."""
    now = centre.clock()
    with centre.database.write() as session:
        row = events.lock(session, scope_of(person), event_id)
        if row is None:
            raise not_found("event")
        _allow(person, row, if_match)
        reason = request.reason or None
        if request.decision == "rejected" and reason is None:
            message = "a rejection needs a reason"
            raise Problem(
                422, "reason-needed", "Say why", message, errors=[FieldProblem(where="body.reason", message=message)]
            )
        events.decide(session, row, Verdicts(request.decision, reason, person.id, person.name, now))
        live.append(session, [live.Change("decision", row.id, row.camera_id)], now)
        view = centre.views.event_list(session, [row])[0]
    centre.live.wake()
    response.headers["ETag"] = _etag(view.version)
    return view


def _allow(person: Person, row: EventRow, if_match: str | None) -> None:
    if row.kind == "count":
        raise Problem(409, "not-decidable", "A count is not decided", "Only violations and incidents are decided.")
    require(person, Permission.VIOLATION_DECIDE if row.kind == "violation" else Permission.INCIDENT_DECIDE)
    if if_match is None or if_match.strip() == "*":
        return
    known = {tag.strip().removeprefix("W/") for tag in if_match.split(",")}
    if _etag(row.version) not in known:
        raise Problem(
            412, "somebody-was-faster", "Somebody was faster", "The event changed since you read it; look again."
        )


def _etag(version: int) -> str:
    return f'"{version}"'

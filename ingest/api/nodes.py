"""Edge nodes: what is wrong with them, and records of theirs that are missing."""

from typing import Annotated

from fastapi import APIRouter, Depends

from ingest.access.deps import Permission, Person, Scope, requires, scope_of
from ingest.api.problems import Problem, documented, not_found
from ingest.api.schemas import GapAcknowledgement, NodeList, NodeView
from ingest.api.state import CentreState, centre_of
from ingest.gaps import Acknowledgement, Span
from ingest.store import access_log, gaps, live
from ingest.store.access_log import Act, Entry
from ingest.store.sequences import Outbox

router = APIRouter(tags=["nodes"])

Reader = Annotated[Person, Depends(requires(Permission.CAMERA_READ))]
Acknowledger = Annotated[Person, Depends(requires(Permission.GAP_ACKNOWLEDGE))]
Centre = Annotated[CentreState, Depends(centre_of)]


@router.get("/nodes", operation_id="listNodes", responses=documented(401, 403))
def list_nodes(person: Reader, centre: Centre) -> NodeList:
    """Nodes of which a camera may be seen, by name."""
    with centre.database.read() as session:
        return NodeList(items=centre.views.node_list(session, scope_of(person)))


@router.post("/gaps/acknowledgement", operation_id="acknowledgeGap", responses=documented(401, 403, 404, 422))
def acknowledge_gap(person: Acknowledger, centre: Centre, body: GapAcknowledgement) -> NodeView:
    """Says that missing records will not come, and why; kept with the gap and in the access log.

    404 `not-found` when nothing is missing (any more) between these numbers.
    """
    if body.last < body.first:
        raise Problem(422, "bad-numbers", "These are no numbers of a gap", "`last` is at least `first`.")
    span = Span(body.first, body.last)
    known = Acknowledgement(person.name, centre.clock(), body.reason)
    _view_of(centre, scope_of(person), body.node)
    with centre.database.write() as session:
        number = gaps.acknowledge(session, Outbox(body.node, body.outbox), span, known)
        if not number:
            raise not_found("gap")
        note = f"{number} records, {span.first}-{span.last}: {body.reason}"
        entry = Entry(at=known.at, act=Act.GAP_ACKNOWLEDGED, person_id=person.id, subject=body.node, note=note)
        access_log.add(session, entry)
        live.append(session, [live.Change("node", body.node, "")], known.at)
    centre.live.wake()
    return _view_of(centre, scope_of(person), body.node)


def _view_of(centre: CentreState, scope: Scope, node: str) -> NodeView:
    with centre.database.read() as session:
        for view in centre.views.node_list(session, scope):
            if view.node == node:
                return view
    raise not_found("node")

"""`/setup`: the first admin, made once with the address that was printed at first start."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from ingest.access.deps import access_of
from ingest.access.people import By
from ingest.api.access_views import NewSessionView, SetUp, address_of, hand_over
from ingest.api.limited import LimitedRoute
from ingest.api.problems import documented
from ingest.api.refusals import refusals

router = APIRouter(prefix="/setup", tags=["access"], route_class=LimitedRoute)


class SetupView(BaseModel):
    """Whether the first admin is still to be made."""

    needed: bool


@router.get("", operation_id="setupNeeded")
def setup_needed(request: Request) -> SetupView:
    """Whether nobody exists yet."""
    return SetupView(needed=access_of(request).people.is_empty())


@router.post("", status_code=201, operation_id="setUp", responses=documented(403, 409, 422))
def set_up(request: Request, response: Response, body: SetUp) -> NewSessionView:
    """Makes the first admin and signs him in."""
    access = access_of(request)
    address = address_of(request)
    with refusals():
        person = access.people.set_up(
            body.token.get_secret_value(),
            body.username,
            body.password.get_secret_value(),
            body.name,
            By(address=address),
        )
        return hand_over(request, response, access.sessions.start(person.id, address))

"""`/people`: who works here. Admins make and change people; nobody chooses a password for somebody else."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from ingest.access.access import accept_address
from ingest.access.deps import access_of, requires
from ingest.access.people import By, Changes, OneTimeLink
from ingest.access.permissions import Permission
from ingest.access.person import Person
from ingest.access.rim import is_https
from ingest.api.access_views import (
    Accept,
    InvitedView,
    LinkView,
    NewPerson,
    NewSessionView,
    PeoplePage,
    PersonChange,
    PersonView,
    address_of,
    hand_over,
    never_store,
)
from ingest.api.limited import LimitedRoute
from ingest.api.problems import documented
from ingest.api.refusals import refusals

router = APIRouter(prefix="/people", tags=["access"], route_class=LimitedRoute)

Admin = Annotated[Person, Depends(requires(Permission.PERSON_MANAGE))]
PersonId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("", operation_id="listPeople", responses=documented(401, 403))
def everybody(request: Request, _admin: Admin) -> PeoplePage:
    """All people by user name."""
    return PeoplePage(items=[PersonView.of(person) for person in access_of(request).people.everybody()])


@router.post("", status_code=201, operation_id="invitePerson", responses=documented(401, 403, 409, 422))
def invite(request: Request, response: Response, admin: Admin, body: NewPerson) -> InvitedView:
    """Makes a person, with a one-time address where he sets his own password."""
    with refusals():
        person, link = access_of(request).people.invite(
            body.username, body.name, body.role, body.cameras, By(admin.id, address_of(request))
        )
    never_store(response)
    return InvitedView(person=PersonView.of(person), link=_address(request, link), expires_at=link.expires_at)


@router.patch("/{person_id}", operation_id="changePerson", responses=documented(401, 403, 404, 409, 422))
def change(request: Request, admin: Admin, person_id: PersonId, body: PersonChange) -> PersonView:
    """Changes name, role or cameras, or switches somebody on or off; it counts from his next request on."""
    changes = Changes(
        name=body.name,
        role=body.role,
        active=body.active,
        cameras=None if body.cameras is None else frozenset(body.cameras),
        set_cameras="cameras" in body.model_fields_set,
    )
    with refusals():
        return PersonView.of(access_of(request).people.change(person_id, changes, By(admin.id, address_of(request))))


@router.post(
    "/{person_id}/link", status_code=201, operation_id="newPersonLink", responses=documented(401, 403, 404, 422)
)
def new_link(request: Request, response: Response, admin: Admin, person_id: PersonId) -> LinkView:
    """Another one-time address, for a lost password or a lost link; the one before stops working."""
    with refusals():
        link = access_of(request).people.new_link(person_id, By(admin.id, address_of(request)))
    never_store(response)
    return LinkView(link=_address(request, link), expires_at=link.expires_at)


@router.post("/accept", operation_id="acceptInvitation", responses=documented(403, 422))
def accept(request: Request, response: Response, body: Accept) -> NewSessionView:
    """Sets the invited person's password and signs him in."""
    access = access_of(request)
    address = address_of(request)
    with refusals():
        person = access.people.accept(
            body.token.get_secret_value(), body.password.get_secret_value(), By(address=address)
        )
        return hand_over(request, response, access.sessions.start(person.id, address))


def _address(request: Request, link: OneTimeLink) -> str:
    access = access_of(request)
    base = access.public_url
    if base is None:
        scheme = "https" if is_https(request, access.settings.trusted_proxies) else "http"
        base = f"{scheme}://{request.url.netloc}"
    return accept_address(base, link)

"""What is sent and answered about people and sessions."""

from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StrictBool

from contracts.event import Slug
from ingest.access.deps import SESSION_COOKIE, access_of
from ingest.access.permissions import PERMISSIONS, Permission, Role
from ingest.access.person import Person
from ingest.access.rim import client_address, is_https
from ingest.access.sessions import Session

Secret = Annotated[SecretStr, Field(max_length=1024)]
Text = Annotated[str, Field(max_length=256)]


class Body(BaseModel):
    """Base of what is sent: unknown keys are errors, so that a misspelt one is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Body):
    """A user name and its password."""

    username: Text
    password: Secret


class SetUp(Body):
    """The first admin, with the one-time link's token."""

    token: Secret
    username: Text
    password: Secret
    name: Text


class Accept(Body):
    """An invited person's own password, with his one-time link's token."""

    token: Secret
    password: Secret


class PasswordChange(Body):
    """The password so far, and the one from now on."""

    old: Secret
    new: Secret


class NewPerson(Body):
    """Somebody who shall work here. Cameras: null for all of them."""

    username: Text
    name: Text
    role: Role
    cameras: Annotated[list[Slug], Field(max_length=10_000)] | None = None


class PersonChange(Body):
    """What is to change; what is left out stays. Cameras: null for all of them."""

    name: Text | None = None
    role: Role | None = None
    active: StrictBool | None = None
    cameras: Annotated[list[Slug], Field(max_length=10_000)] | None = None


class PersonView(BaseModel):
    """A person."""

    id: str
    username: str
    name: str
    role: Role
    active: bool
    cameras: list[str] | None = Field(description="ids of the cameras he may see; null: all of them")
    permissions: list[Permission] = Field(description="what his role may do, for showing and hiding buttons")

    @classmethod
    def of(cls, person: Person) -> "PersonView":
        """As it goes over the wire."""
        return cls(
            id=person.id,
            username=person.username,
            name=person.name,
            role=person.role,
            active=person.active,
            cameras=None if person.cameras is None else sorted(person.cameras),
            permissions=[permission for permission in Permission if permission in PERMISSIONS[person.role]],
        )


class PeoplePage(BaseModel):
    """Everybody."""

    items: list[PersonView]


class LinkView(BaseModel):
    """A one-time address to hand over. It is shown this once."""

    link: str
    expires_at: datetime


class InvitedView(LinkView):
    """A new person and his link."""

    person: PersonView


class SessionView(BaseModel):
    """The session of this request."""

    csrf: str = Field(description="send it as X-CSRF-Token with every unsafe request")
    expires_at: datetime
    person: PersonView


class NewSessionView(SessionView):
    """A session that was just started; the token is shown this once."""

    token: str


def address_of(request: Request) -> str:
    """Where the request comes from, for limits and the access log."""
    return client_address(request, access_of(request).settings.trusted_proxies)


def hand_over(request: Request, response: Response, session: Session) -> NewSessionView:
    """Answers with a new session and sets its cookie; the one the browser brought along ends (session fixation)."""
    brought = request.cookies.get(SESSION_COOKIE)
    access = access_of(request)
    if brought and brought != session.token:
        access.sessions.end_quietly(brought)
    response.set_cookie(
        SESSION_COOKIE,
        session.token,
        max_age=int(access.settings.session_lifetime.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=is_https(request, access.settings.trusted_proxies),
    )
    never_store(response)
    return NewSessionView(
        token=session.token,
        csrf=session.csrf,
        expires_at=session.expires_at,
        person=PersonView.of(session.person),
    )


def never_store(response: Response) -> None:
    """Keeps an answer with a secret out of every cache."""
    response.headers["Cache-Control"] = "no-store"

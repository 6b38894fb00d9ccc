"""What a router asks for: who sends the request, and whether he may.

    @router.get("/events")
    def events(person: Annotated[Person, Depends(requires(Permission.EVENT_READ))]) -> EventPage:
        scope = scope_of(person)

Every path of `/api/v1` takes one of `requires(...)`, `signed_in` or `node_caller`, or stands in the short list of
public paths that tests/integration/test_every_path_has_access.py holds.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from ingest.access.access import Access
from ingest.access.nodes import NodeIdentity
from ingest.access.permissions import Permission, Role
from ingest.access.person import Person
from ingest.access.scope import Scope, scope_of
from ingest.access.sessions import Session
from ingest.access.tokens import csrf_fits
from ingest.api.problems import Problem

__all__ = [
    "SESSION_COOKIE",
    "NodeIdentity",
    "Permission",
    "Person",
    "Role",
    "Scope",
    "access_of",
    "current_session",
    "node_caller",
    "requires",
    "scope_of",
    "signed_in",
    "still_allowed",
]

SESSION_COOKIE = "giaolo_session"
CSRF_HEADER = "x-csrf-token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def access_of(request: Request) -> Access:
    """The access part of the running centre."""
    access = request.app.state.access
    if not isinstance(access, Access):
        raise TypeError("app.state.access must be an ingest.access.access.Access; create_app sets it")
    return access


def current_session(request: Request) -> Session:
    """The session of this request.

    Raises:
        Problem: 401 without a living session; 403 `csrf` for an unsafe method with the cookie but without the header.
    """
    bearer = _bearer(request)
    token = bearer if bearer is not None else request.cookies.get(SESSION_COOKIE)
    session = access_of(request).sessions.resume(token) if token else None
    if session is None or token is None:
        raise Problem(401, "not-signed-in", "Not signed in", "Sign in with POST /api/v1/session.")
    if (
        bearer is None
        and request.method not in _SAFE_METHODS
        and not csrf_fits(token, request.headers.get(CSRF_HEADER, ""))
    ):
        raise Problem(
            403, "csrf", "Not sent by our page", "Send the `csrf` value of GET /api/v1/session as X-CSRF-Token."
        )
    return session


def signed_in(session: Annotated[Session, Depends(current_session)]) -> Person:
    """Any person with a living session."""
    return session.person


def requires(permission: Permission) -> Callable[[Session], Person]:
    """A dependency that gives the person when his role holds the permission.

    Raises:
        Problem: as `current_session`; 403 `not-allowed` that names the missing permission.
    """

    def allowed(session: Annotated[Session, Depends(current_session)]) -> Person:
        require(session.person, permission)
        return session.person

    return allowed


def require(person: Person, permission: Permission) -> None:
    """The same check inside a path, where what is needed depends on what was found (violation or incident)."""
    if not person.can(permission):
        raise Problem(
            403, "not-allowed", "Not allowed", f"The role {person.role.value} does not hold {permission.value}."
        )


def still_allowed(request: Request, permission: Permission) -> bool:
    """Whether a long answer (live stream, preview) may go on; asked every few seconds, it dies with the session."""
    try:
        return current_session(request).person.can(permission)
    except Problem:
        return False


def node_caller(request: Request) -> NodeIdentity:
    """The edge node that sends the request, by its token.

    Raises:
        Problem: 401 without a token that is valid now.
    """
    token = _bearer(request)
    node = access_of(request).nodes.identify(token) if token else None
    if node is None:
        raise Problem(
            401,
            "not-a-node",
            "No valid node token",
            "Make one with `giaolo centre add-node NAME` and send it as Bearer.",
        )
    return node


def _bearer(request: Request) -> str | None:
    """The token of `Authorization: Bearer`. Another scheme (Basic, for a proxy before us) is not for us."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None

"""`/session`: signing in and out, and one's own password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from ingest.access.deps import SESSION_COOKIE, access_of, current_session
from ingest.access.errors import SignInRefused
from ingest.access.rim import is_https
from ingest.access.sessions import Session
from ingest.api.access_views import (
    NewSessionView,
    PasswordChange,
    PersonView,
    SessionView,
    SignIn,
    address_of,
    hand_over,
    never_store,
)
from ingest.api.limited import LimitedRoute
from ingest.api.problems import Problem, documented
from ingest.api.refusals import refusals

router = APIRouter(prefix="/session", tags=["access"], route_class=LimitedRoute)

Current = Annotated[Session, Depends(current_session)]


@router.post("", operation_id="signIn", responses=documented(401, 422, 429))
def sign_in(request: Request, response: Response, body: SignIn) -> NewSessionView:
    """Starts a session; the cookie and the token are the same one."""
    with refusals():
        session = access_of(request).sessions.sign_in(
            body.username, body.password.get_secret_value(), address_of(request)
        )
        return hand_over(request, response, session)


@router.get("", operation_id="currentSession", responses=documented(401))
def session_now(response: Response, session: Current) -> SessionView:
    """Who is signed in, and what unsafe requests must send along."""
    never_store(response)
    return SessionView(csrf=session.csrf, expires_at=session.expires_at, person=PersonView.of(session.person))


@router.delete("", status_code=204, operation_id="signOut", responses=documented(401, 403))
def sign_out(request: Request, response: Response, session: Current) -> None:
    """Ends the session."""
    access = access_of(request)
    access.sessions.sign_out(session.token, session.person, address_of(request))
    response.delete_cookie(
        SESSION_COOKIE,
        path="/",
        httponly=True,
        samesite="strict",
        secure=is_https(request, access.settings.trusted_proxies),
    )


@router.post("/password", status_code=204, operation_id="changePassword", responses=documented(401, 403, 422, 429))
def change_password(request: Request, session: Current, body: PasswordChange) -> None:
    """Sets another password and ends the person's other sessions."""
    with refusals():
        try:
            access_of(request).sessions.change_password(
                session, body.old.get_secret_value(), body.new.get_secret_value(), address_of(request)
            )
        except SignInRefused as error:
            # Not 401: the session is a good one, the page must not send the person to the sign-in form.
            raise Problem(403, "wrong-password", "Not changed", "The old password is wrong.") from error

"""What the access part refuses, as problem documents."""

from collections.abc import Iterator
from contextlib import contextmanager

from ingest.access import errors
from ingest.api.problems import Problem

_PROBLEMS: dict[type[errors.AccessError], tuple[int, str, str]] = {
    errors.SignInRefused: (401, "sign-in-refused", "Not signed in"),
    errors.TooManyFailures: (429, "too-many-failures", "Too many failed sign-ins"),
    errors.LinkNotValid: (403, "link-not-valid", "The link does not work"),
    errors.AlreadySetUp: (409, "already-set-up", "The first admin exists"),
    errors.PasswordRefused: (422, "password-refused", "Choose another password"),
    errors.NameRefused: (422, "name-refused", "Choose another name"),
    errors.UsernameTaken: (409, "username-taken", "The user name is taken"),
    errors.NoSuchPerson: (404, "not-found", "No such person"),
    errors.LastAdmin: (409, "last-admin", "Somebody must stay admin"),
}


@contextmanager
def refusals() -> Iterator[None]:
    """Turns an `AccessError` of the block into its problem document."""
    try:
        yield
    except errors.AccessError as error:
        status, name, title = _PROBLEMS[type(error)]
        headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, errors.TooManyFailures) else None
        raise Problem(status, name, title, str(error), headers=headers) from error

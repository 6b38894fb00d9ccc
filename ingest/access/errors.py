"""What the access part refuses, and why.

AccessError (IngestError)
├── SignInRefused        wrong name or password; never says which
├── TooManyFailures      wait `retry_after_s` seconds
├── LinkNotValid         the one-time link is unknown, used, replaced or too old
├── AlreadySetUp         a person exists, so the first admin cannot be made any more
├── PasswordRefused      a new password is too easy to guess; says what is wanted
├── NameRefused          a user name, a person's or node's name is not one
├── UsernameTaken
├── NoSuchPerson
└── LastAdmin            the change would leave nobody who may manage people
"""

from ingest.errors import IngestError


class AccessError(IngestError):
    """Base of all. The message is shown to the person; it never holds a password, a token or a typed user name."""


class SignInRefused(AccessError):  # noqa: N818 - says what happened
    """Wrong user name or password, or the person was switched off."""

    def __init__(self) -> None:
        super().__init__("The user name or the password is wrong.")


class TooManyFailures(AccessError):  # noqa: N818 - says what happened
    """Too many failed sign-ins; the next one is looked at after `retry_after_s`."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"Too many failed sign-ins. Try again in {retry_after_s} s.")
        self.retry_after_s = retry_after_s


class LinkNotValid(AccessError):  # noqa: N818 - says what is wrong
    """The one-time link does not work any more, or never did."""

    def __init__(self) -> None:
        super().__init__("This one-time link was used, replaced or is too old. Ask for a new one.")


class AlreadySetUp(AccessError):  # noqa: N818 - says what is wrong
    """The first admin exists."""

    def __init__(self) -> None:
        super().__init__("The first admin exists already. Sign in.")


class PasswordRefused(AccessError, ValueError):  # noqa: N818 - says what happened
    """A new password is too easy to guess."""


class NameRefused(AccessError, ValueError):  # noqa: N818 - says what happened
    """Not a user name, or not a name."""


class UsernameTaken(AccessError):  # noqa: N818 - says what is wrong
    """Another person has this user name."""

    def __init__(self) -> None:
        super().__init__("Another person has this user name. Choose another one.")


class NoSuchPerson(AccessError):  # noqa: N818 - says what is wrong
    """No person with this id."""

    def __init__(self) -> None:
        super().__init__("There is no person with this id.")


class LastAdmin(AccessError):  # noqa: N818 - says what is wrong
    """Somebody must stay who may manage people."""

    def __init__(self) -> None:
        super().__init__("This is the last active admin who can sign in. Make another admin first.")

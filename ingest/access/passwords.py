"""Passwords: which are accepted, how they are kept, how they are compared.

Argon2id with 19 MiB, 2 passes, 1 lane: the first choice of the OWASP Password Storage Cheat Sheet. What may be chosen
follows NIST SP 800-63B: a minimum length, no rules of composition, no regular change, and a list of passwords that
are guessed first. Text is brought to NFKC before hashing (ibid.), so that "ệ" is the same password whether the
keyboard sends one code point or three.
"""

import threading
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from ingest.access.errors import PasswordRefused
from ingest.access.tokens import new_token

MIN_CHARACTERS = 12
MAX_CHARACTERS = 256
MIN_DIFFERENT_CHARACTERS = 5
AT_ONCE = 4
"""Hashes computed at the same time: bounds the memory that a flood of sign-ins can take to 4 x 19 MiB."""

_GUESSED_FIRST = (
    "password",
    "passw0rd",
    "matkhau",
    "mat khau",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghijkl",
    "0123456789",
    "1234567890",
    "9876543210",
    "administrator",
    "admin",
    "letmein",
    "iloveyou",
    "anhyeuem",
    "emyeuanh",
    "welcome",
    "changeme",
    "giaolo",
    "giao lo",
    "csgt",
    "canhsatgiaothong",
    "vietnam",
)


class Passwords:
    """Hashes and compares. Safe to use from many threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Args: hasher: other parameters than OWASP's, for tests that are not about time."""
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._nobodys = self._hasher.hash(new_token())

    def hash(self, password: str) -> str:
        """What is stored: the PHC string with salt and parameters."""
        with self._slots:
            return self._hasher.hash(_normalised(password))

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one.

        With None (nobody of that name, or no password yet) the same work is done against a hash that nothing fits,
        so that the time of the answer does not say who exists.
        """
        with self._slots:
            try:
                self._hasher.verify(stored or self._nobodys, _normalised(password))
            except (VerificationError, InvalidHashError):
                return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the stored hash was made with other parameters than today's, so it should be made anew."""
        return self._hasher.check_needs_rehash(stored)


def check_new_password(password: str, *, username: str, name: str = "") -> None:
    """Accepts a new password, or says what is wanted.

    Raises:
        PasswordRefused: too short, too long, or among the first guesses.
    """
    text = _normalised(password)
    if len(text) < MIN_CHARACTERS:
        raise PasswordRefused(f"A password has at least {MIN_CHARACTERS} characters; several words are a good one.")
    if len(text) > MAX_CHARACTERS:
        raise PasswordRefused(f"A password has at most {MAX_CHARACTERS} characters.")
    if len(set(text)) < MIN_DIFFERENT_CHARACTERS or _is_guessed_first(text, username, name):
        raise PasswordRefused(
            "This password is among the first that would be guessed. Several unrelated words are better."
        )


def _is_guessed_first(text: str, username: str, name: str) -> bool:
    """True when little is left after the well-known parts (and the person's own names) are taken out."""
    rest = text.casefold()
    own = [username, *name.casefold().split(), *_without_accents(name.casefold()).split()]
    for known in sorted((*_GUESSED_FIRST, *(part for part in own if len(part) >= 3)), key=len, reverse=True):
        rest = rest.replace(known.casefold(), "")
    letters = "".join(c for c in rest if c.isalpha())
    return len(rest) < len(text) and len(letters) < 4


def _without_accents(text: str) -> str:
    """The letters of a Vietnamese name as they are typed without its accents: "trần đức" gives "tran duc"."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("đ", "d")


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)

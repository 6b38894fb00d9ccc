"""Secrets that are handed out once and kept only as a digest: sessions, one-time links, node tokens.

A token is 256 random bits, so a plain SHA-256 is enough at rest: there is nothing to guess and nothing to slow down.
A reader of the database learns no token that works.
"""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32
MAX_TOKEN_CHARACTERS = 128
"""Longer than any token of ours; what is longer is refused before it is hashed."""


def new_token() -> str:
    """A fresh secret, 43 characters that are safe in a URL, a cookie and a header."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is stored instead of the token: SHA-256 in hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_for(token: str) -> str:
    """The value that proves that a page of ours sends the request.

    HMAC-SHA-256 keyed with the session's own token: bound to this one session, needs no column, and says nothing
    about the token (OWASP CSRF prevention cheat sheet, "HMAC based token pattern").
    """
    return hmac.new(token.encode("utf-8", "surrogatepass"), b"giaolo csrf v1", hashlib.sha256).hexdigest()


def csrf_fits(token: str, presented: str) -> bool:
    """Whether the header belongs to the session, compared in constant time."""
    return hmac.compare_digest(csrf_for(token).encode(), presented.encode("utf-8", "surrogatepass"))

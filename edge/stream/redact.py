"""Credentials out of anything a person or a log may see.

Addresses are parsed once into an `Address` whose `str()` has no credentials, and foreign texts (messages of
FFmpeg name the whole address) pass through `redact`.
"""

import re

_USERINFO = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)[^\s'\"<>]*@", re.IGNORECASE)
_HEADER = re.compile(r"(?P<name>\b(?:proxy-)?authorization\s*[:=]\s*).*", re.IGNORECASE)
_QUERY = re.compile(
    r"(?P<name>[?&;](?:user(?:name)?|usr|login|pass(?:word|wd)?|pwd|token|auth|key|secret)=)[^&;\s'\"<>]*",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text without user names and passwords: in front of a host, in a query, in an Authorization header.

    All between `//` and the last `@` before a space or quote is taken as credentials, so that a password that
    holds `@` or an unescaped `/` leaves nothing behind; an `@` in a path costs the host, which is the lesser harm.
    """
    text = _USERINFO.sub(r"\g<scheme>", text)
    text = redact_query(text)
    return _HEADER.sub(r"\g<name>***", text)


def redact_query(text: str) -> str:
    """The text with the values of `user=`, `password=`, `token=` and the like in a query replaced by `***`."""
    return _QUERY.sub(r"\g<name>***", text)

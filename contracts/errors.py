"""Roots of every error of ours.

    GiaoloError              a problem was found: exit status 1
    └── UsageError           the command, or a file a person wrote, is wrong: exit status 2

`edge.errors` and `ingest.errors` draw their own trees under these.
"""


class GiaoloError(Exception):
    """Base of all; the message says what to do and is safe to show."""


class UsageError(GiaoloError):
    """What a person typed or wrote is wrong."""


def first_line(error: Exception) -> str:
    """What a library's error says first, or its kind where it says nothing; at most 200 characters."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]

"""User names, people's names and node names: what is accepted, and in which form it is kept."""

import re
import unicodedata

from ingest.access.errors import NameRefused

MAX_NAME_CHARACTERS = 100
_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")
_NODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def canonical_username(typed: str) -> str | None:
    """The form that is stored and compared: NFKC, lower case; None when it can be nobody's user name."""
    name = unicodedata.normalize("NFKC", typed).strip().casefold()
    return name if _USERNAME.fullmatch(name) else None


def new_username(typed: str) -> str:
    """A user name for a new person.

    Raises:
        NameRefused: says what is expected.
    """
    name = canonical_username(typed)
    if name is None:
        raise NameRefused(
            "A user name has 1 to 64 characters: letters a-z without accents, digits, and . _ @ - between them."
        )
    return name


def person_name(typed: str) -> str:
    """A person's name, as it stands under what he decides.

    Raises:
        NameRefused: empty, longer than 100 characters, or with characters that cannot be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split(" ")).strip()
    if not name or len(name) > MAX_NAME_CHARACTERS or any(unicodedata.category(c)[0] == "C" for c in name):
        raise NameRefused("A name has 1 to 100 visible characters.")
    return name


def node_name(typed: str) -> str:
    """The name of an edge node, the same as in its configuration.

    Raises:
        NameRefused: says what is expected.
    """
    if not _NODE.fullmatch(typed):
        raise NameRefused("A node's name has 1 to 64 characters: letters, digits and . _ - after the first.")
    return typed

"""Folders that hold fetched files."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def cache_folder() -> Path:
    """`$GIAOLO_CACHE`, else `$XDG_CACHE_HOME/giaolo`, else `~/.cache/giaolo`. Not created here."""
    own = os.environ.get("GIAOLO_CACHE")
    if own:
        return Path(own).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base).expanduser() if base else Path.home() / ".cache") / "giaolo"


def shared_folder() -> Path:
    """`$GIAOLO_SHARED`, else `shared` beside the checkout. It may not exist."""
    own = os.environ.get("GIAOLO_SHARED")
    return Path(own).expanduser() if own else CHECKOUT.parent / "shared"

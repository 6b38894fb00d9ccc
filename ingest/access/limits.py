"""How often a password may be guessed.

Three counts of failed sign-ins over one window: of a user name from one network, of a network whatever the names, and
of a user name from everywhere. An attempt is counted before the password is looked at, so that a burst of parallel
guesses cannot slip through, and taken back when it was right. An attempt that has to wait is not counted: a limit
always ends `limit_window` after the failures that caused it, and nobody can be locked out for good. Strangers who
use up the count of a user name do not make the person himself wait where he signed in lately.
"""

import hashlib
import math
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ingest.access.errors import TooManyFailures
from ingest.access.settings import AccessSettings
from ingest.store import access_log
from ingest.store import sessions as store

KNOWN_FOR = timedelta(days=30)
"""An address where the person signed in is his own for this long."""


def username_key(username: str) -> str:
    """What stands for a typed user name in the counts: people type their password there by mistake."""
    return hashlib.sha256(username.encode("utf-8", "surrogatepass")).hexdigest()


def charge(
    session: Session, settings: AccessSettings, key: str, network: str, person_id: str | None, now: datetime
) -> None:
    """Counts an attempt as failed until it is forgiven.

    Args:
        key: `username_key` of what was typed.
        network: `rim.network_of` the client.
        person_id: whose user name it is, None for nobody's.

    Raises:
        TooManyFailures: not counted, not looked at.
    """
    since = now - settings.limit_window
    store.lock_failures(session)
    store.drop_old_failures(session, since)
    waits = [
        store.nth_newest_failure(
            session, settings.failures_per_person_and_address, since, username_sha256=key, network=network
        ),
        store.nth_newest_failure(session, settings.failures_per_address, since, network=network),
    ]
    crowd = store.nth_newest_failure(session, settings.failures_per_person, since, username_sha256=key)
    if crowd is not None and not _is_known(session, person_id, network, now):
        waits.append(crowd)
    oldest_that_counts = max((wait for wait in waits if wait is not None), default=None)
    if oldest_that_counts is not None:
        raise TooManyFailures(max(1, math.ceil((oldest_that_counts + settings.limit_window - now).total_seconds())))
    store.add_failure(session, key, network, now)


def _is_known(session: Session, person_id: str | None, network: str, now: datetime) -> bool:
    return person_id is not None and access_log.has_signed_in_from(session, person_id, network, now - KNOWN_FOR)

"""An evidence package is settled when its files are here and the centre has checked them itself.

Packages and files arrive in any order, from different threads, and the process may die between any two steps; so
everything here can be done again, and `settle_all` does it once at each start.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from ingest.clock import Clock
from ingest.evidence_store import EvidenceStore
from ingest.metrics import Metrics
from ingest.store import cameras, events, evidence, live
from ingest.store.base import Database
from ingest.verify import Check, PackageOnDisk, check_package

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settler:
    """Decides the state of packages; tells the live log what changed."""

    database: Database
    files: EvidenceStore
    metrics: Metrics
    clock: Clock
    on_change: Callable[[], None]

    def file_arrived(self, sha256: str, is_new: bool) -> None:
        """A whole file is here: a still to show at once, or the last file of a package."""
        if is_new:
            self.metrics.evidence_files.inc()
            self._show_still(sha256)
        with self.database.read() as session:
            waiting = evidence.waiting_for(session, sha256)
        for event_id in waiting:
            self.settle(event_id)

    def _show_still(self, sha256: str) -> None:
        with self.database.write() as session:
            changes = [live.Change("evidence", row.id, row.camera_id) for row in events.with_still(session, sha256)]
            live.append(session, changes, self.clock())
        if changes:
            self.on_change()

    def settle_all(self, node: str | None = None) -> None:
        """Tries every package that is not settled; of one node, or of all."""
        with self.database.read() as session:
            waiting = evidence.unsettled(session, node)
        for event_id in waiting:
            self.settle(event_id)

    def settle(self, event_id: str) -> None:
        """Checks the package of an event if all its files are here; else leaves it on its way."""
        with self.database.read() as session:
            package = evidence.one(session, event_id)
            if package is None or package.verified is not None:
                return
            files = tuple(file.contract() for file in package.files)
            if not all(self.files.has(file.sha256) for file in files):
                return
            node = cameras.node(session, package.node_id)
            event = events.stored_document(session, event_id)
            on_disk = PackageOnDisk(package.manifest_sha256, files, event)
        try:
            check = check_package(self.files, on_disk, node.public_key if node else None)
        except OSError as error:
            _log.warning("evidence_unreadable", event_id=event_id, error=error.strerror)
            return  # looked at again at the next start
        self._keep(event_id, check)

    def _keep(self, event_id: str, check: Check) -> None:
        with self.database.write() as session:
            package = evidence.one(session, event_id)
            if package is None or package.verified is not None:
                return
            state = "complete" if package.whole else "incomplete"
            if (package.state, package.verified, package.problem) == (state, check.verified, check.problem):
                return
            package.state = state
            package.verified = check.verified
            package.problem = check.problem
            package.signed_by = check.signed_by
            live.append(session, [live.Change("evidence", event_id, package.camera_id)], self.clock())
        self.on_change()
        if check.verified is not None:
            self.metrics.packages.labels(verified=str(check.verified).lower()).inc()
        if check.problem is not None:
            _log.warning("evidence_not_verified", event_id=event_id, problem=check.problem)

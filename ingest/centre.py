"""One centre: its parts put together, started and stopped in order."""

from collections.abc import Callable, Sequence

from contracts.law import law_of
from contracts.wire import Record
from ingest.access.access import Access
from ingest.api.app import create_app
from ingest.api.state import CentreState
from ingest.clock import Clock, utc_now
from ingest.config import CentreConfig
from ingest.consume import Ingestor
from ingest.evidence_store import EvidenceStore
from ingest.live import LiveHub
from ingest.metrics import Metrics
from ingest.preview import PreviewHub
from ingest.retention.job import RetentionJob
from ingest.retention.thread import RetentionThread
from ingest.serve import ServerThread, bind, run_until_signal
from ingest.settle import Settler
from ingest.store import live, migrate
from ingest.store.base import Database
from ingest.store.dead import DeadLetters, StoredDeadLetters
from ingest.store.patience import patiently
from ingest.views import Views


class Centre:
    """Database, consumer, evidence store, live stream and app of one process.

    `take` is the embedded bus: a node in the same process gives its records here. `evidence` and `preview` are the
    node's sinks for files and pictures.
    """

    def __init__(
        self,
        config: CentreConfig,
        dead_letters: DeadLetters | None = None,
        *,
        clock: Clock = utc_now,
        bus_faults: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        """Opens the database, waiting for it, and brings it up to date. MigrationError when that cannot be done."""
        config.data.mkdir(parents=True, exist_ok=True)
        self.config = config
        self.database = Database(config.database_url)
        patiently(lambda: migrate.upgrade(self.database))
        self.metrics = Metrics()
        self.preview = PreviewHub()
        self.evidence = EvidenceStore(config.data / "evidence", max_file_bytes=config.evidence_max_file_bytes)
        views = Views(
            self.database, self.evidence, clock, config.zone, config.live.node_silent_s, law_of(config.country)
        )
        self.live = LiveHub(
            self.database,
            views.render,
            self.metrics,
            queue=config.live.queue,
            resume_rows=config.live.resume_rows,
        )
        self.settler = Settler(self.database, self.evidence, self.metrics, clock, self.live.wake)
        self.evidence.on_complete = self.settler.file_arrived
        self.ingestor = Ingestor(
            self.database,
            self.settler,
            self.live,
            dead_letters or StoredDeadLetters(self.database, clock),
            self.metrics,
            clock,
        )
        self.retention = RetentionThread(RetentionJob(self.database, self.evidence, config.retention, clock))
        self.access = Access(self.database, config.access, clock, public_url=config.public_url)
        state = CentreState(
            config=config,
            database=self.database,
            evidence=self.evidence,
            settler=self.settler,
            views=views,
            live=self.live,
            preview=self.preview,
            metrics=self.metrics,
            clock=clock,
            bus_faults=bus_faults,
        )
        self.app = create_app(state, self.access)
        self._server: ServerThread | None = None

    def take(self, records: Sequence[Record]) -> None:
        """Stores records; when it returns they are on disk. Raises when the database did not take them."""
        self.ingestor.take(records)

    def prepare(self) -> None:
        """What is done once at each start: old changes are dropped, packages left half-way are looked at again."""
        patiently(self._prune)
        patiently(self.settler.settle_all)
        self.retention.start()

    def _prune(self) -> None:
        with self.database.write() as session:
            live.prune(session)

    def start(self) -> int:
        """Serves from a thread; returns the port."""
        self.prepare()
        self._server = ServerThread(self.app, self.config.host, self.config.port, self.end_streams)
        self._server.start()
        return self._server.port

    def run(
        self, on_ready: Callable[[int], None] | None = None, before_close: Callable[[], None] | None = None
    ) -> None:
        """Serves in the main thread until SIGTERM or SIGINT, then closes everything.

        Args:
            on_ready: told the port.
            before_close: called while the database is still open: ends what feeds `take`.
        """
        listener = bind(self.config.host, self.config.port)
        try:
            self.prepare()
            if on_ready is not None:
                on_ready(int(listener.getsockname()[1]))
            run_until_signal(self.app, listener, self.end_streams)
        finally:
            listener.close()
            if before_close is not None:
                before_close()
            self.stop()

    def end_streams(self) -> None:
        """Ends live streams and previews, so that the server need not wait for them."""
        self.live.close()
        self.preview.close()

    def stop(self) -> None:
        """Stops serving and closes the database; a centre is not started twice."""
        if self._server is not None:
            self._server.stop()
            self._server = None
        self.end_streams()
        self.retention.stop()
        self.database.close()

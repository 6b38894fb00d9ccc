"""Figures of the centre for Prometheus; one registry per centre, labels bounded."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """All figures of one centre."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Counter("ingest_events", "Events stored, each once", ["kind"], registry=self.registry)
        self.repeats = Counter("ingest_repeated_records", "Records that were already stored", registry=self.registry)
        self.dead_letters = Counter("ingest_dead_letters", "Records that could not be read", registry=self.registry)
        self.delay = Histogram(
            "ingest_event_delay_seconds",
            "From the moment a rule was certain to the event's commit here",
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600),
            registry=self.registry,
        )
        self.live_clients = Gauge("ingest_live_clients", "Open live streams", registry=self.registry)
        self.live_dropped = Counter(
            "ingest_live_dropped", "Live streams ended because the client was too slow", registry=self.registry
        )
        self.preview_clients = Gauge("ingest_preview_clients", "Open preview streams", registry=self.registry)
        self.evidence_files = Counter("ingest_evidence_files", "Evidence files received whole", registry=self.registry)
        self.packages = Counter(
            "ingest_packages_checked", "Evidence packages checked", ["verified"], registry=self.registry
        )
        self.requests = Histogram(
            "ingest_request_seconds",
            "Time to the first byte of the answer",
            ["method", "operation", "status"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
            registry=self.registry,
        )

    def text(self) -> bytes:
        """Exposition format."""
        return generate_latest(self.registry)

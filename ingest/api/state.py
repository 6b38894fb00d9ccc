"""What every path may use, in one typed place: `centre_of(request).database` and so on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import Request

from ingest.clock import Clock, utc_now
from ingest.config import CentreConfig
from ingest.evidence_store import EvidenceStore
from ingest.live import LiveHub
from ingest.metrics import Metrics
from ingest.preview import PreviewHub
from ingest.settle import Settler
from ingest.store.base import Database
from ingest.views import Views


@dataclass(frozen=True, slots=True)
class CentreState:
    """Parts of one running centre; lives in `app.state.centre`."""

    config: CentreConfig
    database: Database
    evidence: EvidenceStore
    settler: Settler
    views: Views
    live: LiveHub
    preview: PreviewHub
    metrics: Metrics
    clock: Clock = utc_now
    bus_faults: Callable[[], Sequence[str]] | None = None


def centre_of(request: Request) -> CentreState:
    """The centre that serves this request."""
    centre = request.app.state.centre
    assert isinstance(centre, CentreState)  # noqa: S101 - set by the app factory
    return centre

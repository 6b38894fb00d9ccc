"""Whether the centre lives, whether it can work, and its figures; without a session, for machines."""

import shutil
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ingest.api.schemas import HealthView, ReadyView
from ingest.api.state import CentreState, centre_of

router = APIRouter(tags=["system"])

Centre = Annotated[CentreState, Depends(centre_of)]


@router.get("/healthz", operation_id="readHealth")
async def read_health() -> HealthView:
    """The process lives and its loop turns."""
    return HealthView()


@router.get("/readyz", operation_id="readReadiness", responses={503: {"model": ReadyView}})
def read_readiness(centre: Centre, response: Response) -> ReadyView:
    """Whether database, bus and disk are as they must be; 503 with reasons."""
    reasons = [*_database(centre), *_disk(centre), *(centre.bus_faults() if centre.bus_faults else ())]
    if reasons:
        response.status_code = 503
    return ReadyView(ready=not reasons, reasons=reasons)


@router.get("/metrics", operation_id="readMetrics", response_class=Response)
def read_metrics(centre: Centre) -> Response:
    """Figures for Prometheus."""
    return Response(centre.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _database(centre: CentreState) -> list[str]:
    try:
        with centre.database.read() as session:
            session.execute(text("SELECT 1 FROM events WHERE 1 = 0"))
    except SQLAlchemyError as error:
        return [f"the database does not answer ({type(error).__name__})"]
    return []


def _disk(centre: CentreState) -> list[str]:
    try:
        free = shutil.disk_usage(centre.evidence.folder).free
    except OSError as error:
        return [f"the evidence folder cannot be read ({error.strerror})"]
    if free < centre.config.free_disk_bytes:
        return [f"only {free // 2**20} MiB are free for evidence; make room"]
    return []

"""Files of evidence packages, in whole or in ranges."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse

from ingest.access.deps import Permission, Person, requires, scope_of
from ingest.api.problems import Answers, Problem, documented, not_found
from ingest.api.state import CentreState, centre_of
from ingest.store import events, evidence

router = APIRouter(prefix="/events", tags=["media"])

Reader = Annotated[Person, Depends(requires(Permission.MEDIA_READ))]
Centre = Annotated[CentreState, Depends(centre_of)]

SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "video/mp4", "video/x-matroska", "application/json", "text/plain"})
"""What a browser may show; anything else a node names is only handed over as bytes."""

_FILE: Answers = {200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}


@router.get(
    "/{event_id}/still.jpg",
    operation_id="readStill",
    response_class=FileResponse,
    responses=_FILE | documented(401, 403, 404),
)
def read_still(person: Reader, centre: Centre, event_id: str) -> FileResponse:
    """The picture at the finding; here before the package is sealed."""
    with centre.database.read() as session:
        row = events.one(session, scope_of(person), event_id)
    if row is None or row.still_sha256 is None:
        raise not_found("picture")
    return _file(centre, row.still_sha256, f"{event_id}.jpg", "image/jpeg")


@router.get(
    "/{event_id}/media/{name}",
    operation_id="readMedia",
    response_class=FileResponse,
    responses=_FILE | documented(401, 403, 404, 416),
)
def read_media(person: Reader, centre: Centre, event_id: str, name: str) -> FileResponse:
    """One file of the event's package. Ranges are answered with 206."""
    with centre.database.read() as session:
        row = events.one(session, scope_of(person), event_id)
        package = None if row is None else evidence.one(session, event_id)
        file = next((one for one in package.files if one.name == name), None) if package else None
    if file is None:
        raise not_found("file")
    return _file(centre, file.sha256, name, file.media_type)


def _file(centre: CentreState, sha256: str, name: str, media_type: str) -> FileResponse:
    if not centre.evidence.has(sha256):
        raise Problem(404, "not-here-yet", "Not here yet", "The file is on its way from the node; try again soon.")
    return FileResponse(
        centre.evidence.path(sha256),
        media_type=media_type if media_type in SHOWN_TYPES else "application/octet-stream",
        filename=name,
        content_disposition_type="inline",
        headers={
            "ETag": f'"{sha256}"',
            "Cache-Control": "private, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )

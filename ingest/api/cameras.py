"""Cameras: health, newest picture, live preview."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from contracts.canonical import utc_text
from ingest.access.deps import Permission, Person, requires, scope_of, still_allowed
from ingest.api.mjpeg import BOUNDARY, parts
from ingest.api.problems import Answers, Problem, documented, not_found
from ingest.api.schemas import CameraList, CameraView
from ingest.api.state import CentreState, centre_of

router = APIRouter(prefix="/cameras", tags=["cameras"])

Reader = Annotated[Person, Depends(requires(Permission.CAMERA_READ))]
Viewer = Annotated[Person, Depends(requires(Permission.MEDIA_READ))]
Centre = Annotated[CentreState, Depends(centre_of)]

_JPEG: Answers = {200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}
_MJPEG: Answers = {200: {"content": {"multipart/x-mixed-replace": {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("", operation_id="listCameras", responses=documented(401, 403))
def list_cameras(person: Reader, centre: Centre) -> CameraList:
    """All cameras with their health, worst first."""
    with centre.database.read() as session:
        return CameraList(items=centre.views.camera_list(session, scope_of(person)))


@router.get("/{camera_id}", operation_id="readCamera", responses=documented(401, 403, 404))
def read_camera(person: Reader, centre: Centre, camera_id: str) -> CameraView:
    """One camera with its health."""
    with centre.database.read() as session:
        views = centre.views.camera_list(session, scope_of(person), camera_id)
    if not views:
        raise not_found("camera")
    return views[0]


@router.get(
    "/{camera_id}/still.jpg",
    operation_id="readCameraStill",
    response_class=Response,
    responses=_JPEG | documented(401, 403, 404),
)
def read_camera_still(person: Viewer, centre: Centre, camera_id: str) -> Response:
    """Newest picture of the camera, with boxes."""
    _must_see(person, camera_id)
    picture = centre.preview.still(camera_id)
    if picture is None:
        raise Problem(404, "no-picture", "No picture yet", "The camera has sent no picture since the centre started.")
    headers = {"Cache-Control": "no-store", "X-Captured-At": utc_text(picture.captured_at)}
    return Response(picture.jpeg, media_type="image/jpeg", headers=headers)


@router.get(
    "/{camera_id}/preview.mjpeg",
    operation_id="streamCameraPreview",
    response_class=StreamingResponse,
    responses=_MJPEG | documented(401, 403, 404),
)
async def stream_camera_preview(request: Request, person: Viewer, centre: Centre, camera_id: str) -> StreamingResponse:
    """Pictures of the camera as they come, with boxes. Ends soon after the session does."""
    _must_see(person, camera_id)
    return StreamingResponse(
        parts(centre.preview, camera_id, centre.metrics, lambda: still_allowed(request, Permission.MEDIA_READ)),
        media_type=f"multipart/x-mixed-replace; boundary={BOUNDARY}",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _must_see(person: Person, camera_id: str) -> None:
    if not scope_of(person).sees(camera_id):
        raise not_found("camera")

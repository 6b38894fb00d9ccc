"""Pictures from nodes on other machines."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi import Path as PathParameter

from ingest.access.deps import NodeIdentity, node_caller
from ingest.api.body import read_body
from ingest.api.problems import Problem, documented
from ingest.api.state import CentreState, centre_of

router = APIRouter(prefix="/nodes", tags=["nodes"])

MAX_PICTURE_BYTES = 4 * 2**20
_SLUG = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


@router.put(
    "/{node}/cameras/{camera}/preview",
    operation_id="sendPreview",
    response_class=Response,
    status_code=204,
    responses=documented(401, 403, 413, 422),
)
async def send_preview(
    request: Request,
    caller: Annotated[NodeIdentity, Depends(node_caller)],
    centre: Annotated[CentreState, Depends(centre_of)],
    node: Annotated[str, PathParameter(pattern=_SLUG)],
    camera: Annotated[str, PathParameter(pattern=_SLUG)],
    x_captured_at: Annotated[datetime, Header()],
) -> Response:
    """Newest picture of a camera. `X-Watched: 1` asks for more of them."""
    if caller.node != node:
        raise Problem(403, "other-node", "Not this node", f"The token is node {caller.node}'s.")
    if x_captured_at.tzinfo is None:
        raise Problem(422, "invalid", "The request is not understood", "X-Captured-At needs a zone (UTC).")
    jpeg = await read_body(request, MAX_PICTURE_BYTES)
    if not jpeg.startswith(b"\xff\xd8"):
        raise Problem(422, "not-a-jpeg", "This is no JPEG", "Send one whole JPEG picture as the body.")
    centre.preview.show(camera, jpeg, x_captured_at)
    return Response(status_code=204, headers={"X-Watched": "1" if centre.preview.is_watched(camera) else "0"})

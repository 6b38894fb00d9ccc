"""Evidence files from nodes: by content hash, in pieces, resumable."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi import Path as PathParameter

from ingest.access.deps import NodeIdentity, node_caller
from ingest.api.body import read_body
from ingest.api.problems import Answers, Problem, documented
from ingest.api.state import CentreState, centre_of
from ingest.errors import EvidenceRefused

router = APIRouter(prefix="/evidence", tags=["nodes"])

Node = Annotated[NodeIdentity, Depends(node_caller)]
Centre = Annotated[CentreState, Depends(centre_of)]
Hash = Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]

_COMPLETE: Answers = {201: {"description": "The file is complete and its hash fits"}}

MAX_PIECE_BYTES = 16 * 2**20


@router.head("/{sha256}", operation_id="askEvidence", responses=documented(401, 404), response_class=Response)
def ask_evidence(_node: Node, centre: Centre, sha256: Hash) -> Response:
    """200 when the whole file is here, else 404 with how many bytes are."""
    offset = centre.evidence.received(sha256)
    if offset is None:
        return Response(status_code=200)
    return Response(status_code=404, headers={"Upload-Offset": str(offset)})


@router.patch(
    "/{sha256}",
    operation_id="sendEvidence",
    response_class=Response,
    status_code=204,
    responses=_COMPLETE | documented(401, 409, 413, 422),
)
async def send_evidence(
    _node: Node,
    centre: Centre,
    sha256: Hash,
    request: Request,
    upload_offset: Annotated[int, Header(ge=0)],
    upload_length: Annotated[int, Header(ge=0)],
) -> Response:
    """Adds a piece at `Upload-Offset`; 201 when it was the last one and the hash fits."""
    piece = await read_body(request, MAX_PIECE_BYTES)
    try:
        after = await asyncio.to_thread(
            centre.evidence.add, sha256, offset=upload_offset, total=upload_length, content=piece
        )
    except EvidenceRefused as error:
        raise _refusal(error) from error
    if after is None:
        return Response(status_code=201)
    return Response(status_code=204, headers={"Upload-Offset": str(after)})


def _refusal(error: EvidenceRefused) -> Problem:
    headers = {"Upload-Offset": str(error.offset)}
    if error.wrong_hash:
        return Problem(422, "wrong-hash", "The file's hash is another", str(error), headers=headers)
    if error.is_too_large:
        return Problem(413, "too-large", "The file is too large", str(error), headers=headers)
    return Problem(409, "wrong-offset", "The piece does not fit here", str(error), headers=headers)

"""Errors of the API: RFC 9457 problem documents, one shape for all of them.

    raise Problem(404, "not-found", "No such event", "There is no event with this id, or you may not see it.")

`type` in the document is `https://giaolo.vn/problems/NAME` and stays stable: programs decide by it, people read
`title` and `detail`.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

Answers = dict[int | str, dict[str, Any]]
"""`responses` of a path, as FastAPI takes them."""

BASE = "https://giaolo.vn/problems/"
MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One thing that is wrong with what was sent."""

    where: str = Field(description="query.limit, body.decision, …")
    message: str


class ProblemView(BaseModel):
    """Problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str | None = None
    errors: list[FieldProblem] | None = None


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """Ends a request with a problem document."""

    def __init__(
        self,
        status: int,
        type: str,  # noqa: A002 - the RFC's name
        title: str,
        detail: str = "",
        *,
        errors: list[FieldProblem] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {type}: {detail or title}")
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})

    def response(self, instance: str | None = None) -> JSONResponse:
        """As it goes over the wire."""
        view = ProblemView(
            type=BASE + self.type,
            title=self.title,
            status=self.status,
            detail=self.detail,
            instance=instance,
            errors=self.errors,
        )
        return JSONResponse(
            view.model_dump(exclude_none=True), status_code=self.status, headers=self.headers, media_type=MEDIA_TYPE
        )


def not_found(thing: str) -> Problem:
    """404 that does not say whether it is absent or only not to be seen."""
    return Problem(404, "not-found", f"No such {thing}", f"There is no such {thing}, or you may not see it.")


def documented(*statuses: int) -> Answers:
    """`responses` of a path: these statuses answer with a problem document."""
    return {status: {"model": ProblemView, "description": HTTPStatus(status).phrase} for status in statuses}


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 - registered for this type only
    return error.response(request.url.path)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type only
    faults = [
        FieldProblem(where=".".join(str(part) for part in fault["loc"]), message=_message(fault))
        for fault in error.errors()
    ]
    detail = "; ".join(f"{fault.where}: {fault.message}" for fault in faults)
    return Problem(422, "invalid", "The request is not understood", detail, errors=faults).response(request.url.path)


def _message(fault: Mapping[str, Any]) -> str:
    """What is expected. The value that was sent is left out: it may be a password."""
    return str(jsonable_encoder(fault.get("msg", "is wrong")))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
    phrase = HTTPStatus(error.status_code).phrase
    name = phrase.lower().replace(" ", "-")
    detail = "" if error.detail == phrase else str(error.detail)
    return Problem(error.status_code, name, phrase, detail, headers=error.headers).response(request.url.path)


async def _unexpected(request: Request, _error: Exception) -> JSONResponse:
    """The log has the whole story; the person gets no insides of the program."""
    return Problem(
        500, "internal", "Something went wrong here", "The centre's log says what. Try again; tell the engineer."
    ).response(request.url.path)

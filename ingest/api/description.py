"""The OpenAPI document, put right where FastAPI describes errors its own way: ours are problem documents."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from ingest.api.problems import MEDIA_TYPE, ProblemView

_PROBLEM = {"schema": {"$ref": "#/components/schemas/ProblemView"}}
_FOREIGN = ("HTTPValidationError", "ValidationError")


def describe_problems(app: FastAPI) -> None:
    """Every error answer of the app's document is `application/problem+json` with a ProblemView."""
    original: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = corrected(original())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # the place FastAPI gives for it


def corrected(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one shape of errors."""
    schemas = document["components"]["schemas"]
    for name in _FOREIGN:
        schemas.pop(name, None)
    if "ProblemView" not in schemas:
        whole = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        schemas.update(whole.pop("$defs", {}))
        schemas["ProblemView"] = whole
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")) and not _is_ours(answer):
                    answer["content"] = {MEDIA_TYPE: _PROBLEM}
    return document


def _is_ours(answer: dict[str, Any]) -> bool:
    """Readiness answers 503 with its own shape."""
    content = answer.get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).endswith("/ReadyView")

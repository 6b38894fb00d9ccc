"""The dashboard's files: built once, served from one folder."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.requests import Request

from ingest.api.problems import not_found

HASHED = "assets/"
"""Below this folder the build puts a hash into each name, so content never changes under a name."""

_ABSENT = (
    "The centre runs, its dashboard is not installed. Build it with `make dashboard`, "
    "or name its folder with `dashboard:` in the centre's file.\n"
)


def install(app: FastAPI, folder: Path | None) -> None:
    """Serves the folder at `/`; a page's own address (`/events/…`) gives index.html. Added after every other path."""

    async def page(request: Request) -> Response:
        path = request.path_params["path"]
        if path.startswith("api/"):
            raise not_found("path")
        if folder is None or not (folder / "index.html").is_file():
            return PlainTextResponse(_ABSENT, status_code=404 if path else 200)
        return answer(folder, path)

    app.add_route("/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False)


def answer(folder: Path, path: str) -> Response:
    """The file of this path, or index.html where the path is a page's own address."""
    root = folder.resolve()
    wanted = (root / path).resolve() if "\0" not in path else root
    if wanted.is_file() and wanted.is_relative_to(root):
        is_hashed = path.startswith(HASHED)
        return FileResponse(
            wanted,
            headers={"Cache-Control": "public, max-age=31536000, immutable" if is_hashed else "no-cache"},
        )
    if path.startswith(HASHED) or "." in path.rsplit("/", 1)[-1]:
        raise not_found("file")
    return FileResponse(root / "index.html", headers={"Cache-Control": "no-cache"})

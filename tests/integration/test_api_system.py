"""Health, figures, pages, headers and the API's description on a real server."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from contracts.topics import EVENTS
from contracts.wire import Record
from ingest.api import openapi
from tests.integration.centre_world import World, running
from tests.unit.ingest.stories import an_event, records

OPENAPI = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A dashboard as its build leaves it."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Giao Lộ</title>")
    (folder / "assets" / "index-Bx81.js").write_text("export const words = 1;\n" * 200)
    (tmp_path / "secret.txt").write_text("not for you")
    return folder


@pytest.fixture
def world(tmp_path: Path, pages: Path) -> Iterator[World]:
    with running(tmp_path, dashboard=pages) as world:
        yield world


def test_health_readiness_and_figures_need_no_session(world: World) -> None:
    world.centre.take(records(an_event(1), an_event(1), an_event(2, kind="count")))
    world.centre.take([Record(EVENTS, "bridge", b"not an event")])
    assert httpx2.get(f"{world.url}/healthz").json() == {"status": "alive"}
    assert httpx2.get(f"{world.url}/readyz").json() == {"ready": True, "reasons": []}
    httpx2.get(f"{world.url}/api/v1/events/whatever")
    httpx2.get(f"{world.url}/some/page/of/ours")
    text = httpx2.get(f"{world.url}/metrics").text
    assert 'ingest_events_total{kind="violation"} 1.0' in text
    assert 'ingest_events_total{kind="count"} 1.0' in text
    assert "ingest_dead_letters_total 1.0" in text
    assert "ingest_repeated_records_total 1.0" in text
    assert 'operation="readEvent",status="401"' in text
    assert "whatever" not in text


def test_not_ready_says_why(tmp_path: Path) -> None:
    with running(tmp_path, free_disk_bytes=2**62) as world:
        answer = httpx2.get(f"{world.url}/readyz")
        assert answer.status_code == 503
        assert "MiB are free" in answer.json()["reasons"][0]


def test_the_dashboard_is_served_with_its_own_addresses(world: World) -> None:
    client = httpx2.Client(base_url=world.url)
    for path in ("/", "/events/4711", "/sign-in"):
        page = client.get(path)
        assert "Giao Lộ" in page.text
        assert page.headers["cache-control"] == "no-cache"
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
    script = client.get("/assets/index-Bx81.js", headers={"Accept-Encoding": "gzip"})
    assert script.headers["content-encoding"] == "gzip"
    assert "immutable" in script.headers["cache-control"]
    assert client.get("/assets/old-1234.js").status_code == 404
    assert client.get("/api/v1/nothing").headers["content-type"] == "application/problem+json"
    assert client.post("/").status_code == 405


def test_nothing_outside_the_folder_is_served(world: World) -> None:
    """Raw requests, because a client would tidy the path before it sends it."""
    port = int(world.url.rsplit(":", 1)[1])
    for target in ("/../secret.txt", "/..%2fsecret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/a%00b"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        assert b"not for you" not in answer, target
        assert answer.split(b" ")[1] in {b"200", b"400", b"404"}, answer[:100]


def test_lists_are_compressed_and_not_kept_by_caches(world: World) -> None:
    world.centre.take(records(*[an_event(n) for n in range(30)]))
    client = world.signed_in()
    with client.stream("GET", "/api/v1/events", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"
    assert len(json.loads(gzip.decompress(raw))["items"]) == 30


def test_without_a_dashboard_the_page_says_what_to_do(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        assert "make dashboard" in httpx2.get(world.url).text


def test_the_checked_in_description_is_this_programs() -> None:
    """The dashboard's types are made from the file: a path that changes must change it too."""
    assert OPENAPI.read_text() == openapi.as_text(), "run: python -m ingest.api.openapi > docs/reference/openapi.json"


def test_every_operation_is_described(world: World) -> None:
    document = httpx2.get(f"{world.url}/api/v1/openapi.json").json()
    names = []
    for path, operations in document["paths"].items():
        for operation in operations.values():
            names.append(operation["operationId"])
            assert operation.get("description"), path
            for status, answer in operation["responses"].items():
                if status.startswith("4"):
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)
    assert len(names) == len(set(names))
    assert all(name.isidentifier() and name[0].islower() for name in names)
    assert httpx2.get(f"{world.url}/docs").headers["content-type"].startswith("text/html")  # the dashboard's, no CDN


def test_an_error_of_the_program_shows_nothing_of_its_insides(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.signed_in()
    world.centre.database.engine.dispose()
    with world.centre.database.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE tallies RENAME TO elsewhere")
    try:
        answer = client.get("/api/v1/cameras")
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert "tallies" not in answer.text
    finally:
        with world.centre.database.write() as session:
            session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO tallies")


def test_a_second_centre_on_the_port_says_what_to_do(world: World, tmp_path: Path) -> None:
    port = int(world.url.rsplit(":", 1)[1])
    with pytest.raises(Exception, match="another centre running"), running(tmp_path / "second", port=port):
        pass


def test_many_streams_do_not_block_ordinary_requests(world: World) -> None:
    """Sixty screens watch: more than the server has threads. A list must still come at once."""
    client = world.signed_in()
    opened = threading.Semaphore(0)
    leave = threading.Event()

    def watch() -> None:
        with (
            httpx2.Client(base_url=world.url, headers=client.headers, timeout=20) as own,
            own.stream("GET", "/api/v1/events/stream") as answer,
        ):
            next(answer.iter_bytes())
            opened.release()
            leave.wait(20)

    threads = [threading.Thread(target=watch) for _ in range(60)]
    for thread in threads:
        thread.start()
    try:
        for _ in threads:
            assert opened.acquire(timeout=20)
        assert client.get("/api/v1/events", timeout=3).status_code == 200
    finally:
        leave.set()
        for thread in threads:
            thread.join(20)

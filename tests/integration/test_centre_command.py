"""`giaolo centre` as a person types it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx2
import pytest

from tests.conftest import missing
from tests.faults.parts import Part, Postgres
from tests.faults.world import wait_for_port

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from giaolo.cli import main; main()", "centre"]


def giaolo(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "centre.yaml"
    path.write_text("data: data\nport: 0\n")
    return path


def first_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


def test_a_first_start_an_admin_a_node_and_a_clean_end(file: Path) -> None:
    """From nothing to an admin who is signed in and a node that may deliver."""
    process = subprocess.Popen(
        [*COMMAND, "run", "--config", str(file), "--json"], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ
    )
    try:
        said = json.loads(first_line(process.stdout))
        token = said["setup"].rpartition("#token=")[2]
        made = httpx2.post(
            f"{said['url']}/api/v1/setup",
            json={"token": token, "username": "chief", "password": "cầu-Rồng-phun-lửa-9", "name": "Trần Thị Chỉ Huy"},
        )
        assert made.status_code == 201, made.text
        node = json.loads(giaolo("add-node", "node-1", "--config", file, "--json").stdout)
        asked = httpx2.head(
            f"{said['url']}/api/v1/evidence/{'a' * 64}", headers={"Authorization": f"Bearer {node['token']}"}
        )
        assert (asked.status_code, asked.headers["upload-offset"]) == (404, "0")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_a_wrong_file_is_said_without_a_traceback(tmp_path: Path, file: Path) -> None:
    assert giaolo("check-config", "--config", file).returncode == 0
    file.write_text("data: data\nport: many\nbus: pigeon\n")
    for command in ("check-config", "run"):
        done = giaolo(command, "--config", file)
        assert done.returncode == 2
        assert "port:" in done.stderr
        assert "bus:" in done.stderr
        assert "Traceback" not in done.stderr
    assert giaolo("run", "--config", tmp_path / "none.yaml").returncode == 2


def test_a_name_that_is_none_is_refused(file: Path) -> None:
    done = giaolo("add-node", "../x", "--config", file)
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_database_that_is_away_is_said_in_words(file: Path) -> None:
    file.write_text("data: data\nport: 0\ndatabase: postgresql+psycopg://giaolo:s3cret@127.0.0.1:1/giaolo\n")
    done = giaolo("add-node", "node-1", "--config", file)
    assert done.returncode == 1
    assert "database" in done.stderr
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stderr


@pytest.fixture
def stopped_server() -> Iterator[Postgres]:
    """A PostgreSQL server that is not started yet."""
    try:
        server = Postgres()
    except RuntimeError as reason:
        missing("postgres", str(reason))
        raise
    try:
        yield server
    finally:
        server.stop()


def test_a_centre_waits_for_a_database_that_comes_up_after_it(file: Path, stopped_server: Postgres) -> None:
    """After a power cut everything starts at once, and PostgreSQL reads its log first."""
    address = stopped_server.url.replace("postgresql:", "postgresql+psycopg:")
    file.write_text(f"data: data\nport: 0\ndatabase: {address}\n")
    centre = Part("centre", ["-m", "giaolo", "centre", "run", "--json", "--config", str(file)], file.with_name("log"))
    centre.start()
    try:
        end = time.monotonic() + 30
        while "waiting for it" not in centre.log.read_text() and time.monotonic() < end:
            time.sleep(0.1)
        assert centre.is_alive(), centre.log.read_text()
        assert str(stopped_server.port) in centre.log.read_text()
        stopped_server.start()
        assert wait_for_port(centre).startswith("http://")
    finally:
        centre.stop()


def test_a_database_that_will_never_be_there_ends_it_at_once(file: Path, stopped_server: Postgres) -> None:
    stopped_server.start()
    file.write_text(
        f"data: data\nport: 0\ndatabase: postgresql+psycopg://test@127.0.0.1:{stopped_server.port}/giaoIo\n"
    )
    done = giaolo("run", "--config", file)
    assert done.returncode == 1
    assert 'database "giaoIo" does not exist' in done.stderr
    assert "Traceback" not in done.stderr

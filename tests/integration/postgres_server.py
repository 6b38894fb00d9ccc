"""A real PostgreSQL server for one test module: its own cluster in a temporary folder, on a free port."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.conftest import missing

START_S = 30.0


@contextmanager
def postgres() -> Iterator[str]:
    """Runs a server; gives the address of an empty database. Skips where PostgreSQL is not installed.

    Its files do not lie in pytest's folder: another pytest that starts meanwhile closes that one to other users, and
    the server is one.
    """
    programs = _programs()
    if programs is None:
        missing("postgres", "not installed; apt-get install postgresql")
        return
    user = _user()
    cluster = Path(tempfile.mkdtemp(prefix="giaolo-postgres-"))
    if user is not None:
        shutil.chown(cluster, user)
    run = {"user": user, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, "cwd": cluster}
    subprocess.run(
        [
            programs / "initdb",
            "--pgdata",
            cluster / "data",
            "--username=test",
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8",
        ],
        check=True,
        capture_output=True,
        **run,  # type: ignore[call-overload]
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [programs / "postgres", "-D", cluster / "data", "-p", str(port), "-k", cluster, "-h", "127.0.0.1", "-F"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **run,  # type: ignore[call-overload]
    )
    try:
        _wait(server, port)
        yield f"postgresql+psycopg://test@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(10)
        shutil.rmtree(cluster, ignore_errors=True)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")) or [
        Path(path) for path in (shutil.which("postgres"),) if path
    ]
    return found[-1].resolve().parent if found else None


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then as the user Debian's package made."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        missing("postgres", "runs as root here and there is no user `postgres`")
        return None


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the PostgreSQL server ended at once ({server.returncode})")
        try:
            psycopg.connect(f"postgresql://test@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the PostgreSQL server did not come up")

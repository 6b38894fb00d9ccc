"""The processes of the fault tests: each starts, dies by kill -9, stands still, and comes back with what it had."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.conftest import ROOT
from tests.integration.kafka_broker import SCRIPT, _free_ports
from tests.integration.postgres_server import _programs, _user

START_S = 90.0


class Part:
    """A process of the product."""

    def __init__(
        self, name: str, arguments: list[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.log = log
        self.exits: list[int] = []
        """Statuses of deaths nobody ordered."""
        self._arguments = arguments
        self._environment = os.environ | dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    def start(self) -> None:
        """Starts it; what it says is added to its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._arguments], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def kill9(self) -> None:
        """Ends it as a power cut would. One that had ended by itself is noted."""
        assert self._process is not None
        status = self._process.poll()
        if status is not None:
            self.exits.append(status)
            return
        self._process.kill()
        self._process.wait()

    def is_alive(self) -> bool:
        """True while it runs."""
        return self._process is not None and self._process.poll() is None

    def halt(self) -> None:
        """SIGSTOP: it stands still, its connections stay open."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> float:
        """Ends it in order; returns how long it took, seconds."""
        begun = time.monotonic()
        if self._process is not None and self._process.poll() is None:
            self.go_on()
            self._process.terminate()
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return time.monotonic() - begun


class Broker:
    """Apache Kafka with one listener for us and one behind each link."""

    def __init__(self, folder: Path) -> None:
        """Chooses its ports; `advertise` must be told before the start."""
        self.name = "broker"
        self._folder = folder / "kafka"
        self.port, self._controller, self.edge_port, self.centre_port = _free_ports(4)
        self._properties = folder / "kafka.properties"

    @property
    def bootstrap(self) -> str:
        """Where we reach it, without a link between."""
        return f"127.0.0.1:{self.port}"

    def advertise(self, edge_link: int, centre_link: int) -> None:
        """Ports of the links that edges and centres are told to come to."""
        self._properties.write_text(
            f"listeners=PLAINTEXT://127.0.0.1:{self.port},EDGE://127.0.0.1:{self.edge_port},"
            f"CENTRE://127.0.0.1:{self.centre_port},CONTROLLER://127.0.0.1:{self._controller}\n"
            f"advertised.listeners=PLAINTEXT://127.0.0.1:{self.port},EDGE://127.0.0.1:{edge_link},"
            f"CENTRE://127.0.0.1:{centre_link}\n"
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,EDGE:PLAINTEXT,CENTRE:PLAINTEXT,CONTROLLER:PLAINTEXT\n"
            "inter.broker.listener.name=PLAINTEXT\n"
        )

    @property
    def pid(self) -> int:
        """Of the running broker."""
        return int((self._folder / "kafka.pid").read_text())

    def start(self) -> None:
        """Returns when it answers."""
        self._run("start", "--port", str(self.port), "--controller-port", str(self._controller), *self._more())

    def kill9(self) -> None:
        """Ends it as a power cut would."""
        self._run("kill")

    def halt(self) -> None:
        """SIGSTOP."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Ends it."""
        subprocess.run([str(SCRIPT), "kill", "--data", str(self._folder)], capture_output=True, check=False)

    def _more(self) -> tuple[str, str]:
        return "--properties", str(self._properties)

    def _run(self, command: str, *more: str) -> None:
        arguments = [str(SCRIPT), command, "--data", str(self._folder), *more]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"kafka.sh {command}: exit status {done.returncode}: {done.stderr or done.stdout}")


class Postgres:
    """A PostgreSQL server with a cluster of its own. It syncs to disk, as it must where it is killed."""

    def __init__(self) -> None:
        """Makes the cluster."""
        self.name = "postgres"
        programs = _programs()
        if programs is None:
            raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
        self._programs = programs
        self._cluster = Path(tempfile.mkdtemp(prefix="giaolo-faults-postgres-"))
        self._user = _user()
        if self._user is not None:
            shutil.chown(self._cluster, self._user)
        self.port = _free_ports(1)[0]
        self._process: subprocess.Popen[bytes] | None = None
        self._call("initdb", "--pgdata", str(self._cluster / "data"), "--username=test", "--auth=trust", "-E", "UTF8")

    @property
    def url(self) -> str:
        """Where we reach it, without a link between."""
        return f"postgresql://test@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        """Of the postmaster."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Returns when it answers; orphans of a killed one may hold its memory for a moment."""
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch()
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the PostgreSQL server did not come up")

    def kill9(self) -> None:
        """Ends the postmaster as a power cut would; its backends see it and end."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def halt(self) -> None:
        """SIGSTOP for the server and all its backends."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def _signal(self, sent: signal.Signals) -> None:
        for pid in self._family():
            with contextlib.suppress(ProcessLookupError):  # a backend ends when its client has gone
                os.kill(pid, sent)

    def stop(self) -> None:
        """Ends it and removes its files."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._cluster, ignore_errors=True)

    def _family(self) -> list[int]:
        found = subprocess.run(["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=False)
        return [self.pid, *map(int, found.stdout.split())]

    def _launch(self) -> subprocess.Popen[bytes]:
        where = ["-D", str(self._cluster / "data"), "-p", str(self.port), "-k", str(self._cluster), "-h", "127.0.0.1"]
        with (self._cluster.parent / f"{self._cluster.name}.log").open("ab") as log:
            return subprocess.Popen(
                [self._programs / "postgres", *where], stdout=log, stderr=log, user=self._user, cwd=self._cluster
            )

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            capture_output=True,
            user=self._user,
            cwd=self._cluster,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )

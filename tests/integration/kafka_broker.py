"""A real Apache Kafka broker for tests, on a free port, with its own data folder."""

import shutil
import socket
import subprocess
from pathlib import Path

from tests.conftest import ROOT, missing

SCRIPT = ROOT / "deploy" / "kafka" / "kafka.sh"


class KafkaBroker:
    """Starts, is killed, comes back with the same data and port."""

    def __init__(self, folder: Path) -> None:
        """Skips the test (or fails it, see `missing`) where java or maven is not installed."""
        for tool in ("java", "mvn"):
            if shutil.which(tool) is None:
                missing("kafka", f"{tool} is not installed: apt install openjdk-17-jre-headless maven")
        self._folder = folder
        self._port, self.controller_port = _free_ports(2)
        self.start_arguments: tuple[str, ...] = ()
        """More arguments of `kafka.sh start`."""

    @property
    def bootstrap(self) -> str:
        """`host:port`."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when the broker answers."""
        ports = ("--port", str(self._port), "--controller-port", str(self.controller_port))
        self._run("start", *ports, *self.start_arguments)

    def kill9(self) -> None:
        """Ends it as a power cut would."""
        self._run("kill")

    def restart(self) -> None:
        """Comes back with what was on its disk."""
        self.start()

    def stop(self) -> None:
        """Ends it in order; at once where that takes too long."""
        if self._run("stop", check=False) != 0:
            self._run("kill", check=False)

    def _run(self, command: str, *more: str, check: bool = True) -> int:
        done = subprocess.run(
            [str(SCRIPT), command, "--data", str(self._folder / "kafka"), *more],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"kafka.sh {command}: exit status {done.returncode}: {done.stderr or done.stdout}")
        return done.returncode


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()

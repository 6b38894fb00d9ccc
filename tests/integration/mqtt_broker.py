"""A real MQTT broker (Eclipse Mosquitto) for tests, on a free port, with password and TLS where asked."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.conftest import missing

USER, PASSWORD = "junction", "s3cret word"


class MqttBroker:
    """Starts, stops and comes back on the same port."""

    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        """Skips the test (or fails it, see `missing`) where mosquitto is not installed."""
        self._program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if self._program is None:
            missing("mqtt", "mosquitto is not installed: apt install mosquitto")
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.ca = folder / "broker.pem"
        self.port = _free_port()
        lines = [f"listener {self.port} 127.0.0.1", "allow_anonymous false", f"password_file {folder / 'passwords'}"]
        if tls:
            self._certify()
            lines += [f"certfile {self.ca}", f"keyfile {folder / 'broker.key'}"]
        if os.geteuid() == 0:
            lines.append("user root")
        (folder / "broker.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._run("mosquitto_passwd", "-b", "-c", str(folder / "passwords"), USER, PASSWORD)

    def start(self) -> None:
        """Returns when the broker accepts connections."""
        self._process = subprocess.Popen(
            [str(self._program), "-c", str(self._folder / "broker.conf")],
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "broker.log").open("ab"),
        )
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self._folder / "broker.log").read_text(encoding="utf-8"))

    def stop(self) -> None:
        """Ends it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None

    def _certify(self) -> None:
        self._run(
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(self._folder / "broker.key"), "-out", str(self.ca)),
        )

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, timeout=60)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

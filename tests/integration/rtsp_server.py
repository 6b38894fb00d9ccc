"""A real RTSP server (GStreamer's) as a process of its own, and servers that answer something else.

Run as a program by Debian's Python, which has GStreamer's bindings:
    /usr/bin/python3 rtsp_server.py --port 8554 --file stream.ts --codec h264 [--user U --password P --auth digest]
Imported, it gives tests the classes that start, kill, stop and restart it.
"""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

SYSTEM_PYTHON = "/usr/bin/python3"
_NEEDS = (
    "python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad"
)
_PROBE = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"


def lacking() -> str | None:
    """What must be installed before a server can run; None when all is there."""
    try:
        subprocess.run([SYSTEM_PYTHON, "-c", _PROBE], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return f"GStreamer's RTSP server is not installed; apt-get install {_NEEDS}"
    return None


def free_port() -> int:
    """A TCP port nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class RtspServer:
    """The server's process; the same port over all its lives."""

    def __init__(
        self, file: Path, *, codec: str = "h264", user: str = "", password: str = "", auth: str = "digest"
    ) -> None:
        self.file, self.codec, self.auth = file, codec, auth
        self.user, self.password = user, password
        self.port = free_port()
        self.tls: tuple[Path, Path] | None = None
        """Certificate and key: the server speaks rtsps."""
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Address with credentials."""
        return self.address(self.user, self.password)

    def address(self, user: str = "", password: str = "", path: str = "/cam") -> str:
        """Address with other credentials or another path."""
        who = f"{user}:{password}@" if user else ""
        return f"{'rtsps' if self.tls else 'rtsp'}://{who}127.0.0.1:{self.port}{path}"

    def start(self) -> None:
        """Starts it and waits until it listens."""
        command = [SYSTEM_PYTHON, __file__, "--port", str(self.port), "--file", str(self.file), "--codec", self.codec]
        if self.user:
            command += ["--user", self.user, "--password", self.password, "--auth", self.auth]
        if self.tls:
            command += ["--certificate", str(self.tls[0]), "--key", str(self.tls[1])]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("READY"), f"the RTSP server did not start: {line!r}"

    def signal(self, number: int) -> None:
        """Sends it a signal: SIGSTOP makes it hang with its connections open, SIGCONT wakes it."""
        assert self._process is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """kill -9: no farewell to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    def restart(self) -> None:
        """Killed and started again at the same port."""
        self.kill()
        self.start()


class OddServer:
    """Answers every request with the same bytes and keeps the connection open, or says nothing at all."""

    def __init__(self, answer: bytes, port: int = 0) -> None:
        self._answer = answer
        self._server = socket.create_server(("127.0.0.1", port))
        self.port = int(self._server.getsockname()[1])
        self._open: list[socket.socket] = []
        self.connections = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self._open.append(connection)
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            while connection.recv(4096):
                connection.sendall(self._answer)
        except OSError:
            return

    def close(self) -> None:
        """Ends it and all its connections."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def serve(arguments: argparse.Namespace) -> None:
    """The program: serves one file at /cam until it is killed."""
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(arguments.port))
    factory = GstRtspServer.RTSPMediaFactory()
    demuxer = "tsdemux" if arguments.file.endswith(".ts") else "qtdemux"
    parsed = {"h264": "h264parse config-interval=-1 ! rtph264pay", "h265": "h265parse config-interval=-1 ! rtph265pay"}
    payer = {**parsed, "mjpeg": "jpegparse ! rtpjpegpay"}[arguments.codec]
    if arguments.codec == "mjpeg":
        demuxer = "avidemux"
    factory.set_launch(f"( filesrc location={arguments.file} ! {demuxer} ! queue ! {payer} name=pay0 pt=96 )")
    factory.set_shared(True)
    if arguments.user:
        auth = GstRtspServer.RTSPAuth()
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        if arguments.auth == "digest":
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
            auth.add_digest(arguments.user, arguments.password, token)
        else:
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(arguments.user, arguments.password), token)
        if arguments.certificate:
            auth.set_tls_certificate(Gio.TlsCertificate.new_from_files(arguments.certificate, arguments.key))
        server.set_auth(auth)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory("/cam", factory)
    if not server.attach(None):
        sys.exit("the port is taken")
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    GLib.MainLoop().run()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", required=True)
    parser.add_argument("--codec", default="h264")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--auth", default="digest", choices=("digest", "basic"))
    parser.add_argument("--certificate", default="")
    parser.add_argument("--key", default="")
    serve(parser.parse_args())

"""A real RTSP server that is killed, stopped, changed and replaced: each fault by its name, and frames again soon."""

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from contracts.camera import StreamConfig
from contracts.health import CameraState, Reason
from edge.config import CameraConfig
from edge.frame import Frame
from edge.stream.camera import CameraStream
from edge.stream.check import check
from edge.stream.health import StreamHealth
from edge.stream.remux import decode_at
from edge.stream.source import VideoSource
from tests.conftest import missing
from tests.integration.rtsp_server import OddServer, RtspServer, lacking
from tests.integration.streams import Part, encode, write_ts

pytestmark = pytest.mark.alone

USER, PASSWORD = "op", "p@ss/w:rd"
RETURN_S = 10.0  # the promise: frames flow again within this long of the camera's return
CYCLES = 20 if os.environ.get("GIAOLO_LONG") else 5


@pytest.fixture(scope="module")
def street(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten minutes of street."""
    if reason := lacking():
        missing("rtsp", reason)
    return write_ts(tmp_path_factory.mktemp("rtsp") / "street.ts", [Part(clips / "street.mp4", 600)])


@pytest.fixture
def server(street: Path) -> Iterator[RtspServer]:
    """A running server with a password."""
    server = RtspServer(street, user=USER, password=PASSWORD)
    server.start()
    yield server
    server.kill()


class Watcher:
    """A camera stream with somebody who takes its frames when asked."""

    def __init__(self, url: str, **config: object) -> None:
        self.stream = CameraStream(
            CameraConfig(id="c1", url=SecretStr(url), stream=StreamConfig.model_validate(config))
        )
        self.stream.start()

    def health(self) -> StreamHealth:
        return self.stream.health()

    def frame(self, timeout_s: float = RETURN_S) -> Frame:
        frame = self.stream.latest(timeout_s)
        assert frame is not None, self.health()
        return frame

    def until(self, true: Callable[[StreamHealth], bool], timeout_s: float) -> float:
        """Waits until health is so; seconds it took."""
        began = time.monotonic()
        while not true(health := self.health()):
            assert time.monotonic() - began < timeout_s, health
            time.sleep(0.02)
        return time.monotonic() - began

    def until_reason(self, reason: Reason, timeout_s: float) -> float:
        return self.until(lambda health: health.reason is reason, timeout_s)

    def until_flowing(self, timeout_s: float = RETURN_S) -> float:
        frames = self.health().frames
        return self.until(lambda health: health.frames > frames + 5, timeout_s)


@pytest.fixture
def watch() -> Iterator[Callable[..., Watcher]]:
    """Makes watchers and stops them."""
    made: list[Watcher] = []

    def make(url: str, **config: object) -> Watcher:
        made.append(Watcher(url, **config))
        return made[-1]

    yield make
    for watcher in made:
        watcher.stream.stop()


def address(server: RtspServer, user: str = USER, password: str = PASSWORD, path: str = "/cam") -> str:
    return server.address(user, quote(password, safe=""), path)


@pytest.mark.parametrize("auth", ["digest", "basic"])
def test_a_camera_with_a_password(street: Path, watch: Callable[..., Watcher], auth: str) -> None:
    server = RtspServer(street, user=USER, password=PASSWORD, auth=auth)
    server.start()
    try:
        watcher = watch(address(server))
        frames = [watcher.frame() for _ in range(40)]
        health = watcher.health()
    finally:
        server.kill()
    assert frames[0].discontinuity
    assert frames[0].image.shape == (352, 640, 3)
    assert (health.state, health.reason, health.codec) == (CameraState.ONLINE, Reason.NONE, "h264")
    assert all(a.captured_at < b.captured_at for a, b in zip(frames, frames[1:], strict=False))  # noqa: RUF007
    assert abs(time.time() - frames[-1].captured_at.timestamp()) < 1.0


def test_sender_reports_give_the_time(server: RtspServer, watch: Callable[..., Watcher]) -> None:
    watcher = watch(address(server))
    watcher.until(lambda health: health.time_quality is not None and health.time_quality.source == "rtcp", 15)
    frame = watcher.frame()
    assert frame.time_quality.uncertainty_ms < 100
    assert 0 < time.time() - frame.captured_at.timestamp() < 0.5


@pytest.mark.parametrize(
    ("user", "password", "path", "reason", "words"),
    [
        (USER, "s3cret", "/cam", Reason.WRONG_PASSWORD, "refuses the user or the password"),
        ("", "", "/cam", Reason.WRONG_PASSWORD, "wants a user and a password"),
        (USER, PASSWORD, "/other", Reason.NOT_FOUND, "no stream at this path"),
    ],
)
def test_refusals(
    server: RtspServer, watch: Callable[..., Watcher], user: str, password: str, path: str, reason: Reason, words: str
) -> None:
    url = address(server, user, password, path)
    watcher = watch(url)
    watcher.until_reason(reason, 5)
    assert words in watcher.health().detail
    report = check(url, 1)
    assert (report.ok, report.reason) == (False, reason)
    for text in (watcher.health().detail, report.text(), str(report.to_dict())):
        assert "s3cret" not in text
        assert quote(PASSWORD, safe="") not in text
        assert PASSWORD not in text


def test_a_refused_password_is_not_tried_again_soon(watch: Callable[..., Watcher]) -> None:
    odd = OddServer(b'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n')
    watcher = watch(f"rtsp://op:x@127.0.0.1:{odd.port}/cam")
    watcher.until_reason(Reason.WRONG_PASSWORD, 10)
    before = odd.connections
    time.sleep(3)
    assert odd.connections == before
    odd.close()


def test_killed_and_started_again(server: RtspServer, watch: Callable[..., Watcher]) -> None:
    watcher = watch(address(server))
    first = watcher.frame()
    server.kill()
    watcher.until(lambda health: health.reason in (Reason.ENDED, Reason.REFUSED), 5)
    watcher.until_reason(Reason.REFUSED, 5)
    assert "refuses the connection" in watcher.health().detail
    assert watcher.health().state is CameraState.OFFLINE
    time.sleep(5)  # pauses have grown meanwhile
    watcher.stream.latest(0)
    server.start()
    took = watcher.until_flowing()
    frame = watcher.frame()
    assert took < RETURN_S
    assert frame.discontinuity
    assert frame.captured_at > first.captured_at
    assert watcher.health().reconnects == 1


def test_a_server_that_hangs_with_its_connection_open(server: RtspServer, watch: Callable[..., Watcher]) -> None:
    watcher = watch(address(server))
    watcher.until_flowing()
    server.signal(signal.SIGSTOP)
    took = watcher.until_reason(Reason.STALLED, 5.0)
    assert took <= 5.0
    assert "sends no more video" in watcher.health().detail
    watcher.until_reason(Reason.TIMEOUT, 10)
    server.signal(signal.SIGCONT)
    assert watcher.until_flowing() < RETURN_S


def test_what_a_dead_connection_held_is_let_go(server: RtspServer, watch: Callable[..., Watcher]) -> None:
    """A decoder of 1920x1080 is tens of megabytes: an error kept for the camera's health must not keep it."""
    watcher = watch(address(server))
    watcher.until_flowing()
    assert len(_sources()) == 1
    server.kill()
    server.start()
    watcher.until_flowing()
    assert watcher.health().reconnects == 1
    assert len(_sources()) == 1


def _sources() -> list[object]:
    return [each for each in gc.get_objects() if type(each) is VideoSource]


def test_stop_while_the_camera_hangs_leaves_no_thread(server: RtspServer) -> None:
    watcher = Watcher(address(server), read_timeout_s=2)
    watcher.until_flowing()
    server.signal(signal.SIGSTOP)
    time.sleep(0.5)
    watcher.stream.stop(timeout_s=5)
    assert "camera-c1" not in [thread.name for thread in __import__("threading").enumerate()]
    server.signal(signal.SIGCONT)


@pytest.fixture
def serve_parts(tmp_path: Path, street: Path) -> Iterator[Callable[[list[Part]], RtspServer]]:
    """Serves clips joined in one stream."""
    servers: list[RtspServer] = []

    def make(parts: list[Part]) -> RtspServer:
        servers.append(RtspServer(write_ts(tmp_path / f"{len(servers)}.ts", parts)))
        servers[-1].start()
        return servers[-1]

    yield make
    for server in servers:
        server.kill()


def test_another_resolution_in_mid_stream(
    clips: Path, serve_parts: Callable[[list[Part]], RtspServer], watch: Callable[..., Watcher]
) -> None:
    server = serve_parts([Part(clips / "street.mp4", 5), Part(clips / "a13_day.mp4", 30)])
    watcher = watch(server.url)
    before = watcher.frame()
    watcher.until_reason(Reason.RESOLUTION_CHANGED, 12)
    health = watcher.health()
    assert "640x352 to 352x288" in health.detail
    frame = watcher.frame()
    while (frame.width, frame.height) == (640, 352):
        frame = watcher.frame()
    assert (frame.width, frame.height) == (352, 288)
    assert frame.discontinuity
    time.sleep(2)
    old = watcher.stream.ring.cut(before.captured_at, before.captured_at)
    new = watcher.stream.ring.cut(frame.captured_at, frame.captured_at)
    assert old is not None
    assert new is not None
    assert (old.spec.width, new.spec.width) == (640, 352)
    assert health.reconnects == 0


def test_garbage_in_mid_stream(
    clips: Path, serve_parts: Callable[[list[Part]], RtspServer], watch: Callable[..., Watcher]
) -> None:
    street = clips / "street.mp4"
    server = serve_parts([Part(street, 4), Part(street, 8, damaged=True), Part(street, 60)])
    watcher = watch(server.url)
    watcher.until_flowing()
    watcher.until_reason(Reason.CORRUPT, 12)
    assert "camera" in watcher.health().detail
    watcher.until_reason(Reason.NONE, 8 + 12 + RETURN_S)
    assert watcher.until_flowing() < RETURN_S


@pytest.mark.parametrize(
    ("answer", "reason", "words"),
    [
        (os.urandom(400) + b"\r\n\r\n", Reason.NOT_RTSP, "does not speak RTSP"),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", Reason.NOT_RTSP, "web server"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", Reason.NOT_RTSP, "web server"),
        (b"", Reason.TIMEOUT, "does not answer"),
    ],
)
def test_something_else_at_the_port_and_then_the_camera(
    street: Path, watch: Callable[..., Watcher], answer: bytes, reason: Reason, words: str
) -> None:
    server = RtspServer(street, user=USER, password=PASSWORD)
    odd = OddServer(answer, server.port)
    watcher = watch(address(server), open_timeout_s=1)
    watcher.until_reason(reason, 5)
    assert words in watcher.health().detail
    time.sleep(4)
    odd.close()
    server.start()
    took = watcher.until_flowing()
    server.kill()
    assert took < RETURN_S


def test_a_failure_of_one_camera_does_not_touch_another(server: RtspServer, watch: Callable[..., Watcher]) -> None:
    good = watch(address(server))
    watch("rtsp://127.0.0.1:1/cam")
    good.until_flowing()
    before = good.health()
    time.sleep(3)
    after = good.health()
    assert after.frames - before.frames > 60
    assert after.state is CameraState.ONLINE


H265 = {"preset": "ultrafast", "x265-params": "log-level=none:keyint=25:pools=1:frame-threads=1"}


@pytest.fixture(params=["hevc", "mjpeg"])
def other(
    request: pytest.FixtureRequest, clips: Path, tmp_path: Path, street: Path
) -> Iterator[tuple[RtspServer, str]]:
    """A server with another codec, and the codec's name."""
    if request.param == "hevc":
        file = encode(tmp_path / "a.mp4", clips / "a13_day.mp4", "libx265", 250, H265)
    else:
        file = encode(tmp_path / "a.avi", clips / "a13_day.mp4", "mjpeg", 250, {"q": "5"}, "yuvj420p")
    server = RtspServer(file, codec={"hevc": "h265"}.get(request.param, request.param))
    server.start()
    yield server, request.param
    server.kill()


def test_other_codecs(other: tuple[RtspServer, str], watch: Callable[..., Watcher]) -> None:
    server, codec = other
    watcher = watch(server.url)
    watcher.until_flowing()
    frame = watcher.frame()
    assert watcher.health().codec == codec
    report = check(server.url, 3)
    clip = watcher.stream.ring.cut(frame.captured_at, frame.captured_at)
    assert clip is not None
    assert (decode_at(clip, [frame.captured_at])[0].image == frame.image).all(), "the very picture analysis saw"
    assert report.ok, report.text()
    assert f"Browsers do not play {codec}" in report.text()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A camera's own certificate, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    begin = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=9))
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


def test_tls_where_the_camera_has_none(server: RtspServer) -> None:
    report = check(address(server).replace("rtsp://", "rtsps://"), 1)
    assert report.reason in (Reason.NOT_RTSP, Reason.TIMEOUT, Reason.ENDED)
    assert not report.ok


def test_over_tls(street: Path, tmp_path: Path, watch: Callable[..., Watcher]) -> None:
    server = RtspServer(street, user=USER, password=PASSWORD)
    server.tls = certificate(tmp_path)
    server.start()
    try:
        watcher = watch(address(server))
        watcher.until_flowing()
        reasons = [check(url, 1).reason for url in (address(server, USER, "s3cret"), address(server, path="/other"))]
    finally:
        server.kill()
    assert reasons == [Reason.WRONG_PASSWORD, Reason.NOT_FOUND]


def test_check_of_a_good_camera_tells_its_figures(server: RtspServer) -> None:
    report = check(address(server), 6)
    assert report.ok, report.text()
    assert report.fps == pytest.approx(24, abs=1)
    assert report.key_frame_interval_s == pytest.approx(2, abs=0.3)
    assert report.bitrate_kbps == pytest.approx(515, rel=0.3)
    assert (report.width, report.height, report.codec) == (640, 352, "h264")
    assert report.time_source in ("rtcp", "arrival")
    assert PASSWORD not in report.text()


def test_cycles_of_faults_leak_nothing(server: RtspServer, street: Path, record_property: object) -> None:
    """Kill, stop and garbage in turn; threads, open files and memory stay, and every return is in time."""
    process = psutil.Process()
    watcher = Watcher(address(server), read_timeout_s=2, open_timeout_s=2)
    watcher.until_flowing()
    times: list[float] = []
    marks: list[tuple[int, int, int]] = []
    for cycle in range(CYCLES + 3):
        _harm(server, watcher, cycle)
        times.append(watcher.until_flowing())
        time.sleep(0.3)
        gc.collect()
        marks.append((process.num_threads(), process.num_fds(), process.memory_info().rss))
    watcher.stream.stop()
    print(f"returns in s: {[round(each, 2) for each in times]}")
    print(f"threads, files, MiB: {[(threads, files, rss >> 20) for threads, files, rss in marks]}")
    assert max(times) < RETURN_S
    settled, last = marks[2], marks[-1]
    assert last[0] <= settled[0]
    assert last[1] <= settled[1]
    assert last[2] <= settled[2] * 1.05


def _harm(server: RtspServer, watcher: Watcher, cycle: int) -> None:
    """One fault, seen by its name, and its end."""
    kind = cycle % 3
    if kind == 0:
        server.kill()
        watcher.until_reason(Reason.REFUSED, 6)
        server.start()
    elif kind == 1:
        server.signal(signal.SIGSTOP)
        watcher.until_reason(Reason.STALLED, 5)
        server.signal(signal.SIGCONT)
    else:
        server.kill()
        odd = OddServer(b"\x00\x01noise" * 40, server.port)
        watcher.until_reason(Reason.NOT_RTSP, 8)
        odd.close()
        server.start()

"""Evidence and previews over HTTP, to a real centre."""

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from contracts.wire import PublishError
from edge.outbox.http_sink import HttpEvidenceSink, HttpPreviewSink
from edge.outbox.relay import Relay, RelayConfig
from edge.outbox.store import Outbox
from giaolo.embedded import EmbeddedBus
from tests.integration.centre_world import running
from tests.unit.edge.outbox.acts import a_file, act

pytestmark = pytest.mark.alone

SHA = "a" * 64


def test_files_go_in_pieces_and_go_on_where_they_stopped(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        sink = HttpEvidenceSink(world.url, world.centre.access.nodes.add("node-1"))
        outbox = Outbox(tmp_path / "outbox.db", node="node-1", max_bytes=10**9)
        clip = a_file(tmp_path / "p", "clip.mp4", bytes(range(256)) * 4000)
        sha256, size = clip[0].sha256, clip[0].size
        assert sink.received(sha256) == 0
        assert sink.append(sha256, offset=0, total=size, content=clip[1].read_bytes()[:1000]) == 1000
        assert sink.received(sha256) == 1000
        assert sink.append(sha256, offset=5, total=size, content=b"wrong place") == 1000
        outbox.add(act(1), [clip])
        relay = Relay(outbox, EmbeddedBus(world.centre.take), sink, RelayConfig(backoff_min_s=0.01))
        relay.start()
        end = monotonic() + 10
        while outbox.stats().pending_files:
            assert monotonic() < end, relay.faults()
            sleep(0.01)
        relay.stop()
        assert sink.received(sha256) is None
        assert world.centre.evidence.path(sha256).read_bytes() == clip[1].read_bytes()
        sink.close()
        outbox.close()


def test_wrong_token_is_told_and_not_shown(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        sink = HttpEvidenceSink(world.url, "giaolo-secret-token")
        with pytest.raises(PublishError, match="giaolo centre add-node") as asked:
            sink.received(SHA)
        with pytest.raises(PublishError, match="giaolo centre add-node") as sent:
            sink.append(SHA, offset=0, total=1, content=b"x")
        assert "secret" not in f"{asked.value!r} {sent.value!r}"
        sink.close()


def test_wrong_content_starts_again(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        sink = HttpEvidenceSink(world.url, world.centre.access.nodes.add("node-1"))
        assert sink.append(SHA, offset=0, total=3, content=b"abc") == 0
        sink.close()


def test_centre_that_is_away_is_told_in_words() -> None:
    sink = HttpEvidenceSink("http://127.0.0.1:9", "token", timeout_s=1)
    with pytest.raises(PublishError, match=r"centre at http://127\.0\.0\.1:9 not reachable"):
        sink.received(SHA)
    sink.close()


def test_preview_arrives(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        preview = HttpPreviewSink(world.url, world.centre.access.nodes.add("node-1"), "node-1")
        assert not preview.is_watched("bridge")
        jpeg = b"\xff\xd8\xff\xe0 picture \xff\xd9"
        preview.show("bridge", jpeg, datetime.now(UTC))
        end = monotonic() + 5
        while (picture := world.centre.preview.still("bridge")) is None:
            assert monotonic() < end
            sleep(0.01)
        assert picture.jpeg == jpeg
        preview.close()


def test_centre_that_is_away_does_not_slow_the_camera() -> None:
    begun = monotonic()
    away = HttpPreviewSink("http://127.0.0.1:9", "token", "node-1", timeout_s=1)
    for _ in range(100):
        away.show("bridge", b"picture", datetime.now(UTC))
    assert monotonic() - begun < 0.5
    assert not away.is_watched("bridge")
    away.close()

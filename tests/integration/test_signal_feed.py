"""Feeds as they really come: an MQTT broker that goes away and comes back, a file that grows and is replaced."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from contracts.scene import SignalHead
from contracts.signals import SignalChange
from edge.config import SignalFeedConfig
from edge.errors import ConfigError
from edge.signal.feed import LiveFeed
from edge.signal.file_feed import read_signals
from edge.signal.open_feed import open_feed
from tests.integration.mqtt_broker import PASSWORD, USER, MqttBroker

HEADS = (SignalHead(id="north", feed="N1"), SignalHead(id="east"))
TOPIC = "junctions/12/signals"


@pytest.fixture(name="broker")
def _broker(tmp_path: Path) -> Iterator[MqttBroker]:
    broker = MqttBroker(tmp_path)
    broker.start()
    yield broker
    broker.stop()


def feed_of(broker: MqttBroker, *, password: str = PASSWORD, tls: bool = False) -> LiveFeed:
    """Our side, as a camera's configuration names it."""
    scheme, host = ("mqtts", "localhost") if tls else ("mqtt", "127.0.0.1")
    url = f"{scheme}://{USER}:{quote(password)}@{host}:{broker.port}/{TOPIC}"
    config = SignalFeedConfig.model_validate({"url": url, "ca": broker.ca if tls else None, "stale_s": 60})
    return open_feed(config, HEADS, name="giaolo-test")


class Controller:
    """The other side: publishes as a junction's controller does."""

    def __init__(self, broker: MqttBroker, *, tls: bool = False) -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="controller")
        self._client.username_pw_set(USER, PASSWORD)
        if tls:
            self._client.tls_set(ca_certs=str(broker.ca))
        self._client.connect("localhost" if tls else "127.0.0.1", broker.port)
        self._client.loop_start()

    def says(self, payload: object, *, retain: bool = False) -> None:
        text = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        self._client.publish(TOPIC, text, qos=1, retain=retain).wait_for_publish(timeout=10)

    def leaves(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def heard(feed: LiveFeed, count: int, until_s: float = 15) -> list[SignalChange]:
    """Changes as the road would take them, until there are so many."""
    found: list[SignalChange] = []
    end = time.monotonic() + until_s
    while len(found) < count and time.monotonic() < end:
        found += feed.until(datetime.now(UTC) + timedelta(seconds=5))
        time.sleep(0.02)
    return found


def wait_for(condition: Callable[[], bool], until_s: float = 15) -> None:
    """Returns when it holds; fails after a while."""
    end = time.monotonic() + until_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_states_come_over_a_broker_that_is_restarted(broker: MqttBroker) -> None:
    """Nonsense on the topic is counted; after the broker's restart the feed is back by itself."""
    feed = feed_of(broker)
    feed.start()
    try:
        wait_for(lambda: feed.fault() == "")
        controller, now = Controller(broker), datetime.now(UTC)
        controller.says({"head": "N1", "at": now.isoformat(), "state": "red"})
        controller.says(b"\xff rubbish")
        controller.says({"at": (now + timedelta(seconds=1)).isoformat(), "states": {"N1": "green", "east": "red"}})
        assert [(change.head, change.state) for change in heard(feed, 3)] == [
            ("north", "red"),
            ("north", "green"),
            ("east", "red"),
        ]
        assert "1 messages" in feed.fault()
        controller.leaves()
        broker.stop()
        wait_for(lambda: "lost" in feed.fault() or "cannot be reached" in feed.fault())
        broker.start()
        wait_for(lambda: "1 messages" in feed.fault())
        controller = Controller(broker)
        controller.says({"head": "east", "at": datetime.now(UTC).isoformat(), "state": "green"})
        assert [(change.head, change.state) for change in heard(feed, 1)] == [("east", "green")]
        controller.leaves()
    finally:
        feed.stop()


def test_a_retained_state_is_no_sign_of_life(broker: MqttBroker) -> None:
    """The broker repeats what a controller said an hour before it died."""
    controller, hour_ago = Controller(broker), datetime.now(UTC) - timedelta(hours=1)
    controller.says({"head": "east", "at": hour_ago.isoformat(), "state": "red"}, retain=True)
    controller.leaves()
    feed = feed_of(broker)
    feed.start()
    try:
        assert [change.state for change in heard(feed, 2)] == ["red", "unknown"]
    finally:
        feed.stop()


def test_a_wrong_password_is_told(broker: MqttBroker) -> None:
    """In words, and without the password."""
    feed = feed_of(broker, password="wrong pass")
    feed.start()
    try:
        wait_for(lambda: "refuses" in feed.fault())
        assert "wrong pass" not in feed.fault()
    finally:
        feed.stop()


def test_over_tls(tmp_path: Path) -> None:
    """With the authority the configuration names; without it the broker is not believed."""
    broker = MqttBroker(tmp_path, tls=True)
    broker.start()
    feed = feed_of(broker, tls=True)
    feed.start()
    try:
        wait_for(lambda: feed.fault() == "")
        controller = Controller(broker, tls=True)
        controller.says({"head": "east", "at": datetime.now(UTC).isoformat(), "state": "red"})
        assert [change.state for change in heard(feed, 1)] == ["red"]
        controller.leaves()
    finally:
        feed.stop()
        broker.stop()


def test_an_authority_that_is_no_certificate(tmp_path: Path) -> None:
    """A wrong file is told at the start."""
    (tmp_path / "ca.pem").write_text("no certificate")
    config = SignalFeedConfig.model_validate({"url": "mqtts://h/t", "ca": tmp_path / "ca.pem"})
    with pytest.raises(ConfigError, match=r"ca\.pem"):
        open_feed(config, HEADS, name="n")


def test_a_file_is_followed_while_it_grows(tmp_path: Path) -> None:
    """It is not there yet, grows by half lines, holds nonsense, is replaced by a new one."""
    path = tmp_path / "signals.jsonl"
    feed = open_feed(SignalFeedConfig.model_validate(str(path)), HEADS, name="n")
    feed.start()
    try:
        wait_for(lambda: "cannot be read" in feed.fault())
        now = datetime.now(UTC)
        line = json.dumps({"head": "east", "at": now.isoformat(), "state": "red"})
        with path.open("w", encoding="utf-8") as file:
            file.write(line[:20])
            file.flush()
            time.sleep(0.3)
            file.write(line[20:] + "\nnonsense\n")
            file.flush()
            assert [change.state for change in heard(feed, 1)] == ["red"]
            wait_for(lambda: "line 2" in feed.fault())
        new = tmp_path / "new"
        new.write_text(f"east,{(now + timedelta(seconds=1)).isoformat()},green\n", encoding="utf-8")
        new.replace(path)
        assert [change.state for change in heard(feed, 1)] == ["green"]
    finally:
        feed.stop()


def test_a_complete_file(tmp_path: Path) -> None:
    """For `giaolo analyse --signals`: single bad lines are counted, a wrong file is refused."""
    path = tmp_path / "signals.csv"
    path.write_text("head,at,state\neast,2026-01-05T08:00:00Z,red\neast,2026-01-05T07:00:00Z,green\n", encoding="utf-8")
    inbox = read_signals(path, HEADS)
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert [change.state for change in inbox.until(at)] == ["red"]
    assert "times must not go back" in inbox.fault()
    for content in (b"\xff\xfe\n", b"a video, perhaps\n"):
        path.write_bytes(content)
        with pytest.raises(ConfigError, match=r"signals\.csv"):
            read_signals(path, HEADS)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_signals(tmp_path / "missing.csv", HEADS)

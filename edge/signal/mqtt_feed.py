"""A controller's feed on an MQTT topic."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion

from contracts.scene import SignalHead
from contracts.signals import SignalChange
from edge.config import SignalFeedConfig
from edge.errors import ConfigError
from edge.signal.feed import FeedInbox

log = structlog.get_logger(__name__)

KEEP_ALIVE_S = 10
RETRY_MIN_S, RETRY_MAX_S = 1, 30
PORT, TLS_PORT = 1883, 8883


class MqttFeed:
    """Subscribes to one topic and connects again whenever the connection is lost.

    Args:
        config: its url is mqtt://user:password@host:port/topic, mqtts:// for TLS. `+` and `#` may stand in the topic.
        heads: of the scene.
        name: client id; two clients of one name throw each other out.

    Raises:
        ConfigError: the file of certificate authorities cannot be used.
    """

    def __init__(self, config: SignalFeedConfig, heads: Sequence[SignalHead], name: str) -> None:
        url = urlsplit(config.url.get_secret_value())
        self._host = url.hostname or ""
        self._port = url.port or (TLS_PORT if url.scheme == "mqtts" else PORT)
        self._topic = unquote(url.path).lstrip("/")
        self._inbox = FeedInbox(heads, config.stale_s)
        self._unconnected = f"The signal feed at {self._host}:{self._port} is not connected yet."
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name)
        self._client.reconnect_delay_set(RETRY_MIN_S, RETRY_MAX_S)
        if url.username:
            self._client.username_pw_set(unquote(url.username), unquote(url.password or ""))
        if url.scheme == "mqtts":
            try:
                self._client.tls_set(ca_certs=str(config.ca) if config.ca else None)
            except (OSError, ValueError) as error:
                raise ConfigError(f"signal_feed.ca: {config.ca} cannot be used ({error})") from None
        self._client.on_connect = self._connected
        self._client.on_connect_fail = self._failed
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._heard

    def start(self) -> None:
        """Connects in the background, and again after each loss."""
        self._client.connect_async(self._host, self._port, keepalive=KEEP_ALIVE_S)
        self._client.loop_start()

    def stop(self) -> None:
        """Ends the connection."""
        self._client.disconnect()
        self._client.loop_stop()

    def until(self, at: datetime) -> list[SignalChange]:
        """See LiveFeed."""
        return self._inbox.until(at)

    def fault(self) -> str:
        """See LiveFeed."""
        return self._unconnected or self._inbox.fault()

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._unconnected = f"The broker {self._host}:{self._port} of the signal feed refuses: {reason}."
            log.warning("signal feed refused", host=self._host, reason=str(reason))
            return
        self._unconnected = ""
        client.subscribe(self._topic, qos=1)
        log.info("signal feed connected", host=self._host, topic=self._topic)

    def _failed(self, _client: mqtt.Client, _data: Any) -> None:
        self._unconnected = f"The broker {self._host}:{self._port} of the signal feed cannot be reached; trying again."

    def _disconnected(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if not self._unconnected:
            self._unconnected = (
                f"The broker {self._host}:{self._port} of the signal feed is lost ({reason}); trying again."
            )
            log.warning("signal feed lost", host=self._host, reason=str(reason))

    def _heard(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        # A retained message says what was told last, not that the controller is alive.
        self._inbox.take(bytes(message.payload), None if message.retain else datetime.now(UTC), message.topic)

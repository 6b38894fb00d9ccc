"""The feed a camera's configuration names."""

from collections.abc import Sequence

from contracts.scene import SignalHead
from edge.config import SignalFeedConfig
from edge.signal.feed import LiveFeed
from edge.signal.file_feed import FileFeed
from edge.signal.mqtt_feed import MqttFeed


def open_feed(config: SignalFeedConfig, heads: Sequence[SignalHead], *, name: str) -> LiveFeed:
    """Feed of a camera, not started yet.

    Args:
        config: of the camera.
        heads: of its scene.
        name: of the listener, as the broker sees it.

    Raises:
        ConfigError: the file of certificate authorities cannot be used.
    """
    if config.file is not None:
        return FileFeed(config.file, heads, config.stale_s)
    return MqttFeed(config, heads, name)

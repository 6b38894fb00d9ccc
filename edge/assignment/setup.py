"""A record of the camera table becomes a camera this node can run, with the passwords of its own file."""

from collections.abc import Mapping
from urllib.parse import quote

from pydantic import SecretStr, ValidationError

from contracts.camera import PASSWORD_PLACE, USER_PLACE, CameraFeed, CameraRecord
from contracts.config_file import explain
from edge.cameras import CameraSetup
from edge.config import CameraConfig, Credentials, SignalFeedConfig
from edge.errors import ConfigError
from edge.scene.load import default_scene


def setup_of(record: CameraRecord, credentials: Mapping[str, Credentials]) -> CameraSetup:
    """The camera as this node runs it.

    Raises:
        ConfigError: the node's file has no such credentials, or the record does not fit this node; says the cure.
    """
    try:
        config = CameraConfig(
            id=record.camera,
            name=record.name,
            url=SecretStr(with_credentials(record.url, record.credentials, credentials)),
            signal_feed=None if record.signal_feed is None else _feed(record.signal_feed, credentials),
            stream=record.stream,
        )
    except ValidationError as error:
        raise ConfigError(f"its record does not fit:\n{explain(error)}") from None
    return CameraSetup(config, record.scene or default_scene(), scene_is_default=record.scene is None)


def with_credentials(url: str, name: str | None, credentials: Mapping[str, Credentials]) -> str:
    """The address with user and password of the entry: where the address says so, else before its host.

    Both are percent-encoded. ConfigError when the node's file has no such entry.
    """
    if name is None:
        return url
    entry = credentials.get(name)
    if entry is None:
        raise ConfigError(f"this node's file has no entry {name!r} under `credentials`; add it, or pin the camera")
    user, password = quote(entry.user, safe=""), quote(entry.password.get_secret_value(), safe="")
    if USER_PLACE in url or PASSWORD_PLACE in url:
        return url.replace(USER_PLACE, user).replace(PASSWORD_PLACE, password)
    scheme, separator, rest = url.partition("://")
    return f"{scheme}://{user}:{password}@{rest}" if separator and scheme.lower() != "file" else url


def _feed(feed: CameraFeed, credentials: Mapping[str, Credentials]) -> SignalFeedConfig:
    url = with_credentials(feed.url, feed.credentials, credentials)
    return SignalFeedConfig(url=SecretStr(url), stale_s=feed.stale_s)

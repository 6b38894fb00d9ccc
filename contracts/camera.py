"""One camera as the compacted topic `giaolo.cameras.v1` holds it, so that any node of its site can run it.

Key: the camera's id. Value: this record as JSON; no value: the camera was taken away. Everybody who may read the topic
reads the record, so it holds no password: it names an entry under `credentials` of the node's own file.
"""

import re
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from contracts.canonical import canonical_json
from contracts.config_file import Config, explain
from contracts.event import Contract, Slug
from contracts.scene import SceneConfig

USER_PLACE = "{user}"
PASSWORD_PLACE = "{password}"  # noqa: S105 - where a password goes, not one

_USERINFO = re.compile(r"^[a-z][a-z0-9+.-]*://[^\s]*@", re.IGNORECASE)
_SECRET = re.compile(r"(?<![a-z])(pass(word|wd)?|pwd|token|secret|auth|key)=(?P<value>[^&;\s/_]*)", re.IGNORECASE)
_KINDS = ("rtsp://", "rtsps://", "file://")


class StreamConfig(Config):
    """How a camera is read."""

    open_timeout_s: float = Field(default=5, gt=0, le=60, description="to connect and learn the stream's format")
    read_timeout_s: float = Field(default=4, gt=0, le=60, description="without a packet before the camera is stalled")
    backoff_min_s: float = Field(default=0.5, gt=0, description="first pause before a new try, seconds")
    backoff_max_s: float = Field(default=30, gt=0, description="longest pause between tries, seconds")
    backoff_refused_s: float = Field(
        default=60, gt=0, description="shortest pause after a wrong password: cameras lock out who tries too fast"
    )
    ring_s: float = Field(default=15, ge=2, le=300, description="seconds of packets kept for clips")
    loop: bool = Field(default=True, description="a file starts again at its end")
    max_pixels: int = Field(default=3840 * 2160, gt=0, description="larger pictures are refused, to bound memory")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.backoff_min_s > self.backoff_max_s:
            raise ValueError("backoff_min_s must not be above backoff_max_s")
        return self


class CameraFeed(Contract):
    """Where a controller tells what the signal heads show."""

    url: str = Field(min_length=1, description="mqtt://host:1883/topic or mqtts://host/topic; no password")
    credentials: Slug | None = Field(default=None, description="entry under `credentials` of the node's file")
    stale_s: float = Field(default=180, gt=0, le=3600, description="silence after which states are unknown")

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        without_secret(url)
        if not re.match(r"^mqtts?://[^/\s]+/[^\s]+$", url):
            raise ValueError("expected mqtt://host/topic or mqtts://host/topic")
        return url


class CameraRecord(Contract):
    """One camera of a site."""

    version: Literal[1] = Field(default=1, description="of this record's format")
    camera: Slug = Field(description="id: short name used in file names, events and addresses")
    name: str = Field(default="", max_length=200, description="as people call it")
    site: Slug = Field(description="nodes of this site share its cameras among them")
    url: str = Field(
        min_length=1,
        max_length=2000,
        description="rtsp://host/path without user and password, or a file on every node of the site; where the camera "
        "wants them inside its path: {user} and {password}",
    )
    credentials: Slug | None = Field(default=None, description="entry under `credentials` of the node's file")
    stream: StreamConfig = StreamConfig()
    scene: SceneConfig | None = Field(default=None, description="the whole scene; without it the default scene")
    signal_feed: CameraFeed | None = Field(default=None, description="of the junction's controller")
    node: Slug | None = Field(default=None, description="pinned: runs on this node of the site and on no other")

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        without_secret(url)
        if "://" in url and not url.lower().startswith(_KINDS):
            raise ValueError("expected rtsp://host/path, rtsps://host/path or a file")
        if re.search(r"[\s\x00]", url) and "://" in url:
            raise ValueError("holds a space; an address has none")
        return url

    @model_validator(mode="after")
    def _has_credentials(self) -> Self:
        if self.credentials is None and (USER_PLACE in self.url or PASSWORD_PLACE in self.url):
            raise ValueError("url asks for {user} or {password}: name the entry of the node's file under `credentials`")
        return self

    def to_json(self) -> bytes:
        """Canonical JSON bytes: the record's value."""
        return canonical_json(self.model_dump(mode="json", exclude_none=True))

    @classmethod
    def from_json(cls, value: bytes) -> Self:
        """Record of a value. ValueError says what is wrong, and quotes nothing of it."""
        try:
            return cls.model_validate_json(value)
        except ValidationError as error:
            raise ValueError(explain(error)) from None


def without_secret(url: str) -> None:
    """ValueError when an address holds a user or a password; it is not repeated in the message."""
    cure = "put them into the node's file under `credentials` and name the entry here"
    if _USERINFO.match(url):
        raise ValueError(f"holds a user or password before the host, and every node could read it: {cure}")
    for found in _SECRET.finditer(url):
        if found["value"] and found["value"] != PASSWORD_PLACE:
            raise ValueError(f"holds a password or key, and every node could read it: write {{password}} there, {cure}")

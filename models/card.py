"""What is known of one model: enough to run it, to check it, and to know what its licence asks."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.source import Entry, Sha256, Source

Head = Literal["yolov8", "yolox", "yolo26", "rtdetr"]
MANIFEST = Path(__file__).with_name("manifest.toml")


class ModelCard(Entry):
    """One entry of the manifest."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    task: Literal["detect"]
    title: str = Field(description="one line for people who choose")
    classes: Literal["coco"] = Field(description="set of class names the numbers of the output stand for")
    height: int = Field(gt=0, description="input height of the file as published, pixels")
    width: int = Field(gt=0, description="input width of the file as published, pixels")
    head: Head = Field(description="how the output is to be read")
    sha256: Sha256
    size: int = Field(gt=0, description="bytes")
    licence: str = Field(description="SPDX identifier of the weights")
    licence_note: str = Field(description="what that asks of who uses it")
    homepage: str
    sources: tuple[Source, ...] = Field(min_length=1, description="tried in this order")


class Manifest(Entry):
    """All models."""

    version: Literal[1]
    model: tuple[ModelCard, ...] = Field(min_length=1)


def read_manifest(path: Path = MANIFEST) -> tuple[ModelCard, ...]:
    """Cards of a manifest file. ValueError (pydantic or tomllib) names what is wrong."""
    manifest = Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    names = [card.name for card in manifest.model]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{path}: model {name!r} stands twice; names must differ")
    return manifest.model

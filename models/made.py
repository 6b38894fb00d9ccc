"""What is known of a model file that was made here from another: its parent, how, on what, and under which licence.

The card lies beside the file (`mine.onnx`, `mine.card.json`) and names its checksum, so that a card of another file is
never believed.
"""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from models.card import Head
from models.errors import FetchError
from models.fetch import sha256_of
from models.source import Entry, Sha256


class CalibrationVideo(Entry):
    """A video whose frames a file was calibrated on."""

    name: str
    sha256: Sha256
    frames: int = Field(gt=0)


class MadeCard(Entry):
    """A model file made from another."""

    version: Literal[1] = 1
    parent: str = Field(description="name in the registry, or file name")
    parent_sha256: Sha256
    sha256: Sha256
    size: int = Field(gt=0, description="bytes")
    head: Head
    height: int = Field(gt=0, description="input height, pixels")
    width: int = Field(gt=0, description="input width, pixels")
    arithmetic: Literal["int8", "f32"] = Field(description="int8: calibrated on videos; f32: exported")
    method: str = Field(description="how the reach of activations was found, or how near an export is to its weights")
    videos: tuple[CalibrationVideo, ...] = ()
    made_with: str = Field(description="libraries and their versions")
    licence: str = Field(description="of the parent's weights; it holds for this file too")
    licence_note: str

    @model_validator(mode="after")
    def _calibrated(self) -> Self:
        if (self.arithmetic == "int8") is not bool(self.videos):
            raise ValueError("an int8 file was calibrated on videos, and no other was")
        return self

    @property
    def frames(self) -> int:
        """Frames it was calibrated on."""
        return sum(video.frames for video in self.videos)


def card_path(model: Path) -> Path:
    """Where the card of a file lies."""
    return model.with_suffix(".card.json")


def write_made(model: Path, content: bytes, card: MadeCard) -> None:
    """Puts file and card in place, each whole or not at all. OSError when there is no room or no right."""
    model.parent.mkdir(parents=True, exist_ok=True)
    _put(model, content)
    _put(card_path(model), (card.model_dump_json(indent=2) + "\n").encode())


def read_made(model: Path) -> MadeCard | None:
    """Card of a file that was made here; None where there is none.

    Raises:
        FetchError: the card is damaged, or it is that of another file.
    """
    path = card_path(model)
    try:
        card = MadeCard.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise FetchError(f"{path}: is not a model card ({type(error).__name__}); make the model again") from None
    if card.sha256 != sha256_of(model):
        raise FetchError(f"{path}: is the card of another file than {model.name}; make the model again")
    return card


def _put(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)

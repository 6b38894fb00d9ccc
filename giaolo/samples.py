"""Sample clips: found on this machine or fetched from where they are public, checked, and shown with their scene."""

import functools
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from contracts.errors import UsageError
from models.cache import CHECKOUT, cache_folder, shared_folder
from models.errors import FetchError
from models.fetch import fetch, is_intact, sha256_of
from models.source import Entry, FileSource, Sha256, Source


class SampleEntry(Entry):
    """One clip of the manifest."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    title: str = Field(description="name shown on screens")
    scene: str = Field(pattern=r"^[a-z0-9._-]+\.yaml$", description="scene file beside the manifest")
    sha256: Sha256
    size: int = Field(gt=0, description="bytes")
    licence: str
    origin: str = Field(description="what it is, who made it")
    sources: tuple[Source, ...] = Field(min_length=1, description="tried in this order, after the cache")


class SampleManifest(Entry):
    """All clips."""

    version: Literal[1]
    sample: tuple[SampleEntry, ...] = Field(min_length=1)


class SampleCard(SampleEntry):
    """A clip, with the path of its scene; None when the scene file is missing."""

    scene: Path | None  # type: ignore[assignment]


def samples_folder() -> Path:
    """Manifest and scenes: in the installed package, or in the checkout."""
    packaged = Path(__file__).with_name("_data") / "samples"
    return packaged if packaged.is_dir() else CHECKOUT / "deploy" / "samples"


def sample_cards() -> tuple[SampleCard, ...]:
    """All samples of the manifest."""
    return _read(samples_folder())


def sample_card(name: str) -> SampleCard:
    """One sample; UsageError names the known ones."""
    for card in sample_cards():
        if card.name == name:
            return card
    raise UsageError(f"no sample {name!r}; there are: {', '.join(card.name for card in sample_cards())}")


def find_sample(name: str, progress: Callable[[int, int | None], None] | None = None) -> Path:
    """File of a sample: from the cache, the shared folder, a Debian package, or its public address; always checked.

    Args:
        progress: told of bytes done and bytes in all (None: not known).

    Raises:
        UsageError: no sample of that name.
        FetchError: it cannot be had; the message lists what was tried and what to do.
    """
    card = sample_card(name)
    for source in card.sources:
        # What lies in the shared folder is used where it is: no second copy.
        if isinstance(source, FileSource) and is_intact(shared_folder() / source.path, card.sha256, card.size):
            return shared_folder() / source.path

    def bytes_only(_stage: str, done: int, total: int | None) -> None:
        if progress is not None:
            progress(done, total)

    target = cache_folder() / "samples" / card.name
    try:
        return fetch(target, card.sources, sha256=card.sha256, size=card.size, progress=bytes_only)
    except FetchError as error:
        raise FetchError(
            f"sample {error}\nPut the clip at {target} yourself (SHA-256 {card.sha256}), or give a camera or a video "
            "of your own with --source"
        ) from None


def sample_by_checksum(path: Path) -> SampleCard | None:
    """The sample a file is, whatever its name; None for any other file, or one that cannot be read."""
    try:
        size = path.stat().st_size
        candidates = [card for card in sample_cards() if card.size == size]
        found = sha256_of(path) if candidates else ""
    except OSError:
        return None
    return next((card for card in candidates if card.sha256 == found), None)


@functools.cache
def _read(folder: Path) -> tuple[SampleCard, ...]:
    text = (folder / "manifest.toml").read_text(encoding="utf-8")
    cards = []
    for entry in SampleManifest.model_validate(tomllib.loads(text)).sample:
        scene = folder / entry.scene
        cards.append(SampleCard.model_validate({**entry.model_dump(), "scene": scene if scene.is_file() else None}))
    return tuple(cards)

"""Registry: which models there are, and where their files lie."""

from collections.abc import Iterator
from pathlib import Path

from models.cache import cache_folder
from models.card import ModelCard, read_manifest
from models.errors import FetchError, UnknownModel
from models.fetch import fetch, is_intact, quiet
from models.origins import Progress

DEFAULT_DETECTOR = "yolov8n-coco"


class Registry:
    """Models of a manifest and the folder that holds their files."""

    def __init__(self, cards: tuple[ModelCard, ...] | None = None, folder: Path | None = None) -> None:
        self._cards = {card.name: card for card in (read_manifest() if cards is None else cards)}
        self.folder = folder or cache_folder() / "models"

    def __iter__(self) -> Iterator[ModelCard]:
        return iter(self._cards.values())

    def card(self, name: str) -> ModelCard:
        """What is known of a model; UnknownModel names the known ones."""
        try:
            return self._cards[name]
        except KeyError:
            raise UnknownModel(f"no model {name!r}; there are: {', '.join(self._cards)}") from None

    def card_of(self, sha256: str) -> ModelCard | None:
        """Card of the file with that checksum, None for a file of somebody's own."""
        return next((card for card in self if card.sha256 == sha256), None)

    def path(self, name: str) -> Path:
        """Where the file lies when it was pulled."""
        return self.folder / f"{self.card(name).name}.onnx"

    def is_pulled(self, name: str) -> bool:
        """True when the file is here and intact."""
        card = self.card(name)
        return is_intact(self.path(name), card.sha256, card.size)

    def find(self, name: str) -> Path:
        """File of a pulled model, checked. FetchError says how to get it when it is not here."""
        card = self.card(name)
        path = self.path(name)
        if not path.exists():
            raise FetchError(f"model {name} is not here; get it with: giaolo models pull {name}")
        if not is_intact(path, card.sha256, card.size):
            raise FetchError(f"{path} is damaged; get it again with: giaolo models pull {name}")
        return path

    def pull(self, name: str, progress: Progress = quiet) -> Path:
        """File of a model, fetched when it is not here or is damaged. FetchError (or a kind of it) says why not."""
        card = self.card(name)
        return fetch(self.path(name), card.sources, sha256=card.sha256, size=card.size, progress=progress)

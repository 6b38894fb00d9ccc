"""The places: road, demand, violators and the scene, each from one seed."""

from pathlib import Path
from typing import Protocol

from tests.simulation.place_junction import cross, tee
from tests.simulation.place_motorway import motorway
from tests.simulation.place_one_way import one_way
from tests.simulation.place_plaza import plaza
from tests.simulation.world import World


class Place(Protocol):
    """Makes the world of a seed, for so many seconds, in a scratch folder."""

    def __call__(self, seed: int, seconds: float, folder: Path, *, lawful: bool = False) -> World:
        """`lawful`: without violators."""
        ...


PLACES: dict[str, Place] = {"cross": cross, "tee": tee, "motorway": motorway, "one_way": one_way, "plaza": plaza}

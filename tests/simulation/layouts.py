"""The places: road, demand, violators and the scene, each from one seed."""

from collections.abc import Callable
from pathlib import Path

from tests.simulation.place_junction import cross, tee
from tests.simulation.place_motorway import motorway
from tests.simulation.place_one_way import one_way
from tests.simulation.world import World

PLACES: dict[str, Callable[[int, float, Path], World]] = {"cross": cross, "tee": tee, "motorway": motorway, "one_way": one_way}
"""Name of a place to what makes its world from a seed, for so many seconds, in a scratch folder."""

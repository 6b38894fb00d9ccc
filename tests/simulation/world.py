"""One camera's simulated hour: who moved how, what the signals showed, and the scene drawn for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from contracts.scene import SceneConfig
from contracts.signals import SignalState
from tests.simulation.camera import Camera
from tests.simulation.sumo import Phase
from tests.simulation.trajectory import Floats, Mover

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # 08:00 in Vietnam
WARM_UP_S = 60.0  # the roads fill before the camera's hour begins

LETTERS: dict[str, SignalState] = {"r": "red", "y": "yellow", "g": "green", "G": "green", "u": "red_yellow"}


@dataclass(frozen=True, slots=True)
class Programme:
    """States of one signal head over time: (moment, state), the first before the hour begins."""

    head: str
    changes: tuple[tuple[float, SignalState], ...]

    @classmethod
    def of(cls, head: str, phases: Sequence[Phase], link: int, end: float) -> "Programme":
        """A fixed-time programme, repeated from time 0 to `end`."""
        changes: list[tuple[float, SignalState]] = []
        t = 0.0
        while t < end:
            for phase in phases:
                state = LETTERS[phase.states[link]]
                if not changes or changes[-1][1] != state:
                    changes.append((t, state))
                t += phase.duration_s
        return cls(head, tuple(changes))

    def at(self, t: float) -> tuple[SignalState, float, float]:
        """State at a moment, since when, and until when."""
        index = int(np.searchsorted([moment for moment, _ in self.changes], t, side="right")) - 1
        end = self.changes[index + 1][0] if index + 1 < len(self.changes) else np.inf
        return self.changes[index][1], self.changes[index][0], float(end)


@dataclass(frozen=True)
class World:
    """What there was.

    Attributes:
        place: name of the layout; `seed` made it all.
        movers: everybody, violators among them.
        signals: programme of each signal head of the scene.
        ground: the scene's places on the ground, metres, by id: what the truth is judged on where metres decide.
    """

    place: str
    seed: int
    camera: Camera
    scene: SceneConfig
    movers: tuple[Mover, ...]
    times: Floats
    signals: Mapping[str, Programme] = field(default_factory=dict)
    ground: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self.camera.width, self.camera.height

    @property
    def hours(self) -> float:
        """How long the camera saw."""
        return float(self.times[-1] - self.times[0]) / 3600


def moment(t: float) -> datetime:
    """Event time of a moment of the simulation, to the microsecond."""
    return START + timedelta(microseconds=round(t * 1e6))


def second(at: datetime) -> float:
    """Moment of the simulation of an event time."""
    return (at - START).total_seconds()

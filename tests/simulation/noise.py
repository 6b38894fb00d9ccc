"""What is wrong with what a camera's detector and tracker tell: all faults together, from one seed.

Given tracks and given detections suffer the same: boxes tremble, are missing, change class, do not exist. Tracks also
lose their ids. Everything is done in columns over a whole hour; the rates are those of the model, and `tests/unit`
counts them.
"""

from dataclasses import dataclass, replace

import numpy as np

from contracts.classes import LOOK_ALIKE_GROUP, RoadUserClass
from tests.simulation.pictures import Ints, Sightings, covered_share
from tests.simulation.trajectory import Floats
from tests.simulation.world import World

NOBODY = -1


@dataclass(frozen=True, slots=True)
class NoiseModel:
    """Rates of faults.

    Attributes:
        jitter: sigma of each side of a box, as a share of the box's width (left, right) or height (top, bottom).
        missed: share of boxes not seen, each by itself.
        hidden_above: a box more covered than this by nearer road users is not seen.
        hidden_s: but no longer than this at a time; `hidden_per_s`: other occlusions (a pole, a tree) of 0.2 s to this.
        switches: share of road users whose id changes once: every second one is swapped with its neighbour, where one
            is near, the others are numbered anew. `switches_per_s`: the harsher reading, per road user and second.
        flicker: share of boxes with a wrong class; nine of ten within the group of those that look alike.
        false: false boxes, as a share of the true ones; they live for one to three frames.
    """

    jitter: float = 0.02
    missed: float = 0.05
    hidden_above: float = 0.7
    hidden_s: float = 0.8
    hidden_per_s: float = 0.05
    switches: float = 0.02
    switches_per_s: float = 0.0
    flicker: float = 0.03
    false: float = 0.03


@dataclass(frozen=True, slots=True)
class Boxes:
    """What is told of all frames, in order of frame.

    Attributes:
        frame: (R,) place in the world's times; mover: (R,) who it is, -1 for nobody.
        track: (R,) id, from 1; cls: (R,) class as told; boxes: (R, 4) pixels; confidence: (R,).
    """

    frame: Ints
    mover: Ints
    track: Ints
    cls: Ints
    boxes: Floats
    confidence: Floats


def spoil(world: World, sightings: Sightings, rng: np.random.Generator, model: NoiseModel | None = None) -> Boxes:
    """Boxes and tracks with all faults of the model."""
    model = model or NoiseModel()
    seen = sightings.where(~_hidden(sightings, rng, model))
    track = _switched_ids(seen, rng, model)
    kept = rng.random(len(seen.frame)) >= model.missed
    seen, track = seen.where(kept), track[kept]
    true_class = np.array([int(mover.cls) for mover in world.movers], np.int64)[seen.mover]
    cls = flickered(true_class, rng, model.flicker)
    told = Boxes(
        seen.frame, seen.mover, track, cls, jittered(seen.boxes, rng, model.jitter), confidences(rng, len(cls))
    )
    return _in_order(_with_false(told, world.size, len(seen.times), rng, model))


def jittered(boxes: Floats, rng: np.random.Generator, sigma: float) -> Floats:
    """Each side moved by itself; a box never turns inside out."""
    size = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    moved = boxes + rng.normal(0.0, sigma, boxes.shape) * size
    moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1.0)
    return np.asarray(moved)


def confidences(rng: np.random.Generator, count: int) -> Floats:
    """Confidence of true boxes."""
    return np.asarray(np.clip(rng.normal(0.78, 0.12, count), 0.3, 0.99))


def flickered(cls: Ints, rng: np.random.Generator, share: float) -> Ints:
    """Classes, some of them wrong."""
    told = cls.copy()
    for row in np.flatnonzero(rng.random(len(cls)) < share).tolist():
        own = int(cls[row])
        others = [int(c) for c in RoadUserClass if int(c) != own and c != RoadUserClass.OBJECT]
        alike = [c for c in others if LOOK_ALIKE_GROUP[c] == LOOK_ALIKE_GROUP[own]]
        told[row] = rng.choice(alike if alike and rng.random() < 0.9 else others)
    return told


def _hidden(sightings: Sightings, rng: np.random.Generator, model: NoiseModel) -> "np.ndarray":
    """(R,) not seen behind others, or behind what hangs before the camera; never longer than `hidden_s`."""
    hidden = covered_share(sightings) > model.hidden_above
    times = sightings.times[sightings.frame]
    for rows in _rows_of(sightings.mover):
        t = times[rows]
        count = rng.poisson(model.hidden_per_s * (t[-1] - t[0]))
        for begin in rng.uniform(t[0], t[-1], count):
            hidden[rows[(t >= begin) & (t < begin + rng.uniform(0.2, model.hidden_s))]] = True
        runs = np.split(np.arange(len(rows)), np.flatnonzero(np.diff(hidden[rows].astype(int))) + 1)
        for run in runs:
            hidden[rows[run]] &= t[run] - t[run[0]] < model.hidden_s
    return np.asarray(hidden)


def _rows_of(mover: Ints) -> list[Ints]:
    """Rows of each road user, in order of time."""
    order = np.argsort(mover, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(mover[order])) + 1) if len(mover) else []


def _switched_ids(sightings: Sightings, rng: np.random.Generator, model: NoiseModel) -> Ints:
    """(R,) track ids: a road user's own number, until it is numbered anew or swapped with a neighbour."""
    track = sightings.mover + 1
    fresh = int(track.max(initial=0)) + 1
    centres = (sightings.boxes[:, :2] + sightings.boxes[:, 2:]) / 2
    sizes = np.sqrt(np.prod(sightings.boxes[:, 2:] - sightings.boxes[:, :2], axis=1))
    starts, times = sightings.starts(), sightings.times[sightings.frame]
    for rows in _rows_of(sightings.mover):
        seconds = float(times[rows[-1]] - times[rows[0]])
        count = int(rng.random() < model.switches) + int(rng.poisson(model.switches_per_s * seconds))
        for row in rng.choice(rows, min(count, len(rows)), replace=False).tolist():
            frame = int(sightings.frame[row])
            around = np.arange(starts[frame], starts[frame + 1])
            gap = np.hypot(*(centres[around] - centres[row]).T)
            gap[around == row] = np.inf
            near = around[gap < 2.5 * sizes[row]]
            later = sightings.frame >= frame
            if len(near) and rng.random() < 0.5:
                other = int(near[np.argmin(gap[gap < 2.5 * sizes[row]])])
                mine, his = (later & (track == track[one]) for one in (row, other))
                track[mine], track[his] = track[other], track[row]
            else:
                track[later & (track == track[row])] = fresh
                fresh += 1
    return np.asarray(track)


def _with_false(told: Boxes, size: tuple[int, int], frames: int, rng: np.random.Generator, model: NoiseModel) -> Boxes:
    """The boxes and false ones: half anywhere, half beside a road user."""
    if not len(told.frame):
        return told
    births = rng.poisson(model.false * len(told.frame) / 2)  # each lives for two frames in the mean
    models = rng.integers(len(told.frame), size=births)
    lives = rng.integers(1, 4, size=births)
    boxes, frame = told.boxes[models].copy(), told.frame[models].copy()
    extent = boxes[:, 2:] - boxes[:, :2]
    beside = rng.random(births) < 0.5
    shift = rng.uniform(-1.0, 1.0, (births, 2)) * extent
    anywhere = rng.uniform(0.0, 1.0, (births, 2)) * (np.array(size) - extent)
    corner = np.where(beside[:, None], boxes[:, :2] + shift, anywhere)
    frame = np.where(beside, frame, rng.integers(frames, size=births))
    corner = np.clip(corner, 0.0, np.array(size) - extent)
    row = np.repeat(np.arange(births), lives)
    step = np.concatenate([np.arange(life) for life in lives]) if births else np.zeros(0, np.int64)
    kept = frame[row] + step < frames
    row, step = row[kept], step[kept]
    placed = jittered(np.concatenate([corner, corner + extent], axis=1)[row], rng, model.jitter)
    fresh = int(told.track.max()) + 1
    false = Boxes(
        frame[row] + step,
        np.full(len(row), NOBODY),
        fresh + row,
        told.cls[models][row],
        placed,
        rng.uniform(0.2, 0.7, len(row)),
    )
    return Boxes(*(np.concatenate([getattr(told, name), getattr(false, name)]) for name in Boxes.__dataclass_fields__))


def _in_order(told: Boxes) -> Boxes:
    order = np.argsort(told.frame, kind="stable")
    columns = {name: getattr(told, name)[order] for name in Boxes.__dataclass_fields__}
    return replace(told, **columns)

"""Fits the weights of `edge/signal/lamp.py` on pictures of signal heads and writes `edge/signal/lamp_weights.py`.

    python -m tools.fit_lamps ../shared/samples/signals/train

The folder holds `red/`, `yellow/` and `green/`. Each picture is also shown turned over, tinted, dark, over-exposed,
shifted, small and noisy. Heads without a lit lamp are made from the same pictures: the lit third is covered with
another third of the head. Painted heads on black stand for the night. Only numpy's generator with a fixed seed is used:
the same pictures give the same weights.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.signal.lamp import COLOURS, LampColour, figures_of, known_of, upright_of

Picture = NDArray[np.uint8]
Example = tuple[Picture, tuple[LampColour, ...], int, float]  # picture, lamps, truth, weight
DARK = len(COLOURS)
ROUNDS = 6
NETWORKS = 4  # fitted from different beginnings; their scores are averaged, which makes one wider network
UNITS = 16
STEPS = 3000
UNTOUCHED = 10.0  # weight of a picture as it is, beside one that was changed
PRIOR = np.array([0.3, 0.3, 0.3, 0.1])  # red, yellow, green, dark: a head is seldom dark
TARGET = Path(__file__).resolve().parents[1] / "edge" / "signal" / "lamp_weights.py"
UNLIT = frozenset({"214d5ff4-118c-4db4-9dc2-ebe39b9f1d2b.jpg", "a9f8d3ff-384a-4350-8f25-b27fd5080ee7.jpg"})
"""Called green in the set; by eye these two heads are dark."""
PAINT = {"red": (40, 30, 255), "yellow": (30, 190, 255), "green": (170, 255, 40)}  # BGR


def main() -> None:
    """Reads the folder, fits, writes the weights."""
    rng = np.random.default_rng(7)
    examples = list(examples_in(Path(sys.argv[1]), rng))
    figures = np.array([figures_of(upright_of(p, len(lamps), "vertical"), lamps) for p, lamps, *_ in examples])
    untouched = np.array([weight for *_, weight in examples])
    truths = np.array([truth for *_, truth, _ in examples])
    networks = [fitted(figures, truths, untouched, rng) for _ in range(NETWORKS)]
    hidden = np.hstack([inner for inner, _ in networks])
    constant = np.sum([outer[-1] for _, outer in networks], axis=0)
    output = np.vstack([*(outer[:-1] for _, outer in networks), constant]) / NETWORKS
    TARGET.write_text(
        '"""Weights of the lamp model, made by `tools/fit_lamps.py` from figures of heads; do not edit."""\n\n'
        "from typing import Final\n\nimport numpy as np\nfrom numpy.typing import NDArray\n\n# fmt: off\n"
        f"HIDDEN: Final[NDArray[np.float64]] = np.array([\n{_lines(hidden)}\n]).reshape{hidden.shape}\n\n"
        f"OUTPUT: Final[NDArray[np.float64]] = np.array([\n{_lines(output)}\n]).reshape{output.shape}\n",
        encoding="utf-8",
    )


def _lines(weights: NDArray[np.float64]) -> str:
    numbers = [f"{number:.2f}," for number in weights.ravel()]
    return "\n".join("    " + " ".join(numbers[start : start + 13]) for start in range(0, len(numbers), 13))


def examples_in(folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    """Every picture as it is, changed in many ways, and with its lamp covered; painted heads; empty surfaces."""
    for truth, colour in enumerate(COLOURS):
        for path in sorted((folder / colour).iterdir()):
            picture = np.asarray(cv2.imread(str(path)), np.uint8)
            if path.name in UNLIT:
                yield picture, COLOURS, DARK, UNTOUCHED
                continue
            yield picture, COLOURS, truth, UNTOUCHED
            for _ in range(ROUNDS * (6 if colour == "yellow" else 1)):
                yield turned(changed(picture, rng), COLOURS, truth, rng)
            for _ in range(2):
                yield turned(changed(covered(picture, truth, rng), rng), COLOURS, DARK, rng)
    for _ in range(1500):
        truth = int(rng.integers(0, 4))
        yield turned(changed(painted(truth, rng), rng), COLOURS, truth, rng)
    for _ in range(1500):
        yield surface(rng), COLOURS, DARK, 1.0


def changed(picture: Picture, rng: np.random.Generator) -> Picture:
    """Another crop, light, tint, size and noise."""
    height, width = picture.shape[:2]
    cut = rng.uniform(-0.06, 0.06, 4) * (height, height, width, width)
    rows = np.linspace(cut[0], height - 1 + cut[1], height).clip(0, height - 1)
    columns = np.linspace(cut[2], width - 1 + cut[3], width).clip(0, width - 1)
    image = picture[rows.astype(int)][:, columns.astype(int)].astype(np.float32) / 255
    image = image ** rng.uniform(0.7, 2.5) * rng.uniform(0.5, 1.4) * rng.uniform(0.88, 1.12, 3)
    small = int(rng.integers(7, 40))
    image = cv2.resize(image, (small, max(18, small * height // width)), interpolation=cv2.INTER_AREA)
    image = image + rng.normal(0, rng.uniform(0, 0.05), image.shape)
    return np.asarray((image * 255).clip(0, 255), np.uint8)


def turned(picture: Picture, lamps: tuple[LampColour, ...], truth: int, rng: np.random.Generator) -> Example:
    """The head, its mirror image, or upside down with its lamps in the other order."""
    if rng.random() < 0.5:
        picture = np.ascontiguousarray(picture[:, ::-1])
    if rng.random() < 0.3:
        picture, lamps = np.ascontiguousarray(picture[::-1]), lamps[::-1]
    return picture, lamps, truth, 1.0


def covered(picture: Picture, lit: int, rng: np.random.Generator) -> Picture:
    """The head with its lit lamp's part, and the light around it, replaced by the part farthest from it."""
    height = len(picture)
    third = height // 3
    source = 2 if lit == 0 else 0 if lit == 2 else int(rng.choice([0, 2]))
    part = picture[source * third : (source + 1) * third]
    if lit == 1:
        return np.ascontiguousarray(np.vstack([part, part, part]))
    both = [part, part[::-1], part]
    return np.ascontiguousarray(np.vstack(both))


def painted(truth: int, rng: np.random.Generator) -> Picture:
    """A head at night or by day: discs with glow, or none."""
    width = 30
    image = np.full((90, width, 3), rng.uniform(0, 90)) * rng.uniform(0.8, 1.2, 3)
    rows, columns = np.mgrid[0:90, 0:width]
    for slot in range(3):
        far = np.hypot(rows - (slot * 30 + 15 + rng.uniform(-3, 3)), columns - width / 2 + rng.uniform(-2, 2))
        if slot == truth:
            tint = np.array(PAINT[COLOURS[slot]]) * rng.uniform(0.75, 1.0, 3)
            light = np.exp(-((far / rng.uniform(7, 13)) ** 2))[..., None] * rng.uniform(0.7, 2.0)
            image = image + light * tint + 60 * np.clip(light - 1, 0, None) * rng.uniform(0, 3)
        else:
            image = image + (far < 10)[..., None] * rng.uniform(-10, 25)
    return np.asarray(image.clip(0, 255), np.uint8)


def surface(rng: np.random.Generator) -> Picture:
    """What stands before a head or where there is none: coloured planes with an edge and grain, no lamp."""
    image = np.zeros((60, 20, 3)) + rng.uniform(0, 255, 3)
    edge = int(rng.integers(0, 60))
    if rng.random() < 0.5:
        image[edge:] = rng.uniform(0, 255) * rng.uniform(0.8, 1.2, 3)
    image = image + rng.normal(0, rng.uniform(0, 20), image.shape)
    return np.asarray(cv2.GaussianBlur(image, (5, 5), 1.5).clip(0, 255), np.uint8)


def fitted(
    figures: NDArray[np.float64], truth: NDArray[np.int64], weight: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights of the hidden and the output layer, by Adam (Kingma and Ba 2015) on batches."""
    known = np.array([known_of(row) for row in figures])
    wanted = np.eye(len(COLOURS) + 1)[truth]
    share = weight * PRIOR[truth] / np.bincount(truth, weights=weight)[truth]
    share /= share.sum()
    layers = [rng.normal(0, 0.5, (known.shape[1], UNITS)), rng.normal(0, 0.3, (UNITS + 1, wanted.shape[1]))]
    first, second = [np.zeros_like(layer) for layer in layers], [np.zeros_like(layer) for layer in layers]
    for step in range(1, STEPS + 1):
        batch = rng.choice(len(known), 2048, p=share)
        inner = np.c_[np.tanh(known[batch] @ layers[0]), np.ones(len(batch))]
        score = inner @ layers[1]
        score = np.exp(score - score.max(axis=1, keepdims=True))
        slope = (score / score.sum(axis=1, keepdims=True) - wanted[batch]) / len(batch)
        back = (slope @ layers[1][:-1].T) * (1 - inner[:, :-1] ** 2)
        for place, pull in enumerate((known[batch].T @ back, inner.T @ slope)):
            gradient = pull + 1e-5 * layers[place]
            first[place] = 0.9 * first[place] + 0.1 * gradient
            second[place] = 0.999 * second[place] + 0.001 * gradient**2
            rate = 0.02 * (1 - step / STEPS) + 0.0005
            moved = first[place] / (1 - 0.9**step) / (np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8)
            layers[place] = layers[place] - rate * moved
    return layers[0], layers[1]


if __name__ == "__main__":
    main()

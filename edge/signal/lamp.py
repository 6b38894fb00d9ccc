"""The lit lamp in a picture of a signal head.

Colour and place are judged together: for each colour the excess of that colour in and around its lamp's place over the
median of the region, the same excess away from it, and the brightness of the place over the rest. A small network
over these figures (one hidden layer, `tools/fit_lamps.py`) gives the probability of red, yellow, green and of no lamp.
Excess over the median makes it stand tints of the sky, the hour and the camera; the rim of a lamp that is over-exposed
to white still has its colour.
"""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from contracts.signals import SignalState
from edge.signal.lamp_weights import HIDDEN, OUTPUT

LampColour = Literal["red", "yellow", "green"]
Layout = Literal["vertical", "horizontal"]

COLOURS: Final[tuple[LampColour, ...]] = ("red", "yellow", "green")
SURE = 0.5  # probability below which nothing is said
DOUBT = 0.25  # probability of a second colour above which nothing is said
GLARE_SHARE = 0.9  # of pixels at the sensor's limit
LEAST_PX = 6  # on the shorter side; smaller regions cannot be read
ACROSS = 15  # pixels a head is reduced to across its lamps
PER_LAMP = 15  # and along them, for each lamp
SCALE = 20.0  # of the figures, grey levels: about what noise and tint give
BRIGHT = 250
FIGURES = 7  # a colour


@dataclass(frozen=True, slots=True)
class LampReading:
    """What one picture of a head shows.

    Attributes:
        state: `off` a head that can be seen and has no lamp lit; `unknown` glare, too small, or not clear which lamp.
        confidence: probability of the state, 0..1.
    """

    state: SignalState
    confidence: float


def read_lamp(
    picture: NDArray[np.uint8], lamps: tuple[LampColour, ...] = COLOURS, layout: Layout = "vertical"
) -> LampReading:
    """Reads the picture of a head's lamps.

    Args:
        picture: (H, W, 3), BGR; the head's region, little around it.
        lamps: colours in order, from the top, or from the left where the layout is horizontal.
        layout: how the lamps stand.
    """
    if min(picture.shape[:2]) < LEAST_PX:
        return LampReading("unknown", 0.0)
    upright = upright_of(picture, len(lamps), layout)
    if float((upright.min(axis=2) >= BRIGHT).mean()) >= GLARE_SHARE:
        return LampReading("unknown", 0.0)
    return _reading(chances_of(figures_of(upright, lamps)), lamps)


def upright_of(picture: NDArray[np.uint8], lamps: int, layout: Layout) -> NDArray[np.float32]:
    """The head at a fixed size, first lamp on top, as float32."""
    if layout == "horizontal":
        picture = np.ascontiguousarray(picture.transpose(1, 0, 2))
    small = cv2.resize(picture, (ACROSS, PER_LAMP * lamps), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32)


def figures_of(upright: NDArray[np.float32], lamps: tuple[LampColour, ...]) -> NDArray[np.float64]:
    """Seven figures a colour, grey levels; zeros for a colour the head does not have.

    Excess near its place (highest tenth, and highest 3 %) and elsewhere; brightness of the place over the rest, of the
    brightest and of the darkest channel; excess and brightness of the middle of the place over its sides: a lamp is
    round, a bus is not.
    """
    middle = upright[:, 1:-1]
    value, least = middle.max(axis=2), middle.min(axis=2)
    place = (np.arange(len(middle)) + 0.5) / PER_LAMP
    figures = np.zeros((len(COLOURS), FIGURES))
    for slot, colour in enumerate(lamps):
        excess = excess_of(middle, colour)
        # Against brown housings the median counts; against blue ones nothing that is white becomes a colour.
        excess = np.minimum(excess, excess - np.median(excess))
        near = (place > slot - 0.3) & (place < slot + 1.3)
        core = (place > slot + 0.1) & (place < slot + 0.9)
        figures[COLOURS.index(colour)] = (
            _top(excess[near], 0.1),
            _top(excess[~near], 0.1),
            _top(value[core][:, 3:-3], 0.3) - np.median(value[~core][:, 3:-3]),
            _middle_over_sides(excess[core]),
            _top(excess[near], 0.03),
            least[core][:, 4:-4].mean() - least[~core][:, 4:-4].mean(),
            _middle_over_sides(value[core]),
        )
    return figures.ravel()


def excess_of(pixels: NDArray[np.float32], colour: LampColour) -> NDArray[np.float32]:
    """How much more of a lamp's colour a BGR pixel has than grey would, grey levels."""
    blue, green, red = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    if colour == "red":
        # Orange has more green than blue; red has not.
        excess = red - np.maximum(green, blue) - 0.5 * np.clip(green - blue, 0, None)
    elif colour == "yellow":
        excess = np.minimum(red, green) - blue + 0.5 * np.clip(red - green, 0, None) * (green > blue + 10)
    else:
        # Lamps are seen from yellowish green to cyan, but a blue sky is not green.
        excess = np.minimum(2 * green - red - blue, 2 * (green - red))
    return np.asarray(excess, np.float32)


def known_of(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the network is given: figures in units of noise and tint, large ones drawn together, and a constant."""
    return np.append(np.arcsinh(figures / SCALE) / 2, 1.0)


def chances_of(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of red, yellow, green and no lamp."""
    inner = np.tanh(known_of(figures) @ HIDDEN)
    score = np.append(inner, 1.0) @ OUTPUT
    score = np.exp(score - score.max())
    return np.asarray(score / score.sum())


def _reading(chances: NDArray[np.float64], lamps: tuple[LampColour, ...]) -> LampReading:
    best = int(chances.argmax())
    chance = float(chances[best])
    if best == len(COLOURS):
        return LampReading("off" if chance >= SURE else "unknown", chance)
    colour = COLOURS[best]
    second = max(float(chances[other]) for other in range(len(COLOURS)) if other != best)
    if chance < SURE or second > DOUBT or colour not in lamps:
        return LampReading("unknown", chance)
    return LampReading(colour, chance)


def _middle_over_sides(place: NDArray[np.float32]) -> float:
    return float(place[:, 4:-4].mean() - min(place[:, :2].mean(), place[:, -2:].mean()))


def _top(values: NDArray[np.float32], share: float) -> float:
    """Mean of the highest share of the values."""
    flat = values.ravel()
    count = max(1, int(flat.size * share))
    return float(np.partition(flat, flat.size - count)[-count:].mean())

"""How good a calibration is, in words and in figures, for `giaolo scene validate` and `show`."""

import math
from typing import Any

from edge.scene.ground import Ground
from edge.scene.outline import Outline


def verdict(ground: Ground) -> list[str]:
    """How good the calibration is, in words: residual, worst point, camera, whether speeds are possible."""
    found = ground.residuals
    if found.rms is None:
        words = [f"calibration: 4 points always fit; known to about {ground.error_m:.2f} m"]
    else:
        words = [
            f"calibration: {len(found.each)} points, residual {found.rms:.2f} m",
            f"worst point {found.worst}: {found.each[found.worst]:.2f} m off",
        ]
        if found.leave_one_out is not None and len(found.each) - len(found.outliers) > 5:
            words.append(f"each point by the others: {found.leave_one_out:.2f} m")
    if found.outliers:
        words.append(f"left out, does not fit the others: {', '.join(f'point {n}' for n in found.outliers)}")
    camera = Outline(ground).camera
    if camera is not None:
        words.append(f"camera about {camera[2]:.1f} m above the road")
    words.append("speeds: yes, in the valid region" if ground.is_good else f"speeds: no; {ground.reason}")
    return words


def figures(ground: Ground) -> dict[str, Any]:
    """The same for scripts. Metres; `residual_m` is null with four points, which always fit."""
    found = ground.residuals
    camera = Outline(ground).camera
    return {
        "points": len(found.each),
        "residual_m": _rounded(found.rms),
        "leave_one_out_m": _rounded(found.leave_one_out),
        "error_m": _rounded(ground.error_m),
        "worst_point": found.worst if found.rms is not None else None,
        "residuals_m": [_rounded(metres) for metres in found.each],
        "outliers": list(found.outliers),
        "camera_height_m": _rounded(camera[2] if camera else None),
        "speeds": ground.is_good,
        "reason": ground.reason,
    }


def _rounded(metres: float | None) -> float | None:
    return None if metres is None or not math.isfinite(metres) else round(metres, 3)

"""Assignment of least cost (Crouse, "On implementing 2D rectangular assignment algorithms", 2016), SciPy's.

Only the one compiled module is loaded: all of `scipy.optimize` is 45 MiB and half a second that a node has no use for.
"""

import importlib.util
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

Assign = Callable[[NDArray[np.float64]], tuple[NDArray[np.int64], NDArray[np.int64]]]
_MODULE = "scipy.optimize._lsap"


def _alone() -> Assign | None:
    """The function out of its own file; None where this SciPy has it elsewhere."""
    scipy = importlib.util.find_spec("scipy")
    for folder in (scipy.submodule_search_locations or ()) if scipy else ():
        for suffix in EXTENSION_SUFFIXES:
            path = Path(folder) / "optimize" / f"_lsap{suffix}"
            spec = importlib.util.spec_from_file_location(_MODULE, path, loader=ExtensionFileLoader(_MODULE, str(path)))
            if path.is_file() and spec is not None and spec.loader is not None:
                module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
                return cast("Assign | None", getattr(module, "linear_sum_assignment", None))
    return None


def _whole() -> Assign:
    from scipy.optimize import linear_sum_assignment

    return cast("Assign", linear_sum_assignment)


linear_sum_assignment: Assign = _alone() or _whole()
"""Rows, in order, and columns of the pairs of least total cost of a (N, M) matrix. ValueError for NaN in it."""

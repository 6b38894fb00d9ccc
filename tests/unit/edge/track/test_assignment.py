"""Assignment of least cost without the whole of SciPy."""

import subprocess
import sys

import numpy as np
import pytest
import scipy.optimize

from edge.track import assignment
from edge.track.assignment import linear_sum_assignment


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3), (40, 40), (0, 4), (4, 0)])
def test_it_is_scipys(shape: tuple[int, int]) -> None:
    """The same pairs, also where costs are equal."""
    rng = np.random.default_rng(1)
    for cost in (rng.random(shape), rng.integers(0, 3, shape).astype(np.float64)):
        rows, columns = linear_sum_assignment(cost)
        known_rows, known_columns = scipy.optimize.linear_sum_assignment(cost)
        assert rows.tolist() == known_rows.tolist()
        assert columns.tolist() == known_columns.tolist()


def test_what_is_no_number_is_refused() -> None:
    """It would be assigned somewhere."""
    with pytest.raises(ValueError, match="invalid"):
        linear_sum_assignment(np.array([[np.nan]]))


def test_a_scipy_that_has_it_elsewhere_is_loaded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slower and larger, but it works."""
    monkeypatch.setattr(assignment, "EXTENSION_SUFFIXES", [".nowhere"])
    assert assignment._alone() is None
    assert assignment._whole() is scipy.optimize.linear_sum_assignment


def test_a_node_does_not_load_the_whole() -> None:
    """45 MiB on every cabinet's machine."""
    code = "import sys, edge.node; sys.exit('scipy.optimize' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

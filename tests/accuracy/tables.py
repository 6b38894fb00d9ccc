"""Figures of a run, kept for `tests.accuracy.report`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

Row = dict[str, object]


def rows_into(table: Path, line: Callable[[Row], str] = str) -> Iterator[list[Row]]:
    """For a fixture: rows of this run; written and printed at the end, also when a test failed."""
    rows: list[Row] = []
    yield rows
    table.parent.mkdir(exist_ok=True)
    table.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    for row in rows:
        print(f"\n{line(row)}", end="")

"""Fails when a Python module is longer than 500 lines: it does more than one thing."""

import sys
from pathlib import Path

LIMIT = 500
ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("giaolo", "contracts", "edge", "ingest", "models", "tests", "tools", "bench")


def main() -> int:
    """Prints every module over the limit; 1 when there is one."""
    too_long = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LIMIT:
                too_long.append(f"{path.relative_to(ROOT)}: {lines} lines, at most {LIMIT}")
    print("\n".join(too_long) or f"sizes: no module over {LIMIT} lines")
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())

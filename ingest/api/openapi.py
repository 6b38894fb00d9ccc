"""Writes the API's description, from which the dashboard's types are made.

python -m ingest.api.openapi > docs/reference/openapi.json
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from ingest.centre import Centre
from ingest.config import CentreConfig


def document() -> dict[str, Any]:
    """The OpenAPI document of this version."""
    with tempfile.TemporaryDirectory() as folder:
        centre = Centre(CentreConfig(data=Path(folder)))
        try:
            return centre.app.openapi()
        finally:
            centre.stop()


def as_text() -> str:
    """As it is kept in docs/reference/openapi.json."""
    return json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text())

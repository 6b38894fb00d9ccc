"""What every test may ask for: shared samples, and parts of the world that must not be missing on CI."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("shared-cores", deadline=None)  # how long one example takes depends on who else is running
settings.load_profile("shared-cores")

pytest_plugins = ["tests.leftovers"]
REQUIRED = frozenset(filter(None, os.environ.get("GIAOLO_REQUIRE", "").split(",")))
ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("GIAOLO_SHARED", ROOT.parent / "shared")).resolve()


def missing(part: str, reason: str) -> None:
    """Skips the test, or fails it where `GIAOLO_REQUIRE` names the part (rtsp, kafka, postgres, browser, mqtt)."""
    if part in REQUIRED:
        pytest.fail(f"{part} is required here: {reason}")
    pytest.skip(f"{part}: {reason}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of shared material; skips where it is not."""
    if not SHARED.is_dir():
        pytest.skip(f"shared material is not at {SHARED}; set GIAOLO_SHARED")
    return SHARED


@pytest.fixture(scope="session")
def clips(shared: Path) -> Path:
    """Folder of sample clips."""
    return shared / "samples" / "clips"

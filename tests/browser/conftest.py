"""The real product for the browser: a demo with one clip that raises alerts and one camera that does not exist."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, missing
from tests.integration.demo_process import RunningDemo, running_demo

DASHBOARD = ROOT / "dashboard"
NO_CAMERA = "rtsp://127.0.0.1:1/none"
WITH_NODE = ROOT / "tools" / "with-node"


def chromium() -> str:
    """Path of Chromium; skips, or fails on CI, where it is not."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        missing("browser", "no Chromium: apt-get install chromium")
        raise AssertionError
    return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, clips: Path) -> Iterator[RunningDemo]:
    """A running demo; its dashboard must be built."""
    chromium()
    if subprocess.run([WITH_NODE, "node", "--version"], capture_output=True, check=False).returncode != 0:
        missing("browser", "no Node.js 20.19 or later: tools/setup --dev")
    if not (DASHBOARD / "node_modules" / "playwright-core").is_dir():
        missing("browser", "no test packages: npm --prefix dashboard ci")
    if not (DASHBOARD / "dist" / "index.html").is_file():
        missing("browser", "the dashboard is not built: npm --prefix dashboard run build")
    with running_demo(tmp_path_factory.mktemp("browser"), [str(clips / "pedestrians.avi"), NO_CAMERA]) as running:
        yield running
        running.stop()


@pytest.fixture
def run_spec(demo: RunningDemo) -> Callable[[str], None]:
    """Runs one file of browser tests against the demo; its report is the failure's message."""

    def run(name: str) -> None:
        first = demo.first_line
        done = subprocess.run(
            [WITH_NODE, "node", "--test-reporter=spec", Path(__file__).with_name(name)],
            env={
                **environment(),
                "GIAOLO_URL": first["url"],
                "GIAOLO_USERNAME": first["username"],
                "GIAOLO_PASSWORD": first["password"],
                "GIAOLO_CHROMIUM": chromium(),
            },
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert done.returncode == 0, f"\n{done.stdout[-8000:]}\n{done.stderr[-2000:]}"

    return run


def environment() -> dict[str, str]:
    """This process's environment without proxies: the browser must reach 127.0.0.1 and nothing else."""
    return {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}

"""The environment with torch and Ultralytics (AGPL-3.0): in the cache, made once, by uv or pip; 6 GB.

`UV_TORCH_BACKEND=cpu` in the environment gives torch without CUDA, a fifth of it, where its own index can be reached.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from models.cache import cache_folder
from models.errors import ExportError

# `lap`: Ultralytics fetches it by itself when it first tracks, which ends the process that asked.
REQUIREMENTS = ("torch>=2.6", "ultralytics>=8.4.190,<9", "onnx>=1.17", "onnxruntime>=1.20", "lap>=0.5.12")
LAST_LINES = 12


def environment(say: Callable[[str], None], folder: Path | None = None) -> Path:
    """Its Python, made first where it is not there or asks for other packages now.

    Args:
        say: told before the minutes it takes.
        folder: where; in the cache by default.

    Raises:
        ExportError: it cannot be made; with what the installer said last.
    """
    folder = folder or cache_folder() / "export"
    python, mark = folder / "bin" / "python", folder / "giaolo.requirements"
    wanted = "\n".join(REQUIREMENTS)
    if python.exists() and mark.is_file() and mark.read_text(encoding="utf-8") == wanted:
        return python
    say(f"making an environment with torch and Ultralytics (AGPL-3.0) in {folder}: some minutes, 6 GB")
    uv = shutil.which("uv")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for command in _uv(uv, folder, version) if uv else _pip(folder):
        _run(command)
    mark.write_text(wanted, encoding="utf-8")
    return python


def _uv(uv: str, folder: Path, version: str) -> Sequence[Sequence[str]]:
    install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), *REQUIREMENTS]
    return [uv, "venv", "--quiet", "--clear", "--python", version, str(folder)], install


def _pip(folder: Path) -> Sequence[Sequence[str]]:
    install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *REQUIREMENTS]
    return [sys.executable, "-m", "venv", "--clear", str(folder)], install


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ExportError(f"{command[0]}: cannot be run ({error.strerror or type(error).__name__})") from None
    if done.returncode:
        raise ExportError(f"{' '.join(command[:3])} … failed:\n{last_lines(done.stderr or done.stdout)}")


def last_lines(text: str) -> str:
    """What a program said last; what is wrong stands there."""
    return "\n".join(text.strip().splitlines()[-LAST_LINES:])

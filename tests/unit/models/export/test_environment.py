"""The environment with torch is made once, by whatever installer is here; what it says last is told when it fails."""

from pathlib import Path

import pytest

from models.errors import ExportError
from models.export import environment as module
from models.export.environment import REQUIREMENTS, environment

UV = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/asked"
if [ "$1" = venv ]; then
    for folder; do :; done
    mkdir -p "$folder/bin" && touch "$folder/bin/python"
fi
"""


@pytest.fixture(name="tools")
def _tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH besides the shell's own, with an installer that writes down what it is asked."""
    folder = tmp_path / "tools"
    folder.mkdir()
    installer(folder, UV)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def installer(folder: Path, script: str) -> None:
    (folder / "uv").write_text(script, encoding="utf-8")
    (folder / "uv").chmod(0o755)


def test_it_is_made_once(tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes and gigabytes: only when it is not there, or other packages are wanted than it was made with."""
    said: list[str] = []
    folder = tmp_path / "cache" / "export"
    for _ in range(2):
        assert environment(said.append, folder) == folder / "bin" / "python"
    asked = (tools / "asked").read_text(encoding="utf-8").splitlines()
    assert len(asked) == 2
    assert asked[1].endswith(" ".join(REQUIREMENTS))
    assert len(said) == 1
    assert "AGPL-3.0" in said[0]
    monkeypatch.setattr(module, "REQUIREMENTS", ("torch>=3",))
    environment(said.append, folder)
    assert (tools / "asked").read_text(encoding="utf-8").splitlines()[-1].endswith("torch>=3")


def test_what_the_installer_says_last_is_told(tmp_path: Path, tools: Path) -> None:
    """No room, no network; and the next try makes it anew."""
    installer(
        tools, "#!/bin/sh\nfor line in $(seq 30); do echo $line >&2; done\necho no space left on device >&2\nexit 1\n"
    )
    with pytest.raises(ExportError, match=r"uv venv --quiet … failed:\n20\n(.*\n)*no space left on device"):
        environment(lambda _: None, tmp_path / "export")
    installer(tools, UV.replace('if [ "$1" = venv ]', '[ "$1" = pip ] && exit 3\nif [ "$1" = venv ]'))
    for _ in range(2):
        with pytest.raises(ExportError, match="uv pip install … failed"):
            environment(lambda _: None, tmp_path / "export")
    installer(tools, UV)
    assert environment(lambda _: None, tmp_path / "export").exists()


def test_an_installer_that_cannot_be_run(tmp_path: Path, tools: Path) -> None:
    """Of another kind of machine."""
    installer(tools, "\x7fELF")
    with pytest.raises(ExportError, match="uv: cannot be run"):
        environment(lambda _: None, tmp_path / "export")

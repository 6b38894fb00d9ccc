"""deploy/kafka/kafka.sh used wrongly says what is wrong and touches nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.integration.kafka_broker import SCRIPT


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(SCRIPT), *arguments], capture_output=True, text=True, timeout=20, check=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "usage: kafka.sh"),
        (("fly",), "usage: kafka.sh"),
        (("start", "--speed", "9"), "unknown argument --speed"),
        (("start", "--port"), "--port needs a value"),
        (("start", "--port", "many"), "--port must be a number"),
        (("start", "--port", "99999"), "--port must be a number"),
        (("start", "--scram"), "--scram needs a value"),
        (("start", "--scram", "/nowhere/users"), "cannot be read"),
        (("start", "--controller-port", "x"), "--controller-port must be a number"),
        (("start", "--properties", "/nowhere"), "/nowhere cannot be read"),
    ],
)
def test_wrong_use_exits_2_with_words(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_nothing_running_is_told(tmp_path: Path) -> None:
    assert call("status", "--data", str(tmp_path)).returncode == 1
    stopped = call("stop", "--data", str(tmp_path))
    assert (stopped.returncode, stopped.stdout.strip()) == (0, "not running")
    assert call("help").returncode == 0


def test_pid_of_a_stranger_is_not_killed(tmp_path: Path) -> None:
    """A stale pid file after a reboot may name any process."""
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (tmp_path / "kafka.pid").write_text(str(stranger.pid))
        assert call("kill", "--data", str(tmp_path)).stdout.strip() == "not running"
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()

"""`giaolo cameras`: what a person gets wrong is said before anything is written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.errors import GiaoloError
from edge.cli_cameras import cameras_app, kafka_link
from edge.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_link_of_a_nodes_or_a_centres_file_is_used(tmp_path: Path) -> None:
    """Whatever else stands in the file."""
    text = "kafka: {bootstrap: 'h:9092', client_id: x, group: y, tls: {ca: ca.pem}}\nbus: kafka\nnode: n\n"
    link = kafka_link(write(tmp_path, text))
    assert link.bootstrap == "h:9092"
    assert link.tls is not None
    assert link.tls.ca == tmp_path / "ca.pem"


@pytest.mark.parametrize("text", ["", "kafka: h:9092", "node: n", "kafka: {bootstrap: h}", "kafka: [", "- 1"])
def test_a_file_without_a_link_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"file\.yaml.*(kafka|YAML)"):
        kafka_link(write(tmp_path, text))


@pytest.mark.parametrize("words", [["list"], ["remove", "a"], ["pin", "a", "--node", "n"], ["unpin", "a"]])
def test_a_cluster_that_is_not_there_says_so(tmp_path: Path, words: list[str]) -> None:
    config = write(tmp_path, "kafka: {bootstrap: '127.0.0.1:1'}\n")
    done = CliRunner().invoke(cameras_app, [*words, "--config", str(config)])
    assert isinstance(done.exception, GiaoloError)
    assert "Kafka at 127.0.0.1:1 not reachable" in str(done.exception)


def test_a_wrong_file_of_cameras_is_refused_before_kafka_is_asked(tmp_path: Path) -> None:
    config = write(tmp_path, "kafka: {bootstrap: '127.0.0.1:1'}\n")
    cameras = tmp_path / "cameras.yaml"
    cameras.write_text("site: d\ncameras: [{id: a, url: 'rtsp://u:s3cret@h/x'}]\n")
    done = CliRunner().invoke(cameras_app, ["apply", str(cameras), "--config", str(config)])
    assert isinstance(done.exception, ConfigError)
    assert "holds a user or password" in str(done.exception)
    assert "s3cret" not in str(done.exception)

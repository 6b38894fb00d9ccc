"""The node file: what a person gets wrong in it is named with its path, and no secret is repeated."""

from pathlib import Path

import pytest

from edge.config import load_node_config
from edge.errors import ConfigError

GOOD = """
version: 1
node: cabinet-12
data: data
cameras:
  - id: le-loi
    url: rtsp://admin:s3cret-word@192.0.2.10/stream2
    scene: le-loi.yaml
kafka: {bootstrap: "127.0.0.1:9092"}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "node.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load_node_config(write(tmp_path, GOOD))

    assert config.data == tmp_path / "data"
    assert config.cameras[0].scene == tmp_path / "le-loi.yaml"


def test_password_is_not_in_the_repr(tmp_path: Path) -> None:
    assert "s3cret-word" not in repr(load_node_config(write(tmp_path, GOOD)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD.replace("node: cabinet-12", "node: 'cabinet 12'"), ["node:"]),
        (GOOD.replace("cameras:", "camras:"), ["camras", "cameras: Field required"]),
        (GOOD + "detect: {width: 641}\n", ["detect.width", "multiple of 32"]),
        (GOOD + "detect: {confidence: 25}\n", ["detect.confidence", "less than 1"]),
        (GOOD + "detect: {fps: 12, max_fps: 10}\n", ["detect", "fps 12, max_fps 10", "at most the next"]),
        (GOOD + "detect: {max_fps: soon}\n", ["detect.max_fps", "number"]),
        (GOOD + "detect: {workers: 0}\n", ["detect.workers", "greater than or equal to 1"]),
        (
            GOOD.replace("  - id: le-loi\n", "  - {id: le-loi, url: a}\n  - id: le-loi\n"),
            ["'le-loi' stands twice"],
        ),
        (GOOD.replace("    url", "    stream: {backoff_min_s: 40}\n    url"), ["cameras.0.stream", "backoff_max_s"]),
        ("cameras: [", ["is not YAML"]),
        ("just words", ["(whole file)"]),
        ("", ["(whole file)"]),
    ],
)
def test_nonsense_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_node_config(write(tmp_path, text))

    message = str(caught.value)
    assert "node.yaml" in message
    for word in words:
        assert word in message
    assert "s3cret-word" not in message


@pytest.mark.parametrize(
    ("written", "rates"),
    [
        ("{}", (2, 5, 10)),
        ("{max_fps: 4}", (2, 4, 4)),
        ("{max_fps: 1}", (1, 1, 1)),
        ("{fps: 15}", (2, 15, 15)),
        ("{min_fps: 7}", (7, 7, 10)),
        ("{min_fps: 1, fps: 3, max_fps: 20}", (1, 3, 20)),
    ],
)
def test_rates_that_are_not_written_give_way(tmp_path: Path, written: str, rates: tuple[float, ...]) -> None:
    """Files from before there were three rates have `max_fps` alone."""
    detect = load_node_config(write(tmp_path, f"{GOOD}detect: {written}\n")).detect
    assert (detect.min_fps, detect.fps, detect.max_fps) == rates


SHARED = """
node: cabinet-12
data: data
site: district-1
cameras: kafka
credentials: {gate: {user: admin, password: s3cret-word}}
kafka: {bootstrap: "127.0.0.1:9092"}
"""


def test_a_node_of_a_site_gets_its_cameras_from_kafka(tmp_path: Path) -> None:
    """It keeps running them when Kafka is gone, unless told otherwise."""
    config = load_node_config(write(tmp_path, SHARED))
    assert config.shares_cameras
    assert config.cameras == ()
    assert config.on_kafka_loss == "keep"
    assert "s3cret-word" not in repr(config)
    assert not load_node_config(write(tmp_path, GOOD)).shares_cameras


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SHARED.replace("site: district-1\n", ""), "site: NAME"),
        (SHARED.replace('kafka: {bootstrap: "127.0.0.1:9092"}', ""), "kafka: {bootstrap"),
        (SHARED.replace("cameras: kafka", "cameras: []"), "the word kafka"),
        (SHARED.replace("cameras: kafka", "cameras: kafak"), "the word kafka"),
        (SHARED.replace("cameras: kafka", "cameras:"), "the word kafka"),
        (SHARED.replace("site: district-1", "site: 'district 1'"), "site"),
        (SHARED + "on_kafka_loss: wait\n", "on_kafka_loss"),
        (SHARED.replace("user: admin, ", ""), "credentials.gate.user"),
    ],
)
def test_nonsense_about_a_site_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_node_config(write(tmp_path, text))
    assert words in str(caught.value)
    assert "s3cret-word" not in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_node_config(tmp_path / "none.yaml")


def test_a_picture_instead_of_a_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "node.yaml"
    path.write_bytes(b"\xff\xd8\xff\xe0\x80\x81")

    with pytest.raises(ConfigError, match="not UTF-8"):
        load_node_config(path)


def test_a_signal_feed_is_a_file_beside_the_node_file_or_a_topic(tmp_path: Path) -> None:
    """A text alone is enough; the password does not show."""
    path = tmp_path / "node.yaml"
    path.write_text(
        "node: n\ndata: d\ncameras:\n"
        "  - {id: a, url: a.mp4, signal_feed: signals.jsonl}\n"
        "  - {id: b, url: b.mp4, signal_feed: {url: 'mqtts://u:secret@h/t/1', ca: ca.pem, stale_s: 10}}\n"
    )
    first, second = (camera.signal_feed for camera in load_node_config(path).cameras)
    assert first is not None
    assert second is not None
    assert first.file == tmp_path / "signals.jsonl"
    assert second.file is None
    assert second.ca == tmp_path / "ca.pem"
    assert "secret" not in repr(second)


@pytest.mark.parametrize("url", ["", "http://h/t", "mqtt://h", "mqtt:///t", "mqtt://h:99999/t", "mqtt://h:0/t"])
def test_a_signal_feed_that_is_no_address(tmp_path: Path, url: str) -> None:
    """The path of the fault and what is expected."""
    path = tmp_path / "node.yaml"
    path.write_text(f"node: n\ndata: d\ncameras:\n  - {{id: a, url: a.mp4, signal_feed: '{url}'}}\n")
    with pytest.raises(ConfigError, match=r"(?s)cameras.0.signal_feed.*expected mqtt://"):
        load_node_config(path)

"""A camera's record: what is in Kafka holds no password, and nonsense is refused with words."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.camera import CameraRecord
from edge.scene.load import default_scene, load_scene
from tests.conftest import ROOT

GOOD: dict[str, Any] = {
    "camera": "le-loi",
    "site": "district-1",
    "url": "rtsp://192.0.2.10/stream2",
    "credentials": "gate",
    "scene": default_scene().model_dump(mode="json", exclude_none=True),
}


def test_a_record_is_the_same_after_kafka() -> None:
    record = CameraRecord.model_validate(GOOD)
    assert CameraRecord.from_json(record.to_json()) == record
    assert record.scene == default_scene()


@pytest.mark.parametrize("path", sorted((ROOT / "deploy" / "samples").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_scene_is_the_same_after_kafka(path: Path) -> None:
    """A rule that is off stays off: in a scene file a rule that is named without parameters is on."""
    record = CameraRecord.model_validate({"camera": "a", "site": "b", "url": "c.mp4", "scene": load_scene(path)})
    assert CameraRecord.from_json(record.to_json()).scene == load_scene(path)


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://192.0.2.10/stream2",
        "rtsps://cam.example:322/a?channel=1&subtype=0",
        "rtsp://192.0.2.10/user={user}_password={password}_channel=1",
        "/srv/clips/street.mp4",
        "file:///srv/a.mp4",
    ],
)
def test_addresses_that_are_good(url: str) -> None:
    assert CameraRecord.model_validate(GOOD | {"url": url}).url == url


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"url": "rtsp://admin:s3cret@192.0.2.10/x"}, "user or password before the host"),
        ({"url": "rtsp://admin@192.0.2.10/x"}, "user or password before the host"),
        ({"url": "rtsp://a:s3/cret@192.0.2.10/x"}, "user or password before the host"),
        ({"url": "rtsp://h/x?user=a&password=s3cret"}, r"write {password} there"),
        ({"url": "rtsp://h/user=admin_password=s3cret_channel=1"}, r"write {password} there"),
        ({"url": "rtsp://h/x?pwd=s3cret"}, r"write {password} there"),
        ({"url": "http://192.0.2.10/x"}, "expected rtsp://"),
        ({"url": "rtsp://h/a b"}, "holds a space"),
        ({"url": ""}, "url"),
        ({"url": "rtsp://h/{password}", "credentials": None}, "name the entry"),
        ({"camera": "le loi"}, "camera"),
        ({"site": "../d1"}, "site"),
        ({"node": ""}, "node"),
        ({"version": 2}, "version"),
        ({"password": "s3cret"}, "password: Extra inputs"),
        ({"stream": {"backoff_min_s": 40}}, "backoff_max_s"),
        ({"scene": {"version": 1}}, "scene.scene_version"),
        ({"signal_feed": {"url": "mqtt://u:s3cret@h/t"}}, "signal_feed.url"),
        ({"signal_feed": {"url": "http://h/t"}}, "expected mqtt://"),
    ],
)
def test_nonsense_is_named_and_no_password_repeated(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        CameraRecord.from_json(json.dumps(GOOD | changed).encode())
    assert words in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("value", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"camera": "a"}'])
def test_a_value_that_is_no_record(value: bytes) -> None:
    with pytest.raises(ValueError, match=r"whole file|site|camera"):
        CameraRecord.from_json(value)

"""Addresses as people type them."""

from pathlib import Path

import pytest

from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.address import CameraAddress, FileAddress, parse_address


def test_a_camera_with_everything() -> None:
    address = parse_address(" rtsp://op:p%40ss%3Aw@[2001:db8::7]:8554/cam?channel=1&password=zzz ")
    assert isinstance(address, CameraAddress)
    assert (address.host, address.port) == ("2001:db8::7", 8554)
    assert (address.user, address.password) == ("op", "p@ss:w")
    assert str(address) == "rtsp://[2001:db8::7]:8554/cam?channel=1&password=***"


def test_representation_holds_no_password() -> None:
    assert "s3cret" not in repr(parse_address("rtsp://op:s3cret@10.0.0.7/cam"))


@pytest.mark.parametrize(("text", "port"), [("rtsp://h/x", 554), ("rtsps://h/x", 322), ("rtsp://h:1/x", 1)])
def test_ports(text: str, port: int) -> None:
    address = parse_address(text)
    assert isinstance(address, CameraAddress)
    assert address.port == port


@pytest.mark.parametrize(
    ("text", "path"), [("/v/a b.mp4", "/v/a b.mp4"), ("file:///v/a%20b.mp4", "/v/a b.mp4"), ("v.mp4", "v.mp4")]
)
def test_files(text: str, path: str) -> None:
    assert parse_address(text) == FileAddress(Path(path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\x00",
        "http://op:s3cret@10.0.0.7/video.mjpg",
        "concat://etc",
        "rtsp://",
        "rtsp://op:s3cret@/cam",
        "rtsp://op:s3c/ret@10.0.0.7/cam",
        "rtsp://10.0.0.7:99999/cam",
        "rtsp://10.0.0.7:s3cret/cam",
        "rtsp://10.0.0.7/a b",
        "rtsp://[::1/cam",
    ],
)
def test_nonsense_is_refused_with_words_and_without_secrets(text: str) -> None:
    with pytest.raises(StreamError) as caught:
        parse_address(text)
    assert caught.value.reason is Reason.BAD_ADDRESS
    assert "rtsp://" in str(caught.value)
    assert "s3c" not in str(caught.value)

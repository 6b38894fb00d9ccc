"""A password in a log is a password on the street."""

import pytest

from edge.stream.redact import redact


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://op:s3cret@10.0.0.7/cam",
        "RTSP://op:s3cret@cam.example:8554/a/b?x=1",
        "[Errno 111] Connection refused: 'rtsp://op:s3cret@10.0.0.7:554/cam'",
        "rtsp://op:s3cr/s3cret@10.0.0.7/cam",
        "rtsp://op:p@s3cret@10.0.0.7/cam",
        "rtsp://10.0.0.7/cam?user=op&password=s3cret&channel=1",
        "http://x/y?token=s3cret",
        "Authorization: Basic s3cret",
        "two: rtsp://a:s3cret@h/1 and rtsp://b:s3cret@h/2",
    ],
)
def test_no_secret_survives(text: str) -> None:
    assert "s3cret" not in redact(text)
    assert "op:" not in redact(text)


def test_what_helps_to_find_the_camera_stays() -> None:
    assert redact("rtsp://op:x@10.0.0.7:554/cam?channel=1") == "rtsp://10.0.0.7:554/cam?channel=1"


@pytest.mark.parametrize(
    "text", ["", "plain words", "mail me@example.com", "/videos/street.mp4", "rtsp://10.0.0.7/cam"]
)
def test_texts_without_credentials_stay_as_they_are(text: str) -> None:
    assert redact(text) == text

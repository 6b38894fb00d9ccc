"""What is compressed, and what must flow as it is."""

import pytest

from ingest.api.rim import is_left_plain


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/events/stream",
        "/api/v1/cameras/bridge/preview.mjpeg",
        "/api/v1/cameras/bridge/still.jpg",
        "/api/v1/events/1/media/clip.mp4",
        "/api/v1/session",
        "/api/v1/setup",
    ],
)
def test_streams_files_and_secrets_are_left_plain(path: str) -> None:
    assert is_left_plain(path)


@pytest.mark.parametrize("path", ["/", "/assets/index.js", "/api/v1/events", "/metrics"])
def test_text_is_compressed(path: str) -> None:
    assert not is_left_plain(path)

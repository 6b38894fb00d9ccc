"""One sealed package, made once, for tests that read or copy it."""

from pathlib import Path

import pytest

from contracts.evidence import CHAIN_START
from edge.evidence.package import ClosedPackage
from edge.frame import Frame
from edge.stream.ring import PacketRing
from tests.unit.edge.evidence.scenes import a_desk, frames_of, opened, write_video

Video = tuple[list[Frame], PacketRing]


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Video:
    """Frames and packets of an H.264 clip."""
    return frames_of(write_video(tmp_path_factory.mktemp("video") / "clip.mp4"))


@pytest.fixture(scope="session")
def old_codec_video(tmp_path_factory: pytest.TempPathFactory) -> Video:
    """Frames and packets of an MPEG-4 part 2 clip, which browsers do not play."""
    return frames_of(write_video(tmp_path_factory.mktemp("video") / "clip.mp4", codec="mpeg4"))


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory, old_codec_video: Video) -> tuple[Path, Path, ClosedPackage]:
    """Node folder, package folder and what was published of a complete package with a derived clip. Copy, not touch."""
    folder = tmp_path_factory.mktemp("node")
    frames, ring = old_codec_video
    desk = a_desk(folder)
    package, _ = opened(desk, frames[40])
    closed = desk.close(package, ring, CHAIN_START)
    return folder, package.folder, closed

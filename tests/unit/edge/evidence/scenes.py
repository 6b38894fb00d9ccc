"""A small real video, and a finding in it, for tests of evidence."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream

from contracts.camera import StreamConfig
from contracts.classes import RoadUserClass
from contracts.event import Event
from edge.config import EvidenceConfig
from edge.evidence.desk import EvidenceDesk, OpenPackage
from edge.evidence.signer import Signer
from edge.frame import Frame
from edge.rules.event import Origin, event_of
from edge.rules.finding import Finding
from edge.stream.file import FileReader
from edge.stream.ring import PacketRing
from edge.track.track import Track

FPS = 10
SIZE = (320, 240)
CONFIG = EvidenceConfig(before_s=2, after_s=2, still_offset_s=1)


def write_video(path: Path, *, seconds: float = 8, codec: str = "libx264") -> Path:
    """Frame n is filled with grey value 20 + 2n, so that a picture tells when it was taken; a key frame a second."""
    options = {"preset": "ultrafast", "crf": "10"} if codec == "libx264" else {}
    with av.open(str(path), "w") as output:
        stream = cast("VideoStream", output.add_stream(codec, rate=FPS, options=options))
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.gop_size = FPS
        if codec != "libx264":
            stream.bit_rate = 2_000_000
        stream.codec_context.time_base = Fraction(1, FPS)
        for index in range(int(seconds * FPS)):
            image = np.full((SIZE[1], SIZE[0], 3), 20 + 2 * index, np.uint8)
            picture = av.VideoFrame.from_ndarray(image, format="bgr24")
            picture.pts = index
            output.mux(stream.encode(picture))
        output.mux(stream.encode())
    return path


def frames_of(path: Path) -> tuple[list[Frame], PacketRing]:
    """All frames, and the ring that holds their packets."""
    with FileReader(path, "bridge", stream=StreamConfig(ring_s=60)) as reader:
        return list(reader), reader.ring


def a_finding(frame: Frame, *, track: int = 7) -> Finding:
    """Somebody going the wrong way, judged at this frame, begun half a second before."""
    user = Track(track, RoadUserClass.MOTORCYCLE, 0.9, 100, 80, 180, 200, frame.captured_at, riders=2)
    begun = frame.captured_at - timedelta(seconds=0.5)
    return Finding("wrong_way", 1, "violation", user, begun, frame.captured_at, "lane-1")


def an_event(finding: Finding, frame: Frame, still_sha256: str | None) -> Event:
    """Event of the finding, as the road makes it."""
    return event_of(
        finding,
        Origin("node-1", frame.camera, 1, None),
        image_size=(frame.width, frame.height),
        time_quality=frame.time_quality,
        still_sha256=still_sha256,
    )


def a_desk(folder: Path, config: EvidenceConfig = CONFIG) -> EvidenceDesk:
    """Desk of a node with a key of its own."""
    return EvidenceDesk(folder / "evidence", node="node-1", signer=Signer.from_folder(folder / "keys"), config=config)


def opened(desk: EvidenceDesk, frame: Frame, *, track: int = 7) -> tuple[OpenPackage, Event]:
    """A package opened and attached."""
    finding = a_finding(frame, track=track)
    package = desk.open(frame, finding)
    event = an_event(finding, frame, package.still.sha256)
    desk.attach(package, event)
    return package, event

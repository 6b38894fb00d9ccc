"""What an officer is shown must be the moment it says, in the camera's own packets."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from contracts.evidence import CHAIN_START
from edge.config import EvidenceConfig
from edge.errors import EvidenceError
from edge.evidence.desk import crop_of
from edge.evidence.package import folder_of
from edge.evidence.signer import PUBLIC_FILE
from edge.evidence.verify import verify
from tests.unit.edge.evidence.conftest import Video
from tests.unit.edge.evidence.scenes import CONFIG, a_desk, a_finding, an_event, opened


def grey_of(path: Path) -> float:
    image = cv2.imread(str(path))
    assert image is not None
    return float(image.mean())


def test_stills_show_before_at_and_after(video: Video, tmp_path: Path) -> None:
    frames, ring = video
    package, _ = opened(a_desk(tmp_path), frames[40])
    closed = a_desk(tmp_path).close(package, ring, CHAIN_START)
    assert closed.sealed.data.complete, closed.sealed.data.notes
    assert closed.sealed.data.notes == ()
    greys = [grey_of(package.folder / f"still_{name}.jpg") for name in ("before", "at", "after")]
    assert np.allclose(greys, [frames[index].image.mean() for index in (30, 40, 50)], atol=1)


def test_a_finding_about_a_place_needs_no_crop(video: Video, tmp_path: Path) -> None:
    """Nobody is cut out where nobody is meant; the package is found again by its event after a crash."""
    frames, ring = video
    desk, finding = a_desk(tmp_path), replace(a_finding(frames[40]), track=None)
    package = desk.open(frames[40], finding)
    event = an_event(finding, frames[40], package.still.sha256)
    desk.attach(package, event)
    assert desk.folder / folder_of(event) == package.folder
    closed = desk.close(package, ring, CHAIN_START)
    assert closed.sealed.data.complete
    assert closed.sealed.data.notes == ()
    assert "crop" not in {file.role for file, _ in closed.files}


def test_clip_holds_the_original_packets(video: Video, tmp_path: Path) -> None:
    """Not re-encoded: the pictures' compressed bytes in the clip are the camera's."""
    frames, ring = video
    package, _ = opened(a_desk(tmp_path), frames[40])
    a_desk(tmp_path).close(package, ring, CHAIN_START)
    with av.open(str(package.folder / "clip.mp4")) as clip:
        packets = [bytes(packet) for packet in clip.demux(video=0) if packet.size]
    cut = ring.cut(package.judged_at - timedelta(seconds=2), package.judged_at + timedelta(seconds=2))
    assert cut is not None
    assert len(packets) == len(cut.packets) >= 40
    assert [packet[-20:] for packet in packets] == [packet.data[-20:] for packet in cut.packets]


def test_codec_no_browser_plays_gets_a_linked_copy(old_codec_video: Video, tmp_path: Path) -> None:
    frames, ring = old_codec_video
    package, _ = opened(a_desk(tmp_path), frames[40])
    closed = a_desk(tmp_path).close(package, ring, CHAIN_START)
    files = {file.name: file for file, _ in closed.files}
    assert files["clip.h264.mp4"].derived_from == files["clip.mp4"].sha256
    assert files["clip.h264.mp4"].role == "clip_derived"
    with av.open(str(package.folder / "clip.h264.mp4")) as clip:
        assert clip.streams.video[0].codec_context.name == "h264"
        assert sum(1 for _ in clip.decode(video=0)) >= 40


def test_equal_findings_give_equal_manifests(video: Video, tmp_path: Path) -> None:
    """No clock and no key in it: two nodes that saw the same write the same manifest."""
    frames, ring = video
    hashes = set()
    for name in ("one", "two"):
        package, _ = opened(a_desk(tmp_path / name), frames[40])
        hashes.add(a_desk(tmp_path / name).close(package, ring, CHAIN_START).sealed.data.manifest_sha256)
    assert len(hashes) == 1


def test_chain_binds_each_manifest_to_the_one_before(video: Video, tmp_path: Path) -> None:
    frames, ring = video
    desk = a_desk(tmp_path)
    first, _ = opened(desk, frames[30])
    second, _ = opened(desk, frames[40])
    head = desk.close(first, ring, CHAIN_START).sealed.data.manifest_sha256
    desk.close(second, ring, head)
    verdict = verify(second.folder, tmp_path / "keys" / PUBLIC_FILE)
    assert verdict.manifest is not None
    assert verdict.manifest.previous == head


def test_event_names_the_still_at_once(video: Video, tmp_path: Path) -> None:
    frames, _ = video
    package, event = opened(a_desk(tmp_path), frames[40])
    assert package.still_path.read_bytes()[:2] == b"\xff\xd8"
    assert event.data.still_sha256 == package.still.sha256


def test_package_waits_for_the_road_after_the_act(video: Video, tmp_path: Path) -> None:
    frames, _ = video
    desk = a_desk(tmp_path)
    package, _ = opened(desk, frames[40])
    assert not desk.due(package, package.judged_at + timedelta(seconds=1.9))
    assert desk.due(package, package.judged_at + timedelta(seconds=2))


@pytest.mark.parametrize(("index", "words"), [(2, "No still_before.jpg"), (78, "No still_after.jpg")])
def test_stream_that_begins_or_ends_at_the_act_gives_an_honest_package(
    video: Video, tmp_path: Path, index: int, words: str
) -> None:
    frames, ring = video
    package, _ = opened(a_desk(tmp_path, EvidenceConfig(before_s=4, after_s=3)), frames[index])
    data = a_desk(tmp_path, CONFIG).close(package, ring, CHAIN_START).sealed.data
    # the nearest picture on the right side is taken; only where there is none the part is missing
    assert data.complete is not any(words in note for note in data.notes)
    assert data.notes
    assert verify(package.folder, None).is_intact


def test_first_frame_has_no_before(video: Video, tmp_path: Path) -> None:
    frames, ring = video
    package, _ = opened(a_desk(tmp_path), frames[0])
    data = a_desk(tmp_path).close(package, ring, CHAIN_START).sealed.data
    assert not data.complete
    assert any("still_before" in note for note in data.notes)
    assert any("starts 2.0 s late" in note for note in data.notes)


def test_without_video_the_package_is_closed_and_says_so(video: Video, tmp_path: Path) -> None:
    frames, _ = video
    package, _ = opened(a_desk(tmp_path), frames[40])
    data = a_desk(tmp_path).close(package, None, CHAIN_START).sealed.data
    assert not data.complete
    assert {file.role for file in data.files} == {"still_at", "crop", "manifest", "signature"}
    assert "no video of that time" in data.notes[0]


def test_box_outside_the_picture_gives_no_crop(video: Video) -> None:
    frames, _ = video
    track = a_finding(frames[0]).track
    assert track is not None
    inside = crop_of(frames[0].image, track, 0.15)
    assert inside is not None
    assert inside.shape == (157, 105, 3)
    from dataclasses import replace

    assert crop_of(frames[0].image, replace(track, x1=400, x2=450), 0.1) is None
    edge = crop_of(frames[0].image, replace(track, x1=-50, y1=-50, x2=40, y2=40), 0)
    assert edge is not None
    assert edge.shape == (41, 41, 3)


def test_a_signed_package_is_never_overwritten(video: Video, tmp_path: Path) -> None:
    frames, ring = video
    desk = a_desk(tmp_path)
    first, _ = opened(desk, frames[40])
    desk.close(first, ring, CHAIN_START)
    again, _ = opened(desk, frames[40])
    assert again.folder != first.folder
    assert verify(first.folder, None).is_intact


def test_package_without_an_event_cannot_be_closed(video: Video, tmp_path: Path) -> None:
    frames, ring = video
    desk = a_desk(tmp_path)
    package = desk.open(frames[40], a_finding(frames[40]))
    with pytest.raises(EvidenceError, match="before it was attached"):
        desk.close(package, ring, CHAIN_START)
    desk.discard(package)
    assert not package.folder.exists()


def test_a_package_closed_late_still_has_its_clip(video: Video, tmp_path: Path) -> None:
    """A busy node encodes for seconds; the ring must not run past a package that waits for its turn."""
    frames, ring = video
    desk = a_desk(tmp_path)
    package, _ = opened(desk, frames[40])
    desk.hold(package, ring)

    closed = desk.close(package, None, CHAIN_START)

    assert closed.sealed.data.complete, closed.sealed.data.notes
    assert verify(package.folder, tmp_path / "keys" / PUBLIC_FILE).is_intact


def test_a_hurried_desk_leaves_out_the_copy_and_says_so(old_codec_video: Video, tmp_path: Path) -> None:
    frames, ring = old_codec_video
    desk = a_desk(tmp_path)
    package, _ = opened(desk, frames[40])
    desk.hurry()

    closed = desk.close(package, ring, CHAIN_START)

    assert "clip.h264.mp4" not in {file.name for file, _ in closed.files}
    assert "clip.mp4" in {file.name for file, _ in closed.files}
    assert any("stopping" in note for note in closed.sealed.data.notes)

"""A node that died between an act and its clip must still hand over what it had."""

from pathlib import Path

import pytest

from contracts.event import EvidenceSealed
from contracts.evidence import CHAIN_START
from edge.evidence.recovery import STOPPED
from edge.evidence.verify import verify
from edge.outbox.store import Outbox
from tests.unit.edge.evidence.conftest import Video
from tests.unit.edge.evidence.scenes import a_desk, a_finding, opened


def an_outbox(folder: Path) -> Outbox:
    return Outbox(folder / "outbox.db", node="node-1", max_bytes=10**9)


def recovered(folder: Path) -> list[EvidenceSealed]:
    outbox = an_outbox(folder)
    try:
        return a_desk(folder).recover(outbox)
    finally:
        outbox.close()


def test_open_package_is_closed_as_incomplete_with_the_reason(video: Video, tmp_path: Path) -> None:
    frames, _ = video
    package, event = opened(a_desk(tmp_path), frames[40])
    outbox = an_outbox(tmp_path)
    outbox.add(event, [(package.still, package.still_path)])
    outbox.close()

    [sealed] = recovered(tmp_path)
    assert sealed.data.event_id == event.id
    assert not sealed.data.complete
    assert sealed.data.notes == (STOPPED,)
    assert verify(package.folder, None).is_intact
    assert recovered(tmp_path) == []
    outbox = an_outbox(tmp_path)
    assert outbox.chain_head() == sealed.data.manifest_sha256
    outbox.close()


def test_stop_between_signature_and_outbox_keeps_the_complete_package(video: Video, tmp_path: Path) -> None:
    frames, ring = video
    desk = a_desk(tmp_path)
    package, event = opened(desk, frames[40])
    outbox = an_outbox(tmp_path)
    outbox.add(event, [(package.still, package.still_path)])
    closed = desk.close(package, ring, outbox.chain_head())
    outbox.close()

    [sealed] = recovered(tmp_path)
    assert sealed.data == closed.sealed.data
    assert sealed.data.complete


def test_half_written_clip_is_left_out(video: Video, tmp_path: Path) -> None:
    frames, _ = video
    package, event = opened(a_desk(tmp_path), frames[40])
    (package.folder / "part-clip.mp4").write_bytes(b"half")
    (package.folder / "still_after.jpg.part").write_bytes(b"half")
    outbox = an_outbox(tmp_path)
    outbox.add(event, [(package.still, package.still_path)])
    outbox.close()
    [sealed] = recovered(tmp_path)
    assert {file.name for file in sealed.data.files} == {"still_at.jpg", "crop.jpg", "manifest.json", "signature.json"}
    assert verify(package.folder, None).is_intact


def test_folder_whose_event_was_never_stored_is_removed(video: Video, tmp_path: Path) -> None:
    frames, ring = video
    desk = a_desk(tmp_path)
    unattached = desk.open(frames[30], a_finding(frames[30]))
    attached, _ = opened(desk, frames[40])
    signed, _ = opened(desk, frames[50])
    desk.close(signed, ring, CHAIN_START)
    assert recovered(tmp_path) == []
    assert not unattached.folder.exists()
    assert not attached.folder.exists()
    assert signed.folder.exists(), "what is signed is never removed here"


@pytest.mark.parametrize("is_gone", [True, False])
def test_lost_outbox_is_made_up_from_the_packages_on_disk(video: Video, tmp_path: Path, is_gone: bool) -> None:
    """Open and sealed packages reach the centre after all, and the chain goes on where it stood."""
    frames, ring = video
    desk, outbox = a_desk(tmp_path), an_outbox(tmp_path)
    sealed = []
    # sealed in another order than their names sort
    for index in (50, 30, 40):
        package, event = opened(desk, frames[index])
        outbox.add(event, [(package.still, package.still_path)])
        sealed.append(desk.seal(package, ring, outbox))
    left_open, open_event = opened(desk, frames[60])
    outbox.add(open_event, [(left_open.still, left_open.still_path)])
    head = outbox.chain_head()
    outbox.close()
    if is_gone:
        (tmp_path / "outbox.db").unlink()
    else:
        (tmp_path / "outbox.db").write_bytes(b"nonsense" * 1000)

    again = recovered(tmp_path)
    assert [record.data for record in again[:3]] == [record.data for record in sealed]
    assert again[3].data.event_id == open_event.id
    assert not again[3].data.complete
    manifest = verify(left_open.folder, None).manifest
    assert manifest is not None
    assert manifest.previous == head
    outbox = an_outbox(tmp_path)
    assert len(outbox.pending_records(100)) == 8
    assert min(pending.sequence for pending in outbox.pending_records(100)) > 8
    outbox.close()
    assert recovered(tmp_path) == []


def test_desk_hands_packages_over_one_after_the_other(video: Video, tmp_path: Path) -> None:
    frames, ring = video
    desk, outbox = a_desk(tmp_path), an_outbox(tmp_path)
    heads = [outbox.chain_head()]
    for index in (30, 40, 50):
        package, event = opened(desk, frames[index])
        outbox.add(event, [(package.still, package.still_path)])
        desk.seal(package, ring, outbox)
        manifest = verify(package.folder, None).manifest
        assert manifest is not None
        assert manifest.previous == heads[-1]
        heads.append(outbox.chain_head())
    assert len(set(heads)) == 4
    assert outbox.unsealed_events() == []
    outbox.close()

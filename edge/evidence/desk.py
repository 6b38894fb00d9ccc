"""Where a node's evidence packages are opened, filled and closed.

open    the picture in hand and its crop, at once: the event carries the picture's hash
attach  the event as it was stored
due     has the road after the act been seen?
close   clip and the stills around the act, out of the packet ring; manifest; signature
"""

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import structlog
from numpy.typing import NDArray

from contracts.event import Event, EvidenceFile, EvidenceSealed
from contracts.evidence import EVENT, event_document
from edge.config import EvidenceConfig
from edge.errors import EvidenceError, StreamError
from edge.evidence.disk import UNFINISHED, finish, make_folder, write_whole
from edge.evidence.package import (
    CLIP_DERIVED,
    CROP,
    STILL_AFTER,
    STILL_AT,
    STILL_BEFORE,
    ClosedPackage,
    close_folder,
    describe,
    folder_name,
)
from edge.evidence.recovery import Ledger, OpenLedger, recover
from edge.evidence.signer import Signer
from edge.frame import Frame
from edge.rules.finding import Finding
from edge.stream.remux import Still, clip_suffix, decode_at, derive_h264, plays_in_browser, write_clip
from edge.stream.ring import PacketRing, PacketSlice
from edge.track.track import Track

log = structlog.get_logger()

HURRY_S = 1.0
"""A node that stops still takes stills out of clips for so long."""

_TOLERANCE = timedelta(seconds=0.5)
"""A clip this much shorter than asked is not worth a note: key frames and frame times do not fall on the second."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """What a package needs of the packet ring: its clip, and the road between the stills before and after."""

    clip: PacketSlice | None
    around: PacketSlice | None


@dataclass(slots=True)
class OpenPackage:
    """A package whose clip is still to come.

    Attributes:
        folder: where its files lie.
        still: the picture at the finding.
        still_path: its file.
        judged_at: event time at which the rule was certain; clip and stills lie around it.
        event: set by `attach`.
        held: set by `hold`.
    """

    folder: Path
    still: EvidenceFile
    still_path: Path
    judged_at: datetime
    event: Event | None = None
    held: Cuts | None = None


class EvidenceDesk:
    """Evidence of one node. Any thread may call; one package is handled by one thread at a time."""

    def __init__(self, folder: Path, *, node: str, signer: Signer, config: EvidenceConfig) -> None:
        """Makes the folder. EvidenceError when it cannot."""
        self.node = node
        self.folder = folder
        self._signer = signer
        self._config = config
        self._sealing = threading.Lock()
        self._hurried_until: float | None = None
        make_folder(folder)

    def open(self, frame: Frame, finding: Finding) -> OpenPackage:
        """Writes the picture in hand and the crop of the road user. EvidenceError when the disk refuses."""
        subject = finding.where if finding.track is None else str(finding.track.id)
        name = folder_name(started_at=finding.started_at, rule=finding.rule, where=finding.where, track=subject)
        folder = _new_folder(self.folder / frame.camera / name)
        still = folder / STILL_AT
        write_whole(still, self._jpeg(frame.image))
        crop = None if finding.track is None else crop_of(frame.image, finding.track, self._config.crop_margin)
        if crop is not None:
            write_whole(folder / CROP, self._jpeg(crop))
        return OpenPackage(folder, describe(still), still, finding.judged_at)

    def attach(self, package: OpenPackage, event: Event) -> None:
        """Names the event the package belongs to, as the outbox stored it."""
        package.event = event
        write_whole(package.folder / EVENT, event_document(event))

    def discard(self, package: OpenPackage) -> None:
        """Removes a package whose event could not be stored."""
        shutil.rmtree(package.folder, ignore_errors=True)

    def due(self, package: OpenPackage, newest_frame_at: datetime) -> bool:
        """True when what is to follow the act has been seen, by event time."""
        after_s = max(self._config.after_s, self._config.still_offset_s)
        return newest_frame_at >= package.judged_at + timedelta(seconds=after_s)

    def hold(self, package: OpenPackage, ring: PacketRing) -> None:
        """Takes the package's packets out of the ring as soon as it is due, so that closing it may wait its turn.

        Cheap: packets are shared, not copied. Without it a ring of 15 s loses what a busy node closes late.
        """
        if package.held is None:
            package.held = self._cuts(package, ring)

    def close(self, package: OpenPackage, ring: PacketRing | None, previous: str) -> ClosedPackage:
        """Takes clip and stills out of the ring, writes the manifest and signs it.

        What cannot be had is named in the notes; the package is closed all the same.

        Args:
            package: attached to its event.
            ring: of the camera; not looked at when the package's packets are held, None when it is gone.
            previous: SHA-256 of the node's manifest before this one (the outbox's chain head).

        Raises:
            EvidenceError: the disk refuses, or the package has no event yet.
        """
        if package.event is None:
            raise EvidenceError(f"{package.folder.name}: closed before it was attached to an event")
        notes: list[str] = []
        if package.event.data.track is not None and not (package.folder / CROP).exists():
            notes.append("No crop: the road user's box lies outside the picture.")
        cuts = package.held or self._cuts(package, ring)
        if cuts.clip is None:
            notes.append("No clip and no stills before and after: no video of that time was held any more.")
        else:
            notes += _coverage(cuts.clip, *self._span(package))
            notes += self._add_clip(package.folder, cuts.clip, self._span(package)[0])
            notes += self._add_stills(package, cuts.around)
        return close_folder(package.folder, package.event, signer=self._signer, previous=previous, notes=notes)

    def seal(self, package: OpenPackage, ring: PacketRing | None, ledger: Ledger) -> EvidenceSealed:
        """Closes the package and hands it to the ledger, one after the other: the chain of manifests never forks."""
        with self._sealing:
            closed = self.close(package, ring, ledger.chain_head())
            return ledger.seal(closed.sealed, closed.files)

    def hurry(self) -> None:
        """The node stops: copies for browsers are left out from now on, and after `HURRY_S` also further stills.

        Clips are always kept: they hold the same pictures, and cost next to nothing to write.
        """
        self._hurried_until = time.monotonic() + HURRY_S

    def _has_time(self) -> bool:
        return self._hurried_until is None

    def recover(self, ledger: OpenLedger) -> list[EvidenceSealed]:
        """Closes what the last run of this node left open and removes what belongs to no event. Call before work."""
        with self._sealing:
            return recover(self.folder, ledger, self._signer)

    def _add_clip(self, folder: Path, cut: PacketSlice, since: datetime) -> list[str]:
        """The original packets in MP4, and a copy a browser plays where it would not play these. Notes."""
        fault = _produced(folder / f"clip{clip_suffix(cut.spec.codec)}", lambda path: write_clip(cut, path))
        if fault:
            return [f"No clip: {fault}"]
        if plays_in_browser(cut.spec.codec):
            return []
        fault = _produced(folder / CLIP_DERIVED, lambda path: derive_h264(cut, path, self._has_time, since))
        if fault and not self._has_time():
            fault = "the node was stopping."
        return [f"No copy for browsers of the {cut.spec.codec} clip: {fault}"] if fault else []

    def _cuts(self, package: OpenPackage, ring: PacketRing | None) -> Cuts:
        if ring is None:
            return Cuts(None, None)
        offset = timedelta(seconds=self._config.still_offset_s)
        around = ring.cut(package.judged_at - offset, package.judged_at + offset)
        return Cuts(ring.cut(*self._span(package)), around)

    def _span(self, package: OpenPackage) -> tuple[datetime, datetime]:
        """First and last moment the clip should show."""
        before, after = timedelta(seconds=self._config.before_s), timedelta(seconds=self._config.after_s)
        return package.judged_at - before, package.judged_at + after

    def _add_stills(self, package: OpenPackage, cut: PacketSlice | None) -> list[str]:
        offset = timedelta(seconds=self._config.still_offset_s)
        wanted = ((STILL_BEFORE, package.judged_at - offset), (STILL_AFTER, package.judged_at + offset))
        if cut is None:
            return ["No stills before and after: no video of that time was held any more."]
        if self._hurried_until is not None and time.monotonic() > self._hurried_until:
            return ["No stills before and after: the node was stopping; the clip holds them."]
        try:
            stills = decode_at(cut, [moment for _, moment in wanted])
        except StreamError as error:
            return [f"No stills before and after: {error}"]
        notes = []
        for (name, moment), still in zip(wanted, stills, strict=True):
            if not _is_beyond(still, package.judged_at, moment):
                notes.append(f"No {name}: no picture of that side of the act was held.")
                continue
            write_whole(package.folder / name, self._jpeg(still.image))
            off_s = abs((still.captured_at - moment).total_seconds())
            if off_s > _TOLERANCE.total_seconds():
                notes.append(f"{name} is {off_s:.1f} s off: the nearest picture that was held.")
        return notes

    def _jpeg(self, image: NDArray[np.uint8]) -> bytes:
        done, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, self._config.jpeg_quality])
        if not done:
            raise EvidenceError(f"a picture of {image.shape} could not be written as JPEG")
        return bytes(content)


def crop_of(image: NDArray[np.uint8], track: Track, margin: float) -> NDArray[np.uint8] | None:
    """The road user with `margin` of the box's size around it; None when nothing of it is in the picture.

    Args:
        image: (H, W, 3) uint8.
        track: box in pixels of that image.
        margin: share of the box's width and height added on each side.
    """
    height, width = image.shape[:2]
    beside, above = margin * (track.x2 - track.x1), margin * (track.y2 - track.y1)
    left, right = max(0, int(track.x1 - beside)), min(width, int(track.x2 + beside) + 1)
    top, bottom = max(0, int(track.y1 - above)), min(height, int(track.y2 + above) + 1)
    if right <= left or bottom <= top:
        return None
    return image[top:bottom, left:right]


def _is_beyond(still: Still, judged_at: datetime, wanted: datetime) -> bool:
    """True when the still lies on the same side of the finding as the wanted moment."""
    return still.captured_at > judged_at if wanted > judged_at else still.captured_at < judged_at


def _coverage(cut: PacketSlice, start: datetime, end: datetime) -> list[str]:
    """Notes where the video held does not reach as far as the clip should."""
    notes = []
    if cut.start > start + _TOLERANCE:
        notes.append(f"The clip starts {(cut.start - start).total_seconds():.1f} s late: the stream began there.")
    if cut.end < end - _TOLERANCE:
        notes.append(f"The clip ends {(end - cut.end).total_seconds():.1f} s early: the stream ended there.")
    return notes


def _produced(path: Path, write: Callable[[Path], Any]) -> str:
    """Lets `write` make a file beside its name and then gives it the name; the fault in words, "" when all went."""
    temporary = path.with_name(UNFINISHED.lstrip(".") + "-" + path.name)  # keeps the suffix: muxers go by it
    try:
        write(temporary)
        finish(temporary, path)
    except (OSError, EvidenceError) as error:
        temporary.unlink(missing_ok=True)
        log.warning("evidence part missing", file=path.name, why=str(error))
        return str(error) or type(error).__name__
    return ""


def _new_folder(wanted: Path) -> Path:
    """The wanted folder, or one with a number when a closed package lies there: what is signed is never touched."""
    number, folder = 1, wanted
    while folder.exists() and any(folder.iterdir()):
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    make_folder(folder)
    return folder

"""Which cameras of a site a node runs: pure, so that it can be shown that each camera has one runner and no more.

A camera's partition (of the camera topic) is held by one node of the site's consumer group at a time; that node runs
it. A pinned camera is run by the node it names, whoever holds its partition, and stays down while that node is down.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from contracts.camera import CameraRecord


class NotRun(StrEnum):
    """Why a node does not run a camera."""

    OTHER_SITE = "other_site"
    PINNED_ELSEWHERE = "pinned_elsewhere"
    PARTITION_ELSEWHERE = "partition_elsewhere"


@dataclass(frozen=True, slots=True)
class Placed:
    """A camera and the partition its record came from."""

    record: CameraRecord
    partition: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a node runs, by camera id, and why it does not run the rest."""

    run: Mapping[str, CameraRecord]
    not_run: Mapping[str, NotRun]


def share(table: Mapping[str, Placed], held: AbstractSet[int], *, node: str, site: str) -> Share:
    """The node's share of the table.

    Args:
        table: every camera there is, by id.
        held: partitions this node holds now.
        node: its name.
        site: its site.
    """
    run: dict[str, CameraRecord] = {}
    not_run: dict[str, NotRun] = {}
    for camera, placed in sorted(table.items()):
        reason = _reason(placed, held, node=node, site=site)
        if reason is None:
            run[camera] = placed.record
        else:
            not_run[camera] = reason
    return Share(run, not_run)


def _reason(placed: Placed, held: AbstractSet[int], *, node: str, site: str) -> NotRun | None:
    if placed.record.site != site:
        return NotRun.OTHER_SITE
    if placed.record.node is not None:
        return None if placed.record.node == node else NotRun.PINNED_ELSEWHERE
    return None if placed.partition in held else NotRun.PARTITION_ELSEWHERE


def pinned_to_absent(table: Mapping[str, Placed], members: AbstractSet[str], site: str) -> dict[str, str]:
    """Cameras of the site that are down because the node they are pinned to is not among `members`: camera, node."""
    pinned = {camera: placed.record for camera, placed in sorted(table.items()) if placed.record.site == site}
    return {camera: record.node for camera, record in pinned.items() if record.node and record.node not in members}

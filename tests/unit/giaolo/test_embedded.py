"""Inside one process a record counts as taken when the centre has committed it, and not before."""

from collections.abc import Sequence

import pytest

from contracts.wire import PublishError, Record
from giaolo.embedded import EmbeddedBus

RECORDS = [Record("topic", "camera", b"1"), Record("topic", "camera", b"2")]


def test_taken_records_are_acknowledged_in_order() -> None:
    taken: list[Record] = []
    bus = EmbeddedBus(taken.extend)
    assert bus.publish(RECORDS, timeout_s=1) == [True, True]
    assert taken == RECORDS
    bus.close()


def test_records_the_centre_did_not_commit_stay_with_the_node() -> None:
    def refuse(_: Sequence[Record]) -> None:
        raise OSError("disk full")

    with pytest.raises(PublishError, match="did not store"):
        EmbeddedBus(refuse).publish(RECORDS, timeout_s=1)

"""Each camera of a site has one runner and no more, whatever Kafka gives to whom."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.camera import CameraRecord
from edge.assignment.share import NotRun, Placed, pinned_to_absent, share

NODES = ("n1", "n2", "n3")
PARTITIONS = range(8)


def placed(camera: str, partition: int, *, site: str = "d1", node: str | None = None) -> Placed:
    return Placed(CameraRecord(camera=camera, site=site, url="/v.mp4", node=node), partition)


def test_a_node_runs_what_it_holds_and_says_why_not_the_rest() -> None:
    table = {
        "mine": placed("mine", 1),
        "theirs": placed("theirs", 2),
        "far": placed("far", 1, site="d2"),
        "pinned-here": placed("pinned-here", 2, node="n1"),
        "pinned-there": placed("pinned-there", 1, node="n2"),
        "pinned-far": placed("pinned-far", 1, site="d2", node="n1"),
    }
    mine = share(table, {1}, node="n1", site="d1")
    assert list(mine.run) == ["mine", "pinned-here"]
    assert mine.not_run == {
        "theirs": NotRun.PARTITION_ELSEWHERE,
        "far": NotRun.OTHER_SITE,
        "pinned-there": NotRun.PINNED_ELSEWHERE,
        "pinned-far": NotRun.OTHER_SITE,
    }


def test_a_pinned_camera_whose_node_is_gone_stays_down_and_is_named() -> None:
    table = {"a": placed("a", 1, node="n2"), "b": placed("b", 1, node="n1"), "c": placed("c", 1, site="d2", node="n9")}
    assert share(table, {1}, node="n1", site="d1").run.keys() == {"b"}
    assert pinned_to_absent(table, {"n1"}, "d1") == {"a": "n2"}


tables = st.dictionaries(
    st.from_regex(r"[a-z]{1,6}", fullmatch=True),
    st.tuples(
        st.sampled_from(PARTITIONS), st.sampled_from(("d1", "d2")), st.sampled_from((None, *NODES, "never-started"))
    ),
    max_size=40,
).map(lambda rows: {name: placed(name, part, site=site, node=node) for name, (part, site, node) in rows.items()})


@given(tables, st.lists(st.sampled_from(NODES), min_size=8, max_size=8))
def test_each_camera_has_exactly_one_runner(table: dict[str, Placed], owners: list[str]) -> None:
    """However the partitions are split: one runner each, but those pinned to a node that is not there have none."""
    runners: dict[str, list[str]] = {camera: [] for camera, p in table.items() if p.record.site == "d1"}
    for node in NODES:
        held = {partition for partition in PARTITIONS if owners[partition] == node}
        mine = share(table, held, node=node, site="d1")
        assert mine.run.keys() | mine.not_run.keys() == table.keys()
        assert not mine.run.keys() & mine.not_run.keys()
        for camera in mine.run:
            runners[camera].append(node)
    absent = pinned_to_absent(table, set(NODES), "d1")
    for camera, nodes in runners.items():
        pin = table[camera].record.node
        expected = [] if camera in absent else [pin or owners[table[camera].partition]]
        assert nodes == expected


@given(tables, st.sets(st.sampled_from(PARTITIONS)), st.sets(st.sampled_from(PARTITIONS)))
def test_two_nodes_that_hold_different_partitions_share_no_camera(
    table: dict[str, Placed], first: set[int], second: set[int]
) -> None:
    """A partition nobody holds for a moment stops its cameras; disjoint holdings never share a camera."""
    one = share(table, first - second, node="n1", site="d1")
    other = share(table, second, node="n2", site="d1")
    assert not one.run.keys() & other.run.keys()

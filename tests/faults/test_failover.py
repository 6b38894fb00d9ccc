"""A node dies and its cameras run elsewhere; it comes back and takes its share; nothing runs twice for long.

GIAOLO_LONG=1: three nodes, ten kills; median and worst go to build/failover.json.
"""

import json
import os
import random
import signal
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faults.site_world import Site, SiteNode

pytestmark = pytest.mark.alone

LONG = bool(os.environ.get("GIAOLO_LONG"))
KILLS = 10 if LONG else 1
only_long = pytest.mark.skipif(not LONG, reason="minutes long: GIAOLO_LONG=1, as `make faults` does")
TAKEOVER_S = 20.0
OVERLAP_S = 10.0


@pytest.fixture(name="clip")
def _clip(clips: Path) -> Path:
    return clips / "a13_day.mp4"


def takeovers(site: Site, victim: SiteNode, runners: dict[str, str], killed_at: datetime) -> list[float]:
    """Seconds from the kill to the first frame elsewhere of each camera the victim ran."""
    taken = []
    for camera in [camera for camera, node in runners.items() if node == victim.name]:
        elsewhere = [node for node in site.nodes.values() if node is not victim]
        after = [at for node in elsewhere for at in node.frames(camera) if at > killed_at]
        taken.append((min(after) - killed_at).total_seconds())
    return taken


@pytest.mark.timeout(2700 if LONG else 300)
def test_cameras_of_a_killed_node_run_elsewhere_and_come_back(tmp_path: Path, clip: Path) -> None:
    """kill -9 of a node: first frame elsewhere within 20 s; when it is back, overlaps within 10 s."""
    seed = int(os.environ.get("GIAOLO_SEED", "4"))
    chance = random.Random(seed)
    taken: list[float] = []
    overlaps: list[float] = []
    with Site(tmp_path, clip, nodes=3 if LONG else 2, cameras=6) as site:
        site.start()
        for _ in range(KILLS):
            runners = site.joined()
            begun = datetime.now(UTC)
            victim = site.nodes[chance.choice(sorted(set(runners.values())))]
            killed_at = victim.kill9()
            site.settle(set(site.nodes) - {victim.name})
            taken += takeovers(site, victim, runners, killed_at)
            victim.start()
            site.joined()
            time.sleep(2)
            overlaps += [site.overlap_s(camera, begun) for camera in site.cameras]
            print(f"{victim.name}: {len(taken)} taken over, worst {max(taken):.1f} s; overlap {max(overlaps):.1f} s")
    report = {
        "seed": seed,
        "kills": KILLS,
        "cameras_taken_over": len(taken),
        "takeover_median_s": round(statistics.median(taken), 2),
        "takeover_worst_s": round(max(taken), 2),
        "overlap_median_s": round(statistics.median(max(0.0, each) for each in overlaps), 2),
        "overlap_worst_s": round(max(0.0, *overlaps), 2),
    }
    print(json.dumps(report))
    if LONG:
        (ROOT / "build").mkdir(exist_ok=True)
        (ROOT / "build" / "failover.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    assert taken, "the victim ran no camera"
    assert max(taken) <= TAKEOVER_S
    assert max(overlaps) <= OVERLAP_S


@pytest.mark.timeout(300)
def test_a_person_changes_pins_and_removes_cameras_while_they_run(tmp_path: Path, clip: Path) -> None:
    """A changed camera restarts alone; a pinned one moves and, its node stopped, stays down and is said to be."""
    with Site(tmp_path, clip, nodes=2, cameras=4) as site:
        site.start()
        runners = site.joined()
        at = datetime.now(UTC)
        site.apply(stream={"ring_s": 20})
        moved = site.cameras[1]
        target = next(name for name in site.nodes if name != runners[moved])
        site.run("pin", moved, "--node", target)
        site.wait_for({moved: {target}})
        first = site.cameras[0]
        assert site.nodes[runners[first]].said().count(f'"{first}", "event": "camera begun"') == 2
        for camera in site.cameras[2:]:
            assert len(site.stints(camera, at)) == 1, "who did not change is not interrupted"
        assert site.overlap_s(moved, at) <= OVERLAP_S

        site.nodes[target].stop()
        other = next(name for name in site.nodes if name != target)
        rest = set(site.cameras) - {moved}
        site.wait_for({camera: {other} for camera in rest} | {moved: set()})
        said = json.loads(site.run("list", "--json", status=1))
        assert said["down"] == {moved: f"pinned to {target}, which is not there"}
        assert said["nodes"] == {"district-1": [other]}

        site.run("unpin", moved)
        site.run("remove", site.cameras[3])
        site.wait_for({camera: {other} for camera in site.cameras[:3]} | {site.cameras[3]: set()})


@only_long
@pytest.mark.timeout(300)
def test_cameras_run_on_while_no_broker_is_there(tmp_path: Path, clip: Path) -> None:
    """The broker dies for longer than a session: no camera is interrupted, then or when it comes back."""
    with Site(tmp_path, clip, nodes=2, cameras=4) as site:
        site.start()
        runners = site.joined()
        at = datetime.now(UTC)
        site.broker.kill9()
        time.sleep(20)
        site.broker.restart()
        back_at = datetime.now(UTC)
        time.sleep(20)
        for camera in site.cameras:
            own = [stint for stint in site.stints(camera, at) if stint.node == runners[camera]]
            assert len(own) == 1, own
            assert (own[0].last - back_at).total_seconds() > 10
            assert site.overlap_s(camera, at) <= OVERLAP_S, "who is back first has all of them for a moment"
        for node in site.nodes.values():
            node.signal(signal.SIGCONT)  # alive


@only_long
@pytest.mark.timeout(300)
def test_a_node_that_stood_still_gives_up_what_others_took(tmp_path: Path, clip: Path) -> None:
    """A frozen node is thought dead; when it goes on it must not run for long what others run by now."""
    with Site(tmp_path, clip, nodes=2, cameras=4) as site:
        site.start()
        frozen = site.nodes[min(site.joined().values())]
        at = datetime.now(UTC)
        frozen.signal(signal.SIGSTOP)
        site.settle(set(site.nodes) - {frozen.name})
        frozen.signal(signal.SIGCONT)
        site.joined()
        time.sleep(2)
        assert max(site.overlap_s(camera, at) for camera in site.cameras) <= OVERLAP_S

"""The command over simulated files says what the road says when it is fed directly: the figures hold for `replay`."""

from pathlib import Path

import numpy as np
import pytest
from typer import Typer
from typer.testing import CliRunner

from contracts.event import Event
from edge.cli_replay import replay_command
from tests.simulation.given import noisy_tracks
from tests.simulation.layouts import PLACES
from tests.simulation.log import write_log
from tests.simulation.noise import spoil
from tests.simulation.pictures import look
from tests.simulation.watch import findings, with_signals
from tests.simulation.world import second

app = Typer()
app.command()(replay_command)


@pytest.mark.parametrize("place", ["cross", "one_way"])
def test_replay_of_a_simulated_log_finds_what_the_road_found(place: str, tmp_path: Path) -> None:
    """Through text, sidecar and YAML: every finding, its moment and its place; the same bytes a second time."""
    pytest.importorskip("sumo", reason="eclipse-sumo is in the test extra")
    world = PLACES[place](3, 240.0, tmp_path)
    told_boxes = spoil(world, look(world.camera, world.movers, world.times), np.random.default_rng(3))
    frames = list(noisy_tracks(world, told_boxes))
    log, scene = write_log(world, frames, tmp_path)
    expected = [
        (one.rule, one.where, one.track_id, round(second(one.started_at), 6), round(second(one.judged_at), 6))
        for one in findings(world, with_signals(world, frames))
    ]
    first, again = (CliRunner().invoke(app, [str(log), "--scene", str(scene)]).stdout_bytes for _ in range(2))
    events = [Event.model_validate_json(line) for line in first.splitlines()]
    told = [
        (
            event.data.rule.id,
            event.data.where,
            None if event.data.track is None else int(event.data.track.id),
            round(second(event.time), 6),
            round(second(event.data.judged_at), 6),
        )
        for event in events
    ]
    assert len(expected) > 5
    assert told == expected
    assert first == again

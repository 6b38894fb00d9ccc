"""A rider without a helmet.

A model says of each rider's head, frame by frame, whether there is a helmet (`Track.helmets`). A machine is reported
when, in its newest clear sightings (4 s), at least one head was bare in at least `min_sightings` and `min_share` of
them, over `min_s`. A sighting is clear when at least one head was recognised. Once per track.

Not a finding: heads that are unknown (too small, hidden, not sure); a single frame in which a helmet was not seen.
Unknown: whether the helmet meets the standard or is fastened; caps that look like one. Without a model that classifies
riders every head is unknown, so nothing is found: `giaolo scene validate` and the node say so.

Reads: tracks with what was seen of their riders, Gone.  Emits: Finding(no_helmet), kind violation.
"""

from typing import Final

from contracts.scene import NoHelmetRule, SceneConfig
from edge.rules.finding import Finding, Moment
from edge.rules.vote import Vote, Votes
from edge.track.track import Track

ID: Final = "no_helmet"
VERSION = 1
WHERE = "picture"  # no place of the scene is needed: it is judged wherever it is seen


class NoHelmet:
    """Finds two-wheelers ridden without a helmet."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.no_helmet or NoHelmetRule()
        self._classes = frozenset(self._rule.classes)
        self._votes = Votes(self._rule)

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for machines whose sightings have come to agree."""
        self._votes.forget(moment.changes)
        found = []
        for track in moment.tracks:
            if not track.helmets or track.cls.label not in self._classes or set(track.helmets) == {"unknown"}:
                continue
            vote = self._votes.add(track.id, moment.at, yes="none" in track.helmets)
            if vote is not None:
                found.append(self._finding(track, vote, moment))
        return found

    def _finding(self, track: Track, vote: Vote, moment: Moment) -> Finding:
        facts = {
            "bare_heads": max(track.helmets.count("none"), 1),
            "riders": max(track.riders, len(track.helmets)),
            "sightings": vote.sightings,
            "sightings_bare": vote.yes,
            "min_share": self._rule.min_share,
        }
        return Finding(ID, VERSION, "violation", track, vote.since or moment.at, moment.at, WHERE, facts)

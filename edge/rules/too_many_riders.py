"""More people on a two-wheeler than allowed.

Riders are joined to their machine by the tracker, which counts them over two seconds. A machine is reported when, in
the newest sightings (4 s), more than `allowed` people rode it in at least `min_sightings` and `min_share` of them, over
`min_s`. Once per track.

Not a finding: a second machine that hides the first for a moment; one pushed by people who walk.
Unknown: who the riders are. The law lets more ride in some cases (a child under 12, a sick person, somebody arrested):
a person decides. Children before the driver are often not seen; unseen riders do not count.

Reads: tracks with their riders, Gone.  Emits: Finding(too_many_riders), kind violation.
"""

from typing import Final

from contracts.scene import SceneConfig, TooManyRidersRule
from edge.rules.finding import Finding, Moment
from edge.rules.vote import Vote, Votes
from edge.track.track import Track

ID: Final = "too_many_riders"
VERSION = 1
WHERE = "picture"  # no place of the scene is needed: it is judged wherever it is seen


class TooManyRiders:
    """Finds two-wheelers with more riders than allowed."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.too_many_riders or TooManyRidersRule()
        self._classes = frozenset(self._rule.classes)
        self._votes = Votes(self._rule)

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for machines whose sightings have come to agree."""
        self._votes.forget(moment.changes)
        found = []
        for track in moment.tracks:
            if track.riders == 0 or track.cls.label not in self._classes:
                continue
            vote = self._votes.add(track.id, moment.at, yes=track.riders > self._rule.allowed)
            if vote is not None:
                found.append(self._finding(track, vote, moment))
        return found

    def _finding(self, track: Track, vote: Vote, moment: Moment) -> Finding:
        facts = {
            "riders": max(track.riders, self._rule.allowed + 1),
            "allowed_riders": self._rule.allowed,
            "sightings": vote.sightings,
            "sightings_with_more": vote.yes,
            "min_share": self._rule.min_share,
        }
        return Finding(ID, VERSION, "violation", track, vote.since or moment.at, moment.at, WHERE, facts)

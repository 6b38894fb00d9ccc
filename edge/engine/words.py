"""What is too slow, in words for the edge engineer: the machine, one camera, or something that hangs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from edge.engine.pace import WINDOW_S, Account

KEEPS_UP = 0.8  # of what is wanted; less than that is told
OWN_SHARE = 0.5  # of the time spent after the turns: then tracks and rules are what is slow
LOOKS_TOLD = 1.05  # at each picture, on average: more are told as a cause
TURN_SHARE = 0.5  # of the time spent in line and in turns: then the machine is what is slow

Cause = Literal["machine", "road", "source"]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A picture that is not done with.

    Attributes:
        since_s: how long it has been.
        in_detector: it is in its turn; otherwise in tracks, rules or evidence.
        usual_s: how long that usually takes.
    """

    since_s: float
    in_detector: bool
    usual_s: float

    def words(self) -> str:
        """One sentence."""
        where = "the detector" if self.in_detector else "tracks, rules and evidence"
        return (
            f"analysis has been at one picture for {self.since_s:.0f} s, in {where} (usually {self.usual_s:.2f} s). "
            "Is the disk or the graphics card hung? See the node's log; if it stays, restart the node."
        )


def slow_because(account: Account) -> Cause | None:
    """Why a camera gets clearly less than it wants; None when it does not, or is not known long enough.

    Returns:
        machine: its turns come late or take long; road: its own tracks, rules or evidence do; source: its pictures come
        too slowly, by a slow decoder or network.
    """
    if account.covered_s < WINDOW_S or account.reached >= KEEPS_UP * account.wanted:
        return None
    if account.own_share >= OWN_SHARE:
        return "road"
    return "machine" if account.turn_share >= TURN_SHARE else "source"


def overload(accounts: Mapping[str, Account]) -> list[str]:
    """What cannot keep up, one sentence or two each; empty when all is well.

    Decoding is slow where the machine is: a camera is only said to come too slowly when the machine has time.
    """
    causes = {camera: slow_because(account) for camera, account in accounts.items()}
    told = [_road(camera, accounts[camera]) for camera, cause in sorted(causes.items()) if cause == "road"]
    if "machine" in causes.values():
        rest = [account for camera, account in accounts.items() if causes[camera] != "road"]
        return [_machine(rest), *told]
    return told + [_source(camera, accounts[camera]) for camera, cause in sorted(causes.items()) if cause == "source"]


def _machine(accounts: list[Account]) -> str:
    wanted, reached = sum(one.wanted for one in accounts), sum(one.reached for one in accounts)
    ages = [one.age_p95_s for one in accounts if one.age_p95_s is not None]
    cameras = "1 camera wants" if len(accounts) == 1 else f"{len(accounts)} cameras want"
    looks = sum(one.looks * one.reached for one in accounts) / reached if reached else 1.0
    regions = f", each looked at {looks:.1f} times for its detection regions" if looks > LOOKS_TOLD else ""
    fewer = "look at fewer or slower detection regions, " if regions else ""
    return (
        f"{cameras} {wanted:.0f} pictures a second{regions}, this machine manages {reached:.0f}: "
        "each is looked at less often, "
        f"all by the same share, and judged up to {max(ages, default=0.0):.1f} s late. Lower detect.fps and "
        f"detect.max_fps, {fewer}take a smaller detect.height and detect.width or model, "
        "use the cameras' sub-streams, or give cameras to another node."
    )


def _road(camera: str, account: Account) -> str:
    each_s = account.own_share / account.reached if account.reached else 0.0
    return (
        f"{camera}: tracks, rules and evidence take {each_s:.2f} s a picture, so it is judged "
        f"{account.reached:.1f} times a second instead of {account.wanted:.1f}. Is the disk slow, or are "
        "there very many zones and road users?"
    )


def _source(camera: str, account: Account) -> str:
    return (
        f"{camera}: its pictures come more slowly than they were taken, so it is judged {account.reached:.1f} times a "
        f"second instead of {account.wanted:.1f}. Use a smaller sub-stream (decoding), or look at its network."
    )

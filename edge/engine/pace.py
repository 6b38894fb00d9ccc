"""What a camera wanted and what it got over the last seconds. Pure: seconds are handed in, of any one clock."""

from collections import deque
from dataclasses import dataclass

WINDOW_S = 10.0


@dataclass(frozen=True, slots=True)
class Judged:
    """One picture that was taken down the road.

    Attributes:
        at_s: when its judgement was complete.
        age_s: from capture to then.
        line_s: in line for a turn.
        turn_s: the turn itself: conversion and detector.
        own_s: what came after it: tracks, rules, evidence, preview.
        looks: at the whole picture and at regions of it.
    """

    at_s: float
    age_s: float
    line_s: float
    turn_s: float
    own_s: float
    looks: int = 1


@dataclass(frozen=True, slots=True)
class Account:
    """Over the last `covered_s` seconds, at most WINDOW_S.

    Attributes:
        wanted: pictures a second its scene needed, as far as the camera sent them.
        reached: pictures a second that were judged.
        age_p95_s: 95 of 100 pictures were judged at this age or younger; None when there was none.
        turn_share, own_share: of the time, in line and in turns, and after them.
        looks: at each picture and regions of it, on average.
    """

    wanted: float
    reached: float
    age_p95_s: float | None
    turn_share: float
    own_share: float
    covered_s: float
    looks: float = 1.0


class Pace:
    """Keeps the books of one camera."""

    def __init__(self, now_s: float) -> None:
        self._begun_s = now_s
        self._wanted: deque[tuple[float, float]] = deque([(now_s, 0.0)])  # since when, how many a second
        self._judged: deque[Judged] = deque()

    def wants(self, rate: float, now_s: float) -> None:
        """Pictures a second from now on; 0 while none come."""
        if rate != self._wanted[-1][1]:
            self._wanted.append((now_s, rate))
        self._forget(now_s)

    def add(self, picture: Judged) -> None:
        """Another picture was judged."""
        self._judged.append(picture)
        self._forget(picture.at_s)

    def account(self, now_s: float, *, turn_s: float = 0.0, own_s: float = 0.0) -> Account:
        """As of now; with the seconds a picture that is not judged yet has spent in line or turn, and after it."""
        self._forget(now_s)
        covered_s = min(now_s - self._begun_s, WINDOW_S)
        span_s = max(covered_s, 1e-9)
        ages = sorted(one.age_s for one in self._judged)
        count = len(ages)
        return Account(
            wanted=self._wanted_turns(now_s) / span_s,
            reached=count / span_s,
            age_p95_s=ages[max(0, -(-95 * count // 100) - 1)] if ages else None,
            turn_share=(turn_s + sum(one.line_s + one.turn_s for one in self._judged)) / span_s,
            own_share=(own_s + sum(one.own_s for one in self._judged)) / span_s,
            covered_s=covered_s,
            looks=sum(one.looks for one in self._judged) / count if count else 1.0,
        )

    def _wanted_turns(self, now_s: float) -> float:
        """Pictures wanted within the window."""
        begin_s, total = now_s - WINDOW_S, 0.0
        until_s = now_s
        for since_s, rate in reversed(self._wanted):
            total += rate * max(0.0, until_s - max(since_s, begin_s))
            until_s = max(since_s, begin_s)
        return total

    def _forget(self, now_s: float) -> None:
        begin_s = now_s - WINDOW_S
        while len(self._wanted) > 1 and self._wanted[1][0] <= begin_s:
            self._wanted.popleft()
        while self._judged and self._judged[0].at_s <= begin_s:
            self._judged.popleft()

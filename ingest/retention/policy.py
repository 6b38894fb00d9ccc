"""How long what is kept: the part `retention:` of the centre's file, and what it means.

The one period that is written in the law bounds the others. Decree 168/2024/ND-CP, Art. 4.1: a violation is sanctioned
within one year; Art. 4.2: what a device recorded can be used until the last day of it, and the year starts again for
who evades. So a violation that is undecided or confirmed is kept for more than a year, whatever a person writes here.
How long images of decided violations must be kept is not verified: confirmed ones stay until somebody sets a period.
All other defaults are this project's own choice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import Field

from contracts.config_file import Config
from contracts.event import Kind
from ingest.store.events import EventState

LIMITATION_DAYS = 366
"""One year, in the longest one (Decree 168/2024/ND-CP, Art. 4.1)."""

_LONGEST_DAYS = 36_500


class RetentionConfig(Config):
    """Days that events are kept with their evidence, from the later of act and arrival; null: for ever.

    What is on hold stays whatever is written here. The access log and the tallies are never deleted.
    """

    is_on: bool = Field(default=True, description="false: nothing is ever deleted")
    counts_days: int | None = Field(
        default=365, ge=1, le=_LONGEST_DAYS, description="single counts; the tallies made of them stay"
    )
    incidents_days: int | None = Field(
        default=365, ge=1, le=_LONGEST_DAYS, description="incidents that nobody confirmed"
    )
    incidents_confirmed_days: int | None = Field(
        default=None, ge=1, le=_LONGEST_DAYS, description="incidents that were confirmed"
    )
    violations_rejected_days: int | None = Field(
        default=400, ge=1, le=_LONGEST_DAYS, description="violations that were dismissed"
    )
    violations_undecided_days: int | None = Field(
        default=400,
        ge=LIMITATION_DAYS,
        le=_LONGEST_DAYS,
        description="violations nobody decided; 366 at least: evidence is usable for one year (168/2024, Art. 4.2)",
    )
    violations_confirmed_days: int | None = Field(
        default=None,
        ge=LIMITATION_DAYS,
        le=_LONGEST_DAYS,
        description="violations that were confirmed; 366 at least, for the same reason",
    )
    live_log_days: int = Field(default=7, ge=1, le=365, description="changes for screens that come back")
    every_hours: float = Field(default=24, ge=0.1, le=24 * 31, description="hours between two runs")
    batch: int = Field(default=500, ge=1, le=10_000, description="events deleted in one transaction")
    pause_s: float = Field(default=0.5, ge=0, le=60, description="quiet between two transactions")


@dataclass(frozen=True, slots=True)
class Period:
    """How long events of a kind in one of these states are kept."""

    name: str
    kind: Kind
    states: tuple[EventState, ...]
    days: int

    def before(self, now: datetime) -> datetime:
        """What is older than this is due."""
        return now - timedelta(days=self.days)


def periods(config: RetentionConfig) -> list[Period]:
    """What is deleted at all, by this policy."""
    if not config.is_on:
        return []
    every: list[tuple[str, Kind, tuple[EventState, ...], int | None]] = [
        ("counts", "count", ("new",), config.counts_days),
        ("incidents", "incident", ("new", "rejected"), config.incidents_days),
        ("incidents_confirmed", "incident", ("confirmed",), config.incidents_confirmed_days),
        ("violations_rejected", "violation", ("rejected",), config.violations_rejected_days),
        ("violations_undecided", "violation", ("new",), config.violations_undecided_days),
        ("violations_confirmed", "violation", ("confirmed",), config.violations_confirmed_days),
    ]
    return [Period(name, kind, states, days) for name, kind, states, days in every if days is not None]

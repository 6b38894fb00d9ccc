"""One row of the law: an act, for one group of vehicles, while one version of a decree holds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator

from contracts.event import Contract, Slug

Ref = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+[a-z]?(\.[a-zđ]{1,2})?$", description="article.clause.point")]


@dataclass(frozen=True, slots=True)
class Band:
    """An interval of km/h above the limit. `[` and `]` belong to it, `(` and `)` do not; without an upper end: open.

    The bands of a decree end exactly at whole numbers ("from 10 to 20", "over 20"), so numbers are compared as exact
    decimals of what was written, never as binary fractions.
    """

    low: Decimal
    low_in: bool
    high: Decimal | None
    high_in: bool

    @classmethod
    def parse(cls, text: str) -> "Band":
        """`[5,10)`, `(20,35]`, `(35,)`; ValueError says what is expected."""
        inner = text[1:-1].split(",")
        if len(text) < 4 or text[0] not in "[(" or text[-1] not in "])" or len(inner) != 2:
            raise ValueError(f"{text!r} is no interval; expected such as '[5,10)', '(20,35]' or '(35,)'")
        try:
            low, high = Decimal(inner[0]), Decimal(inner[1]) if inner[1] else None
        except ArithmeticError:
            raise ValueError(f"{text!r}: its ends are no numbers; expected such as '[5,10)'") from None
        if low < 0 or (high is not None and high <= low):
            raise ValueError(f"{text!r} is empty; expected the lower end first, from 0 up")
        return cls(low, text[0] == "[", high, text[-1] == "]")

    def holds(self, over_kmh: Decimal) -> bool:
        """Whether so many km/h over the limit are in the band."""
        above = over_kmh >= self.low if self.low_in else over_kmh > self.low
        if self.high is None:
            return above
        return above and (over_kmh <= self.high if self.high_in else over_kmh < self.high)


class Provision(Contract):
    """What an act costs.

    Attributes:
        act: id of the act; what a rule finds is mapped to acts by `contracts.law.acts`.
        group: group of road users whose article it is.
        fine: lowest and highest fine for a person, in the currency of the instrument.
        points: licence points deducted.
        over_kmh: band above the speed limit, for acts that have one.
        condition_vi, condition_en: what must hold beside what the camera saw; a person checks it.
        verified: False: the text was not read; show it as "to be verified".
    """

    act: Slug
    group: Slug
    ref: Ref
    fine: tuple[int, int]
    points: int = Field(ge=0, le=12)
    over_kmh: str | None = None
    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)
    condition_vi: str = ""
    condition_en: str = ""
    verified: bool
    note_vi: str = ""
    note_en: str = ""
    instrument: str = Field(default="", description="id of the version of the decree")
    title_vi: str = ""
    title_en: str = ""
    currency: str = ""
    valid_from: date | None = None
    valid_to: date | None = Field(default=None, description="first day on which this version no longer holds")
    source: str = ""
    default_fine: int = 0

    @field_validator("fine")
    @classmethod
    def _ordered(cls, fine: tuple[int, int]) -> tuple[int, int]:
        if not 0 < fine[0] <= fine[1]:
            raise ValueError(f"fine {fine} is not a range; expected [lowest, highest], both above 0")
        return fine

    @field_validator("over_kmh")
    @classmethod
    def _is_band(cls, text: str | None) -> str | None:
        if text is not None:
            Band.parse(text)
        return text

    def covers(self, over_kmh: Decimal | None) -> bool:
        """Whether the act's band holds for so many km/h over; acts without a band always do."""
        if self.over_kmh is None:
            return True
        return over_kmh is not None and Band.parse(self.over_kmh).holds(over_kmh)


class Continued(Contract):
    """Rows of the version before that go on in this one."""

    refs: tuple[Ref, ...] = Field(min_length=1)
    verified: bool
    note_vi: str = Field(min_length=1, description="how it is known, or that it is not")
    note_en: str = Field(min_length=1)


class Instrument(Contract):
    """One version of a decree: a file."""

    version: Literal[1]
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1")
    id: Slug
    title_vi: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    time_zone: str = Field(description="IANA name; the date of an act is the local one")
    valid_from: date
    valid_to: date | None = Field(default=None, description="first day on which it no longer holds")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")
    source: str = Field(min_length=1)
    default_fine: Literal["midpoint", "lowest"]
    default_fine_source: str = Field(min_length=1)
    groups: dict[Slug, tuple[str, ...]] = Field(description="group of road users -> classes a camera sees")
    provision: tuple[Provision, ...] = ()
    continues: Slug | None = Field(default=None, description="id of the version whose rows go on")
    continued: tuple[Continued, ...] = ()

"""The law of a country by date: which provision held for this act, this vehicle, on this day.

Adding a country is adding files `CC-NAME.toml` in this folder; nothing else.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from contracts.config_file import explain
from contracts.law.provision import Instrument, Provision


class LawError(ValueError):
    """A law file is wrong; says which, where, and what is expected."""


@dataclass(frozen=True, slots=True)
class Law:
    """Everything known about a country's law, each row with the days on which it held."""

    country: str
    zone: ZoneInfo
    groups: tuple[tuple[Instrument, dict[str, str]], ...]
    provisions: tuple[Provision, ...]

    def group_of(self, class_label: str, on: date) -> str | None:
        """Group of road users a class belongs to on a day; None when the law of that day knows none."""
        for instrument, groups in self.groups:
            if _holds(instrument.valid_from, instrument.valid_to, on):
                return groups.get(class_label)
        return None

    def resolve(
        self, act: str, class_label: str, at: datetime, *, over_kmh: Decimal | float | None = None
    ) -> Provision | None:
        """Provision that held at the moment of the act; None where the law of that day has none.

        Args:
            act: id of the act.
            class_label: class of the road user, as in events.
            at: moment of the act, aware; its local date decides.
            over_kmh: how far above the limit, for acts with bands. A float is taken as it is written (shortest form).
        """
        on = at.astimezone(self.zone).date()
        group = self.group_of(class_label, on)
        over = Decimal(str(over_kmh)) if over_kmh is not None else None
        for row in self.provisions:
            if row.act == act and row.group == group and _row_holds(row, on) and row.covers(over):
                return row
        return None


def _holds(start: date, end: date | None, on: date) -> bool:
    return start <= on and (end is None or on < end)


def _row_holds(row: Provision, on: date) -> bool:
    return row.valid_from is not None and _holds(row.valid_from, row.valid_to, on)


@cache
def law_of(country: str) -> Law:
    """Law of a country by its ISO 3166-1 code. LawError when there are no files for it or one is wrong."""
    folder = resources.files("contracts.law")
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.startswith(f"{country.lower()}-"))
    texts = [(name, (folder / name).read_text(encoding="utf-8")) for name in files if name.endswith(".toml")]
    if not texts:
        raise LawError(f"there is no law of {country!r}: expected files {country.lower()}-NAME.toml in contracts/law")
    return parse_law(texts)


def parse_law(files: Iterable[tuple[str, str]]) -> Law:
    """Law from the texts of its files (name, TOML). LawError names file, place and cure."""
    instruments = sorted((_instrument(name, text) for name, text in files), key=lambda entry: entry.valid_from)
    first = instruments[0]
    faults = list(_faults(instruments))
    if faults:
        raise LawError("; ".join(faults))
    rows: dict[str, tuple[Provision, ...]] = {}
    for instrument in instruments:
        rows[instrument.id] = tuple(_rows(instrument, rows))
    return Law(
        country=first.country,
        zone=ZoneInfo(first.time_zone),
        groups=tuple((entry, _by_class(entry)) for entry in instruments),
        provisions=tuple(row for group in rows.values() for row in group),
    )


def _instrument(name: str, text: str) -> Instrument:
    try:
        return Instrument.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise LawError(f"{name}: is not TOML: {error}") from None
    except ValidationError as error:
        raise LawError(f"{name}:\n{explain(error)}") from None


def _by_class(instrument: Instrument) -> dict[str, str]:
    return {label: group for group, labels in instrument.groups.items() for label in labels}


def _faults(instruments: list[Instrument]) -> Iterator[str]:
    for before, after in pairwise(instruments):
        if before.country != after.country or before.time_zone != after.time_zone:
            yield f"{after.id}: country or time zone differs from {before.id}; expected the same in all files"
        if before.valid_to != after.valid_from:
            yield (
                f"{before.id}: holds until {before.valid_to}, but {after.id} begins on {after.valid_from}; "
                "expected valid_to to be the day the next one begins"
            )
    known = {entry.id for entry in instruments}
    for entry in instruments:
        if entry.continues is not None and entry.continues not in known:
            yield f"{entry.id}.continues: {entry.continues!r} is not there; expected one of {', '.join(sorted(known))}"


def _rows(instrument: Instrument, earlier: dict[str, tuple[Provision, ...]]) -> Iterator[Provision]:
    own = [row.model_copy(update=_stamp(instrument, row)) for row in instrument.provision]
    yield from own
    if instrument.continues is None:
        return
    before = earlier[instrument.continues]
    refs = {ref: entry for entry in instrument.continued for ref in entry.refs}
    replaced = {row.ref for row in own}
    strangers = refs.keys() - {row.ref for row in before}
    if strangers:
        raise LawError(f"{instrument.id}.continued: {', '.join(sorted(strangers))} is not in {instrument.continues}")
    for row in before:
        entry = refs.get(row.ref)
        if entry is None and row.ref not in replaced:
            raise LawError(
                f"{instrument.id}: says nothing about {row.ref} of {instrument.continues}; name it in continued"
            )
        if entry is not None:
            update = _stamp(instrument, row) | {
                "verified": entry.verified,
                "note_vi": entry.note_vi,
                "note_en": entry.note_en,
            }
            yield row.model_copy(update=update)


def _stamp(instrument: Instrument, row: Provision) -> dict[str, object]:
    low, high = row.fine
    return {
        "instrument": instrument.id,
        "title_vi": instrument.title_vi,
        "title_en": instrument.title_en,
        "currency": instrument.currency,
        "valid_from": instrument.valid_from,
        "valid_to": instrument.valid_to,
        "source": instrument.source,
        "default_fine": (low + high) // 2 if instrument.default_fine == "midpoint" else low,
    }

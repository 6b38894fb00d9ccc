"""The law by date: bands exact at their ends, versions by the local day, and every row held against the decree."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.law import Band, Law, LawError, acts_of, law_of, parse_law, provisions_of
from contracts.scene import RULE_IDS

VN = timezone(timedelta(hours=7))
BEFORE = datetime(2026, 8, 14, 12, tzinfo=VN)
AFTER = datetime(2026, 8, 15, 12, tzinfo=VN)


@pytest.fixture(scope="module")
def law() -> Law:
    return law_of("VN")


@pytest.mark.parametrize(
    ("over_kmh", "car", "motorcycle"),
    [
        (4.9, None, None),
        (5, "6.3.a", "7.2.b"),
        (9.9, "6.3.a", "7.2.b"),
        (10, "6.5.đ", "7.4.a"),
        (20, "6.5.đ", "7.4.a"),
        (20.1, "6.6.a", "7.8.a"),
        (35, "6.6.a", "7.8.a"),
        (35.1, "6.7.a", "7.8.a"),
        (90, "6.7.a", "7.8.a"),
    ],
)
def test_speed_bands_are_exact_at_their_ends(
    law: Law, over_kmh: float, car: str | None, motorcycle: str | None
) -> None:
    for label, ref in (("car", car), ("truck", car), ("motorcycle", motorcycle)):
        row = law.resolve("speeding", label, BEFORE, over_kmh=over_kmh)
        assert (row.ref if row else None) == ref


def test_a_speed_that_no_binary_fraction_hits_stays_in_its_band(law: Law) -> None:
    """0.1 + 19.9 is a little more than 20 in binary; what was written is compared, not the fraction behind it."""
    row = law.resolve("speeding", "car", BEFORE, over_kmh=round(70.1 - 50.1, 6))
    assert row is not None
    assert row.ref == "6.5.đ"


def test_each_day_has_its_own_version(law: Law) -> None:
    before, after = law.resolve("red_light", "car", BEFORE), law.resolve("red_light", "car", AFTER)
    assert before is not None
    assert after is not None
    assert (before.instrument, after.instrument) == ("decree-168-2024", "decree-238-2026")
    assert before.verified
    assert after.verified


def test_the_local_day_decides(law: Law) -> None:
    """17:30 UTC is half an hour past midnight in Viet Nam."""
    late = law.resolve("red_light", "car", datetime(2026, 8, 14, 17, 30, tzinfo=UTC))
    early = law.resolve("red_light", "car", datetime(2026, 8, 14, 16, 59, tzinfo=UTC))
    assert late is not None
    assert early is not None
    assert (early.instrument, late.instrument) == ("decree-168-2024", "decree-238-2026")


def test_before_the_first_decree_there_is_nothing(law: Law) -> None:
    assert law.resolve("red_light", "car", datetime(2024, 12, 31, 12, tzinfo=VN)) is None


def test_what_nobody_has_read_is_not_called_verified(law: Law) -> None:
    """Only what reviews of the full text name as unchanged is verified after 2026-08-15."""
    amended = law.resolve("lane_change", "car", AFTER)
    assert amended is not None
    assert not amended.verified
    assert "amends the wording" in amended.note_en
    verified = {row.ref for row in law.provisions if row.instrument == "decree-238-2026" and row.verified}
    assert verified == {"6.9.b", "7.7.c", "7.2.h", "7.2.i", "7.2.b", "7.4.a", "7.8.a", "7.2.g", "7.3.b"}


def test_default_fine_is_the_midpoint(law: Law) -> None:
    row = law.resolve("red_light", "motorcycle", BEFORE)
    assert row is not None
    assert (row.fine, row.default_fine) == ((4_000_000, 6_000_000), 5_000_000)


def test_every_row_is_the_decrees(law: Law, shared: Path) -> None:
    """Fine by its clause, points by the lists of 6.16 and 7.13, read from the decree's text."""
    text: dict[str, str] = {
        str(key): entry["full_name"]
        for key, entry in yaml.safe_load((shared / "domain/decree-168-2024.yaml").read_text(encoding="utf-8")).items()
    }
    rows = [row for row in law.provisions if row.instrument == "decree-168-2024"]
    assert len(rows) >= 40
    for row in rows:
        article, clause, point = row.ref.split(".")
        fine = re.match(r"Phạt tiền từ ([\d.]+) đồng đến ([\d.]+) đồng", text[f"{article}.{clause}"])
        assert fine is not None
        assert row.fine == tuple(int(amount.replace(".", "")) for amount in fine.groups()), row.ref
        assert row.ref in text
        assert row.points == points_in(text, int(article), clause, point), row.ref


def points_in(text: dict[str, str], article: int, clause: str, point: str) -> int:
    """Licence points by the lists at the end of Articles 6 and 7; 0 where none names the point."""
    lists = {6: "6.16", 7: "7.13"}.get(article)
    for letter in "abcd" if lists else "":
        sentence = text[f"{lists}.{letter}"]
        named = re.search(r"bị trừ điểm giấy phép lái xe (\d+) điểm", sentence)
        assert named is not None
        for part in re.split(r";|, (?=khoản)", sentence):
            numbers = re.findall(r"khoản (\d+)", part)
            letters = re.findall(r"điểm ([a-zđ]{1,2})(?=[ ,k])", part.split("bị trừ")[0])
            if clause in numbers and (not letters or point in letters):
                return int(named[1])
    return 0


@pytest.mark.parametrize("rule", RULE_IDS)
def test_acts_of_rules_are_in_the_law(law: Law, rule: str) -> None:
    known = {row.act for row in law.provisions}
    variants: list[dict[str, Any]] = [{}, {"kind": "u_turn"}, {"act": "parking"}, {"riders": 3}, {"riders": 4}]
    for facts in variants:
        assert set(acts_of(rule, facts)) <= known


def test_a_speed_is_charged_without_its_uncertainty(law: Law) -> None:
    facts = {"speed_kmh": 72.0, "excess_kmh": 22.0, "certain_excess_kmh": 19.5}
    assert [row.ref for row in provisions_of(law, "speeding", "car", BEFORE, facts)] == ["6.5.đ"]
    assert provisions_of(law, "speeding", "car", BEFORE, {}) == []
    assert provisions_of(law, "congestion", "car", BEFORE, {}) == []


def test_riders_choose_the_provision(law: Law) -> None:
    """Three people are two passengers."""
    three = provisions_of(law, "too_many_riders", "motorcycle", BEFORE, {"riders": 3})
    four = provisions_of(law, "too_many_riders", "motorcycle", BEFORE, {"riders": 4})
    assert ([row.ref for row in three], [row.ref for row in four]) == (["7.2.g"], ["7.3.b"])


def test_a_class_without_an_article_has_none(law: Law) -> None:
    assert law.resolve("red_light", "object", BEFORE) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5,10", "no interval"),
        ("[10,5)", "is empty"),
        ("[a,b]", "no numbers"),
        ("", "no interval"),
        ("[-1,5)", "empty"),
    ],
)
def test_nonsense_bands(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Band.parse(text)


def law_files() -> list[tuple[str, str]]:
    folder = resources.files("contracts.law")
    return [(x.name, x.read_text(encoding="utf-8")) for x in folder.iterdir() if x.name.endswith(".toml")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('act = "red_light"', 'axt = "red_light"', "provision.0.axt: Extra inputs"),
        ("fine = [18_000_000, 20_000_000]", "fine = [20, 18]", "is not a range"),
        ('over_kmh = "[5,10)"', 'over_kmh = "5-10"', "is no interval"),
        ("valid_to = 2026-08-15", "valid_to = 2026-08-14", "expected valid_to to be the day the next one begins"),
        ('  "6.9.b",\n', "", "says nothing about 6.9.b"),
        ('continues = "decree-168-2024"', 'continues = "decree-100"', "'decree-100' is not there"),
        ('ref = "6.9.b"', 'ref = "6.99.b"', "is not in decree-168-2024"),
        ("version = 1", "version = ", "is not TOML"),
    ],
)
def test_a_wrong_file_is_named_with_place_and_cure(old: str, new: str, words: str) -> None:
    files = [(name, text.replace(old, new)) for name, text in law_files()]
    assert files != law_files()
    with pytest.raises(LawError, match=re.escape(words)):
        parse_law(files)


def test_a_country_without_files_says_what_to_add() -> None:
    with pytest.raises(LawError, match=r"xx-NAME\.toml"):
        law_of("XX")


def test_another_country_is_another_file() -> None:
    text = (
        'version = 1\ncountry = "LA"\nid = "la-1"\ntitle_vi = "a"\ntitle_en = "b"\ntime_zone = "Asia/Vientiane"\n'
        'valid_from = 2020-01-01\ncurrency = "LAK"\nsource = "s"\ndefault_fine = "lowest"\ndefault_fine_source = "t"\n'
        '[groups]\ncar = ["car"]\n[[provision]]\nact = "red_light"\ngroup = "car"\nref = "1.2.a"\nfine = [10, 20]\n'
        'points = 0\nvi = "a"\nen = "b"\nverified = false\n'
    )
    row = parse_law([("la-x.toml", text)]).resolve("red_light", "car", AFTER)
    assert row is not None
    assert (row.default_fine, row.currency, row.valid_from) == (10, "LAK", date(2020, 1, 1))

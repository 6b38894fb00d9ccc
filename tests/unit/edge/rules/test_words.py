"""Each figure a rule gives has words on the screens: an officer reads none of our names."""

import re
from pathlib import Path
from typing import get_args

import pytest

from contracts.scene import RULE_IDS, RuleId
from edge.rules.queue import Reason
from tests.unit.edge.rules.test_properties import JUDGED, upright

CODES = (Path(__file__).resolve().parents[4] / "dashboard" / "src" / "domain" / "codes.ts").read_text(encoding="utf-8")
COUNTS = {"line_count", "lane_statistics"}  # figures of the centre's tables, not of an alert


def listed(name: str) -> list[str]:
    found = re.search(rf"export const {name} = \[(.*?)\] as const;", CODES, re.DOTALL)
    assert found is not None
    return re.findall(r'"(\w+)"', found[1])


@pytest.mark.parametrize("rule", [rule for rule in JUDGED if rule not in COUNTS])
def test_each_figure_of_a_finding_has_words(rule: RuleId) -> None:
    figures = {key for finding in upright(rule) for key in finding.facts}
    assert figures
    assert figures - set(listed("FACTS")) == set()


def test_each_rule_has_a_name() -> None:
    assert listed("RULES") == list(RULE_IDS)


def test_each_reason_to_stand_has_words() -> None:
    assert set(listed("AROUND")) == set(get_args(Reason))

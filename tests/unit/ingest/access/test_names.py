"""Names that are accepted, and the form they are kept in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.access.errors import NameRefused
from ingest.access.names import canonical_username, new_username, node_name, person_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("An", "an"), (" thuy.linh ", "thuy.linh"), ("ＡＮ", "an"), ("a", "a"), ("an@csgt.vn", "an@csgt.vn")],
)
def test_one_person_has_one_user_name(typed: str, kept: str) -> None:
    assert canonical_username(typed) == new_username(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", " ", "nguyễn", "a b", "a\x00b", "a\n", ".a", "a.", "a" * 65, "\ud800", "а", "a/b", "<b>", "a'--"]
)
def test_what_is_no_user_name(typed: str) -> None:
    if typed == "a\n":  # white space around a name is the keyboard's
        assert canonical_username(typed) == "a"
        return
    assert canonical_username(typed) is None
    with pytest.raises(NameRefused, match="64 characters"):
        new_username(typed)


@given(st.text(max_size=80))
def test_the_kept_form_is_stable(typed: str) -> None:
    kept = canonical_username(typed)
    assert kept is None or canonical_username(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("Nguyễn Văn An", "Nguyễn Văn An"), ("  An ", "An"), ("Lan (ca 2)", "Lan (ca 2)")]
)
def test_names_as_people_write_them(typed: str, kept: str) -> None:
    assert person_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "a\x00b", "a\nb", "a\u202eb", "x" * 101, "\ud800"])
def test_names_that_cannot_be_shown(typed: str) -> None:
    with pytest.raises(NameRefused):
        person_name(typed)


@pytest.mark.parametrize("typed", ["", "a b", "../x", "x" * 65, "nút", "a\n"])
def test_what_is_no_node(typed: str) -> None:
    with pytest.raises(NameRefused):
        node_name(typed)


def test_a_node_is_named_as_in_its_configuration() -> None:
    assert node_name("Node-7_a.b") == "Node-7_a.b"

"""Tokens: long, different, kept as a digest; the CSRF value belongs to one session."""

import pytest

from ingest.access.tokens import MAX_TOKEN_CHARACTERS, csrf_fits, csrf_for, digest, new_token


def test_tokens_are_long_and_different() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    assert all(43 <= len(token) <= MAX_TOKEN_CHARACTERS for token in made)


def test_the_digest_is_sha256_and_says_nothing() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_csrf_belongs_to_its_session() -> None:
    one, other = new_token(), new_token()
    assert csrf_fits(one, csrf_for(one))
    assert not csrf_fits(one, csrf_for(other))
    assert csrf_for(one) not in {one, digest(one)}


@pytest.mark.parametrize("presented", ["", "x", "é", "\ud800", "0" * 64, "x" * 100_000])
def test_nonsense_does_not_fit(presented: str) -> None:
    assert not csrf_fits("token", presented)

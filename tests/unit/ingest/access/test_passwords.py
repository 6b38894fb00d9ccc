"""Passwords: what is accepted, and that the time of an answer does not say who exists."""

import statistics
import time
import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters

from ingest.access.errors import PasswordRefused
from ingest.access.passwords import MAX_CHARACTERS, Passwords, check_new_password

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "password1234",
        "PASSWORD123456",
        "Matkhau@2026!",
        "giaolo2026!!",
        "123456789012",
        "aaaaaaaaaaaaa",
        "abababababab",
        "qwertyuiop12",
        "nguyenvanan1",
        "thuy.linh.2026",
        "ducthuylinh1",
        "Đức-Thùy-12345",
        "x" * (MAX_CHARACTERS + 1),
        "word " * 60,
    ],
)
def test_easy_and_endless_ones_are_refused_and_never_repeated(password: str) -> None:
    with pytest.raises(PasswordRefused) as refusal:
        check_new_password(password, username="thuy.linh", name="Nguyễn Văn An Đức Thùy Linh")
    if password:
        assert password not in str(refusal.value)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "con mèo trèo cây cau",
        "Xe-buýt số 32 chạy",
        "8f3k2m9q7w1z",
        "🚦🚗🛵🚌🚲🚶 ngã tư",
        "p4ssw0rdless-tiger-moon",
    ],
)
def test_no_rule_of_composition(password: str) -> None:
    check_new_password(password, username="thuy.linh", name="Thùy Linh")


def test_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    passwords = Passwords(CHEAP)
    composed = "mật khẩu của tôi đây"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert passwords.fits(passwords.hash(composed), decomposed)


def test_only_the_right_one_fits() -> None:
    passwords = Passwords(CHEAP)
    stored = passwords.hash("correct horse battery")
    assert passwords.fits(stored, "correct horse battery")
    assert not passwords.fits(stored, "correct horse batterz")
    assert not passwords.fits(stored, "")
    assert not passwords.fits("no hash at all", "correct horse battery")
    assert not passwords.fits(None, "correct horse battery")


def test_nothing_of_the_password_is_stored_and_salts_differ() -> None:
    passwords = Passwords(CHEAP)
    first, second = passwords.hash("correct horse battery"), passwords.hash("correct horse battery")
    assert first != second
    assert "horse" not in first


def test_parameters_are_those_of_owasp() -> None:
    parameters = extract_parameters(Passwords().hash("correct horse battery"))
    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        "ID",
        19_456,
        2,
        1,
    )


def test_a_hash_of_other_parameters_is_outdated() -> None:
    assert Passwords().is_outdated(CHEAP.hash("correct horse battery"))
    assert not Passwords(CHEAP).is_outdated(CHEAP.hash("correct horse battery"))


def test_nobody_takes_as_long_as_a_wrong_password() -> None:
    passwords = Passwords()
    stored = passwords.hash("correct horse battery")

    def cost(hashed: str | None) -> float:
        times = []
        for _ in range(5):
            started = time.process_time()
            passwords.fits(hashed, "wrong horse battery")
            times.append(time.process_time() - started)
        return statistics.median(times)

    known, unknown = cost(stored), cost(None)
    assert known > 0.005, "a wrong password must cost a guesser something"
    assert 0.5 < unknown / known < 2

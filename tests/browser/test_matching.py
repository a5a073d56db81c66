"""Comparing texts, and patterns that would never end."""

import time

import pytest

from webapp.browser.errors import StepFailed
from webapp.browser.matching import LONGEST_TEXT, Matcher, pattern_error


@pytest.mark.parametrize(
    ("match", "content", "text", "holds"),
    [
        ("contains", "a  b", "x a\n b y", True),
        ("contains", "B", "b", False),
        ("equals", " a b ", "a\tb", True),
        ("equals", "a", "a b", False),
        ("equals", "", " \n", True),
        ("matches", r"^\d+ €$", "12 €", True),
        ("matches", "b", "abc", True),
        ("matches", "^b", "abc", False),
        ("matches", "é{2}", "éé", True),
    ],
)
def test_blanks_are_folded_and_the_rest_is_exact(
    match: str, content: str, text: str, holds: bool
) -> None:
    with Matcher(match, content) as matcher, Matcher(match, content, negate=True) as opposite:
        assert matcher.holds(text) is holds
        assert opposite.holds(text) is not holds


def test_one_process_answers_every_look() -> None:
    with Matcher("matches", "x$") as matcher:
        started = time.monotonic()
        assert [matcher.holds(f"{number} x") for number in range(50)] == [True] * 50
        assert time.monotonic() - started < 2


def test_a_pattern_without_end_is_given_up() -> None:
    with Matcher("matches", "(a+)+$") as matcher:
        started = time.monotonic()
        with pytest.raises(StepFailed, match="took longer than 2 s on a text of 41 characters"):
            matcher.holds("a" * 40 + "!")
        assert time.monotonic() - started < 4


def test_a_very_long_text_is_compared_up_to_a_limit() -> None:
    with Matcher("contains", "end") as matcher:
        assert not matcher.holds("x" * LONGEST_TEXT + "end")


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("a(b", "has a mistake at position 2"),
        ("[", "has a mistake at position 1"),
        ("(?P<x", "has a mistake"),
        ("a{99999999999}", "too large"),
        ("[[a]", ""),
        (r"\d+", ""),
    ],
)
def test_a_pattern_is_checked_before_it_is_stored(pattern: str, sentence: str) -> None:
    found = pattern_error(pattern)
    assert sentence in found and bool(found) is bool(sentence)

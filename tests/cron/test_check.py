"""What is refused, and that the sentence helps."""

import pytest

from webapp.cron import CronInvalid, check

GOOD = """
* * * * *
*/5 * * * *
5/15 * * * *
0 9-17/2 1,15 jan-mar,12 mon-FRI
0 0 * * sat-sun
0 0 * * 5-7
0 0 29 2 *
0 0 31 2 1
@hourly
@DAILY
@weekly
@monthly
@yearly
@midnight
""".strip().splitlines()

BAD = [
    ("0 25 * * *", 3, "hour “25” is not in 0–23."),
    ("60 * * * *", 1, "minute “60” is not in 0–59."),
    ("0 0 0 * *", 5, "day of month “0” is not in 1–31."),
    ("0 0 1,32 * *", 7, "day of month “32” is not in 1–31."),
    ("0 0 * foo *", 7, "month “foo” is not in 1–12 or a name such as “feb”."),
    ("0 0 * * 8", 9, "day of week “8” is not in 0–7 or a name such as “mon”."),
    ("0 0 * * 5#2", 9, "day of week “5#2” is not in 0–7 or a name such as “mon”."),
    ("  0\t 0 L * *", 8, "day of month “L” is not in 1–31."),
    ("1, * * * *", 3, "a value for minute is missing; expected one in 0–59."),
    ("5- * * * *", 3, "a value for minute is missing; expected one in 0–59."),
    ("50-10 * * * *", 1, "minute “50-10” runs backwards"),
    ("*/0 * * * *", 3, "the step of minute must be a whole number in 1–59; found “0”."),
    ("*/90 * * * *", 3, "the step of minute must be a whole number in 1–59; found “90”."),
    ("*/ * * * *", 3, "the step of minute must be a whole number in 1–59; found nothing."),
    ("1-9/x * * * *", 5, "the step of minute must be a whole number in 1–59; found “x”."),
    ("٣ * * * *", 1, "minute “٣” is not in 0–59."),
    ("0.5 * * * *", 1, "minute “0.5” is not in 0–59."),
    ("* * * *", 8, "day of week is missing; 4 fields were found, expected five: minute, hour,"),
    ("*", 2, "hour is missing; 1 field was found, expected five"),
    ("*/10 * * * * *", 14, "“*” is one field too many; 6 were found"),
    ("", 1, "the expression is empty; expected five fields"),
    (" \t ", 1, "the expression is empty; expected five fields"),
    ("@reboot", 1, "“@reboot” is not a time; write one such as @hourly or @daily."),
    ("@fortnightly", 1, "“@fortnightly” is not known; known are @hourly, @daily,"),
    ("@every 5m", 8, "“@every” stands alone; found “5m” after it."),
    ("0 0 31 2 *", 5, "day of month “31” never comes in month “2”, which has at most 29 days."),
    ("0 0 31 apr,jun *", 5, "“31” never comes in month “apr,jun”, which has at most 30 days."),
]


@pytest.mark.parametrize("expression", GOOD)
def test_it_takes(expression):
    assert check(expression) is None


@pytest.mark.parametrize(("expression", "position", "sentence"), BAD)
def test_it_refuses_and_says_where_what_and_what_would_be_right(expression, position, sentence):
    with pytest.raises(CronInvalid) as refusal:
        check(expression)
    assert refusal.value.position == position
    assert refusal.value.message.startswith(f"Character {position}: ")
    assert sentence in refusal.value.message


def test_six_fields_are_told_that_seconds_do_not_exist():
    with pytest.raises(CronInvalid, match="the shortest interval is a minute"):
        check("*/10 * * * * *")


@pytest.mark.parametrize("expression", ["*" * 10**6, "0 " * 500_000, "@" + "x" * 10**6])
def test_a_megabyte_is_refused_shortly(expression):
    with pytest.raises(CronInvalid) as refusal:
        check(expression)
    assert len(refusal.value.message) < 150


def test_what_was_found_is_quoted_short_and_printable():
    with pytest.raises(CronInvalid) as refusal:
        check("\x00\n" + "9" * 500 + " * * * *")
    assert len(refusal.value.message) < 100
    assert refusal.value.message.isprintable()

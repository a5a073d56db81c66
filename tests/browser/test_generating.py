"""Values that are new in every run."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.playing import given, page_with
from webapp.browser.errors import StepInvalid
from webapp.browser.page import Sight

FIELD = Sight(candidate=0, words="<input>", tag="input", text="", value="12,50 €")


def made(**options: Any) -> Any:
    page = page_with()
    seen = given(page, step("generate", variable="v", **options))
    assert seen.state == "passed" and seen.notes[0].startswith("v = ")
    return page.variables.get("v")


def test_generated_values_have_their_form() -> None:
    assert re.fullmatch("[a-z][a-z0-9]{9}", made())
    assert re.fullmatch("[a-z][a-z0-9]{29}", made(length=30))
    assert made(kind="number", least=7, most=7) == 7
    assert {made(kind="number", least=-1, most=1) for _ in range(60)} == {-1, 0, 1}
    assert re.fullmatch(r"[a-z][a-z0-9]{9}@example\.com", made(kind="email"))
    assert made(kind="email", length=500, domain="mail.example.org").endswith("@mail.example.org")
    assert len(made(kind="email", length=500).partition("@")[0]) == 60
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-.{17}", made(kind="uuid"))
    assert made() != made()


@pytest.mark.parametrize(
    "options, value",
    [
        ({}, "2028-02-29"),
        ({"offset": "+1 y"}, "2029-02-28"),
        ({"offset": "-2 d"}, "2028-02-27"),
        ({"offset": "1 mo", "format": "%d.%m.%Y %H:%M"}, "29.03.2028 23:30"),
        ({"offset": "+3 h", "format": "%Y-%m-%dT%H:%M:%S%z"}, "2028-03-01T02:30:00+0000"),
        ({"offset": "+1 d -30 min", "format": "%d %H:%M"}, "01 23:00"),
        ({"offset": "1w", "format": "%j"}, "067"),
        ({"zone": "Europe/Berlin", "format": "%d %H:%M %Z"}, "01 00:30 CET"),
        # Across the change to summer time: a day later is the same hour, 24 hours are not.
        ({"zone": "Europe/Berlin", "offset": "26 d", "format": "%d %H:%M"}, "27 00:30"),
        ({"zone": "Europe/Berlin", "offset": "624 h", "format": "%d %H:%M"}, "27 01:30"),
        ({"format": "%s"}, "1835479800"),
        ({"format": "100 %%"}, "100 %"),
        ({"offset": "-14 mo", "format": "%B"}, "December"),
    ],
)
def test_dates(options: dict[str, str], value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2028, 2, 29, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("webapp.browser.actions.generating.clock.now", lambda: now)
    assert made(kind="date", **options) == value


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"offset": "tomorrow"}, "is not a distance from now like -2 d"),
        ({"offset": "2 m"}, "is not a distance"),
        ({"format": "%Q"}, "“%Q” means nothing in a format"),
        ({"format": "5 %"}, "“%” means nothing"),
        ({"zone": "Europe/Nowhere"}, "is not a time zone"),
        ({"zone": "../etc/passwd"}, "is not a time zone"),
        ({"domain": "ex ample"}, "is not a domain"),
        ({"length": 0}, "from 1 to 1,000"),
        ({"least": 5, "most": 4}, "less than the least number, 5"),
        ({"kind": "word"}, "not one of text, number, email, uuid, date"),
    ],
)
def test_what_cannot_be_generated_is_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StepInvalid, match=re.escape(sentence)):
        step("generate", variable="v", **options)


def test_a_date_beyond_all_years_fails() -> None:
    seen = given(page_with(), step("generate", variable="v", kind="date", offset="9999 y"))
    assert "not in the years 1 to 9999" in (seen.error or "")

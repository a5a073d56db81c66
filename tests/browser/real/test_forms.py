"""Forms in Chromium and in Firefox: what stands in the fields, and what the page heard of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser
from webapp.browser.errors import StepInvalid
from webapp.browser.steps import Step

pytestmark = pytest.mark.browser
Ask = Callable[[str], Any]
MANY = "[...get('many').selectedOptions].map((one) => one.value).join()"


@pytest.fixture
def ask(both: Browser) -> Ask:
    """Ask the page; `get` finds an element by its id."""
    get = "const get = (id) => document.getElementById(id);"
    return lambda what: both.driver.execute_script(f"{get} return {what}")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The files of a flow."""
    for name in ("a.txt", "ä b.csv"):
        (tmp_path / name).write_text(f"in {name}", encoding="utf-8")
    return {path.name: path for path in tmp_path.glob("*.*")}


@pytest.mark.parametrize(
    ("made", "what", "expected"),
    [
        (step("change", "#text", "abc"), "get('text').value", "abc"),
        (step("change", "#text", "xyz"), "get('text').value", "xyz"),
        (step("change", "#text", ""), "get('text').value", ""),
        (step("change", "#area", "one\ntwo"), "get('area').value", "one\ntwo"),
        (step("change", "#secret", "Hunter2-Moon", secret=True), "get('secret').value.length", 12),
        (step("change", "#number", "42"), "get('number').value", "42"),
        (step("change", "#rich", "new"), "get('rich').innerText.trim()", "new"),
        (step("change", "#rich", "old words!"), "get('rich').innerText", "old words!"),
        (step("change", "#one", "b"), "get('one').value", "b"),
        (step("change", "#date", "2027-01-31"), "get('date').value", "2027-01-31"),
        (step("change", "#time", "14:30"), "get('time').value", "14:30"),
        (step("change", "#color", "#ff8800"), "get('color').value", "#ff8800"),
        (step("change", "#range", "40"), "get('range').value", "40"),
        (step("change", "#box", "true"), "get('box').checked", True),
        (step("change", "#box", "false"), "get('box').checked", False),
        (step("set_value", "#month", "2027-01"), "get('month').value", "2027-01"),
        (step("set_value", "#local", "2027-01-31T14:30"), "get('local').value", "2027-01-31T14:30"),
        (step("set_value", "#range", "30"), "get('range').value", "30"),
        (step("set_value", "#text", "all"), "get('text').value", "all"),
        (
            step("set_rich_text", "#rich", "a new text"),
            "get('rich').innerText.trim()",
            "a new text",
        ),
        (step("set_rich_text", "#rich", ""), "get('rich').innerText.trim()", ""),
        (step("set_rich_text", "#rich", "a\nb"), "get('rich').innerText.split(/\\n+/)[1]", "b"),
        (step("check", "#box"), "get('box').checked", True),
        (step("check", "#radio"), "get('radio').checked", True),
        (step("uncheck", "#box"), "get('box').checked", False),
        (step("select", "#one", "Berry"), "get('one').value", "b"),
        (step("select", "#one", "bee", by="id"), "get('one').value", "b"),
        (step("select", "#one", "1", by="index"), "get('one').value", "a"),
    ],
    ids=lambda one: one.title.replace("\n", " ") if isinstance(one, Step) else "",
)
def test_a_field_gets_its_value(
    play_both: Play, ask: Ask, made: Step, what: str, expected: Any
) -> None:
    seen = play_both(made, path="/fields")
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * 2
    assert ask(what) == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (step("change", "#date", "2027-01-31"), ["input date", "change date"]),
        (step("change", "#one", "b"), ["input one", "change one"]),
        (step("change", "#text", "abc"), ["input text"]),
        (step("change", "#text", "ab"), []),
        (step("set_rich_text", "#rich", "x"), ["input rich"]),
        (step("set_value", "#color", "#ff8800"), ["input color", "change color"]),
    ],
    ids=lambda one: one.title if isinstance(one, Step) else "",
)
def test_the_page_hears_of_it(play_both: Play, ask: Ask, made: Step, expected: list[str]) -> None:
    play_both(made, path="/fields")
    assert ask("window.heard") == expected


def test_what_is_there_already_is_left_as_it_is(play_both: Play, ask: Ask) -> None:
    play_both(step("change", "#rich", "old words!"), path="/fields")
    assert ask("get('rich').querySelector('b') !== null")


def test_choices_are_added_and_taken_back(play_both: Play, ask: Ask) -> None:
    play_both(
        step("add_selection", "#many", "Apple"),
        step("add_selection", "#many", "c", by="value"),
        step("add_selection", "#many", "Apple"),
        path="/fields",
    )
    assert ask(MANY) == "a,c"
    play_both(
        step("add_selection", "#many", "Apple"),
        step("add_selection", "#many", "Berry"),
        step("remove_selection", "#many", "Apple"),
        step("remove_selection", "#many", "2", by="index"),
        path="/fields",
    )
    assert ask(MANY) == "b"
    assert ask("window.heard.filter((word) => word === 'change many').length") == 3


def test_a_form_is_sent(play_both: Play, ask: Ask) -> None:
    seen = play_both(
        step("submit", "#text"), step("assert_url", None, "/fields?text=ab&must=x"), path="/fields"
    )
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * 3
    seen = play_both(step("submit", "#form"), path="/fields")
    assert "text=ab" in ask("location.search")


@pytest.mark.parametrize("target", ["#files", "#label", "#zone"])
def test_files_are_uploaded(play_both: Play, ask: Ask, files: dict[str, Path], target: str) -> None:
    seen = play_both(step("upload", target, "a.txt\nä b.csv\n"), path="/fields", files=files)
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * 2
    field = "in_zone" if target == "#zone" else "files"
    assert ask(f"[...get('{field}').files].map((one) => one.name)") == ["a.txt", "ä b.csv"]
    assert ask(f"get('{field}').files[0].text()") == "in a.txt"
    assert f"change {field}" in ask("window.heard")


def test_a_second_upload_replaces_the_first(
    play_both: Play, ask: Ask, files: dict[str, Path]
) -> None:
    steps = step("upload", "#files", "a.txt"), step("upload", "#files", "ä b.csv")
    play_both(*steps, path="/fields", files=files)
    assert ask("[...get('files').files].map((one) => one.name)") == ["ä b.csv"]


QUICK = {"timeout_seconds": 0.3}


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            step("change", "#files", "x", **QUICK),
            "Could not fill in #files: it is not shown",
        ),
        (
            step("change", "#file", "x", **QUICK),
            'Could not fill in #file: <input id="file" type="file"> is a field for files, which '
            "the action “upload” fills with files that are stored with the flow.",
        ),
        (
            step("change", "#box", "maybe", **QUICK),
            "is checked by “true” and unchecked by “false”, not by “maybe”.",
        ),
        (step("change", "#plain", "x", **QUICK), "it is no field that takes text"),
        (step("change", "#one", "Apple", **QUICK), "no value “Apple”. It has “”, “a”, “b”"),
        (
            step("set_value", "#date", "tomorrow", **QUICK),
            'The field <input id="date" type="date"> does not accept “tomorrow”.',
        ),
        (
            step("set_value", "#rich", "x", **QUICK),
            'Could not set the value of #rich: <div id="rich"> is no field.',
        ),
        (
            step("set_rich_text", "#plain", "x", **QUICK),
            'Could not set the text of #plain: <div id="plain"> is no editor of formatted text',
        ),
        (
            step("remove_selection", "#one", "Apple", **QUICK),
            "Could not take “Apple” back in #one: in this list one choice is always chosen.",
        ),
        (step("remove_selection", "#many", "Date", **QUICK), "no label “Date”. It has “Apple”"),
        (step("add_selection", "#plain", "Date", **QUICK), "is no list of choices"),
        (
            step("submit", "#plain", **QUICK),
            'Could not send the form of #plain: <div id="plain"> is no form, and is in none.',
        ),
        (step("upload", "#plain", "a.txt", **QUICK), "is no field for files, and there is none in"),
        (step("upload", "#off", "a.txt", **QUICK), "Could not upload to #off: it is disabled"),
        (step("upload", "#file", "a.txt\nä b.csv", **QUICK), "it takes one file, not 2"),
        (
            step("upload", "#file", "b.txt", **QUICK),
            "The file “b.txt” is not stored with this flow, so it cannot be uploaded. Add it under "
            "“Files” on the page of the flow. Stored with it: “a.txt”, “ä b.csv”.",
        ),
        (step("upload", "#absent", "a.txt", **QUICK), "no such element was on the page"),
    ],
    ids=lambda one: one.title.replace("\n", " ") if isinstance(one, Step) else "",
)
def test_it_says_why_it_could_not(
    play_both: Play, files: dict[str, Path], made: Step, words: str
) -> None:
    named = dict(sorted(files.items()))
    *_, failed = play_both(made, path="/fields", files=named)
    assert failed.state == "failed"
    assert words in (failed.error or "")


def test_a_form_that_is_not_filled_in_is_not_sent(play_both: Play, ask: Ask) -> None:
    *_, failed = play_both(step("clear", "#must"), step("submit", "#text"), path="/fields")
    assert (failed.error or "").startswith(
        "Could not send the form of #text: its field “must” is not filled in as the page wants it ("
    )
    assert ask("location.search") == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("\n \n", "It names no file."),
        ("a\nb\na", "“a” is in it twice."),
        ("\n".join(f"{number}" for number in range(51)), "It names 51 files; at most 50 go"),
    ],
)
def test_an_upload_of_nothing_or_too_much_is_refused(content: str, words: str) -> None:
    with pytest.raises(StepInvalid) as refused:
        step("upload", "#file", content)
    assert words in str(refused.value)


ALERTS = (
    "<select id=s onchange=alert(1)><option>A<option>B</select>"
    "<input id=d type=date onchange=alert(2)><input id=f type=file onchange=alert(3)>"
    "<form onsubmit=\"document.title = confirm('Sure?'); return false\"><input id=t></form>"
    '<button id=b ondblclick=alert(4)>x</button><input id=k onkeydown="if (key(event)) alert(5)">'
    "<script>const key = (event) => event.key === 'Enter'</script>"
)


@pytest.mark.parametrize(
    ("made", "proof"),
    [
        (step("change", "#s", "B"), "get('s').value === 'B'"),
        (step("set_value", "#d", "2027-01-31"), "get('d').value === '2027-01-31'"),
        (step("upload", "#f", "a.txt"), "get('f').files.length === 1"),
        (step("submit", "#t"), "document.title === 'true'"),
        (step("double_click", "#b", offset_x=3, offset_y=3), "true"),
        (step("type", "#k", "ab{Enter}", keys=True), "get('k').value === 'ab'"),
    ],
    ids=lambda one: one.title if isinstance(one, Step) else "",
)
def test_a_dialog_that_it_opens_is_answered(
    play_both: Play, ask: Ask, files: dict[str, Path], made: Step, proof: str
) -> None:
    *_, seen = play_both(made, html=ALERTS, files=files)
    assert (seen.state, seen.error) == ("passed", None)
    assert [note for note in seen.notes if "The page showed a dialog, answered with OK" in note]
    assert ask(proof)

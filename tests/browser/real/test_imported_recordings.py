"""Imported commands and steps do in a browser what their own runner does with them."""

from typing import Any

import pytest

from tests.imports.files import only_draft, recording, side
from webapp.browser.plan import HELD
from webapp.browser.steps import parse_step
from webapp.imports.draft import Draft

pytestmark = pytest.mark.browser
PAGE = "/recorded"
QUICK = 1.0
FAILS, SOFTLY = "fails", "fails softly"


def said(words: str) -> tuple[str, str, str]:
    """A script that does not hold unless the page wrote these words down."""
    return (
        "executeScript",
        f"return document.getElementById('log').textContent.includes('{words}')",
        "w",
    )


def wrote(words: str) -> list[Any]:
    return [said(words), ("assert", "w", "true")]


def play(play_steps, draft: Draft, **plan: Any) -> tuple[list[int], list[str]]:
    """The places in the file whose steps failed, and what they said."""
    steps = tuple(parse_step(one) for one in draft.steps)
    outcomes = play_steps(*steps, path=PAGE, step_timeout_seconds=QUICK, **plan)
    bad = [one for one in outcomes if one.state not in (*HELD, "skipped")]
    place = {uid: number for number, item in enumerate(draft.items) for uid in item.uids}
    return [place.get(one.step.uid, -1) for one in bad], [str(one.error) for one in bad]


# ruff: noqa: E501 (a table: one case a line)
# Commands, and at which of them the reference runner stops (FAILS: at the last), or goes on.
SIDE: dict[str, tuple[list[Any], Any]] = {
    "open, relative": ([("open", "/recorded?x"), ("assertTitle", "Recorded")], None),
    "open a page that answers 500": ([("open", "/500"), ("assertTitle", "Broken")], None),
    "assertTitle is exact": ([("assertTitle", "Record")], FAILS),
    "verifyTitle goes on": ([("verifyTitle", "No"), ("echo", "on")], (0,)),
    "pause": ([("pause", "10")], None),
    "setWindowSize": ([("setWindowSize", "900x700")], None),
    "click": ([("click", "id=pad"), *wrote("click@")], None),
    "click what is not there": ([("click", "id=none")], FAILS),
    "click by alternatives": (
        [{"command": "click", "target": "id=none", "targets": [["css=#pad", "css"]]}, *wrote("click@")],
        None,
    ),
    "clickAt": ([("clickAt", "id=pad", "10,20"), *wrote("click@10,20")], None),
    "doubleClick": ([("doubleClick", "id=pad"), *wrote("dblclick")], None),
    "doubleClickAt": ([("doubleClickAt", "id=pad", "5,6"), *wrote("click@5,6")], None),
    "mouseDown and mouseUp": ([("mouseDown", "id=pad"), ("mouseUp", "id=pad"), *wrote("mousedown mouseup")], None),
    "mouseDownAt and mouseUpAt": (
        [("mouseDownAt", "id=pad", "3,4"), ("mouseUpAt", "id=pad", "9,9"), *wrote("mousedown mouseup")],
        None,
    ),
    "mouseOver and mouseOut": ([("mouseOver", "id=pad"), ("mouseOut", "id=pad"), *wrote("mouseenter mouseleave")], None),
    "mouseMoveAt": (
        [("mouseMoveAt", "id=pad", "7,8"), ("executeScript", "return document.getElementById('pad').dataset.at", "at"), ("assert", "at", "7,8")],
        None,
    ),
    "dragAndDropToObject": ([("dragAndDropToObject", "id=drag", "id=drop"), *wrote("dropped")], None),
    "type replaces": ([("type", "id=name", "Eve"), ("assertValue", "id=name", "Eve")], None),
    "type nothing clears": ([("type", "id=name", ""), ("assertValue", "id=name", "")], None),
    "type into what is read-only": ([("type", "id=off", "x")], FAILS),
    "sendKeys appends": ([("sendKeys", "id=name", "er"), ("assertValue", "id=name", "older")], None),
    "sendKeys presses keys": ([("sendKeys", "id=name", "x${KEY_BACKSPACE}${KEY_ENTER}"), ("assertTitle", "Sent")], None),
    "sendKeys does not know a key": ([("sendKeys", "id=name", "${KEY_NONE}")], None),
    "editContent": ([("editContent", "id=edit", "poor"), ("assertText", "id=edit", "poor")], None),
    "editContent of what is not editable": ([("editContent", "id=head", "x")], FAILS),
    "submit": ([("submit", "id=form"), ("assertTitle", "Sent")], None),
    "check, twice": ([("check", "id=agree"), ("check", "id=agree"), ("assertChecked", "id=agree")], None),
    "uncheck": ([("uncheck", "id=on"), ("assertNotChecked", "id=on")], None),
    "select by label": ([("select", "id=size", "label=Large one"), ("assertSelectedValue", "id=size", "l")], None),
    "select by value": ([("select", "id=size", "value=l"), ("assertSelectedLabel", "id=size", "Large one")], None),
    "select by index, from 1": ([("select", "id=size", "index=2"), ("assertSelectedValue", "id=size", "l")], None),
    "select by id": ([("select", "id=size", "id=opt-l"), ("assertSelectedValue", "id=size", "l")], None),
    "select a label that is not there": ([("select", "id=size", "label=Large")], FAILS),
    "addSelection and removeSelection": (
        [("addSelection", "id=many", "label=B"), ("removeSelection", "id=many", "label=A"), ("assertSelectedValue", "id=many", "b")],
        None,
    ),
    "assertText is exact": ([("assertText", "id=head", "Welcome, Al")], None),
    "assertText does not take a part": ([("assertText", "id=head", "Welcome")], FAILS),
    "assertNotText": ([("assertNotText", "id=head", "Welcome")], None),
    "assertNotText of the same": ([("assertNotText", "id=head", "Welcome, Al")], FAILS),
    "verifyText goes on": ([("verifyText", "id=head", "x"), ("verifyText", "id=head", "Welcome, Al")], (0,)),
    "assertValue": ([("assertValue", "id=name", "old")], None),
    "assertNotValue of the same": ([("assertNotValue", "id=name", "old")], FAILS),
    "assertChecked": ([("assertChecked", "id=on")], None),
    "assertChecked of what is not": ([("assertChecked", "id=agree")], FAILS),
    "assertNotChecked of what is": ([("assertNotChecked", "id=on")], FAILS),
    "verifyChecked goes on": ([("verifyChecked", "id=agree"), ("verifyNotChecked", "id=agree")], (0,)),
    "assertEditable": ([("assertEditable", "id=name")], None),
    "assertEditable of what is disabled": ([("assertEditable", "id=off")], FAILS),
    "assertNotEditable": ([("assertNotEditable", "id=off")], None),
    "verifyNotEditable goes on": ([("verifyNotEditable", "id=name"), ("verifyEditable", "id=name")], (0,)),
    "assertElementPresent of what is hidden": ([("assertElementPresent", "id=hid")], None),
    "assertElementPresent waits": ([("assertElementPresent", "id=late")], None),
    "assertElementPresent of nothing": ([("assertElementPresent", "id=none")], FAILS),
    "assertElementNotPresent": ([("assertElementNotPresent", "id=none")], None),
    "assertElementNotPresent does not wait": ([("open", "/recorded"), ("assertElementNotPresent", "id=leaving")], FAILS),
    "verifyElementPresent goes on": ([("verifyElementPresent", "id=none"), ("verifyElementNotPresent", "id=none")], (0,)),
    "assertSelectedLabel": ([("assertSelectedLabel", "id=size", "Small")], None),
    "assertNotSelectedValue": ([("assertNotSelectedValue", "id=size", "l")], None),
    "assertNotSelectedValue of the same": ([("assertNotSelectedValue", "id=size", "s")], FAILS),
    "assertNotSelectedLabel of the same": ([("assertNotSelectedLabel", "id=size", "Small")], FAILS),
    "verifySelectedValue goes on": ([("verifySelectedValue", "id=size", "l"), ("verifySelectedLabel", "id=size", "Small")], (0,)),
    "waitForElementPresent": ([("waitForElementPresent", "id=late", "3000")], None),
    "waitForElementPresent of nothing": ([("waitForElementPresent", "id=none", "300")], FAILS),
    "waitForElementVisible": ([("waitForElementVisible", "id=late", "3000")], None),
    "waitForElementVisible of what is hidden": ([("waitForElementVisible", "id=hid", "300")], FAILS),
    "waitForElementNotPresent": ([("waitForElementNotPresent", "id=leaving", "3000")], None),
    "waitForElementNotPresent of what stays": ([("waitForElementNotPresent", "id=head", "300")], FAILS),
    "waitForElementNotVisible": ([("waitForElementNotVisible", "id=hid", "300")], None),
    "waitForElementNotVisible of nothing": ([("waitForElementNotVisible", "id=none", "300")], None),
    "waitForElementNotVisible of what stays": ([("waitForElementNotVisible", "id=head", "300")], FAILS),
    "waitForElementEditable": ([("open", "/recorded"), ("waitForElementEditable", "id=ro", "3000")], None),
    "waitForElementNotEditable": ([("waitForElementNotEditable", "id=off", "300")], None),
    "waitForElementNotEditable of what is": ([("waitForElementNotEditable", "id=name", "300")], FAILS),
    "waitForText": ([("waitForText", "css=#slow", "late")], None),
    "waitForText of another": ([("waitForText", "id=head", "Welcome")], FAILS),
    "store and assert": ([("store", "5", "n"), ("assert", "n", "5")], None),
    "assert of another": ([("store", "5", "n"), ("assert", "n", "6")], FAILS),
    "verify goes on": ([("store", "5", "n"), ("verify", "n", "6"), ("echo", "${n}")], (1,)),
    "storeText": ([("storeText", "id=head", "t"), ("assert", "t", "Welcome, Al")], None),
    "storeValue": ([("storeValue", "id=name", "t"), ("assert", "t", "old")], None),
    "storeAttribute": ([("storeAttribute", "id=name@placeholder", "t"), ("assert", "t", "Your name")], None),
    "storeTitle": ([("storeTitle", "t"), ("assert", "t", "Recorded")], None),
    "storeElementCount": ([("storeElementCount", "css=li", "t"), ("assert", "t", "3")], None),
    "storeXpathCount": ([("storeXpathCount", "xpath=//li", "t"), ("assert", "t", "3")], None),
    "storeJson": ([("storeJson", '[1, {"a": 2}]', "t"), ("executeScript", "return ${t}[1].a", "u"), ("assert", "u", "2")], None),
    "executeScript takes values, not text": ([("store", "' + alert(1) + '", "t"), ("executeScript", "return ${t}.length", "u"), ("assert", "u", "16")], None),
    "executeAsyncScript": ([("executeAsyncScript", "return new Promise(done => setTimeout(() => done('x'), 100))", "u"), ("assert", "u", "x")], None),
    "executeScript with a fault": ([("executeScript", "return nowhere.x", "u")], FAILS),
    "runScript": ([("runScript", "document.title = 'Run'"), ("assertTitle", "Run")], None),
    "echo": ([("echo", "hello ${nobody}")], None),
    "if, elseIf, else": (
        [("store", "2", "x"), ("if", "${x} == 1"), ("assertTitle", "no"), ("elseIf", "${x} == 2"), ("runScript", "document.title = 'two'"), "else", ("assertTitle", "no"), "end", ("assertTitle", "two")],
        None,
    ),
    "times": ([("executeScript", "return 0", "n"), ("times", "3"), ("executeScript", "return ${n} + 1", "n"), "end", ("assert", "n", "3")], None),
    "while": ([("executeScript", "return 0", "n"), ("while", "${n} < 4"), ("executeScript", "return ${n} + 1", "n"), "end", ("assert", "n", "4")], None),
    "while reaches its limit": ([("while", "true", "3"), ("echo", "x"), "end"], (0,)),
    "do and repeatIf": ([("executeScript", "return 0", "n"), "do", ("executeScript", "return ${n} + 1", "n"), ("repeatIf", "${n} < 3"), ("assert", "n", "3")], None),
    "forEach": ([("storeJson", '["a", "b"]', "list"), ("forEach", "list", "one"), ("echo", "${one}"), "end", ("assert", "one", "b")], None),
    "a failure in a loop": ([("times", "2"), ("assertTitle", "no"), "end", ("echo", "x")], (1,)),
    "selectFrame by index": ([("selectFrame", "index=0"), ("assertText", "id=deep", "Inside"), ("selectFrame", "relative=parent"), ("assertText", "id=head", "Welcome, Al")], None),
    "selectFrame by locator": ([("selectFrame", "id=inner"), ("assertText", "css=h2", "Inside"), ("selectFrame", "relative=top"), ("assertTitle", "Recorded")], None),
    "selectFrame that is not there": ([("selectFrame", "index=7")], FAILS),
    "windows": (
        [("storeWindowHandle", "root"), {"command": "click", "target": "id=pop", "value": "", "opensWindow": True, "windowHandleName": "w1"}, ("selectWindow", "handle=${w1}"), ("executeScript", "return location.search", "s"), ("assert", "s", "?second"), "close", ("selectWindow", "handle=${root}"), ("executeScript", "return location.search", "s"), ("assert", "s", "")],
        None,
    ),
    "assertAlert and acceptAlert": ([("click", "id=alert"), ("assertAlert", "Hello"), "acceptAlert", *wrote("alerted")], None),
    "assertAlert of another text": ([("click", "id=alert"), ("assertAlert", "Bye")], FAILS),
    "assertConfirmation and dismissConfirmation": ([("click", "id=sure"), ("assertConfirmation", "Really?"), "dismissConfirmation", *wrote("sure:false")], None),
    "acceptConfirmation": ([("click", "id=sure"), "acceptConfirmation", *wrote("sure:true")], None),
    "answerPrompt": ([("click", "id=ask"), ("assertPrompt", "Who?"), ("answerPrompt", "Eve"), *wrote("asked:Eve")], None),
    "dismissPrompt": ([("click", "id=ask"), "dismissPrompt", *wrote("asked:null")], None),
    "verifyAlert goes on": ([("click", "id=alert"), ("verifyAlert", "Bye"), "acceptAlert"], (1,)),
    "chooseCancelOnNextConfirmation": (["chooseCancelOnNextConfirmation", ("click", "id=sure"), *wrote("sure:false")], None),
    "chooseOkOnNextConfirmation": (["chooseOkOnNextConfirmation", ("click", "id=sure"), *wrote("sure:true")], None),
    "answerOnNextPrompt": ([("answerOnNextPrompt", "Eve"), ("click", "id=ask"), *wrote("asked:Eve")], None),
    "chooseCancelOnNextPrompt": (["chooseCancelOnNextPrompt", ("click", "id=ask"), *wrote("asked:null")], None),
    "webdriverAnswerOnVisiblePrompt": ([("click", "id=ask"), ("webdriverAnswerOnVisiblePrompt", "Eve"), *wrote("asked:Eve")], None),
    "webdriverChooseCancelOnVisibleConfirmation": ([("click", "id=sure"), "webdriverChooseCancelOnVisibleConfirmation", *wrote("sure:false")], None),
    "link by text": ([("click", "linkText=More and more")], None),
    "link by a part of its text": ([("click", "partialLinkText=More and")], None),
    "link by another text": ([("click", "linkText=More and")], FAILS),
}  # fmt: skip


@pytest.mark.parametrize("name", SIDE)
def test_selenium_ide(play_steps, name):
    commands, ends = SIDE[name]
    draft = only_draft(side(*commands))
    expected = [] if ends is None else [len(commands) - 1] if ends == FAILS else list(ends)
    failed, words = play(play_steps, draft)
    assert failed == expected, words


def clicked(selectors: Any, **more: Any) -> dict[str, Any]:
    return {"type": "click", "selectors": selectors, "offsetX": 5, "offsetY": 5, **more}


def shows(words: str) -> dict[str, Any]:
    code = f"document.getElementById('log').textContent.includes('{words}')"
    return {"type": "waitForExpression", "expression": code}


RECORDER: dict[str, tuple[list[Any], Any]] = {
    "setViewport": ([{"type": "setViewport", "width": 700, "height": 600}], None),
    "click by css": ([clicked(["#pad"]), shows("click@")], None),
    "click by aria": ([clicked([["aria/Alert"]]), shows("alerted")], None),
    "click by aria with a role": ([clicked([['aria/Ask[role="button"]']]), shows("asked:")], None),
    "click by text": ([clicked([["text/drop her"]])], None),
    "click by xpath": ([clicked([["xpath///*[@id='pad']"]]), shows("click@")], None),
    "click by pierce": ([clicked([["pierce/#deep-button"]]), shows("deep")], None),
    "click through a shadow root": ([clicked([["my-shadow", "#deep-button"]]), shows("deep")], None),
    "click by the first that matches": ([clicked([["#none"], ["aria/Nobody"], ["#pad"]]), shows("click@")], None),
    "click what is not there": ([clicked([["#none"]])], FAILS),
    "click with the right button": ([clicked(["#pad"], button="secondary"), shows("contextmenu")], None),
    "click with the middle button": ([clicked(["#pad"], button="auxiliary"), shows("auxclick")], None),
    "click, held": ([clicked(["#pad"], duration=300), shows("mousedown mouseup")], None),
    "doubleClick": ([{"type": "doubleClick", "selectors": ["#pad"], "offsetX": 1, "offsetY": 1}, shows("dblclick")], None),
    "hover": ([{"type": "hover", "selectors": ["#pad"]}, shows("mouseenter")], None),
    "change a text": ([{"type": "change", "selectors": ["#name"], "value": "older"}, {"type": "waitForElement", "selectors": ["#name"], "properties": {"value": "older"}}], None),
    "change a choice by its value": ([{"type": "change", "selectors": ["#size"], "value": "l"}, {"type": "waitForElement", "selectors": ["#size"], "properties": {"value": "l"}}], None),
    "change a choice by its label": ([{"type": "change", "selectors": ["#size"], "value": "Large one"}], FAILS),
    "change a date": ([{"type": "change", "selectors": ["#day"], "value": "2027-01-31"}, shows("day")], None),
    "change a colour": ([{"type": "change", "selectors": ["#colour"], "value": "#ff8800"}, {"type": "waitForElement", "selectors": ["#colour"], "properties": {"value": "#ff8800"}}], None),
    "keys": ([clicked(["#pad"]), {"type": "keyDown", "key": "Enter"}, {"type": "keyUp", "key": "Enter"}, shows("down:Enter up:Enter")], None),
    "a chord": ([{"type": "keyDown", "key": "Shift"}, {"type": "keyDown", "key": "A"}, {"type": "keyUp", "key": "A"}, {"type": "keyUp", "key": "Shift"}, shows("down:Shift down:A up:A up:Shift")], None),
    "scroll the page": ([{"type": "setViewport", "width": 600, "height": 300}, {"type": "scroll", "x": 0, "y": 120}, {"type": "waitForExpression", "expression": "scrollY === 120"}], None),
    "waitForElement": ([{"type": "waitForElement", "selectors": ["#late"]}], None),
    "waitForElement of nothing": ([{"type": "waitForElement", "selectors": ["#none"]}], FAILS),
    "waitForElement counts at least": ([{"type": "waitForElement", "selectors": ["li"], "count": 2}], None),
    "waitForElement counts exactly": ([{"type": "waitForElement", "selectors": ["li"], "operator": "==", "count": 2}], FAILS),
    "waitForElement counts at most": ([{"type": "waitForElement", "selectors": ["li"], "operator": "<=", "count": 3}], None),
    "waitForElement, inverted": ([{"type": "waitForElement", "selectors": ["#leaving"], "visible": False}], None),
    "waitForElement, exactly and inverted": ([{"type": "waitForElement", "selectors": ["li"], "operator": "==", "count": 3, "visible": False}], FAILS),
    "waitForElement with an attribute": ([{"type": "waitForElement", "selectors": ["li"], "attributes": {"class": "x"}}], None),
    "waitForElement with another attribute": ([{"type": "waitForElement", "selectors": ["li"], "attributes": {"class": "y"}}], FAILS),
    "waitForElement with a property": ([{"type": "waitForElement", "selectors": ["#agree"], "properties": {"checked": False}}], None),
    "waitForExpression": ([{"type": "waitForExpression", "expression": "!!document.getElementById('late')"}], None),
    "waitForExpression of a promise": ([{"type": "waitForExpression", "expression": "Promise.resolve(1)"}], None),
    "waitForExpression that never holds": ([{"type": "waitForExpression", "expression": "false"}], FAILS),
    "in a frame": ([{"type": "waitForElement", "selectors": ["#deep"], "frame": [0]}, {"type": "waitForElement", "selectors": ["#head"]}], None),
    "customStep does nothing": ([{"type": "customStep", "name": "x", "parameters": {}}], None),
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDER)
def test_chrome_recorder(play_steps, name):
    steps, ends = RECORDER[name]
    draft = only_draft(recording(*steps))
    failed, words = play(play_steps, draft)
    assert failed == ([] if ends is None else [len(steps) - 1]), words


def test_a_recorded_popup_is_followed(play_steps, site):
    second = f"{site.url}/recorded?second"
    draft = only_draft(
        recording(
            clicked(["#pop"]),
            {
                "type": "waitForExpression",
                "expression": "location.search === '?second'",
                "target": second,
            },
            {"type": "close", "target": second},
            {"type": "waitForExpression", "expression": "location.search === ''"},
        )
    )
    assert play(play_steps, draft) == ([], [])

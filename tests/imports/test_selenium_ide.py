"""Projects of Selenium IDE: every command, every version, and what is wrong with a file."""

import pytest

from tests.imports.files import item, only_draft, only_step, plain, read, side
from webapp.imports.draft import Unreadable
from webapp.imports.selenium_ide.commands import COMMANDS
from webapp.imports.selenium_ide.tests import CONTROL

# The 93 commands of version 4, the 10 that only version 3 had, and the extras of the runtime.
V4 = [
    "close",
    "open",
    "pause",
    "selectFrame",
    "selectWindow",
    "setSpeed",
    "setWindowSize",
    "storeWindowHandle",
    "addSelection",
    "check",
    "click",
    "clickAt",
    "doubleClick",
    "doubleClickAt",
    "dragAndDropToObject",
    "editContent",
    "mouseDown",
    "mouseDownAt",
    "mouseMoveAt",
    "mouseOut",
    "mouseOver",
    "mouseUp",
    "mouseUpAt",
    "removeSelection",
    "select",
    "sendKeys",
    "type",
    "uncheck",
    "assert",
    "assertAlert",
    "assertChecked",
    "assertConfirmation",
    "assertEditable",
    "assertElementPresent",
    "assertElementNotPresent",
    "assertNotChecked",
    "assertNotEditable",
    "assertNotSelectedValue",
    "assertNotText",
    "assertPrompt",
    "assertSelectedValue",
    "assertSelectedLabel",
    "assertText",
    "assertTitle",
    "assertValue",
    "verify",
    "verifyChecked",
    "verifyEditable",
    "verifyElementPresent",
    "verifyElementNotPresent",
    "verifyNotChecked",
    "verifyNotEditable",
    "verifyNotSelectedValue",
    "verifyNotText",
    "verifySelectedLabel",
    "verifySelectedValue",
    "verifyText",
    "verifyTitle",
    "verifyValue",
    "waitForElementEditable",
    "waitForElementNotEditable",
    "waitForElementNotPresent",
    "waitForElementNotVisible",
    "waitForElementPresent",
    "waitForElementVisible",
    "waitForText",
    "store",
    "storeAttribute",
    "storeElementCount",
    "storeJson",
    "storeText",
    "storeTitle",
    "storeValue",
    "debugger",
    "echo",
    "executeScript",
    "executeAsyncScript",
    "run",
    "runScript",
    "acceptAlert",
    "acceptConfirmation",
    "answerPrompt",
    "dismissConfirmation",
    "dismissPrompt",
    "do",
    "else",
    "elseIf",
    "end",
    "forEach",
    "if",
    "repeatIf",
    "times",
    "while",
]
V3 = [
    "answerOnNextPrompt",
    "chooseCancelOnNextConfirmation",
    "chooseCancelOnNextPrompt",
    "chooseOkOnNextConfirmation",
    "storeXpathCount",
    "submit",
    "webdriverAnswerOnVisiblePrompt",
    "webdriverChooseCancelOnVisibleConfirmation",
    "webdriverChooseCancelOnVisiblePrompt",
    "webdriverChooseOkOnVisibleConfirmation",
]
EXTRAS = [
    "assertNotValue",
    "verifyNotValue",
    "assertNotSelectedLabel",
    "verifyNotSelectedLabel",
    "verifyAlert",
    "verifyConfirmation",
    "verifyPrompt",
    "waitForVisible",
    "waitForEditable",
]


def test_every_command_of_the_specification_is_known():
    assert (len(V4), len(V3)) == (93, 10)
    assert {*V4, *V3, *EXTRAS} <= COMMANDS.keys() | CONTROL


@pytest.mark.parametrize(
    ("command", "step"),
    [
        (("open", "/cart"), {"action": "open", "content": "/cart", "options": {"status": "any"}}),
        (("pause", "1500"), {"action": "wait", "content": "1.5"}),
        (("pause", "", "250"), {"action": "wait", "content": "0.25"}),
        (
            ("clickAt", "css=canvas", "10,20"),
            {
                "action": "click",
                "locators": [{"by": "css", "value": "canvas"}],
                "options": {"offset_x": 10, "offset_y": 20},
            },
        ),
        (
            ("select", "id=size", "index=2"),
            {
                "action": "select",
                "locators": [{"by": "id", "value": "size"}],
                "content": "1",
                "options": {"by": "index"},
            },
        ),
        (
            ("select", "id=size", "Large one"),
            {
                "action": "select",
                "locators": [{"by": "id", "value": "size"}],
                "content": "Large one",
                "options": {"by": "label"},
            },
        ),
        (
            ("storeAttribute", "css=a[title='x@y']@href", "link"),
            {
                "action": "extract",
                "locators": [{"by": "css", "value": "a[title='x@y']"}],
                "options": {"variable": "link", "source": "attribute", "name": "href"},
            },
        ),
        (
            ("verifyTitle", "Shop"),
            {
                "action": "assert_title",
                "content": "Shop",
                "options": {"match": "equals"},
                "on_failure": "soft",
            },
        ),
        (
            ("waitForElementNotPresent", "linkText=Wait", "3000"),
            {
                "action": "wait_for",
                "locators": [{"by": "link_text", "value": "Wait"}],
                "options": {"state": "gone"},
                "timeout_seconds": 3.0,
            },
        ),
        (
            ("type", "name=q", ""),
            {"action": "clear", "locators": [{"by": "name", "value": "q"}]},
        ),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_a_command_becomes_a_step(command, step):
    assert only_step(side(command)) == step


def test_alternatives_are_kept_in_their_order_and_each_once():
    command = {
        "command": "click",
        "target": "id=buy",
        "targetFallback": [["css=.buy", "css:finder"]],
        "targets": [["id=buy", "id"], ["css=.buy", "css:finder"], ["//button", "xpath:position"]],
        "fallbackTargets": [["nonsense=1", "?"]],
    }
    step = only_step(side(command))
    assert [one["value"] for one in step["locators"]] == ["buy", ".buy", "//button"]


def test_only_names_that_something_sets_are_variables():
    draft = only_draft(side(("store", "5", "n"), ("echo", "${n} of ${m} {{ n }}${nbsp}")))
    assert draft.steps[1]["content"] == r"{{ n }} of ${m} \{{ n }}" + "\u00a0"


def test_blocks_become_a_tree():
    draft = only_draft(
        side(
            ("store", "1", "x"), ("if", "${x} == 1"), ("echo", "a"), ("elseIf", "true"),
            ("times", "2", "7"), ("echo", "b"), "end", "else", ("echo", "c"), "end",
            "do", ("echo", "d"), ("repeatIf", "false"),
        )
    )  # fmt: skip
    by_uid = {step["uid"]: step for step in draft.steps}
    seen = [
        (step["action"], by_uid[step["parent"]]["action"] if "parent" in step else None)
        for step in draft.steps
    ]
    assert seen == [
        ("set_variable", None), ("if", None), ("note", "if"), ("else_if", None),
        ("repeat", "else_if"), ("note", "repeat"), ("else", None), ("note", "else"),
        ("do_while", None), ("note", "do_while"),
    ]  # fmt: skip
    assert draft.steps[4]["options"] == {"limit": 7}
    assert draft.steps[8]["content"] == "false"


@pytest.mark.parametrize(
    ("commands", "place", "what"),
    [
        (["else"], "commands[0]", "outside of an “if”"),
        ([("if", "1"), "else", "else", "end"], "commands[2]", "behind the “else”"),
        ([("if", "1"), "else", ("elseIf", "1"), "end"], "commands[2]", "behind the “else”"),
        (["end"], "commands[0]", "There is no “if”"),
        (["do", "end"], "commands[1]", "There is no “if”"),
        ([("while", "1"), ("repeatIf", "1")], "commands[1]", "There is no “do”"),
        ([("if", "1"), ("echo", "x")], "commands[0]", "Incomplete block"),
        ([("while", "")], "commands[0]", "It has no condition"),
    ],
)
def test_blocks_that_do_not_close_are_refused_with_their_place(commands, place, what):
    with pytest.raises(Unreadable) as refused:
        read(side(*commands))
    assert place in str(refused.value)
    assert what in str(refused.value)


def test_what_is_switched_off_is_kept_and_not_checked():
    draft = only_draft(
        side("//else", {"command": "click", "target": "id=a", "skip": True}, ("//click", "id=b"))
    )
    assert [(step["action"], step["enabled"]) for step in draft.steps] == [
        ("note", False), ("click", False), ("click", False),
    ]  # fmt: skip


def test_what_cannot_be_played_is_kept_with_its_text():
    draft = only_draft(side(("customClick", "id=x", "5"), ("click", "nonsense=1")))
    assert [item(draft, place).fate for place in (0, 1)] == ["off", "off"]
    assert [step["content"] for step in draft.steps] == [
        "customClick | id=x | 5",
        "click | nonsense=1",
    ]
    assert "no command of Selenium IDE" in item(draft).why
    assert "no locator that Selenium IDE knows" in item(draft, 1).why


def test_answers_that_were_armed_stand_behind_the_command_that_opens_the_dialog():
    draft = only_draft(
        side(("answerOnNextPrompt", "Al"), ("click", "id=ask"), "chooseCancelOnNextConfirmation",
             ("click", "id=sure"), version="2.0")
    )  # fmt: skip
    assert [step["action"] for step in draft.steps] == [
        "click", "answer_prompt", "click", "dismiss_dialog",
    ]  # fmt: skip


def test_an_alert_of_an_older_file_is_also_accepted():
    actions = [
        step["action"] for step in only_draft(side(("assertAlert", "Hi"), version="2.0")).steps
    ]
    assert actions == ["assert_dialog", "accept_dialog"]
    actions = [step["action"] for step in only_draft(side(("assertAlert", "Hi"))).steps]
    assert actions == ["assert_dialog"]


def test_windows_are_named_when_they_open():
    draft = only_draft(
        side(
            ("storeWindowHandle", "root"),
            {"command": "click", "target": "id=pop", "opensWindow": True,
             "windowHandleName": "win1", "windowTimeout": 4000},
            ("selectWindow", "handle=${win1}"), "close", ("selectWindow", "handle=${root}"),
            ("echo", "end"),
        )
    )  # fmt: skip
    assert plain(draft)[:4] == [
        {"action": "name_tab", "content": "root"},
        {"action": "click", "locators": [{"by": "id", "value": "pop"}]},
        {
            "action": "name_tab",
            "content": "win1",
            "options": {"tab": "newest"},
            "timeout_seconds": 4.0,
        },
        {"action": "switch_tab", "content": "win1", "options": {"by": "name"}},
    ]


def test_windows_of_the_oldest_recorder_are_found_again():
    draft = only_draft(
        side(("open", "/"), ("click", "id=pop"), ("selectWindow", "win_ser_1"),
             ("selectWindow", "win_ser_local"), version="1.0")
    )  # fmt: skip
    assert [(step["action"], step.get("content")) for step in draft.steps] == [
        ("open", "/"), ("name_tab", "root"), ("click", None), ("name_tab", "win1"),
        ("switch_tab", "win1"), ("switch_tab", "root"),
    ]  # fmt: skip


def test_the_last_close_is_not_played():
    draft = only_draft(side(("click", "id=a"), "close"))
    assert [(step["action"], step.get("enabled", True)) for step in draft.steps] == [
        ("click", True), ("note", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "by", "value"),
    [
        ("//a[1]", "xpath", "//a[1]"),
        ("buy", "id", "buy"),
        ("id=x//y", "id", "x//y"),
        ("a//b", "xpath", "a//b"),
        ("class=big", "css", ".big"),
        ("identifier=x", None, None),
    ],
)
def test_locators_of_version_1_0_have_no_prefix(target, by, value):
    step = only_step(side(("click", target), version="1.0"))
    if by is None:
        assert step["action"] == "note"
    else:
        assert step["locators"] == [{"by": by, "value": value}]


def test_older_files_are_migrated():
    draft = only_draft(
        side(
            ("store", "1", "${x}"), ("if", "'${x}' == '1'"), "end", ("storeTitle", "", "t"),
            ("storeXpathCount", "//li", "n"), ("waitForVisible", "id=a", "1000"), version="1.0",
        )
    )  # fmt: skip
    assert [step.get("options") for step in draft.steps] == [
        {"variable": "x", "type": "text"}, {"test": "script"}, {"variable": "t", "source": "title"},
        {"variable": "n", "source": "count"}, {"state": "visible"},
    ]  # fmt: skip
    assert draft.steps[1]["content"] == "{{ x }} == '1'"


def test_suites_are_kept_as_groups():
    suites = [{"name": "All", "tests": ["t1"], "persistSession": True, "timeout": 300}]
    (group,) = read(side(("echo", "x"), suites=suites)).groups
    assert (group.name, group.flows, group.persist_session) == ("All", ["Test"], True)


def test_tests_that_run_each_other_share_steps_and_may_not_go_in_a_circle():
    tests = [
        {"id": "1", "name": "A", "commands": [{"command": "run", "target": "B", "value": ""}]},
        {"id": "2", "name": "B", "commands": []},
    ]
    first, _ = read(side(tests=tests)).drafts
    assert list(first.shares.values()) == [1]
    tests[1]["commands"] = [{"command": "run", "target": "A", "value": ""}]
    with pytest.raises(Unreadable, match="in a circle: A → B → A"):
        read(side(tests=tests))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "The file is empty"),
        (b"\xff\xfe", "The file is empty"),
        (b"{", "line 1, column 2"),
        (b'{"tests": 5}', "tests: expected a list, found “5”"),
        (b'{"tests": [5]}', "tests[0]: expected an object"),
        (
            b'{"tests": [{"commands": [{"command": [1]}]}]}',
            "tests[0].commands[0].command: expected",
        ),
        (b"[" * 200 + b"]" * 200, "nests deeper"),
        (b'{"x": 1}', "no recording"),
        (b"\x00\x01", "null characters"),
        (b"\xfa\xfb\xfc", "no text in UTF-8"),
        (b"<html><table></table></html>", "This is HTML"),
        (b"const puppeteer = require('puppeteer');", "Puppeteer script"),
        (b'{"tests": [], "version": "x"}', "version: expected"),
        (b"1" * 6000, "cannot be read"),
        (b" " * 5_000_001, "at most 5,000,000"),
    ],
    ids=range(15),
)
def test_files_that_are_no_project_are_refused_with_the_place(content, what):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert what in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + side(("click", "id=a")),
        side(("click", "id=a")).decode().encode("utf-16"),
        b"// exported\n" + side(("click", "id=a")).replace(b'"tests"', b'/* here */ "tests"'),
        side(("click", "id=a")).replace(b"]}]}", b"],}],}"),
        side({"command": "click", "target": "id=a", "comment": None, "zzz": [1], "value": None}),
        side({"command": "click", "target": "id=a", "targets": "nonsense", "opensWindow": 0}),
        side(("click", "id=a"), version=3.0),
        side(("click", "id=a"), version="4.2", plugins=[{"id": "x"}], suites=None, urls=5),
    ],
    ids=["BOM", "UTF-16", "comments", "commas", "stray", "types", "number", "newer"],
)
def test_files_that_others_wrote_are_forgiven(content):
    draft = only_draft(content)
    assert draft.steps[0]["locators"] == [{"by": "id", "value": "a"}]


def test_a_project_of_no_tests_is_no_mistake():
    assert read(side(tests=[])).drafts == []
    assert only_draft(side()).steps == []


def test_suspected_secrets_are_found():
    draft = only_draft(side(("type", "id=password", "geheim"), ("type", "id=name", "Al")))
    assert [one.uid for one in draft.secrets] == [draft.steps[0]["uid"]]


def test_nothing_is_dropped_in_silence():
    """Every command with a name has its line in the report."""
    commands = [{"command": name, "target": "id=a", "value": "b"} for name in sorted(COMMANDS)]
    draft = only_draft(side(*commands))
    assert [one.original.split(" | ")[0] for one in draft.items] == sorted(COMMANDS)
    assert all(one.uids or one.fate == "approximated" for one in draft.items)

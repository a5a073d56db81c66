"""Assertions, hard (`assert…`) and soft (`verify…`), and waits."""

from typing import Any

from webapp.imports.selenium_ide.building import Building
from webapp.imports.selenium_ide.translating import Translate, on_element


def _compared(action: str, negate: bool = False, **options: Any) -> Translate:
    """A text of an element that equals the value."""

    def translate(b: Building) -> None:
        chosen = {"match": "equals", **({"negate": True} if negate else {}), **options}
        b.on_element(action, heals=True, content=b.words.text(b.command.value), options=chosen)

    return translate


def _title(b: Building) -> None:
    b.step("assert_title", content=b.words.text(b.command.target), options={"match": "equals"})


def _variable(b: Building) -> None:
    name = b.words.name(b.command.target)
    options = {"variable": name, "match": "equals", "loosely": True}
    b.step("assert_variable", content=b.words.text(b.command.value), options=options)


def _dialog_text(b: Building) -> None:
    b.step("assert_dialog", content=b.words.text(b.command.target), options={"match": "equals"})


def _wait_for(state: str) -> Translate:
    def translate(b: Building) -> None:
        time = b.seconds(b.command.value)
        b.on_element("wait_for", heals=True, options={"state": state}, **time)

    return translate


def _wait_for_text(b: Building) -> None:
    text = b.words.text(b.command.value)
    b.on_element("wait_for_text", heals=True, content=text, options={"match": "equals"})


HARD: dict[str, Translate] = {
    "assert": _variable,
    "assertAlert": _dialog_text,
    "assertChecked": on_element("assert_checked", True),
    "assertConfirmation": _dialog_text,
    "assertEditable": on_element("assert_editable", True),
    "assertElementPresent": on_element("assert_exists", True),
    "assertElementNotPresent": on_element("assert_missing", True, options={"once": True}),
    "assertNotChecked": on_element("assert_unchecked", True),
    "assertNotEditable": on_element("assert_not_editable", True),
    "assertNotSelectedLabel": _compared("assert_selected", True, by="label"),
    "assertNotSelectedValue": _compared("assert_selected", True, by="value"),
    "assertNotText": _compared("assert_text", True),
    "assertNotValue": _compared("assert_value", True),
    "assertPrompt": _dialog_text,
    "assertSelectedLabel": _compared("assert_selected", by="label"),
    "assertSelectedValue": _compared("assert_selected", by="value"),
    "assertText": _compared("assert_text"),
    "assertTitle": _title,
    "assertValue": _compared("assert_value"),
}
SOFT = {name.replace("assert", "verify", 1): translate for name, translate in HARD.items()}
WAITS: dict[str, Translate] = {
    "waitForElementEditable": _wait_for("editable"),
    "waitForElementNotEditable": _wait_for("not_editable"),
    "waitForElementNotPresent": _wait_for("gone"),
    "waitForElementNotVisible": _wait_for("hidden"),
    "waitForElementPresent": _wait_for("present"),
    "waitForElementVisible": _wait_for("visible"),
    "waitForVisible": _wait_for("visible"),
    "waitForEditable": _wait_for("editable"),
    "waitForText": _wait_for_text,
}

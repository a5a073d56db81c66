"""JavaScript that the author of a flow wrote: run it, wait for it, or expect something of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field as Option

from webapp.browser import script_text
from webapp.browser.actions.assertions import Assertion
from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.keeping import NAME_EXTRA, VariableName, keep, secret_option, shown
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.page import Moved, Page, Returned, ScriptForm
from webapp.browser.private import NOT_SHOWN, is_private
from webapp.browser.seeking import Unfit, poll, waited
from webapp.browser.variables import as_text

if TYPE_CHECKING:
    from webapp.browser.steps import Step

# Scripts find their variables under this name, since functions in them have their own arguments.
ARGUMENTS = "lamplighter"


def run_once(step: Step, page: Page, form: ScriptForm) -> Returned:
    """Run the content of a step, with its variables as arguments."""
    text = script_text.unquoted(step.content or "")
    text, values = page.variables.as_arguments(text, step, name=ARGUMENTS)
    return page.run_script(text, values, form)


def ask_script(step: Step, page: Page) -> Returned:
    """Ask the page a question in JavaScript once; Moved when the page went away under it."""
    text = step.content or ""
    if script_text.is_body(text):
        returned = run_once(step, page, "body")
    else:
        expression = script_text.as_expression(text)
        returned = run_once(step.model_copy(update={"content": expression}), page, "expression")
    if returned.state == "left":
        raise Moved("the page was left while it was asked")
    return returned


def what_it_gave(returned: Returned, page: Page) -> str:
    """As in “… but it gave 5”; with no secret in it, however long it is."""
    line = f" in line {returned.line}" if returned.line else ""
    if returned.state == "mistake":
        return f"it cannot be read: {returned.text}{line}"
    if returned.state == "threw":
        return f"it failed{line}: {shown(page.secrets.mask(returned.text))}"
    if returned.state == "late":
        return "it gave no answer in time"
    if returned.state in ("nothing", "left"):
        return "it gave nothing"
    if returned.state == "unkept":
        return f"it gave {returned.text}"
    if is_private("", as_text(returned.value)):
        return f"it gave something that is not shown: {NOT_SHOWN}"
    written = json.dumps(returned.value, ensure_ascii=False)
    return f"it gave {shown(page.secrets.mask(written))}"


class _Script(Action):
    """What actions with JavaScript share."""

    content: ClassVar[Field | None] = Field(
        "content",
        "JavaScript expression",
        kind="textarea",
        required=True,
        placeholder="document.querySelectorAll('.item').length > 2",
        help="It may be a promise. {{ name }} is the value of a variable, never its text.",
    )
    fills_content: ClassVar[bool] = False
    is_script: ClassVar[bool] = True

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        return "" if content.strip() else "A script of blanks does nothing."


class ScriptOptions(Options):
    variable: VariableName = Option(
        "",
        title="Keep the result as",
        description="The name of a variable for what the script returns.",
        json_schema_extra=NAME_EXTRA,
    )
    asynchronous: bool = Option(
        False,
        title="Ends later",
        description="The script is over when it calls done(result), or when its promise is kept.",
    )
    secret: bool = secret_option()


class RunScript(
    _Script, name="run_script", label="Run JavaScript", group="Scripts", icon="terminal-2"
):
    """Run JavaScript in the page, as the body of a function that may use await and return."""

    content: ClassVar[Field | None] = Field(
        "content",
        "JavaScript",
        kind="textarea",
        required=True,
        placeholder="return document.title.length",
        help="{{ name }} is the value of a variable, never its text.",
    )
    Options: ClassVar[type[Options]] = ScriptOptions
    imports: ClassVar[tuple[str, ...]] = (
        "side:executeScript",
        "side:executeAsyncScript",
        "side:runScript",
    )

    def run(self, step: Step, page: Page) -> Finding:
        calls_back = step.options.get("asynchronous") and script_text.calls_back(step.content or "")
        returned = run_once(step, page, "callback" if calls_back else "body")
        _refuse_failed(returned, page)
        name = str(step.options.get("variable") or "")
        if name:
            return Finding(notes=tuple(_keep(step, page, name, returned)))
        if step.options.get("secret"):
            return Finding()
        return Finding(found=what_it_gave(returned, page))


def _refuse_failed(returned: Returned, page: Page) -> None:
    """Raise what is wrong with a script that did not come to its end."""
    words = page.secrets.mask(returned.text)
    line = f" in line {returned.line}" if returned.line else ""
    if returned.state == "mistake":
        raise StepFailed(
            f"The script cannot be read: there is a mistake{line}: {words}.",
            "a script that can be read",
            words,
        )
    if returned.state == "threw":
        raise StepFailed(f"The script failed{line}: {words}", "a script that ends well", words)
    if returned.state == "late":
        raise StepFailed(
            f"The script did not end within {waited(page)}: it runs for ever, or it waits for "
            "something that does not happen.",
            f"an end within {waited(page)}",
            "a script that goes on",
        )


def _keep(step: Step, page: Page, name: str, returned: Returned) -> list[str]:
    """Keep the result, and say so; StepFailed when there is nothing that can be kept."""
    if returned.state == "unkept":
        raise StepFailed(
            f"The script returned {returned.text}, which the variable “{name}” cannot hold. "
            "Return what you need of it: a text, a number, a list, an object.",
            "a value that JSON can hold",
            returned.text,
        )
    if returned.state == "left":
        raise StepFailed(
            f"The page was left before the script had returned a value for “{name}”.",
            "a value",
            "another page",
        )
    secret = bool(step.options.get("secret"))
    if not secret and is_private(name, as_text(returned.value)):
        page.variables.set(name, returned.value)
        return [f"{name} was kept; {NOT_SHOWN}"]
    notes = [keep(page, name, returned.value, secret=secret)]
    if returned.state == "nothing":
        notes.append("The script returned nothing; write return before what it should give.")
    return notes


def _await(step: Step, page: Page) -> Returned:
    """Ask again and again until it holds, or can never."""
    return poll(
        page, lambda: ask_script(step, page), lambda one: one.holds or one.state == "mistake"
    )


def _short(step: Step) -> str:
    folded = " ".join((step.content or "").split())
    return folded if len(folded) <= 100 else f"{folded[:99]}…"


class WaitForScript(
    _Script, name="wait_for_script", label="Wait for JavaScript", group="Waiting", icon="code-dots"
):
    """Wait until a JavaScript expression is true in the page."""

    changes_page: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = ("recorder:waitForExpression",)

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait until “{_short(step)}”"

    def run(self, step: Step, page: Page) -> Finding:
        returned, expected = _await(step, page), f"“{_short(step)}” to be true"
        found = what_it_gave(returned, page)
        if returned.holds:
            return Finding(expected=expected, found=found)
        message = f"Waited {waited(page)} for the script {expected} but {found}."
        raise Unfit(message, expected, found, Finding())


class AssertScript(
    _Script, Assertion, name="assert_script", label="Expect JavaScript", group="Assertions",
    icon="code-dots",
):  # fmt: skip
    """A JavaScript expression is true in the page, as “if” understands it."""

    imports: ClassVar[tuple[str, ...]] = ("recorder:waitForExpression",)

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect “{_short(step)}”"

    def run(self, step: Step, page: Page) -> Finding:
        returned, expected = _await(step, page), f"“{_short(step)}” to be true"
        found = what_it_gave(returned, page)
        if returned.holds:
            return Finding(expected=expected, found=found)
        trouble = page.trouble()
        message = f"Expected the script {expected} but {found}." + (
            f" {trouble}" if trouble else ""
        )
        raise Unfit(message, expected, found, Finding())

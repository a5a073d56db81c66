"""Run the scripts of a flow's author in a real browser's page, whatever they do there."""

import contextlib
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from selenium.common import exceptions as thrown

from webapp.browser.asking import script
from webapp.browser.calls import Unresponsive
from webapp.browser.errors import StepFailed
from webapp.browser.frames import Framing
from webapp.browser.interrupting import interrupted_after
from webapp.browser.page import Moved, Returned, ScriptForm
from webapp.browser.variables import LONGEST_VALUE

# The author's function takes part in no scope of ours, so that every name means the page's own. It
# begins on the line behind the mark.
WRAPPED = """return ({scaffold})(arguments, () => new Error(), ({names}) => {opening}
{script}
{closing});"""
LINE = re.compile(r":(\d+):\d+")
# Time enough to say that the time is over, before the driver gives up.
SPARE_SECONDS = 0.05


class Scripting(Framing):
    """A page that scripts can be run in."""

    def run_script(self, text: str, values: Sequence[Any], form: ScriptForm) -> Returned:
        """Run a script once. It reads `values` as `lamplighter[0]` …, and as its arguments."""
        sent = wrapped(text, form)
        milliseconds = max(100, int((self.patience.left - SPARE_SECONDS) * 1000))
        told = {
            "milliseconds": milliseconds,
            "longest": LONGEST_VALUE,
            "lines": text.count("\n") + 1,
            "calls_back": form == "callback",
        }
        try:
            with self._limited():
                said = self._through_dialogs(
                    lambda: self._driver.execute_script(sent, list(values), told)
                )
        except Unresponsive:
            if not self._is_deaf:
                self._no_picture = ""  # what kept the page from answering is over
            return Returned("late")
        except Moved:
            return Returned("left")
        except StepFailed as error:
            if isinstance(error.__cause__, thrown.JavascriptException):
                return self._mistake(error.__cause__, text, form)
            raise
        return _returned(said)

    def _limited(self) -> contextlib.AbstractContextManager[None]:
        """While a script is played that may never end."""
        if not self._is_chromium:
            return contextlib.nullcontext()
        return interrupted_after(self.patience.left, self._driver, self._window)

    def _through_dialogs(self, play: Callable[[], Any]) -> dict[str, Any]:
        """Play it once; dialogs that it opens are answered, or left to the step behind this one."""
        self._stay_in_frame()
        said = self._ask(play)
        self._has_acted = True
        while not isinstance(said, dict):
            if self._call(self._dialogs.text) is None:
                raise Moved("the page broke off the script")
            self._meet_dialog()
            said = self._ask(lambda: self._driver.execute_script(script("script_answer")))
        return said

    def _mistake(self, error: thrown.JavascriptException, text: str, form: ScriptForm) -> Returned:
        """The browser could not even read it: say where, as far as it tells."""
        words = (error.msg or "").partition("\n")[0].removeprefix("javascript error: ")
        words = words.removeprefix("SyntaxError: ").strip()
        return Returned("mistake", text=words, line=self._line_of_mistake(error, text, form))

    def _line_of_mistake(
        self, error: thrown.JavascriptException, text: str, form: ScriptForm
    ) -> int:
        lines = text.count("\n") + 1
        if self._is_chromium:
            opening, closing = FRAMES[form]
            asked = f"(() => {opening}\n{text}\n{closing})"
            read = self._call(
                lambda: self._devtools(
                    "Runtime.compileScript", expression=asked, sourceURL="", persistScript=False
                )
            )
            line = int((read.get("exceptionDetails") or {}).get("lineNumber", 0))
        else:
            told = {"milliseconds": 1000, "longest": 0, "lines": 0, "calls_back": False}
            empty = self._ask(lambda: self._driver.execute_script(wrapped("", "body"), [], told))
            where = LINE.findall("".join(error.stacktrace or [])[:5000])
            line = int(where[0]) - int(empty["mark"]) if where else 0
        return line if 1 <= line <= lines else 0


FRAMES: dict[ScriptForm, tuple[str, str]] = {
    "body": ("async function () {", "}"),
    "callback": ("async function () {", "}"),
    "expression": ("async function () { return (", ") }"),
}


def wrapped(text: str, form: ScriptForm) -> str:
    opening, closing = FRAMES[form]
    names = "lamplighter, done" if form == "callback" else "lamplighter"
    scaffold = f"\n{script('run_script')}"
    return WRAPPED.format(
        scaffold=scaffold, names=names, opening=opening, script=text, closing=closing
    )


def _returned(said: dict[str, Any]) -> Returned:
    state, text = said["state"], str(said.get("text") or "")
    value = json.loads(text) if state == "json" else None
    return Returned(state, value, bool(said.get("holds")), text, int(said.get("line") or 0))

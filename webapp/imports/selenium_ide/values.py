"""Commands about variables, scripts and other tests."""

import re

from webapp.imports.draft import candidates
from webapp.imports.selenium_ide.building import Building
from webapp.imports.selenium_ide.translating import Translate, impossible
from webapp.imports.selenium_ide.words import Untranslatable


def _store(b: Building) -> None:
    _set(b, b.words.text(b.command.target), "text")


def _store_json(b: Building) -> None:
    _set(b, b.words.text(b.command.target), "json")


def _set(b: Building, content: str, kind: str) -> None:
    options = {"variable": b.words.name(b.command.value), "type": kind}
    b.step("set_variable", content=content, options=options)


def _extract(source: str) -> Translate:
    def translate(b: Building) -> None:
        options = {"variable": b.words.name(b.command.value), "source": source}
        b.on_element("extract", heals=True, options=options)

    return translate


def _extract_attribute(b: Building) -> None:
    locator, at, attribute = b.command.target.rpartition("@")
    if not at:
        raise Untranslatable("It names no attribute: expected a locator, @ and the attribute.")
    options = {
        "variable": b.words.name(b.command.value),
        "source": "attribute",
        "name": b.words.text(attribute),
    }
    others = tuple(one.rpartition("@")[0] or one for one in b.command.targets)
    b.step("extract", locators=candidates(b.words.locators(locator, others)), options=options)


def _extract_title(b: Building) -> None:
    options = {"variable": b.words.name(b.command.target or b.command.value), "source": "title"}
    b.step("extract", options=options)


def _script(stored: bool = True) -> Translate:
    def translate(b: Building) -> None:
        _run_script(b, b.words.script(b.command.target), stored)

    return translate


def _async_script(b: Building) -> None:
    """Its last statement gives a promise; ours says so with `return`."""
    script = b.words.script(b.command.target).rstrip("; \n")
    if not re.search(r"\breturn\b", script):
        before, last = re.fullmatch(r"(.*;)?(.*?)", script, re.DOTALL).groups()  # type: ignore[union-attr]
        script = f"{before or ''} return {last.strip()}".strip()
    _run_script(b, script, stored=True)


def _run_script(b: Building, script: str, stored: bool) -> None:
    named = stored and b.command.value.strip()
    options = {"variable": b.words.name(b.command.value)} if named else {}
    b.step("run_script", content=script, options=options)


def _echo(b: Building) -> None:
    b.step("note", content=b.words.text(b.command.target))


def _run(b: Building) -> None:
    name = b.command.target.strip()
    if name not in b.tests:
        raise Untranslatable(f"The project has no test “{name[:80]}”.")
    step = b.step("shared", options={"flow": 1})  # its id is known when it is made
    b.draft.shares[step["uid"]] = b.tests[name]


def _picture(b: Building) -> None:
    """Of a plugin that compares pictures: the picture is kept, and compared by a person."""
    b.step("screenshot")
    b.approximate("A comparison of pictures by Applitools: a picture is kept, and not compared.")


COMMANDS: dict[str, Translate] = {
    "store": _store,
    "storeAttribute": _extract_attribute,
    "storeElementCount": _extract("count"),
    "storeXpathCount": _extract("count"),
    "storeJson": _store_json,
    "storeText": _extract("text"),
    "storeTitle": _extract_title,
    "storeValue": _extract("value"),
    "debugger": impossible("A breakpoint: a monitor does not stop at it."),
    "echo": _echo,
    "executeScript": _script(),
    "executeAsyncScript": _async_script,
    "runScript": _script(stored=False),
    "run": _run,
    "eyesCheckWindow": _picture,
}

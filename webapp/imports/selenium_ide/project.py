"""The structure of a project file: its tests and suites, brought to one version."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from webapp.imports.draft import Unreadable
from webapp.imports.reading import At

VERSIONS = ("1.0", "1.1", "2.0", "3.0")
MOST_TESTS, MOST_COMMANDS = 500, 5_000
Locators = tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """One row of a test. `name` has no leading slashes: `off` says that it had, or is skipped."""

    place: str
    name: str
    target: str = ""
    value: str = ""
    targets: Locators = ()  # further locators of the target, best first
    values: Locators = ()
    comment: str = ""
    off: bool = False
    opens_window: str = ""  # name under which the window that it opens is kept
    window_timeout_ms: float = 2000

    @property
    def original(self) -> str:
        return " | ".join(part for part in (self.name, self.target, self.value) if part)


@dataclass(frozen=True)
class Test:
    id: str
    name: str
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Suite:
    name: str
    tests: tuple[str, ...]  # ids
    persist_session: bool
    parallel: bool
    timeout_seconds: float | None


@dataclass(frozen=True)
class Project:
    name: str
    version: str
    url: str
    tests: tuple[Test, ...]
    suites: tuple[Suite, ...]
    has_plugins: bool = False
    notes: list[str] = field(default_factory=list)


def read_project(file: At) -> Project:
    """The project in its file; Unreadable names the place of what cannot be understood."""
    file.object()
    tests = file["tests"].list() if file.has("tests") else []
    if not file.has("tests"):
        raise Unreadable(
            "tests: expected a list, found nothing. A project of Selenium IDE has “tests”."
        )
    if len(tests) > MOST_TESTS:
        raise Unreadable(f"tests: found {len(tests):,}; at most {MOST_TESTS} can be imported.")
    version, notes = _version(file)
    project = Project(
        name=file["name"].text("").strip() or "Imported project",
        version=version,
        url=file["url"].text("").strip(),
        tests=tuple(_test(one, number) for number, one in enumerate(tests, 1)),
        suites=tuple(_suite(one) for one in (file["suites"].list() if file.has("suites") else [])),
        has_plugins=bool(file["plugins"].value),
        notes=notes,
    )
    for at, migrate in MIGRATIONS:
        if VERSIONS.index(version) < VERSIONS.index(at):
            project = replace(project, tests=tuple(migrate(test) for test in project.tests))
    return project


def _version(file: At) -> tuple[str, list[str]]:
    """Files without a version are taken for the oldest when their locators have no prefix."""
    found = file["version"].text("").strip()
    if found in VERSIONS:
        return found, []
    if not found:
        return "2.0", ["The file names no version; it was read as version 2.0."]
    number = re.match(r"(\d+)\.?(\d*)", found)
    if number is None:
        raise file["version"].wrong("a version such as 3.0")
    known = min(VERSIONS, key=lambda one: abs(float(one) - float(number[0].rstrip("."))))
    return known, [f"The file has version {found}; it was read as version {known}."]


def _test(test: At, number: int) -> Test:
    test.object()
    commands = test["commands"].list() if test.has("commands") else []
    if len(commands) > MOST_COMMANDS:
        raise Unreadable(
            f"{test.place}.commands: found {len(commands):,}; at most {MOST_COMMANDS:,} go."
        )
    name = test["name"].text("").strip() or f"Test {number}"
    ident = test["id"].text("").strip() or name
    return Test(ident, name, tuple(_command(one) for one in commands))


def _command(command: At) -> Command:
    command.object()
    name = command["command"].text("").strip()
    is_off = name.startswith("//") or command["skip"].flag()
    opens = command["opensWindow"].flag()
    return Command(
        place=command.place,
        name=name.lstrip("/").strip(),
        target=command["target"].text(""),
        value=command["value"].text(""),
        targets=_alternatives(command, "targetFallback", "targets", "fallbackTargets"),
        values=_alternatives(command, "valueFallback", "values"),
        comment=command["comment"].text("").strip(),
        off=is_off,
        opens_window=command["windowHandleName"].text("").strip() if opens else "",
        window_timeout_ms=command["windowTimeout"].number(2000) or 2000,
    )


def _alternatives(command: At, *names: str) -> Locators:
    """Recorded alternatives; each is a pair of locator and strategy, or only the locator."""
    found: list[str] = []
    for name in names:
        if not isinstance(command[name].value, list):
            continue
        for one in command[name].list():
            first = one[0] if isinstance(one.value, list) and one.value else one
            if isinstance(first.value, str) and first.value.strip():
                found.append(first.value.strip())
    return tuple(dict.fromkeys(found))


def _suite(suite: At) -> Suite:
    suite.object()
    tests = suite["tests"].list() if suite.has("tests") else []
    return Suite(
        name=suite["name"].text("").strip() or "Suite",
        tests=tuple(one.text() for one in tests),
        persist_session=suite["persistSession"].flag(),
        parallel=suite["parallel"].flag(),
        timeout_seconds=suite["timeout"].number(None),
    )


# What each version changed, to be applied to files that are older.

SCRIPTS = frozenset(
    {"executeScript", "executeAsyncScript", "runScript", "if", "elseIf", "while", "repeatIf"}
)
# Commands whose target (or value) is the name of a variable.
NAMES_IN_TARGET = frozenset({"assert", "verify", "storeTitle", "storeWindowHandle", "forEach"})
NAMES_IN_VALUE = frozenset(
    {
        "store", "storeText", "storeValue", "storeAttribute", "storeJson", "storeTitle",
        "storeElementCount", "storeXpathCount", "executeScript", "executeAsyncScript", "forEach",
    }
)  # fmt: skip
LOCATOR_TARGETS = frozenset(
    {
        "addSelection", "check", "click", "clickAt", "doubleClick", "doubleClickAt",
        "dragAndDropToObject", "editContent", "mouseDown", "mouseDownAt", "mouseMoveAt",
        "mouseOut", "mouseOver", "mouseUp", "mouseUpAt", "removeSelection", "select", "sendKeys",
        "submit", "type", "uncheck", "assertChecked", "assertEditable", "assertElementPresent",
        "assertElementNotPresent", "assertNotChecked", "assertNotEditable",
        "assertNotSelectedValue", "assertNotText", "assertSelectedValue", "assertSelectedLabel",
        "assertText", "assertValue", "verifyChecked", "verifyEditable", "verifyElementPresent",
        "verifyElementNotPresent", "verifyNotChecked", "verifyNotEditable",
        "verifyNotSelectedValue", "verifyNotText", "verifySelectedLabel", "verifySelectedValue",
        "verifyText", "verifyValue", "waitForElementEditable", "waitForElementNotEditable",
        "waitForElementNotPresent", "waitForElementNotVisible", "waitForElementPresent",
        "waitForElementVisible", "waitForText", "storeText", "storeValue", "storeAttribute",
        "storeElementCount", "storeXpathCount", "waitForVisible", "waitForEditable",
    }
)  # fmt: skip
PREFIX = re.compile(r"(id|name|css|xpath|link|linkText|partialLinkText|class|identifier)=", re.I)
PROMPTS = {
    "webdriverAnswerOnVisiblePrompt": "answerPrompt",
    "webdriverChooseCancelOnVisibleConfirmation": "dismissConfirmation",
    "webdriverChooseCancelOnVisiblePrompt": "dismissPrompt",
    "webdriverChooseOkOnVisibleConfirmation": "acceptConfirmation",
}


def with_prefix(locator: str) -> str:
    """A locator of version 1.0: XPath where it has `//` in it, otherwise an id."""
    if not locator or PREFIX.match(locator) or locator.startswith(("//", "(//")):
        return locator
    return f"xpath={locator}" if "//" in locator else f"id={locator}"


def _to_1_1(test: Test) -> Test:
    return replace(test, commands=tuple(_command_to_1_1(one) for one in test.commands))


def _command_to_1_1(command: Command) -> Command:
    renamed = {
        "waitForVisible": "waitForElementVisible",
        "waitForEditable": "waitForElementEditable",
    }
    command = replace(command, name=renamed.get(command.name, command.name))
    if command.name in LOCATOR_TARGETS:
        command = replace(
            command,
            target=with_prefix(command.target),
            targets=tuple(with_prefix(one) for one in command.targets),
        )
    if command.name == "dragAndDropToObject":
        command = replace(command, value=with_prefix(command.value))
    if command.name in SCRIPTS:
        unquoted = re.sub(r"(['\"`])(\$\{[^{}]+\})\1", r"\2", command.target)
        command = replace(command, target=unquoted)
    if command.name in NAMES_IN_TARGET:
        command = replace(command, target=_bare(command.target))
    if command.name in NAMES_IN_VALUE:
        command = replace(command, value=_bare(command.value))
    return command


def _bare(name: str) -> str:
    written = re.fullmatch(r"\s*\$\{([^{}]+)\}\s*", name)
    return written[1] if written else name


def _to_2_0(test: Test) -> Test:
    """Windows of the old recorder: `win_ser_local`, and `win_ser_1` for the first that opened."""
    commands = list(test.commands)
    if not any(one.name == "selectWindow" and "win_ser_" in one.target for one in commands):
        return test
    for number, one in enumerate(commands):
        if one.name == "close":
            commands[number] = replace(one, target="")
        if one.name != "selectWindow" or "win_ser_" not in one.target:
            continue
        if "win_ser_local" in one.target:
            commands[number] = replace(one, target="handle=${root}")
            continue
        name = f"win{one.target.rpartition('_')[2].strip() or number}"
        commands[number] = replace(one, target=f"handle=${{{name}}}")
        if number and not any(before.opens_window == name for before in commands[:number]):
            commands[number - 1] = replace(commands[number - 1], opens_window=name)
    root = Command(test.commands[0].place, "storeWindowHandle", "root")
    return replace(test, commands=(commands[0], root, *commands[1:]))


def _to_3_0(test: Test) -> Test:
    found: list[Command] = []
    for one in test.commands:
        if one.name == "storeTitle" and one.value:
            one = replace(one, target=one.value, value="")
        if one.name == "storeXpathCount":
            target = f"xpath={one.target}" if one.target.startswith("//") else one.target
            one = replace(one, name="storeElementCount", target=target)
        one = replace(one, name=PROMPTS.get(one.name, one.name))
        found.append(one)
        if one.name == "assertAlert":
            found.append(Command(one.place, "acceptAlert", off=one.off))
    return replace(test, commands=tuple(found))


MIGRATIONS: tuple[tuple[str, Callable[[Test], Test]], ...] = (
    ("1.1", _to_1_1),
    ("2.0", _to_2_0),
    ("3.0", _to_3_0),
)

"""Make drafts of the tests of a project: command after command, blocks and dialogs in place."""

from typing import Any

from webapp.imports.draft import Draft, Group, Recording, Unreadable, find_secrets, short
from webapp.imports.reading import At
from webapp.imports.selenium_ide.building import Building, Open
from webapp.imports.selenium_ide.checks import SOFT
from webapp.imports.selenium_ide.commands import COMMANDS
from webapp.imports.selenium_ide.project import Command, Project, Test, read_project
from webapp.imports.selenium_ide.words import Untranslatable, Words

CONTROL = frozenset({"if", "elseIf", "else", "end", "while", "times", "do", "repeatIf", "forEach"})
ENDED_BY_END = frozenset({"if", "while", "times", "forEach"})
# Commands that set a variable, and where its name stands.
SETS_IN_VALUE = frozenset(
    {
        "store", "storeText", "storeValue", "storeAttribute", "storeJson", "storeElementCount",
        "storeXpathCount", "executeScript", "executeAsyncScript", "forEach",
    }
)  # fmt: skip
SETS_IN_TARGET = frozenset({"storeTitle", "storeWindowHandle"})


def read_selenium_ide(file: At) -> Recording:
    """The flows of a project file; raises Unreadable."""
    project = read_project(file)
    words = Words(_variables(project))
    tests = {test.name: number for number, test in enumerate(project.tests)}
    recording = Recording("selenium-ide", project.version, [], _groups(project), project.notes)
    for test in project.tests:
        draft = Draft(_name(project, test), project.url)
        recording.drafts.append(draft)
        _translate(Building(project, draft, words, tests), test)
        find_secrets(draft)
    _check_cycles(recording)
    if project.has_plugins:
        recording.notes.append("The project has plugins; commands of theirs are switched off.")
    if not project.tests:
        recording.notes.append("The project has no tests, so there is nothing to import.")
    return recording


def _name(project: Project, test: Test) -> str:
    return short(test.name) or short(project.name)


def _groups(project: Project) -> list[Group]:
    names = {test.id: test.name for test in project.tests}
    return [
        Group(
            suite.name,
            [names.get(ident, ident) for ident in suite.tests],
            suite.persist_session,
            suite.parallel,
            suite.timeout_seconds,
        )
        for suite in project.suites
    ]


def _variables(project: Project) -> frozenset[str]:
    """The names that any test sets: `run` shares them between tests."""
    found: set[str] = set()
    for command in (one for test in project.tests for one in test.commands):
        if command.name in SETS_IN_VALUE and command.value.strip():
            found.add(command.value.strip())
        if command.name in SETS_IN_TARGET and command.target.strip():
            found.add(command.target.strip())
        if command.opens_window:
            found.add(command.opens_window)
    return frozenset(found)


def _translate(b: Building, test: Test) -> None:
    last = max((n for n, one in enumerate(test.commands) if one.name and not one.off), default=-1)
    for number, command in enumerate(test.commands):
        b.begin(command)
        if number == last and command.name == "close":
            b.switch_off(
                "Nothing comes after it: the browser is closed by itself, after its picture."
            )
            continue
        _command(b, command)
    if b.blocks:
        b.command = b.blocks[-1].command
        raise b.wrong("Incomplete block: its end is missing.")
    for command, action, answer in b.armed:
        b.begin(command)
        b.step(action, **({"content": answer} if answer is not None else {}))


def _command(b: Building, command: Command) -> None:
    if not command.name:
        if command.comment:
            b.switch_off("A comment.")
        return
    if command.name in CONTROL:
        _control(b, command)
        return
    translate = COMMANDS.get(command.name)
    before, armed = len(b.draft.steps), list(b.armed)
    if translate is None:
        b.switch_off(f"“{command.name}” is no command of Selenium IDE; a plugin may know it.")
        return
    try:
        translate(b)
    except Untranslatable as error:
        del b.draft.steps[before:]
        b.made.clear()
        b.armed = armed
        b.switch_off(str(error))
        return
    if command.name in SOFT:
        for step in b.draft.steps[before:]:
            step["on_failure"] = "soft"
    if len(b.armed) == len(armed):
        _answer_dialogs(b)
    _keep_window(b, command)
    b.done()


def _answer_dialogs(b: Building) -> None:
    """What was armed before this command answers the dialog that it opens."""
    armed, b.armed = b.armed, []
    for _, action, answer in armed:
        b.step(action, **({"content": answer} if answer is not None else {}))


def _keep_window(b: Building, command: Command) -> None:
    """The window that a command opens is named, to be switched to later."""
    if command.opens_window:
        b.step(
            "name_tab",
            content=b.words.name(command.opens_window),
            options={"tab": "newest"},
            timeout_seconds=min(max(command.window_timeout_ms / 1000, 0.1), 300),
        )


def _control(b: Building, command: Command) -> None:
    """Blocks; what is switched off is not checked, as in Selenium IDE."""
    if command.off:
        b.switch_off("It is switched off in the file.")
        return
    try:
        _CONTROLS[command.name](b, command)
    except Untranslatable as error:
        raise b.wrong(str(error)) from error
    b.done()


def _opening(b: Building, command: Command) -> None:
    name, condition = command.name, _condition(b, command)
    if name == "if":
        step = b.step("if", **condition)
    elif name == "while":
        condition["options"] |= b.limit(command.value)
        step = b.step("while", **condition)
    elif name == "times":
        step = b.step(
            "repeat", content=b.words.text(command.target), options=b.limit(command.value)
        )
    elif name == "forEach":
        options = {"variable": b.words.name(command.value), **b.limit("")}
        step = b.step("for_each", content=b.words.name(command.target), options=options)
    else:
        step = b.step("do_while", content="false", options={"test": "script", "limit": 1000})
    b.open(name, step)


def _condition(b: Building, command: Command) -> dict[str, Any]:
    if command.name not in ("if", "elseIf", "while", "repeatIf"):
        return {}
    if not command.target.strip():
        raise Untranslatable("It has no condition.")
    return {"content": b.words.script(command.target), "options": {"test": "script"}}


def _else(b: Building, command: Command) -> None:
    here = b.blocks[-1] if b.blocks else None
    if here is None or here.kind != "if":
        raise Untranslatable("It stands outside of an “if”.")
    if here.has_else:
        raise Untranslatable("It stands behind the “else” of its “if”.")
    b.blocks.pop()
    is_last = command.name == "else"
    step = b.step("else") if is_last else b.step("else_if", **_condition(b, command))
    b.blocks.append(Open("if", step, here.command, has_else=is_last))


def _end(b: Building, command: Command) -> None:
    if not b.blocks or b.blocks[-1].kind not in ENDED_BY_END:
        raise Untranslatable("There is no “if”, “while”, “times” or “forEach” that it could end.")
    b.blocks.pop()


def _repeat_if(b: Building, command: Command) -> None:
    if not b.blocks or b.blocks[-1].kind != "do":
        raise Untranslatable("There is no “do” that it could close.")
    step = b.blocks.pop().step
    assert step is not None
    condition = _condition(b, command)
    step["content"] = condition["content"]
    step["options"] = {"test": "script", **b.limit(command.value)}


_CONTROLS = {
    **dict.fromkeys(("if", "while", "times", "forEach", "do"), _opening),
    **dict.fromkeys(("else", "elseIf"), _else),
    "end": _end,
    "repeatIf": _repeat_if,
}


def _check_cycles(recording: Recording) -> None:
    """A test that runs itself, also by way of others, would never end."""

    def walk(index: int, path: tuple[int, ...]) -> None:
        if index in path:
            names = " → ".join(recording.drafts[one].name for one in (*path, index))
            raise Unreadable(f"The tests run each other in a circle: {names}.")
        if index not in seen:
            for inner in recording.drafts[index].shares.values():
                walk(inner, (*path, index))
            seen.add(index)

    seen: set[int] = set()
    for index in range(len(recording.drafts)):
        walk(index, ())

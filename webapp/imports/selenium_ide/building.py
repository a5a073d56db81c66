"""Put together the steps of one test, and write down what each command became."""

from dataclasses import dataclass, field, replace
from typing import Any

from webapp.flows.suspicion import SECRET_WORDS
from webapp.imports.draft import Draft, Fate, Item, StepValues, Unreadable, candidates, short
from webapp.imports.selenium_ide.project import Command, Project
from webapp.imports.selenium_ide.words import Untranslatable, Words

MOST_LIMIT = 10_000
LONGEST_TIMEOUT, SHORTEST_TIMEOUT = 300.0, 0.1


@dataclass
class Open:
    """A block that waits for its end. `kind` is the command that opened it."""

    kind: str
    step: StepValues | None  # None while its commands are switched off
    command: Command
    has_else: bool = False


@dataclass
class Building:
    """One test on its way to a draft."""

    project: Project
    draft: Draft
    words: Words
    tests: dict[str, int]  # name of a test → index of its draft
    blocks: list[Open] = field(default_factory=list)
    command: Command = field(default_factory=lambda: Command("", ""))
    # Dialog steps that wait for the command behind which they belong.
    armed: list[tuple[Command, str, str | None]] = field(default_factory=list)
    windows: list[str] = field(default_factory=list)  # names of windows, newest last
    made: list[str] = field(default_factory=list)  # uids of the present command
    why: list[str] = field(default_factory=list)

    def begin(self, command: Command) -> None:
        self.command, self.made, self.why = command, [], []

    def step(self, action: str, **values: Any) -> StepValues:
        """Append a step for the present command, inside the block that is open."""
        if self.blocks and self.blocks[-1].step is not None:
            values["parent"] = self.blocks[-1].step["uid"]
        if self.command.off:
            values["enabled"] = False
        if self.command.comment and not self.made:
            values["name"] = short(self.command.comment)
        step = self.draft.add(action, **values)
        self.made.append(step["uid"])
        return step

    def on_element(self, action: str, heals: bool | None = None, **values: Any) -> StepValues:
        """A step about the target of the present command, with all its alternatives."""
        found = self.words.locators(self.command.target, self.command.targets)
        if len(found) > 1 and heals:
            values["heals"] = True
        return self.step(action, locators=candidates(found), **values)

    def approximate(self, why: str) -> None:
        self.why.append(why)

    def done(self) -> None:
        """The present command is translated."""
        fate: Fate = "approximated" if self.why else "exact"
        self._item(fate, " ".join(self.why))

    def switch_off(self, why: str) -> None:
        """Keep the command as a switched-off step with its text."""
        command = self.command
        if command.value and SECRET_WORDS.search(f"{command.target} {' '.join(command.targets)}"):
            self.command = command = replace(command, value="••••")
            why = f"{why} Its value looks secret, so it is not kept."
        values: dict[str, Any] = {
            "content": command.original[:10_000] or "(empty)",
            "enabled": False,
        }
        if self.blocks and self.blocks[-1].step is not None:
            values["parent"] = self.blocks[-1].step["uid"]
        name = f"Selenium IDE: {command.name or 'comment'}"
        self.made.append(self.draft.add("note", name=short(name), **values)["uid"])
        self._item("off", why)

    def _item(self, fate: Fate, why: str) -> None:
        original = short(self.command.original or f"// {self.command.comment}")
        item = Item(self.command.place, original, fate, why, tuple(self.made))
        self.draft.items.append(item)

    def open(self, kind: str, step: StepValues | None) -> None:
        self.blocks.append(Open(kind, step, self.command))

    def wrong(self, what: str) -> Unreadable:
        command = self.command
        return Unreadable(
            f"{command.place} (“{self.draft.name}”, {command.name}): {what} "
            "Mend the test in Selenium IDE, or switch the command off there."
        )

    def seconds(self, milliseconds: str) -> dict[str, float]:
        """A wait time as the timeout of a step; nothing when none is given."""
        text = milliseconds.strip()
        if not text:
            return {}
        if "${" in text:
            self.approximate("Its wait time is a variable; the flow's timeout is used instead.")
            return {}
        try:
            seconds = float(text) / 1000
        except ValueError:
            raise Untranslatable(f"“{text[:40]}” is no number of milliseconds.") from None
        bounded = min(max(seconds, SHORTEST_TIMEOUT), LONGEST_TIMEOUT)
        if bounded != seconds:
            self.approximate(f"It waits {bounded:g} s instead of {seconds:g} s.")
        return {"timeout_seconds": bounded}

    def limit(self, given: str) -> dict[str, int]:
        """The loop limit; Selenium IDE has 1000 when none is given."""
        text = given.strip()
        if not text:
            return {"limit": 1000}
        if not text.isdigit() or int(text) < 1:
            raise Untranslatable(f"“{text[:40]}” is no number of rounds.")
        if int(text) > MOST_LIMIT:
            self.approximate(f"Its limit is {MOST_LIMIT:,} rounds instead of {int(text):,}.")
        return {"limit": min(int(text), MOST_LIMIT)}

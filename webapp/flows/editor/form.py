"""The form of one step: drawn from the registry entry of its action, read back into a step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from flask import url_for
from werkzeug.datastructures import MultiDict

from webapp.browser.actions.fields import Field
from webapp.browser.actions.registry import ACTIONS, Action
from webapp.browser.errors import StepInvalid
from webapp.browser.locators import syntax_error
from webapp.browser.steps import Step, parse_step
from webapp.flows.bodies import StepValues, kept_values
from webapp.flows.forms import Clash, whole

MOST_LOCATORS = 10
KINDS = (
    ("css", "CSS", "button[type=submit]"),
    ("xpath", "XPath", "//button[text()='Buy']"),
    ("id", "id", "buy"),
    ("name", "name", "email"),
    ("link_text", "link text", "Log in"),
)
OPTION = "options."


def seconds_text(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:g}"


@dataclass(frozen=True)
class TypedLocator:
    by: str = "css"
    value: str = ""

    @property
    def is_xpath_as_css(self) -> bool:
        """Whether it begins as an XPath does and no CSS selector ever."""
        return self.by == "css" and self.value.strip().startswith(("/", "./", "../", "("))


@dataclass(frozen=True)
class Part:
    """One field of the form that the action asks for: its content, or one of its options."""

    name: str
    field: str  # as StepInvalid calls it
    label: str
    kind: str
    value: Any
    choices: Sequence[tuple[str, str]]  # value and words
    help: str
    required: bool
    attrs: dict[str, Any]


@dataclass
class StepForm:
    flow_id: int
    values: MultiDict[str, str]
    version: int
    uid: str | None = None
    after: str | None = None
    number: int | None = None
    has_secret: bool = False  # a sealed value is stored, which the form never shows
    is_fresh: bool = True  # just opened, nothing typed yet
    focus: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    clash: Clash | None = None

    @classmethod
    def blank(cls, flow_id: int, version: int, action: str, after: str | None) -> Self:
        known = action if action in ACTIONS else next(iter(ACTIONS))
        return cls(flow_id, MultiDict({"action": known}), version, after=after)

    @classmethod
    def of(cls, flow_id: int, version: int, step: Step) -> Self:
        """The form of a step that is there; a secret value is not in it."""
        values: MultiDict[str, str] = MultiDict(
            {
                "action": step.action,
                "name": step.name,
                "content": step.content or "",
                "timeout_seconds": seconds_text(step.timeout_seconds),
            }
        )
        if step.secret:
            values["secret"] = "yes"
        for locator in step.locators:
            values.add("by", locator.by)
            values.add("locator", locator.value)
        for name, value in step.options.items():
            off = value is False or value is None
            values[OPTION + name] = "" if off else "yes" if value is True else str(value)
        form = cls(flow_id, values, version, uid=step.uid, number=step.number)
        form.has_secret = step.secret
        return form

    @classmethod
    def read(cls, flow_id: int, values: MultiDict[str, str]) -> Self:
        form = cls(flow_id, MultiDict(values), whole(values.get("version")), is_fresh=False)
        form.uid = values.get("uid") or None
        form.after = values.get("after") or None
        return form

    @property
    def action(self) -> type[Action]:
        return ACTIONS.get(self.values.get("action", ""), next(iter(ACTIONS.values())))

    @property
    def url(self) -> str:
        if self.uid:
            return url_for("flows.steps.update", flow_id=self.flow_id, uid=self.uid)
        return url_for("flows.steps.create", flow_id=self.flow_id)

    @property
    def heading(self) -> str:
        if self.uid:
            return f"Edit step {self.number}" if self.number else "Edit step"
        return "New step"

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(by, label) for by, label, _ in KINDS]

    def example(self, by: str) -> str:
        return next((example for kind, _, example in KINDS if kind == by), "")

    def typed(self, name: str) -> str:
        return self.values.get(name, "")

    def problems(self, name: str) -> list[str]:
        return [sentence for at, sentence in self.errors if at == name]

    @property
    def is_secret(self) -> bool:
        return self.action.can_be_secret and "secret" in self.values

    @property
    def locators(self) -> list[TypedLocator]:
        """As many rows as were typed, and never none."""
        pairs = zip(self.values.getlist("by"), self.values.getlist("locator"), strict=False)
        return [TypedLocator(by, value) for by, value in pairs] or [TypedLocator()]

    @property
    def may_add_locator(self) -> bool:
        return len(self.locators) < MOST_LOCATORS

    @property
    def parts(self) -> list[Part]:
        content = self.action.content
        first = [] if content is None else [self._content(content)]
        return first + [self._option(option) for option in self.action.options]

    def _content(self, about: Field) -> Part:
        attrs: dict[str, Any] = {"placeholder": about.placeholder}
        kind: str = about.kind
        help = about.help
        if self.is_secret:
            kind, attrs["autocomplete"] = "password", "new-password"
        if self.has_secret:
            attrs["placeholder"] = "••••••••"
            help = "A secret value is stored. Type a new one to replace it; left empty, it stays."
        required = about.required and not self.has_secret
        value = self.values.get("content", "")
        return Part("content", "content", about.label, kind, value, (), help, required, attrs)

    def _option(self, about: Field) -> Part:
        """Before anything is typed an option shows its default; an empty box means empty."""
        name = OPTION + about.name
        value: Any = self.values.get(name)
        if value is None:
            is_new = self.is_fresh or self.values.get("drawn") != self.action.name
            value = about.default if is_new else ""
        attrs = {"placeholder": about.placeholder}
        return Part(
            name,
            name,
            about.label,
            about.kind,
            "" if value is None else value,
            [(choice, choice) for choice in about.choices],
            about.help,
            about.required,
            attrs,
        )

    def rearrange(self) -> None:
        """Do what the buttons beside the locators ask for."""
        rows = self.locators
        if "add_locator" in self.values and self.may_add_locator:
            rows = [*rows, TypedLocator(rows[-1].by)]
            self.focus = f"locator-{len(rows)}"
        at = whole(self.values.get("remove_locator")) - 1
        if 0 <= at < len(rows) and len(rows) > 1:
            del rows[at]
            self.focus = f"locator-{min(at, len(rows) - 1) + 1}"
        at = whole(self.values.get("raise_locator")) - 1
        if 0 < at < len(rows):
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
            self.focus = f"locator-{at}"
        self.values.setlist("by", [row.by for row in rows])
        self.values.setlist("locator", [row.value for row in rows])

    def parse(self, sealed_before: str | None = None) -> StepValues | None:
        """The step as a version keeps it; None when something is wrong, which `errors` says."""
        try:
            step = parse_step(self._wire(), content_known=bool(self.is_secret and sealed_before))
        except StepInvalid as error:
            self.errors = [(at, self._hinted(sentence)) for at, sentence in error.errors]
            return None
        return kept_values(step, sealed_before)

    def _hinted(self, sentence: str) -> str:
        """The sentence about a locator, after the likely cause if its kind was left as it is."""
        for row in self.locators:
            if row.is_xpath_as_css and syntax_error(row.by, row.value.strip()) == sentence:
                return f"This looks like an XPath: choose XPath in place of CSS. {sentence}"
        return sentence

    def _wire(self) -> dict[str, Any]:
        """What was typed, as the API would send it; boxes left empty are left out."""
        action = self.action
        wire: dict[str, Any] = {"number": 1, "action": self.values.get("action", "")}
        wire["name"] = self.typed("name").strip()
        if action.locators != "none":
            wire["locators"] = [
                {"by": row.by, "value": row.value.strip()}
                for row in self.locators
                if row.value.strip()
            ]
        content = self.typed("content")
        if action.content is not None and (content or not self.is_secret):
            wire["content"] = content
        wire["secret"] = self.is_secret
        wire["options"] = self._options(action)
        if timeout := self.typed("timeout_seconds").strip():
            wire["timeout_seconds"] = timeout.replace(",", ".")
        return wire

    def _options(self, action: type[Action]) -> dict[str, Any]:
        options: dict[str, Any] = {}
        for about in action.options:
            typed = self.values.get(OPTION + about.name, "")
            if about.kind == "checkbox":
                options[about.name] = bool(typed)
            elif typed.strip():
                options[about.name] = typed
        return options

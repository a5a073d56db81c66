"""The form of one step: drawn from the registry entry of its action, read back into a step."""

from dataclasses import dataclass, field
from typing import Any, Self

from flask import url_for
from werkzeug.datastructures import MultiDict

from webapp.browser.actions.registry import ACTIONS, Action
from webapp.browser.durability import Durability, score
from webapp.browser.errors import StepInvalid
from webapp.browser.locators import HOLE, LABELS, Locator, syntax_error
from webapp.browser.steps import Step, parse_step
from webapp.flows.bodies import StepValues, kept_values
from webapp.flows.editor.kinds import KINDS, Kind, kind_of
from webapp.flows.editor.parts import OPTION
from webapp.flows.forms import Clash, whole

MOST_LOCATORS = 10
XPATH_AS_CSS = "This looks like an XPath: choose XPath in place of CSS."
ON_FAILURE = (
    ("stop", "The run stops, and has failed"),
    ("soft", "The run goes on, and has failed in the end"),
    ("degraded", "The run goes on, and passes, marked degraded"),
    ("optional", "The run goes on, as if nothing had been"),
)
HEALS = (
    ("", "As usual for what the step does"),
    ("yes", "Take the next one that matches, and mark the step as healed"),
    ("no", "Fail: only the first one counts"),
)
# How a step is played where that is not as usual: the fields that are folded under “More”.
WAYS = ("on_failure", "always", "retries", "timeout_seconds", "no_picture", "heals")


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

    @property
    def kind(self) -> Kind | None:
        return kind_of(self.by)

    @property
    def durability(self) -> Durability | None:
        """How likely it is to outlive a change of the site; None for what cannot be judged yet."""
        value = self.value.strip()
        if not value or self.by not in LABELS or self.mistake or HOLE in value:
            return None
        return score(Locator.model_validate({"by": self.by, "value": value}))

    @property
    def mistake(self) -> str:
        """Why no browser could use it, after the likely cause; empty while nothing is typed."""
        value = self.value.strip()
        sentence = syntax_error(self.by, value) if value else None
        if sentence and self.is_xpath_as_css:
            return f"{XPATH_AS_CSS} {sentence}"
        return sentence or ""


@dataclass
class StepForm:
    flow_id: int
    values: MultiDict[str, str]
    version: int
    uid: str | None = None
    after: str | None = None
    into: str | None = None  # the block at whose end a new step is put
    number: int | None = None
    has_secret: bool = False  # a sealed value is stored, which the form never shows
    is_fresh: bool = True  # just opened, nothing typed yet
    focus: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    clash: Clash | None = None

    @classmethod
    def blank(
        cls,
        flow_id: int,
        version: int,
        action: str,
        after: str | None = None,
        into: str | None = None,
    ) -> Self:
        known = action if action in ACTIONS else next(iter(ACTIONS))
        return cls(flow_id, MultiDict({"action": known}), version, after=after, into=into)

    @classmethod
    def of(cls, flow_id: int, version: int, step: Step) -> Self:
        """The form of a step that is there; a secret value is not in it."""
        values: MultiDict[str, str] = MultiDict(
            {
                "action": step.action,
                "name": step.name,
                "content": step.content or "",
                "timeout_seconds": seconds_text(step.timeout_seconds),
                "on_failure": step.on_failure,
                "retries": str(step.retries) if step.retries else "",
                "heals": {True: "yes", False: "no", None: ""}[step.heals],
            }
        )
        boxes = {"secret": step.secret, "always": step.always, "no_picture": not step.picture}
        values.update({name: "yes" for name, is_on in boxes.items() if is_on})
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
        form.into = values.get("into") or None
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

    kinds = KINDS
    ways_to_fail = ON_FAILURE
    ways_to_heal = HEALS

    def example(self, by: str) -> str:
        kind = kind_of(by)
        return kind.example if kind else ""

    def typed(self, name: str) -> str:
        return self.values.get(name, "")

    def problems(self, name: str) -> list[str]:
        return [sentence for at, sentence in self.errors if at == name]

    @property
    def unplaced(self) -> list[str]:
        """Mistakes in what the form of this action has no field for."""
        shown = {"action", "name", "content", "locators", "secret", *WAYS}
        shown |= {OPTION + option.name for option in self.action.options}
        return [sentence for at, sentence in self.errors if at not in shown]

    @property
    def first_only(self) -> bool:
        """Whether only the first locator may find the element."""
        heals = {"yes": True, "no": False}.get(self.typed("heals"), self.action.heals)
        return not heals

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
    def is_more_open(self) -> bool:
        """Whether the step is played in another way than usual, or a mistake is among these."""
        usual = {"on_failure": "stop"}
        is_set = any(self.typed(name).strip() not in {"", usual.get(name)} for name in WAYS)
        return is_set or any(name in WAYS for name, _ in self.errors)

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
                return row.mistake
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
        return wire | self._ways()

    def _ways(self) -> dict[str, Any]:
        heals = {"yes": True, "no": False}.get(self.typed("heals"))
        return {
            "on_failure": self.typed("on_failure"),
            "always": bool(self.typed("always")),
            "retries": self.typed("retries").strip(),
            "picture": not self.typed("no_picture"),
            "heals": heals if self.action.locators != "none" else None,
        }

    def _options(self, action: type[Action]) -> dict[str, Any]:
        options: dict[str, Any] = {}
        for about in action.options:
            typed = self.values.get(OPTION + about.name, "")
            if about.kind == "checkbox":
                options[about.name] = bool(typed)
            elif typed.strip():
                options[about.name] = typed
        return options

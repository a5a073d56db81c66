"""The fields that an action asks for, drawn from its registry entry and what was typed so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from inspect import get_annotations
from typing import TYPE_CHECKING, Any

from webapp.browser.actions.fields import Field
from webapp.browser.actions.registry import Block
from webapp.flows.editor.knowing import NAMING
from webapp.flows.sharing import shares

if TYPE_CHECKING:  # the form names the options as they are named here
    from webapp.flows.editor.form import StepForm

OPTION = "options."
# So many options of an action are always shown; those behind them are folded while unused.
SHOWN_OPTIONS = 3


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
    default: Any = None
    is_folded: bool = False
    is_code: bool = False

    @property
    def is_unusual(self) -> bool:
        """Whether it is not as it is when nobody touches it."""
        if self.kind == "checkbox":
            return bool(self.value) != bool(self.default)
        return str(self.value) not in {"", str(self.default)}


@dataclass(frozen=True)
class Parts:
    """The fields of a form: those to be seen, and those folded under “More”.

    `shareable` are the flows that a shared step can stand for; `suggests` says whether there are
    variables to suggest; `files` are those that an upload can name.
    """

    form: StepForm
    shareable: Sequence[tuple[int, str]] = ()
    suggests: bool = False
    files: Sequence[str] = ()

    @property
    def shown(self) -> list[Part]:
        return [part for part in self._all() if not part.is_folded]

    @property
    def folded(self) -> list[Part]:
        return [part for part in self._all() if part.is_folded]

    @property
    def is_open(self) -> bool:
        """Whether one of the folded ones is needed now."""
        return any(part.is_unusual or self.form.problems(part.field) for part in self.folded)

    @property
    def take_variables(self) -> bool:
        """Whether `{{ name }}` may stand in one of them."""
        content = self.form.action.content
        typed = ("text", "textarea")
        fills = content is not None and content.kind in typed and self.form.action.fills_content
        return fills or any(option.kind in typed for option in self.form.action.options)

    def _all(self) -> list[Part]:
        content = self.form.action.content
        first = [] if content is None else [self._content(content)]
        options = [self._option(option) for option in self._by_weight()]
        if len(options) > SHOWN_OPTIONS + 1:
            options[SHOWN_OPTIONS:] = [
                replace(part, is_folded=not part.required) for part in options[SHOWN_OPTIONS:]
            ]
        return first + options

    def _by_weight(self) -> list[Field]:
        """The options as people look for them: what is needed, then what is the action's own, and
        last what it shares with others, such as how texts are compared.
        """
        lineage = self.form.action.Options.__mro__

        def weight(option: Field) -> tuple[bool, int]:
            owners = (i for i, cls in enumerate(lineage) if option.name in get_annotations(cls))
            return not option.required, next(owners, 0)

        return sorted(self.form.action.options, key=weight)

    def _content(self, about: Field) -> Part:
        form = self.form
        attrs: dict[str, Any] = {"placeholder": about.placeholder}
        kind: str = about.kind
        help = f"{about.help} {self._files()}" if form.action.name == "upload" else about.help
        if self.suggests and kind == "text" and form.action.fills_content:
            attrs |= {"list": "known-holes", "autocomplete": "off"}
        if issubclass(form.action, Block) and not form.action.fills_content:
            attrs |= {"list": "known-variables", "autocomplete": "off"}  # a name, not a text
        if form.is_secret:
            kind, attrs["autocomplete"] = "password", "new-password"
        if form.has_secret:
            attrs["placeholder"] = "••••••••"
            help = "A secret value is stored. Type a new one to replace it; left empty, it stays."
        required = about.required and not form.has_secret
        value = form.typed("content")
        part = Part("content", "content", about.label, kind, value, (), help, required, attrs)
        return replace(part, is_code=kind == "textarea" and not form.action.fills_content)

    def _option(self, about: Field) -> Part:
        """Before anything is typed an option shows its default; an empty box means empty."""
        form, name = self.form, OPTION + about.name
        value: Any = form.values.get(name)
        if value is None:
            is_new = form.is_fresh or form.values.get("drawn") != form.action.name
            value = about.default if is_new else ""
        attrs = {"placeholder": about.placeholder}
        if about.name == NAMING:
            attrs |= {"list": "known-variables", "autocomplete": "off", "spellcheck": "false"}
        kind: str = about.kind
        choices = [(choice, choice.replace("_", " ")) for choice in about.choices]
        if shares(form.action.name) and about.name == "flow":
            kind, choices = "select", self._flows(str(value or ""))
        return Part(
            name=name,
            field=name,
            label=about.label,
            kind=kind,
            value="" if value is None else value,
            choices=choices,
            help=about.help,
            required=about.required,
            attrs=attrs,
            default=about.default,
            is_code=kind == "textarea",
        )

    def _files(self) -> str:
        if not self.files:
            return "None is there yet: add it under “Files”, beside the steps."
        return f"There are: {', '.join(self.files)}."

    def _flows(self, chosen: str) -> list[tuple[str, str]]:
        """The flows to choose from; one that was chosen and is not there is said to be gone."""
        choices = [("", "Choose a flow"), *((str(one), name) for one, name in self.shareable)]
        if chosen not in {value for value, _ in choices}:
            choices.append((chosen, f"Flow {chosen[:20]}, which is gone"))
        return choices

"""A step as it is stored and sent: validated here, and in no other place."""

import re
import secrets
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from webapp.browser.actions import Action, action_named
from webapp.browser.errors import StepInvalid
from webapp.browser.locators import KINDS, Locator, syntax_error
from webapp.browser.variables import HOLE
from webapp.letters import hidden_sign

MOST_LOCATORS = 20
LONGEST_NAME = 200
UID = r"[0-9a-f]{12,64}"
LEAST_SECONDS, MOST_SECONDS = 0.1, 300.0
MOST_RETRIES = 10
# What follows when a step fails: the run stops; or it goes on, and ends as failed, as passed but
# degraded, or as if nothing had been.
OnFailure = Literal["stop", "soft", "degraded", "optional"]
ON_FAILURE: tuple[OnFailure, ...] = get_args(OnFailure)


def new_uid() -> str:
    return secrets.token_hex(8)


class Step(BaseModel):
    """One action or assertion of a flow. Made by `parse_step`; number 0 is the implicit open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    uid: str = Field(default_factory=new_uid)
    number: int
    name: str = ""
    action: str
    locators: tuple[Locator, ...] = ()
    content: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    enabled: bool = True
    secret: bool = False
    timeout_seconds: float | None = None
    on_failure: OnFailure = "stop"
    always: bool = False  # play it even when a step before it failed
    retries: int = 0
    picture: bool = True
    heals: bool | None = None  # None: as its action does
    parent: str | None = None  # the uid of the block that holds it
    branch: str | None = None

    @property
    def may_heal(self) -> bool:
        """Whether another candidate than the first may be taken for the element."""
        return action_named(self.action).heals if self.heals is None else self.heals

    @property
    def candidates(self) -> tuple[Locator, ...]:
        """The locators that may find the element, in their order."""
        return self.locators if self.may_heal else self.locators[:1]

    @property
    def title(self) -> str:
        """The name that its author gave it, or what it does in words, shortly."""
        words = self.name or action_named(self.action).summary(self)
        return words if len(words) <= LONGEST_NAME else f"{words[: LONGEST_NAME - 1]}…"

    @property
    def target(self) -> str:
        """The first candidate, as it is named in messages."""
        return str(self.locators[0]) if self.locators else "the page"


def parse_step(values: object, content_known: bool = False) -> Step:
    """Build a step from what a form, the API or a stored version says, or raise StepInvalid.

    With `content_known` a secret step may come without its content, which is kept elsewhere.
    """
    return _Parser(values, content_known).step()


class _Parser:
    """Collects every mistake of a step before it refuses it."""

    def __init__(self, values: object, content_known: bool) -> None:
        self.errors: list[tuple[str, str]] = []
        self.content_known = content_known
        self.values: dict[str, Any] = {}
        if isinstance(values, dict):
            self.values = {str(name): value for name, value in values.items()}
        else:
            self._wrong("step", f"A step is an object with fields, not {_say(values)}.")

    def step(self) -> Step:
        self._refuse_unknown()
        found = self._action()
        plain: dict[str, Any] = {
            "uid": self._uid(),
            "number": self._number(),
            "name": self._name(),
            "enabled": self._flag("enabled", True),
            "secret": self._flag("secret", False),
            "timeout_seconds": self._timeout(),
            "on_failure": self._on_failure(),
            "always": self._flag("always", False),
            "retries": self._retries(),
            "picture": self._flag("picture", True),
            "heals": None if self.values.get("heals") is None else self._flag("heals", False),
            "parent": self._text("parent", 64),
            "branch": self._text("branch", 64),
        }
        if found is None:
            raise StepInvalid(self.errors)
        plain["options"], mistakes = found.read_options(self.values.get("options"))
        plain["locators"] = self._locators(found, plain["options"])
        self.errors += [(f"options.{name}".rstrip("."), words) for name, words in mistakes]
        self._refuse_readable_secrets(found, plain["options"])
        plain["content"] = self._content(found, plain)
        if plain["secret"] and not found.can_be_secret:
            self._wrong("secret", f"The content of “{found.label}” cannot be secret.")
        if self.errors:
            raise StepInvalid(self.errors)
        return Step(action=found.name, **plain)

    def _wrong(self, name: str, sentence: str) -> None:
        self.errors.append((name, sentence))

    def _refuse_unknown(self) -> None:
        known = [*Step.model_fields, "selector_xpath"]
        for name in self.values.keys() - set(known):
            self._wrong(name[:50], f"A step has no field of this name. It has {', '.join(known)}.")

    def _action(self) -> type[Action] | None:
        name = self.values.get("action")
        try:
            return action_named(name if isinstance(name, str) else _say(name))
        except KeyError as error:
            self._wrong("action", str(error.args[0]))
            return None

    def _uid(self) -> str:
        uid = self.values.get("uid")
        if uid is None or uid == "":
            return new_uid()
        if not isinstance(uid, str) or not re.fullmatch(UID, uid):
            self._wrong("uid", f"{_say(uid)} is not 12 to 64 of the characters 0-9 and a-f.")
        return str(uid)

    def _number(self) -> int:
        number = self.values.get("number")
        if isinstance(number, str) and number.strip().isascii() and number.strip().isdigit():
            number = int(number) if len(number) < 10 else number
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 10_000:
            self._wrong("number", f"{_say(number)} is not a whole number from 1 to 10,000.")
            return 0
        return number

    def _text(self, name: str, longest: int) -> str | None:
        text = self.values.get(name)
        if text is None:
            return None
        if not isinstance(text, str):
            self._wrong(name, f"{_say(text)} is not a text.")
            return None
        if len(text) > longest:
            self._wrong(name, f"It has {len(text):,} characters; at most {longest:,} go.")
        return " ".join(text.split())

    def _name(self) -> str:
        name = self._text("name", LONGEST_NAME) or ""
        if sentence := hidden_sign(name, "name"):
            self._wrong("name", f"{sentence} Remove it.")
        return name

    def _flag(self, name: str, default: bool) -> bool:
        flag = self.values.get(name, default)
        if not isinstance(flag, bool):
            self._wrong(name, f"{_say(flag)} is not true or false.")
            return default
        return flag

    def _on_failure(self) -> str:
        chosen = self.values.get("on_failure")
        if chosen in (None, ""):
            return "stop"
        if chosen not in ON_FAILURE:
            self._wrong("on_failure", f"{_say(chosen)} is not one of {', '.join(ON_FAILURE)}.")
            return "stop"
        return str(chosen)

    def _retries(self) -> int:
        given = self.values.get("retries")
        number = 0.0 if given in (None, "") else _as_number(given)
        if number is None or number != int(number) or not 0 <= number <= MOST_RETRIES:
            self._wrong("retries", f"{_say(given)} is not a whole number from 0 to {MOST_RETRIES}.")
            return 0
        return int(number)

    def _timeout(self) -> float | None:
        seconds = self.values.get("timeout_seconds")
        if seconds is None or seconds == "":
            return None
        number = _as_number(seconds)
        if number is None or not LEAST_SECONDS <= number <= MOST_SECONDS:
            self._wrong(
                "timeout_seconds",
                f"{_say(seconds)} is not a number of seconds from {LEAST_SECONDS} to "
                f"{MOST_SECONDS:g}.",
            )
            return None
        return number

    def _locators(self, action: type[Action], options: dict[str, Any]) -> tuple[Locator, ...]:
        given = self.values.get("locators")
        given = [] if given is None else given
        shortcut = self.values.get("selector_xpath")
        if shortcut not in (None, ""):
            if given:
                self._wrong("selector_xpath", "Give either selector_xpath or locators, not both.")
            given = [{"by": "xpath", "value": shortcut}]
        if not isinstance(given, list | tuple):
            self._wrong("locators", f"{_say(given)} is not a list of locators.")
            return ()
        if len(given) > MOST_LOCATORS:
            self._wrong("locators", f"There are {len(given):,}; at most {MOST_LOCATORS} go.")
            return ()
        many = len(given) > 1
        found = [
            self._locator(one, f"Candidate {i}: " if many else "") for i, one in enumerate(given, 1)
        ]
        if action.needs_locator(options) and not given:
            self._wrong(
                "locators", f"“{action.label}” needs to know which element: give a locator."
            )
        if action.locators == "none" and given:
            self._wrong(
                "locators", f"“{action.label}” concerns no element, so it takes no locator."
            )
        return tuple(one for one in found if one is not None)

    def _locator(self, given: object, which: str) -> Locator | None:
        if isinstance(given, Locator):
            given = given.model_dump()
        if not isinstance(given, dict) or given.keys() != {"by", "value"}:
            self._wrong(
                "locators",
                f'{which}{_say(given)} is not a locator like {{"by": "xpath", "value": "//h1"}}.',
            )
            return None
        by, value = given["by"], given["value"]
        if not isinstance(by, str) or by not in KINDS:
            self._wrong("locators", f"{which}{_say(by)} is not one of {', '.join(KINDS)}.")
        elif not isinstance(value, str):
            self._wrong("locators", f"{which}{_say(value)} is not a text.")
        elif sentence := syntax_error(by, value):
            self._wrong("locators", f"{which}{sentence}")
        else:
            return Locator.model_validate({"by": by, "value": value})
        return None

    def _refuse_readable_secrets(self, action: type[Action], options: dict[str, Any]) -> None:
        for name in action.secret_options:
            if options.get(name) and not HOLE.fullmatch(options[name].strip()):
                self._wrong(
                    f"options.{name}",
                    "It would be kept readable. Keep it in a secret “Set variable” step before "
                    "this one, and write its name here, like {{ password }}.",
                )

    def _content(self, action: type[Action], plain: dict[str, Any]) -> str | None:
        content = self.values.get("content")
        if isinstance(content, int | float) and not isinstance(content, bool):
            content = f"{content}"
        if content is not None and not isinstance(content, str):
            self._wrong("content", f"{_say(content)} is not a text.")
            return None
        if content is None and plain["secret"] and self.content_known and action.can_be_secret:
            return None
        text, sentence = action.read_content(content, plain["options"])
        if sentence:
            self._wrong("content", sentence)
        return str(text) if text is not None else None


def _as_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _say(value: object) -> str:
    """A wrong value in a message: short, and nothing for nothing."""
    if value is None:
        return "nothing"
    words = " ".join(str(value)[:200].split())
    return f"“{words if len(words) <= 60 else words[:59] + '…'}”"

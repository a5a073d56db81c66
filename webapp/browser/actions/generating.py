"""Values that are new in every run: texts, numbers, e-mail addresses, UUIDs, dates."""

from __future__ import annotations

import secrets
import string
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp import clock
from webapp.browser.actions.dates import format_error, offset_error, written, zone_error
from webapp.browser.actions.fields import Options, checked
from webapp.browser.actions.keeping import StoringOptions, keep
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.page import Page

if TYPE_CHECKING:
    from webapp.browser.steps import Step

LETTERS = string.ascii_lowercase
MOST_NUMBER = 2**53  # what JavaScript counts to


def _domain_error(domain: str) -> str:
    labels = domain.split(".")
    plain = all(label.replace("-", "").isalnum() and label.isascii() for label in labels)
    if plain and len(domain) <= 200:
        return ""
    return f"“{domain[:60]}” is not a domain like example.com."


class GenerateOptions(StoringOptions):
    kind: Literal["text", "number", "email", "uuid", "date"] = Option("text", title="Kind")
    length: int = Option(
        10,
        title="Length",
        ge=1,
        le=1000,
        description="Of a text, and of an e-mail address before its @ (there at most 60).",
        json_schema_extra={"right": "a whole number from 1 to 1,000"},
    )
    least: int = Option(
        0,
        title="Least number",
        ge=-MOST_NUMBER,
        le=MOST_NUMBER,
        json_schema_extra={"right": "a whole number"},
    )
    most: int = Option(
        999_999,
        title="Greatest number",
        ge=-MOST_NUMBER,
        le=MOST_NUMBER,
        json_schema_extra={"right": "a whole number"},
    )
    domain: Annotated[str, checked(_domain_error)] = Option(
        "example.com", title="Domain of the e-mail address"
    )
    offset: Annotated[str, checked(offset_error)] = Option(
        "",
        title="Date: from now",
        description="With s, min, h, d, w, mo or y; several go.",
        json_schema_extra={"placeholder": "-2 d"},
    )
    format: Annotated[str, checked(format_error)] = Option(
        "%Y-%m-%d",
        title="Date: format",
        description="%Y year, %m month, %d day, %H hour, %M minute, %S second, %s seconds since "
        "1970, as Python’s strftime has them.",
    )
    zone: Annotated[str, checked(zone_error)] = Option(
        "UTC", title="Date: time zone", json_schema_extra={"placeholder": "Europe/Berlin"}
    )


class Generate(Action, name="generate", label="Generate", group="Variables", icon="dice-5"):
    """Store a value that is new in every run: a text, a number, an e-mail address, a UUID, a
    date."""

    changes_page: ClassVar[bool] = False
    touches_page: ClassVar[bool] = False
    Options: ClassVar[type[Options]] = GenerateOptions

    @classmethod
    def read_options(cls, given: object) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        options, mistakes = super().read_options(given)
        if not mistakes and options["least"] > options["most"]:
            sentence = f"It is less than the least number, {options['least']}."
            mistakes = [("most", sentence)]
        return options, mistakes

    @classmethod
    def summary(cls, step: Step) -> str:
        words = {"number": "a number", "email": "an e-mail address", "uuid": "a UUID"}
        kind = str(step.options.get("kind", "text"))
        return f"Generate {words.get(kind, f'a {kind}')} as {step.options.get('variable')}"

    def run(self, step: Step, page: Page) -> Finding:
        options = GenerateOptions.model_validate(step.options)
        value = MAKERS[options.kind](options)
        return Finding(notes=(keep(page, options.variable, value, secret=options.secret),))


def _text(length: int, signs: str = LETTERS + string.digits) -> str:
    """A letter first: many fields want names to begin so."""
    return secrets.choice(LETTERS) + "".join(secrets.choice(signs) for _ in range(length - 1))


def _number(options: GenerateOptions) -> int:
    return options.least + secrets.randbelow(options.most - options.least + 1)


def _date(options: GenerateOptions) -> str:
    try:
        return written(clock.now(), options.offset, options.format, options.zone)
    except (OverflowError, ValueError):
        raise StepFailed(
            f"“{options.offset}” from now is not in the years 1 to 9999.",
            "a date in the years 1 to 9999",
            f"“{options.offset}” from now",
        ) from None


MAKERS: dict[str, Callable[[GenerateOptions], Any]] = {
    "text": lambda options: _text(options.length),
    "number": _number,
    "email": lambda options: f"{_text(min(options.length, 60))}@{options.domain}",
    "uuid": lambda options: str(uuid.uuid4()),
    "date": _date,
}

"""The codes that an authenticator app shows."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import parse_qs, urlsplit

import pyotp
from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.keeping import NAME_EXTRA, VariableName, keep
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.page import Page

if TYPE_CHECKING:
    from webapp.browser.steps import Step

# A code that is about to end could be over by the time it is typed.
LEAST_LEFT_SECONDS = 3.0
SCHEME = "otpauth:"
ALGORITHMS: dict[str, Callable[..., Any]] = {
    "SHA1": hashlib.sha1,
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
}
LEAST_DIGITS, MOST_DIGITS, MOST_PERIOD = 6, 10, 300


class TotpOptions(Options):
    variable: VariableName = Option(title="Variable", min_length=1, json_schema_extra=NAME_EXTRA)
    digits: int = Option(
        6,
        title="Digits",
        ge=LEAST_DIGITS,
        le=MOST_DIGITS,
        json_schema_extra={"right": f"a whole number from {LEAST_DIGITS} to {MOST_DIGITS}"},
    )
    period: int = Option(
        30,
        title="Seconds a code holds",
        ge=5,
        le=MOST_PERIOD,
        json_schema_extra={"right": f"a whole number from 5 to {MOST_PERIOD}"},
    )
    algorithm: Literal["SHA1", "SHA256", "SHA512"] = Option("SHA1", title="Algorithm")


class _Codes(pyotp.TOTP):
    """Many sites give secrets of 80 bits, which pyotp refuses; it is for them to change that."""

    def byte_secret(self) -> bytes:
        return _decoded(self.secret)


class Totp(
    Action, name="totp", label="One-time code", group="Outside the page", icon="shield-lock"
):
    """Store the code that an authenticator app would show now. Fewer than 3 seconds before its
    end the step waits for the next one."""

    content: ClassVar[Field | None] = Field(
        "content",
        "Secret",
        required=True,
        placeholder="JBSW Y3DP EHPK 3PXP",
        help="In base 32, with or without blanks, or the otpauth:// address of the QR code, whose "
        "digits, period and algorithm then count.",
    )
    can_be_secret: ClassVar[bool] = True
    changes_page: ClassVar[bool] = False
    touches_page: ClassVar[bool] = False
    Options: ClassVar[type[Options]] = TotpOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        try:
            _codes(content, options)
        except ValueError as error:
            return str(error)
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Store a one-time code as {step.options.get('variable')}"

    def run(self, step: Step, page: Page) -> Finding:
        content = step.content or ""
        try:
            codes = _codes(content, step.options)
        except ValueError as error:
            raise StepFailed(str(error), "a secret in base 32", "something else") from None
        page.secrets.add(content, codes.secret)
        notes = []
        left = codes.interval - time.time() % codes.interval
        if left < LEAST_LEFT_SECONDS:
            page.patience.sleep(left + 0.05)
            notes.append(f"Waited {left:.1f} s for the next code.")
        code = codes.now()
        notes.append(keep(page, str(step.options["variable"]), code, secret=True))
        return Finding(notes=tuple(notes))


def _codes(content: str, options: dict[str, Any]) -> _Codes:
    """The codes of a secret; ValueError says, without telling it, what is wrong with it."""
    secret, settings = content.strip(), dict(options)
    if secret.lower().startswith(SCHEME):
        parts = urlsplit(secret)
        if parts.netloc.lower() != "totp":
            raise ValueError("The otpauth:// address is not one for codes by time (totp).")
        given = {name.lower(): words[0] for name, words in parse_qs(parts.query).items()}
        secret = given.get("secret", "")
        settings |= {
            name: given[name] for name in ("digits", "period", "algorithm") if name in given
        }
    secret = "".join(secret.replace("-", "").split()).rstrip("=").upper()
    _decoded(secret)
    digits = _number(settings.get("digits", 6), LEAST_DIGITS, MOST_DIGITS, "number of digits")
    period = _number(settings.get("period", 30), 1, MOST_PERIOD, "period")
    name = str(settings.get("algorithm", "SHA1")).upper().replace("-", "")
    if name not in ALGORITHMS:
        raise ValueError(f"The algorithm “{name[:20]}” is not one of {', '.join(ALGORITHMS)}.")
    return _Codes(secret, digits=digits, interval=period, digest=ALGORITHMS[name])


def _decoded(secret: str) -> bytes:
    try:
        decoded = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise ValueError(
            "The secret is not written in base 32: only the letters A to Z and the digits 2 to 7 "
            "go. Sites show it beside the QR code."
        )
    return decoded


def _number(given: object, least: int, most: int, what: str) -> int:
    text = str(given)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
    if not least <= number <= most:
        raise ValueError(f"The {what}, “{text[:20]}”, is not a whole number of {least} to {most}.")
    return number

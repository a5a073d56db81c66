"""What a flow's settings may be: one check per setting, shared by the pages and the API."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from webapp import cron
from webapp.browser.programs import KINDS
from webapp.cron import CronInvalid, ZoneUnknown
from webapp.egress import EgressRefused, literal
from webapp.flows.checking import check_address
from webapp.letters import hidden_sign

NAME_LENGTH = 200
URL_LENGTH = 2000
# What stands before the path of an address that was typed without its scheme.
HOST = re.compile(r"(?P<name>[^/:?#@\[\]()]+|\[[0-9a-fA-F:.]+\])(:(?P<port>\d{1,5}))?(?=[/?#]|$)")
STEP_TIMEOUT = (0.1, 300.0)  # seconds; the engine's own limits for a step
RUN_TIMEOUT = (1.0, 3600.0)

DEFAULTS: dict[str, Any] = {
    "name": "",
    "url": "",
    "browser": "chrome",
    "cron": None,
    "time_zone": "UTC",
    "step_timeout_seconds": 10.0,
    "run_timeout_seconds": 300.0,
}


class SettingsInvalid(ValueError):
    """Settings that cannot be saved; `errors` has a sentence for each field that is wrong."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def parse_settings(values: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """The settings, checked and in the form in which a flow keeps them.

    What is not given gets its default or, with `partial`, is left out.
    """
    given = dict(values) if partial else DEFAULTS | dict(values)
    clean: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field, value in given.items():
        if field not in CHECKS:
            errors[field] = f"There is no setting “{field[:60]}”; known are {', '.join(CHECKS)}."
            continue
        try:
            clean[field] = CHECKS[field](value)
        except ValueError as error:
            errors[field] = str(error)
    both = {"step_timeout_seconds", "run_timeout_seconds"}
    if both <= clean.keys() & dict(values).keys():
        errors |= _timeouts_together(clean)
    if errors:
        raise SettingsInvalid(errors)
    return clean


def _timeouts_together(clean: dict[str, Any]) -> dict[str, str]:
    """Whether a step may take longer than its run: only where somebody chose both of them."""
    step, run = clean["step_timeout_seconds"], clean["run_timeout_seconds"]
    if step <= run:
        return {}
    sentence = (
        f"A step may take {step:g} s, but a whole run is stopped after {run:g} s. "
        "Choose less, or give the run more."
    )
    return {"step_timeout_seconds": sentence}


def _text(value: Any, what: str, longest: int) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{what} is a text; found {type(value).__name__}.")
    text = value.strip()
    if "\0" in text:
        raise ValueError(f"{what} has a NUL character in it, which cannot be stored; remove it.")
    if len(text) > longest:
        raise ValueError(
            f"{what} may have {longest:,} characters at the most; found {len(text):,}."
        )
    return text


def _name(value: Any) -> str:
    text = " ".join(_text(value, "The name", NAME_LENGTH).split())
    if not text:
        raise ValueError("Give the flow a name, such as “Checkout”.")
    if sentence := hidden_sign(text, "name"):
        raise ValueError(f"{sentence} Remove it.")
    return text


def _url(value: Any) -> str:
    text = _text(value, "The address", URL_LENGTH)
    if not text:
        raise ValueError(
            "Type the address at which the flow starts, such as https://www.example.org/"
        )
    if any(character.isspace() for character in text):
        raise ValueError("The address has a blank in it. Example: https://www.example.org/")
    if "://" not in text:
        raise ValueError(_without_scheme(text[:200]))
    _refuse_password(text)
    try:
        check_address(text)
    except EgressRefused as error:
        raise ValueError(str(error)) from error
    return text


def _refuse_password(url: str) -> None:
    """An address is readable for everybody who may see the flow, its runs, mails and reports."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return  # what is wrong with it is said better elsewhere
    if password:
        raise ValueError(
            "The address has a password in it, which everybody who sees this flow could read. "
            "Take it out, and type it in a step whose value is kept secret."
        )


def _without_scheme(text: str) -> str:
    """What to say of `shop.example.org`, `localhost:8000` and `javascript:alert(1)`."""
    host = HOST.match(text)
    if host is None:
        return (
            f"Found “{text}”; only http and https addresses can be monitored, "
            "such as https://www.example.org/"
        )
    name, port = host["name"].lower(), host["port"]
    address = literal(name)
    is_here = name == "localhost" or name.endswith(".localhost")
    is_here = is_here or (address is not None and address.is_loopback)
    scheme = "http" if is_here or port not in {None, "443"} else "https"
    return (
        f"Found “{text}”; an address starts with https:// or http://. "
        f"Did you mean {scheme}://{text} ?"
    )


def _browser(value: Any) -> str:
    text = _text(value, "The browser", 40)
    if text not in KINDS:
        known = ", ".join(KINDS)
        raise ValueError(f"“{text}” is not a browser that Lamplighter knows. Known are {known}.")
    return text


def _cron(value: Any) -> str | None:
    if value is None:
        return None
    text = " ".join(_text(value, "The schedule", 200).split())
    if not text:
        return None
    try:
        cron.check(text)
    except CronInvalid as error:
        raise ValueError(error.message) from error
    return text


def _zone(value: Any) -> str:
    text = _text(value, "The time zone", 64)
    try:
        cron.zone(text)
    except ZoneUnknown as error:
        raise ValueError(str(error)) from error
    return text


def _seconds(what: str, low: float, high: float) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        if isinstance(value, str):
            value = value.strip().replace(",", ".")
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not low <= number <= high:
            found = f"“{value[:40]}”" if isinstance(value, str) else value
            raise ValueError(
                f"{what} is a number of seconds from {low:g} to {high:g}; found {found}."
            )
        return number

    return check


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "url": _url,
    "browser": _browser,
    "cron": _cron,
    "time_zone": _zone,
    "step_timeout_seconds": _seconds("The step timeout", *STEP_TIMEOUT),
    "run_timeout_seconds": _seconds("The run timeout", *RUN_TIMEOUT),
}

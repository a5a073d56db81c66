"""What people type into the forms of flows and steps, kept as typed until it is right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self
from zoneinfo import available_timezones

from flask import current_app

from webapp.browser.errors import BrowserMissing
from webapp.browser.programs import KINDS, programs
from webapp.browser.settings import BrowserSettings
from webapp.flows.models import Flow, FlowVersion
from webapp.flows.settings import CHECKS, SettingsInvalid, parse_settings

CRON_PRESETS = (
    ("*/5 * * * *", "Every 5 minutes"),
    ("*/15 * * * *", "Every 15 minutes"),
    ("@hourly", "Every hour"),
    ("0 6 * * *", "Every day at 06:00"),
    ("0 8-18 * * mon-fri", "Office hours"),
    ("0 7 * * mon", "Every Monday"),
)
REGIONS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia"}
REGIONS |= {"Europe", "Indian", "Pacific"}


@dataclass
class Clash:
    """The flow was saved by somebody else while this form was open."""

    newest: FlowVersion

    @property
    def by(self) -> str:
        """Who saved the newer version, for “changed … by”."""
        author = self.newest.created_by
        return author.name if author else "the API"


@dataclass
class FlowForm:
    values: dict[str, str]
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    clash: Clash | None = None

    @classmethod
    def blank(cls, time_zone: str) -> Self:
        """A new flow: every hour, in the zone of whoever makes it."""
        values = {"name": "", "url": "", "browser": "chrome", "cron": "@hourly"}
        return cls(
            values
            | {
                "time_zone": time_zone,
                "step_timeout_seconds": "10",
                "run_timeout_seconds": "300",
            }
        )

    @classmethod
    def of(cls, flow: Flow) -> Self:
        values = {name: _shown(getattr(flow, name)) for name in CHECKS}
        return cls(values, version=flow.version_number)

    @classmethod
    def typed(cls, form: Mapping[str, str]) -> Self:
        values = {name: form.get(name, "") for name in CHECKS}
        return cls(values, version=whole(form.get("version")))

    def parse(self) -> dict[str, Any] | None:
        """The settings; None when something is wrong, and then `errors` says what."""
        try:
            return parse_settings(self.values)
        except SettingsInvalid as error:
            self.errors = error.errors
            return None

    def errors_of(self, name: str) -> list[str]:
        return [self.errors[name]] if name in self.errors else []

    @property
    def browsers(self) -> list[tuple[str, str]]:
        """The kinds that can be started here, and the one that the flow has already.

        A web server without browsers (its workers are elsewhere) offers all of them.
        """
        settings = BrowserSettings.from_config(current_app.config["LAMPLIGHTER"])
        here = {name for name in KINDS if _is_installed(settings.of_kind(name))}
        offered = (here or set(KINDS)) | {self.values["browser"]}
        return [(kind.name, kind.label) for kind in KINDS.values() if kind.name in offered]


def _is_installed(settings: BrowserSettings) -> bool:
    try:
        programs(settings)
    except BrowserMissing:
        return False
    return True


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def whole(text: str | None) -> int:
    """A whole number out of a form's hidden field; 0 when somebody tampered with it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@cache
def zone_names() -> tuple[str, ...]:
    """The time zones to choose from, without the historical aliases."""
    modern = (name for name in available_timezones() if name.partition("/")[0] in REGIONS)
    return ("UTC", *sorted(modern))

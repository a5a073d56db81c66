"""A summary and its pictures become HTML, and the HTML a PDF; nothing is fetched from anywhere."""

import logging
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from webapp.reports.summary import RunSummary
from webapp.wording import moment, span

ROOT = Path(__file__).parents[2]
ICONS = ROOT / "static" / "img" / "icons.svg"
STYLE = ROOT / "static" / "css" / "report.css"
FONTS = ROOT / "static" / "vendor" / "inter"
FONT_VERSION = "5.3.0"
# Each file of the font, and the letters for which it is needed.
FONT_PARTS = {
    "latin": ".",
    "latin-ext": "[\u0100-\u02ba\u02bd-\u02c5\u02c7-\u02cc\u02ce-\u02d7\u1e00-\u1e9f\u1ef2-\u1eff]",
    "cyrillic": "[\u0400-\u045f\u0490\u0491\u04b0\u04b1\u2116]",
    "greek": "[\u0370-\u03ff]",
    "vietnamese": "[\u1ea0-\u1ef9\u20ab]",
}
SVG = "{http://www.w3.org/2000/svg}"

# Each state: the icon, the word and the colour that the pages show it with.
STATES = {
    "queued": ("clock", "Queued", "#4b5060"),
    "starting": ("loader-2", "Starting", "#1a54bd"),
    "running": ("loader-2", "Running", "#1a54bd"),
    "passed": ("circle-check", "Passed", "#0f6b39"),
    "degraded": ("alert-circle", "Passed, degraded", "#7a5800"),
    "healed": ("bandage", "Healed", "#0f6b39"),
    "failed": ("circle-x", "Failed", "#ad1f2d"),
    "errored": ("alert-triangle", "Errored", "#7429ab"),
    "refused": ("shield-lock", "Refused", "#7429ab"),
    "folded": ("dots", "Folded", "#4b5060"),
    "timed_out": ("hourglass-empty", "Timed out", "#934706"),
    "cancelled": ("ban", "Cancelled", "#4b5060"),
    "missed": ("clock-exclamation", "Missed", "#7a5800"),
    "skipped": ("player-track-next", "Skipped", "#4b5060"),
    "not_played": ("player-track-next", "Not played", "#4b5060"),
}

SHORT = 300  # characters

Say = Callable[[float], None]


class OwnThings(URLFetcher):  # type: ignore[misc]
    """Gives a report its pictures, icons and fonts by name, and refuses every other address."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self.pictures = pictures

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme == "picture" and name in self.pictures:
            return URLFetcherResponse(url, self.pictures[name], {"Content-Type": "image/jpeg"})
        if scheme == "icon" and name in STATES:
            return URLFetcherResponse(url, _icon(name), {"Content-Type": "image/svg+xml"})
        if scheme == "font" and name in FONT_PARTS:
            content = (FONTS / f"inter-{FONT_VERSION}-{name}.woff2").read_bytes()
            return URLFetcherResponse(url, content, {"Content-Type": "font/woff2"})
        raise ValueError(f"A report fetches nothing from outside; refused {url[:100]}")


def _font_faces(text: str) -> str:
    """The parts of Inter that have a letter of the text: unpacking one takes a tenth of a second.

    Each is a family of its own: under one name WeasyPrint takes the letters of one part for those
    of another.
    """
    return "".join(
        f'@font-face {{ font-family: "Inter {part}"; src: url("font:{part}") format("woff2"); }}\n'
        for part, letters in FONT_PARTS.items()
        if re.search(letters, text)
    )


def _icon(state: str) -> bytes:
    name, _, colour = STATES[state]
    symbol = ElementTree.parse(ICONS).getroot().find(f"{SVG}symbol[@id='{name}']")
    if symbol is None:
        raise ValueError(f"static/img/icons.svg has no icon called {name}.")
    drawing = "".join(ElementTree.tostring(part, encoding="unicode") for part in symbol)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"'
        f' fill="none" stroke="{colour}" stroke-width="2" stroke-linecap="round"'
        f' stroke-linejoin="round">{drawing}</svg>'
    ).encode()


def to_pdf(
    summary: RunSummary,
    pictures: Mapping[str, bytes],
    problems: Mapping[str, str],
    say: Say = lambda part: None,
) -> bytes:
    """The report; `pictures` are JPEGs by the sha256 of what they were made from.

    `problems` are sentences about pictures that cannot be shown. `say` hears how much of the work
    is done, from 0 to 1.
    """
    fetcher, fonts = OwnThings(pictures), FontConfiguration()
    html = to_html(summary, pictures, problems)
    css = _font_faces(html) + STYLE.read_text(encoding="utf-8")
    with Progress(say, pages=3 + len(summary.steps) / (20 if summary.is_long else 2)):
        style = CSS(string=css, url_fetcher=fetcher, font_config=fonts)
        document = HTML(string=html, url_fetcher=fetcher)
        pdf: bytes = document.write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    return pdf


def to_html(summary: RunSummary, pictures: Mapping[str, bytes], problems: Mapping[str, str]) -> str:
    page = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters.update(
        span=span, moment=partial(_moment, summary), direction=direction, short=short
    )
    template = page.get_template("reports/run.html")
    return template.render(run=summary, states=STATES, pictures=pictures, problems=problems)


def _moment(summary: RunSummary, at: datetime) -> str:
    return moment(at, ZoneInfo(summary.time_zone))


def direction(text: str) -> str:
    """`rtl` when the first letter with a direction is Hebrew, Arabic and the like."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def short(text: str) -> str:
    """For the first page, which is to stay one page; the step itself says it all."""
    return text if len(text) <= SHORT else f"{text[:SHORT]} …"


class Progress(logging.Handler):
    """WeasyPrint says which page it lays out, and nothing else, in its log."""

    def __init__(self, say: Say, pages: float) -> None:
        super().__init__()
        self.say, self.pages, self.seen = say, pages, 0
        self.log = logging.getLogger("weasyprint.progress")

    def emit(self, record: logging.LogRecord) -> None:
        self.seen += "Page" in record.getMessage()
        self.say(min(0.95, self.seen / (3 * self.pages)))

    def __enter__(self) -> None:
        self.level_before = self.log.level
        self.log.setLevel(logging.INFO)
        self.log.addHandler(self)

    def __exit__(self, *_: Any) -> None:
        self.log.removeHandler(self)
        self.log.setLevel(self.level_before)
        self.say(1.0)

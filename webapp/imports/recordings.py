"""Which tool a file comes from, and what it holds."""

from collections.abc import Callable
from typing import Any

from webapp.imports.chrome_recorder.flow import read_chrome_recorder
from webapp.imports.draft import Recording, Unreadable
from webapp.imports.reading import At, json_of, text_of
from webapp.imports.selenium_ide.tests import read_selenium_ide
from webapp.imports.yaml_flow import is_ours, read_yaml

KNOWN = (
    "Selenium IDE projects (.side), recordings of Chrome's Recorder (exported as JSON) and flows "
    "of Lamplighter (YAML) can be imported"
)
# What people also export, and what they should export instead.
OTHERS: tuple[tuple[Callable[[str], bool], str], ...] = (
    (
        lambda text: "puppeteer" in text[:2000] and "require(" in text[:2000],
        "This is a Puppeteer script. Export the recording as JSON instead.",
    ),
    (
        lambda text: text.lstrip()[:200].lower().startswith(("<?xml", "<!doctype", "<html")),
        "This is HTML. Open an old test in Selenium IDE 3 and save it as .side.",
    ),
)


def read_recording(content: bytes) -> Recording:
    """The flows in a file, and what became of each of its steps; raises Unreadable."""
    text = text_of(content)
    for is_other, sentence in OTHERS:
        if is_other(text):
            raise Unreadable(f"{sentence} {KNOWN}.")
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[", "/")) and is_ours(text):
        return read_yaml(text)
    value = json_of(text.lstrip("\ufeff"))
    return _reader(value)(At(value))


def _reader(value: Any) -> Callable[[At], Recording]:
    if isinstance(value, dict):
        if "tests" in value or "suites" in value:
            return read_selenium_ide
        if "steps" in value and "lamplighter" not in value:
            return read_chrome_recorder
    raise Unreadable(
        "The file is JSON, but no recording: expected an object with “tests” (Selenium IDE) or "
        f"with “title” and “steps” (Chrome's Recorder). {KNOWN}."
    )

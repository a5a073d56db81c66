"""Hide secret values in the page for the moment of a picture."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, quote_plus

from selenium.webdriver.remote.webdriver import WebDriver

from webapp.browser.errors import BrowserLost, StepFailed
from webapp.browser.page import Moved
from webapp.browser.secrets import Secrets

SCRIPTS = Path(__file__).parent / "scripts"
DEEPEST = 3
MOST_FRAMES = 10
Ask = Callable[[Callable[[], Any]], Any]


@cache
def _script(name: str) -> str:
    return (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")


class Concealing:
    """While it is open, no secret can be read in the page; without secrets it does nothing."""

    def __init__(self, secrets: Secrets, driver: WebDriver, ask: Ask) -> None:
        self._needles = _needles(secrets)
        self._driver = driver
        self._ask = ask
        self._touched: list[tuple[Any, ...]] = []  # paths of frames, () being the page itself

    def __enter__(self) -> Self:
        if self._needles and self._conceal((), 0):
            self._run("next_frames")
        return self

    def finds_more(self) -> bool:
        """Whether a secret appeared while the picture was taken."""
        return bool(self._needles) and self._conceal((), 0) > 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and not issubclass(kind, Exception):
            return  # the run was stopped: there may be no browser any more
        for path in self._touched:
            try:
                self._enter(path)
                self._run("reveal")
            except (Moved, StepFailed, BrowserLost):
                continue  # the page went on, and took what was concealed with it
        if any(self._touched):
            self._enter(())

    def _run(self, name: str, *words: Any) -> Any:
        return self._ask(lambda: self._driver.execute_script(_script(name), *words))

    def _enter(self, path: tuple[Any, ...]) -> None:
        self._ask(self._driver.switch_to.default_content)
        for frame in path:
            self._ask(partial(self._driver.switch_to.frame, frame))

    def _conceal(self, path: tuple[Any, ...], depth: int) -> int:
        """Conceal in one document and in the frames of other origins in it; how much was found."""
        answer = self._run("conceal", self._needles)
        self._touched.append(path)
        found = int(answer["found"])
        for number, frame in enumerate(answer["foreign"]):
            found += self._conceal_frame(path, frame, depth, number)
        return found

    def _conceal_frame(self, path: tuple[Any, ...], frame: Any, depth: int, number: int) -> int:
        if depth >= DEEPEST or number >= MOST_FRAMES:
            self._run("conceal_one", frame)
            return 1
        try:
            self._enter((*path, frame))
            found = self._conceal((*path, frame), depth + 1)
            self._enter(path)
            return found
        except (Moved, StepFailed):
            self._enter(path)
            self._run("conceal_one", frame)
            return 1


def _needles(secrets: Secrets) -> list[str]:
    """What to look for: without blanks and in small letters, as conceal.js reads texts."""
    forms = {
        form
        for value in secrets.values
        for form in (value, quote(value, safe=""), quote_plus(value), quote(value))
    }
    squeezed = {"".join(form.lower().split()) for form in forms}
    return sorted(form for form in squeezed if form)

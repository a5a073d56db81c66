"""Call the driver, and turn what it throws into whose fault it is."""

from collections.abc import Callable
from typing import Self, TypeVar

from selenium.common import exceptions as thrown
from urllib3.exceptions import HTTPError, ReadTimeoutError

from webapp.browser.errors import BrowserLost, StepFailed
from webapp.browser.page import Moved
from webapp.browser.stopping import Patience
from webapp.browser.trouble import net_error

T = TypeVar("T")
# The element or the document it was in is not there any more, or not as it was a moment ago.
GONE = (
    thrown.StaleElementReferenceException,
    thrown.NoSuchElementException,
    thrown.NoSuchFrameException,
    thrown.ElementNotInteractableException,
    thrown.ElementClickInterceptedException,
    thrown.MoveTargetOutOfBoundsException,
    thrown.InvalidElementStateException,
    thrown.DetachedShadowRootException,
)
UNLOADED = (
    "document unloaded",
    "document was unloaded",
    "aborted by navigation",
    "execution context was destroyed",
    "cannot find context",
    "no such execution context",
    "target frame detached",
    "frame detached",
    "inspected target navigated",
    "cannot determine loading status",
    "does not belong to the document",
    "actor destroyed",
    "navigated or closed",
    "browsing context has been discarded",
)
DEAD = (
    "disconnected",
    "not connected to devtools",
    "chrome not reachable",
    "unable to receive message from renderer",
    "session deleted",
    "failed to decode response from marionette",
    "tried to run command without establishing a connection",
    "browser has closed",
)
# A page that does not answer at once is not yet one that does not answer.
LEAST_SECONDS = 1.0
CRASHED = ("tab crashed", "page crash", "target crashed")


class Unresponsive(StepFailed):
    """The page did not answer a question in time."""

    @classmethod
    def of(cls, patience: Patience) -> Self:
        seconds = max(patience.seconds, LEAST_SECONDS)
        return cls(
            f"The page did not answer for {seconds:g} s: it was still waiting for its "
            "server, or one of its scripts keeps it busy.",
            "a page that answers",
            "no answer",
        )


class DriverSilent(Unresponsive):
    """Not even the driver answered; it will take no further call."""


class PageCrashed(StepFailed):
    """The page's own process in the browser died."""


class WindowClosed(StepFailed):
    """The page closed the window it was in."""


class DidNotLoad(Moved):
    """The page that was gone to is an error page of the browser; `name` says what went wrong."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Unloaded(Moved):
    """The document went away in the middle: what was done in it may be what led away."""


class TabGone(Moved):
    """The tab closed itself, and the run goes on in another one."""


class DialogOpen(Exception):
    """A dialog of the page is in the way, so nothing was done."""


def call(what: Callable[[], T], patience: Patience) -> T:
    """Do one thing with the driver. Whatever dies after a stop was requested died of that stop."""
    patience.stop.check()
    try:
        return what()
    except thrown.UnexpectedAlertPresentException as error:
        patience.stop.check()
        raise DialogOpen from error
    except thrown.WebDriverException as error:
        patience.stop.check()
        raise _told(error, patience) from error
    except ReadTimeoutError as error:
        patience.stop.check()
        raise DriverSilent.of(patience) from error
    except (HTTPError, OSError) as error:
        patience.stop.check()
        raise BrowserLost("The browser ended in the middle of the run.") from error


def _told(error: thrown.WebDriverException, patience: Patience) -> Exception:
    words = " ".join((error.msg or type(error).__name__).split())
    low = words.lower()
    if name := net_error(words):
        return DidNotLoad(name)
    if any(mark in low for mark in CRASHED):
        return PageCrashed("The page crashed: its process in the browser died.", None, "a crash")
    if isinstance(error, thrown.NoSuchWindowException):
        return WindowClosed("The page closed its own window.", "an open window", "no window")
    if isinstance(error, thrown.InvalidSessionIdException) or any(mark in low for mark in DEAD):
        return BrowserLost("The browser ended in the middle of the run.")
    if any(mark in low for mark in UNLOADED):
        return Unloaded(words)
    if isinstance(error, GONE):
        return Moved(words)
    if isinstance(error, thrown.TimeoutException) or "execution was terminated" in low:
        return Unresponsive.of(patience)
    if isinstance(error, thrown.JavascriptException):
        return StepFailed(f"The page could not be examined: {words[:300]}")
    return BrowserLost(f"The browser's driver could not go on: {words[:300]}")

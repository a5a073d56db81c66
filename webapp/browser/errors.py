"""What can go wrong while a step is played, told apart by whose fault it is."""

from typing import Literal

StopReason = Literal["cancelled", "timed_out", "worker_stopped"]


class StepFailed(Exception):
    """The page did not do what the step asked. The message is shown to the user."""

    def __init__(self, message: str, expected: str | None = None, found: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.found = found


class DialogLeft(StepFailed):
    """A dialog opened and was left open, since the next step is about it.

    `acted` says whether the step had done by then what it is about.
    """

    def __init__(self, text: str, acted: bool) -> None:
        super().__init__(
            f"A dialog with “{text}” opened before this step was done, and was left open for the "
            "step after it.",
            "no dialog yet",
            f"a dialog with “{text}”",
        )
        self.text = text
        self.acted = acted


class Forbidden(Exception):
    """The operator does not allow what the step is about; the message is shown to the user."""


class BrowserLost(Exception):
    """The browser or its driver is gone or never came: our fault, so the run cannot judge."""


class BrowserMissing(BrowserLost):
    """A program that this kind of browser needs is not installed."""


class StepInvalid(ValueError):
    """A step that cannot be played as it is written; `errors` names each field and its mistake."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {sentence}" for field, sentence in errors))
        self.errors = errors


class RunStopped(BaseException):
    """The run was told to end. A BaseException, so that no `except Exception` turns it green."""

    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason)
        self.reason: StopReason = reason

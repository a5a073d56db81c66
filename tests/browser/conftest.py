"""What the tests of the engine share."""

import pytest

from webapp.browser.actions import mailbox


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our mail servers answer at once: a second between two looks would only be slept away."""
    monkeypatch.setattr(mailbox, "POLL_SECONDS", 0.05)

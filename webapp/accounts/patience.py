"""Answer no sooner than after a while, so that the time tells nothing about who has an account."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.extensions import db

# Longer than hashing a password and writing a mail take together.
LEAST_SECONDS = 0.25


@contextmanager
def at_least() -> Iterator[None]:
    """Make the block take LEAST_SECONDS, or longer if its work does."""
    began = time.monotonic()
    try:
        yield
    finally:
        db.session.rollback()  # what was to be kept is committed; hold nobody's turn while we wait
        time.sleep(max(0.0, LEAST_SECONDS - (time.monotonic() - began)))

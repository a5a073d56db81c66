"""Visitors, cheap hashes, no waiting; and the mails that were written."""

import re
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from tests.visitors import Visitor
from webapp.accounts import passwords, patience
from webapp.extensions import db
from webapp.mailing.models import Mail

# What is typed instead of an address, and what the form says to it.
NO_ADDRESSES = [
    ("", "Type an e-mail address."),
    ("garbage", "“garbage” is no e-mail address"),
    ("nul\0@example.org", "is no e-mail address"),
    ("x" * 5_000, "Use at most 254 characters; this has 5,000."),
]


def plain(page: str) -> str:
    """What the page says, without its form tokens, which are new each second."""
    said = page[page.index("<main") : page.index("</main>")]
    return re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r'\1""', said)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The cost of hashing and the wait that hides it are the subject of two tests only."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", cheap)
    monkeypatch.setattr(passwords, "NOBODYS_HASH", cheap.hash("nobody"))
    monkeypatch.setattr(patience, "LEAST_SECONDS", 0)


@pytest.fixture(autouse=True)
def visitors(request, monkeypatch):
    if "app" in request.fixturenames:
        monkeypatch.setattr(request.getfixturevalue("app"), "test_client_class", Visitor)


@pytest.fixture
def mails(app) -> Callable[..., list[Mail]]:
    """The mails written so far, oldest first; of one kind, or of all."""

    def written(kind: str | None = None) -> list[Mail]:
        every = select(Mail).order_by(Mail.id)
        return list(db.session.scalars(every.where(Mail.kind == kind) if kind else every))

    return written


@pytest.fixture
def link_in() -> Callable[[Mail], str]:
    """The path of the link in a mail."""

    def link(mail: Mail) -> str:
        address = next(word for word in mail.text.split() if word.startswith("http"))
        return "/" + address.split("/", 3)[3]

    return link

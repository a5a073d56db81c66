"""A real SMTP server, and an app that is told about it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.smtp import Postbox, smtp_server
from tests.visitors import Visitor
from webapp.extensions import db
from webapp.mailing.models import Mail
from webapp.mailing.post import post


@pytest.fixture(autouse=True)
def visitors(request, monkeypatch):
    if "app" in request.fixturenames:
        monkeypatch.setattr(request.getfixturevalue("app"), "test_client_class", Visitor)


@pytest.fixture
def use_server(app: Flask, monkeypatch) -> Callable[..., None]:
    """Point the app at an SMTP server, as MAIL_SERVER and its companions would."""

    def use(port: int, **settings: Any) -> None:
        known = {"mail_server": "127.0.0.1", "mail_port": port, **settings}
        config = replace(app.config["LAMPLIGHTER"], **known)
        monkeypatch.setitem(app.config, "LAMPLIGHTER", config)
        way = app.extensions["mail"]
        monkeypatch.setattr(way, "suppress", False)
        monkeypatch.setattr(way, "server", config.mail_server)
        monkeypatch.setattr(way, "port", port)
        for name in ("username", "password", "use_tls", "use_ssl"):
            monkeypatch.setattr(way, name, getattr(config, f"mail_{name}"))

    return use


@pytest.fixture
def postbox(use_server) -> Iterator[Postbox]:
    with smtp_server() as server:
        use_server(server.port)
        yield server


@pytest.fixture
def written(app: Flask) -> Callable[..., Mail]:
    """Write a mail and commit it; its job waits in the queue."""

    def write(kind: str = "confirm", to: str = "dora@example.org", **context: Any) -> Mail:
        mail = post(kind, to, None, **{"token": "t0k3n", "valid": "3 days", **context})
        db.session.commit()
        return mail

    return write

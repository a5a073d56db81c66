"""What all tests stand on: an app, a database that is emptied after each test, two people."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.databases import database_beside, empty_tables
from tests.factories import make_user, sign_in
from tests.servers import redis_server
from webapp import create_app
from webapp.accounts.models import User
from webapp.config import Config
from webapp.extensions import db

# `make test-slow` asks for the thorough one.
hypothesis.settings.register_profile("quick", max_examples=25, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """TEST_DATABASE_URL, or a database beside it for each of several processes; "" is SQLite."""
    shared = os.environ.get("TEST_DATABASE_URL", "")
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not shared or not process:
        yield shared
        return
    with database_beside(shared, f"tests_of_{process}") as url:
        yield url


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory, redis_url: str, database_url: str) -> Config:
    """Every setting at its default, on a fresh folder."""
    var: Path = tmp_path_factory.mktemp("var")
    environ = {"VAR": str(var), "REDIS_URL": redis_url, "RATELIMIT_ENABLED": "no"}
    if database_url:
        environ["DATABASE_URL"] = database_url
    return Config.from_env(environ)


@pytest.fixture(scope="session")
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config, TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        db.drop_all()
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def context(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give each test that uses the app a context, and empty what it left behind."""
    if not {"app", "client", "alice", "charlie", "database"} & set(request.fixturenames):
        yield
        return
    app: Flask = request.getfixturevalue("app")
    with app.app_context():
        yield
        db.session.rollback()
        empty_tables()
        app.extensions["redis"].flushdb()


@pytest.fixture
def database(app: Flask) -> None:
    """For tests that need rows, but no page."""


@pytest.fixture
def alice(app: Flask) -> User:
    """Who owns what the tests make."""
    return make_user("alice")


@pytest.fixture
def charlie(app: Flask) -> User:
    """The stranger, who must see nothing of it."""
    return make_user("charlie")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody has logged in."""
    return app.test_client()


@pytest.fixture
def as_alice(client: FlaskClient, alice: User) -> FlaskClient:
    sign_in(client, alice)
    return client


@pytest.fixture
def as_charlie(app: Flask, charlie: User) -> FlaskClient:
    stranger = app.test_client()
    sign_in(stranger, charlie)
    return stranger

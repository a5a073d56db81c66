"""Programs that talk to the API: alice's, the stranger's, and one without a credential."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.programs import Program
from webapp.accounts.credentials import issue_tokens
from webapp.accounts.models import User


def program_of(app: Flask, user: User) -> Program:
    return Program(app.test_client(), str(issue_tokens(user)["access_token"]))


@pytest.fixture
def api(app: Flask, alice: User) -> Program:
    return program_of(app, alice)


@pytest.fixture
def stranger(app: Flask, charlie: User) -> Program:
    return program_of(app, charlie)


@pytest.fixture
def nobody(client: FlaskClient) -> Program:
    return Program(client, None)

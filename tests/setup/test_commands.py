"""The operator's commands: make a user, make a key, play a flow and say how it went."""

import json

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from tests.factories import make_flow
from webapp import cli
from webapp.accounts.models import User
from webapp.accounts.passwords import is_right
from webapp.extensions import db
from webapp.runs.models import Run
from webapp.runs.states import State, move

PASSWORD = "four words in a row"


@pytest.fixture
def command(app):
    def run(*arguments, typed=""):
        return app.test_cli_runner().invoke(args=[str(each) for each in arguments], input=typed)

    return run


class TestCreateUser:
    def test_makes_one_who_may_log_in_at_once(self, command):
        done = command(
            "create-user", "Lamp@Example.org", "--name", "Lamp", "--confirmed", "--admin",
            typed=f"{PASSWORD}\n",
        )  # fmt: skip

        assert done.exit_code == 0, done.output
        user = db.session.scalars(User.by_email("lamp@example.org")).one()
        assert user.is_admin and user.is_confirmed and user.name == "Lamp"
        assert is_right(PASSWORD, user.password_hash)
        assert PASSWORD not in done.output

    def test_says_everything_that_is_wrong(self, command):
        done = command("create-user", "nobody", "--name", "N", typed="short\n")

        assert done.exit_code == 1
        assert "email: “nobody” is no e-mail address" in done.output
        assert "password: Use at least" in done.output

    def test_says_when_there_is_one_already(self, command, alice):
        done = command("create-user", alice.email, "--name", "A", typed=f"{PASSWORD}\n")

        assert done.exit_code == 1
        assert "There is a user with the address alice@example.org already." in done.output


def test_a_new_key_can_be_used(command):
    key = command("new-key").output.strip()

    assert Fernet(key).decrypt(Fernet(key).encrypt(b"oil")) == b"oil"


class TestRunFlow:
    def test_asks_for_a_run_and_does_not_wait(self, command, alice):
        flow = make_flow(alice)

        done = command("run-flow", flow.id)

        run = db.session.scalars(select(Run)).one()
        assert done.exit_code == 0
        assert (run.flow_id, run.trigger, run.state) == (flow.id, "cli", "queued")
        assert f"/runs/{run.id}" in done.output

    def test_a_flow_that_is_not_there_cannot_be_told(self, command):
        done = command("run-flow", 4711)

        assert done.exit_code == 2 and "There is no flow 4711." in done.output

    @pytest.mark.parametrize(
        ("end", "code"),
        [
            (State.PASSED, 0), (State.FAILED, 1), (State.TIMED_OUT, 1),
            (State.ERRORED, 2), (State.CANCELLED, 2),
        ],
    )  # fmt: skip
    def test_waiting_ends_with_what_the_run_says(self, command, alice, monkeypatch, end, code):
        flow = make_flow(alice)
        monkeypatch.setattr(cli.time, "sleep", lambda _: play_to(end))

        done = command("run-flow", flow.id, "--wait")

        assert done.exit_code == code, done.output
        assert "queued: waiting for a worker" in done.output
        assert f": {end}" in done.output

    def test_waiting_gives_the_run_to_programs(self, command, alice, monkeypatch):
        flow = make_flow(alice)
        monkeypatch.setattr(cli.time, "sleep", lambda _: play_to(State.FAILED))

        done = command("run-flow", flow.id, "--wait", "--json")

        facts = json.loads(done.stdout)
        assert (facts["flow_id"], facts["state"], facts["verdict"]) == (flow.id, "failed", None)

    def test_a_run_that_never_ends_cannot_be_told(self, command, alice, monkeypatch):
        flow = make_flow(alice)
        monkeypatch.setattr(cli, "PATIENCE_SECONDS", -10_000)

        done = command("run-flow", flow.id, "--wait")

        assert done.exit_code == 2 and "queued" in done.output


def play_to(end):
    """What a worker does in the meantime."""
    run = db.session.scalars(select(Run)).one()
    for state in (State.STARTING, State.RUNNING, end):
        assert move(run, state)
    db.session.commit()

"""The operator's commands: `flask --app webapp …`."""

import json
import sys
import time
from dataclasses import asdict
from typing import Any

import click
from cryptography.fernet import Fernet
from flask import Blueprint, current_app
from sqlalchemy import select

from webapp.accounts import registration
from webapp.accounts.details import DetailsRefused
from webapp.accounts.registration import UserExists
from webapp.config import Config
from webapp.extensions import db, reading
from webapp.flows.naming import FlowId, flow_of
from webapp.mailing.links import absolute
from webapp.runs.models import Run
from webapp.runs.requesting import request_run
from webapp.runs.states import FINAL, State, Trigger

bp = Blueprint("cli", __name__, cli_group=None)

PASSED, FAILED, UNKNOWN = 0, 1, 2
EXIT_CODES = {State.PASSED: PASSED, State.FAILED: FAILED, State.TIMED_OUT: FAILED}
LOOK_EVERY_SECONDS = 0.3
# What a run may take beyond its own limit: the queue before it, and the reaper after it.
PATIENCE_SECONDS = 300
SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}


@bp.cli.command("create-user")
@click.argument("email")
@click.option("--name", required=True, help="How the user is called on pages and in mails.")
@click.option("--confirmed", is_flag=True, help="No mail to confirm the address is needed.")
@click.option("--admin", is_flag=True, help="May see workers and everything of the system.")
def create_user(email: str, name: str, confirmed: bool, admin: bool) -> None:
    """Make a user; the password is read from standard input."""
    password = _password()
    try:
        user = registration.create_user(email, name, password, confirmed=confirmed, is_admin=admin)
    except DetailsRefused as error:
        raise click.ClickException(
            "\n".join(f"{field}: {sentence}" for field, sentence in error.errors)
        ) from error
    except UserExists as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{user.email} may log in{'' if confirmed else ' after opening the mailed link'}.")


@bp.cli.command("invite")
@click.argument("email")
def invite(email: str) -> None:
    """Print a link with which this address may register where REGISTRATION is `invite`."""
    try:
        token = registration.invite(email)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(absolute("accounts.register", invitation=token))


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


@bp.cli.command("new-key")
def new_key() -> None:
    """Print a fresh key for SECRET_KEYS: put it first, and keep the older ones behind it."""
    click.echo(Fernet.generate_key().decode())


@bp.cli.command("run-flow")
@click.argument("flow_id", type=FlowId())
@click.option("--wait", is_flag=True, help="Follow the run to its end, and say it by exit code.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
def run_flow(flow_id: int, wait: bool, as_json: bool) -> None:
    """Play a flow now. With --wait: exit code 0 passed, 1 failed, 2 could not tell."""
    flow = flow_of(flow_id)
    run = request_run(flow, Trigger.CLI, requested_by="the command line")
    limit = int(run.version.body["run_timeout_seconds"]) + PATIENCE_SECONDS
    db.session.commit()
    click.echo(f"Run {run.id} of “{flow.name}” is queued.", err=True)
    if wait:
        run = _follow(run.id, limit)
    click.echo(json.dumps(_facts(run), indent=2) if as_json else _verdict(run))
    sys.exit(EXIT_CODES.get(State(run.state), UNKNOWN) if wait else PASSED)


def _follow(run_id: int, limit_seconds: int) -> Run:
    """Say how the run gets on, until it is over or has taken longer than it may."""
    reading()
    until, last = time.monotonic() + limit_seconds, ""
    while True:
        run = db.session.scalars(
            select(Run).where(Run.id == run_id).execution_options(populate_existing=True)
        ).one()
        db.session.rollback()  # on SQLite an open transaction keeps the past
        if (now := _progress(run)) != last:
            click.echo(now, err=True)
        if run.state in FINAL or time.monotonic() > until:
            return run
        last = now
        time.sleep(LOOK_EVERY_SECONDS)


def _progress(run: Run) -> str:
    if run.state == State.QUEUED:
        return "queued: waiting for a worker (flask --app webapp doctor tells if there is none)"
    return f"{run.state}: {run.steps_done} of {run.steps_total} steps"


def _verdict(run: Run) -> str:
    where = f" at step {run.failed_step_number}" if run.failed_step_number is not None else ""
    why = f": {run.error}" if run.error else ""
    return f"Run {run.id}: {run.state}{where}{why}\n{_address(run)}"


def _address(run: Run) -> str:
    return f"{_config().base_url}/runs/{run.id}"


def _facts(run: Run) -> dict[str, Any]:
    names = ("id", "flow_id", "state", "verdict", "trigger", "duration_ms", "error")
    facts = {name: getattr(run, name) for name in names}
    return facts | {"failed_step": run.failed_step_number, "url": _address(run)}


@bp.cli.command("doctor")
@click.option("--only", multiple=True, metavar="NAME", help="One check; may be given many times.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(only: tuple[str, ...], as_json: bool) -> None:
    """Say what is missing or wrong on this machine, and the command that mends it."""
    from webapp.doctor import CHECKS, examine  # the browser's libraries: not for the web server

    if strange := set(only) - set(CHECKS):
        raise click.UsageError(f"{strange.pop()} is no check. Known are {', '.join(CHECKS)}.")
    findings = []
    for check, finding in examine(_config(), only):
        findings.append({"name": check.name, "proves": check.proves, **asdict(finding)})
        if not as_json:
            _print_finding(check.name, finding)
    if as_json:
        click.echo(json.dumps(findings, indent=2, ensure_ascii=False))
    sys.exit(any(each["state"] == "problem" for each in findings))


def _print_finding(name: str, finding: Any) -> None:
    sign, colour = SIGNS[finding.state]
    click.echo(f"{click.style(sign, fg=colour)} {name:<13} {finding.sentence}")
    if finding.remedy:
        click.echo(f"  {'':<13} → {finding.remedy}")


def _config() -> Config:
    config: Config = current_app.config["LAMPLIGHTER"]
    return config

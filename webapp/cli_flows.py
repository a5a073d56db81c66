"""The operator's commands about flows in files: import, export, lint."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import Blueprint
from sqlalchemy import select

from webapp.accounts.models import Project, User
from webapp.exports.exporting import FORMATS, export_flow
from webapp.extensions import db
from webapp.flows.checking import StepsRefused
from webapp.flows.linting import remarks_on
from webapp.flows.naming import FlowId, flow_of
from webapp.flows.settings import SettingsInvalid
from webapp.imports.draft import Unreadable
from webapp.imports.importing import Choices, make_flows, receive
from webapp.imports.models import Import
from webapp.imports.report import counted

bp = Blueprint("cli_flows", __name__, cli_group=None)
FATES = {"exact": "=", "approximated": "~", "off": "✗"}
COLOURS = {"exact": None, "approximated": "yellow", "off": "red"}


@bp.cli.command("import-flow")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--owner", required=True, metavar="EMAIL", help="Whose flows they become.")
@click.option("--url", help="The base URL, where the file names none.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_flow(file: Path, owner: str, url: str | None, as_json: bool) -> None:
    """Import a recording; prints what became of every step, and the ids of the new flows."""
    row = _imported(file, _owner(owner), url)
    report = {**row.report, "flow_ids": row.flow_ids}
    click.echo(json.dumps(report, indent=2, ensure_ascii=False) if as_json else _said(row))


def _owner(email: str) -> User:
    user: User | None = db.session.scalar(User.by_email(email))
    if user is None:
        raise click.UsageError(f"Nobody is registered as {email}.")
    return user


def _imported(file: Path, owner: User, url: str | None) -> Import:
    project = db.session.scalars(select(Project).where(Project.owner_id == owner.id)).one()
    try:
        row = receive(project, owner, file.name, file.read_bytes())
        places = range(len(row.report["flows"]))
        missing = {place: url for place in places if url and not row.report["flows"][place]["url"]}
        make_flows(row, owner, Choices(urls=missing))
    except (Unreadable, StepsRefused) as error:
        raise click.ClickException(str(error)) from error
    except SettingsInvalid as error:
        words = " ".join(error.errors.values())
        hint = "" if url else " Give the base URL with --url."
        raise click.ClickException(f"{words}{hint}") from error
    db.session.commit()
    return row


def _said(row: Import) -> str:
    lines: list[str] = []
    for flow, flow_id in zip(row.report["flows"], row.flow_ids, strict=True):
        lines.append(click.style(f"Flow {flow_id}: {flow['name']} ({flow['url']})", bold=True))
        lines += [_line(item) for item in flow["items"]]
        lines += [f"  secret: {one['title']}: {one['why']}" for one in flow["secrets"]]
        lines += [f"  note: {note}" for note in flow["notes"]]
        if flow["checks_nothing"]:
            lines.append(click.style("  This flow checks nothing.", fg="yellow"))
    counts = counted(row.report)
    lines += [f"note: {note}" for note in row.report["notes"]]
    lines.append(
        f"{len(row.flow_ids)} flows; {counts['exact']} exact, {counts['approximated']} "
        f"approximated, {counts['off']} switched off."
    )
    return "\n".join(lines)


def _line(item: dict[str, Any]) -> str:
    sign = click.style(FATES[item["fate"]], fg=COLOURS[item["fate"]])
    became = " + ".join(item["became"]) or "(part of the steps around it)"
    why = f"\n      {item['why']}" if item["why"] else ""
    return f"  {sign} {item['original']} → {became}{why}"


@bp.cli.command("export-flow")
@click.argument("flow_id", type=FlowId())
@click.option(
    "--format", "format_name", type=click.Choice(list(FORMATS)), default="yaml", show_default=True
)
def export(flow_id: int, format_name: str) -> None:
    """Print a flow in another format; the values of its secrets are left out."""
    click.echo(export_flow(flow_of(flow_id), format_name).text, nl=False)


@bp.cli.command("lint-flow")
@click.argument("flow_id", type=FlowId())
@click.option("--json", "as_json", is_flag=True, help="Print the remarks as JSON.")
def lint_flow(flow_id: int, as_json: bool) -> None:
    """Say what makes a flow weak; exit code 1 when there is a problem among it."""
    remarks = remarks_on(flow_of(flow_id))
    if as_json:
        click.echo(json.dumps([vars(one) for one in remarks], indent=2, ensure_ascii=False))
    else:
        for one in remarks:
            where = f"step {one.number}: " if one.number else ""
            click.echo(f"{one.severity:8} {where}{one.words} [{one.rule}]")
        if not remarks:
            click.echo("Nothing to remark.")
    sys.exit(1 if any(one.severity == "problem" for one in remarks) else 0)

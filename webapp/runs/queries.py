"""Lists of runs: filters in words, and pages that stay fast however many runs there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.extensions import db
from webapp.flows.models import Flow
from webapp.runs.models import Run
from webapp.runs.states import LIVE, State, Trigger

PAGE = 25
MOST_FLOWS = 500  # in the filter's list; more than that nobody looks through
# Ids are given in the order of queueing, but hosts' clocks differ and transactions overlap.
SLACK = timedelta(minutes=10)
# What an address may ask for and a database compare. No run was queued outside of these.
MOST_ID = 2**63 - 1
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)

GROUPS = {
    "live": frozenset(LIVE),
    "broken": frozenset({State.FAILED, State.ERRORED, State.TIMED_OUT}),
}
SPANS = {"today": "Today", "24h": "Last 24 hours", "7d": "Last 7 days", "between": "Between …"}


class FiltersInvalid(Exception):
    """`errors` maps a field to a sentence about it."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Filters:
    flow_id: int | None = None
    states: frozenset[State] = frozenset()  # empty: any
    trigger: Trigger | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def are_set(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Page:
    """Runs, newest first; the ids lead to the pages beside it."""

    runs: Sequence[Run] = field(default_factory=list)
    newer_than: int | None = None  # the id to ask `after` for the page of newer runs
    older_than: int | None = None  # … `before` for older ones


def read_filters(args: Mapping[str, str], zone: ZoneInfo) -> Filters:
    """Filters as an address carries them; raises FiltersInvalid. Empty means: do not filter."""
    errors: dict[str, str] = {}
    values = {name: value.strip() for name, value in args.items() if value.strip()}
    since, until = _read_span(values, zone, errors)
    filters = Filters(
        flow_id=_read_flow(values.get("flow"), errors),
        states=_read_states(values.get("state"), errors),
        trigger=_read_trigger(values.get("trigger"), errors),
        since=since,
        until=until,
    )
    if errors:
        raise FiltersInvalid(errors)
    return filters


def page_of_runs(
    project_id: int,
    filters: Filters,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int = PAGE,
) -> Page:
    """The newest runs, or those just older than `before`, or just newer than `after`.

    There is no total: counting a million rows takes longer than anybody looks at a page.
    """
    forward = after is not None
    wanted = ids_of_page(project_id, filters, before=before, after=after, limit=size + 1)
    ids = list(db.session.scalars(wanted))
    has_more = len(ids) > size
    ids = sorted(ids[:size], reverse=True)
    if not ids:
        return Page()
    has_newer = has_more if forward else before is not None
    has_older = True if forward else has_more
    return Page(
        runs=_load(ids),
        newer_than=ids[0] if has_newer else None,
        older_than=ids[-1] if has_older else None,
    )


def flow_choices(project_id: int, chosen: int | None) -> list[tuple[int, str]]:
    """Flows to filter by, by name; the chosen one is always among them."""
    mine = select(Flow.id, Flow.name).where(Flow.project_id == project_id)
    first = mine.order_by(Flow.name, Flow.id).limit(MOST_FLOWS)
    rows = {row.id: row.name for row in db.session.execute(first)}
    if chosen is not None and chosen not in rows:
        rows.update({row.id: row.name for row in db.session.execute(mine.where(Flow.id == chosen))})
    return list(rows.items())


def has_runs(project_id: int) -> bool:
    mine = select(Run.id).where(Run.project_id == project_id).limit(1)
    return db.session.scalar(mine) is not None


def _load(ids: list[int]) -> Sequence[Run]:
    wanted = select(Run).where(Run.id.in_(ids)).options(joinedload(Run.flow))
    return db.session.scalars(wanted.order_by(Run.id.desc())).all()


def ids_of_page(
    project_id: int,
    filters: Filters,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int,
) -> Select[int]:
    """Several states are several short walks along the index of states, then merged."""
    forward = after is not None
    walk = _filtered(project_id, filters)
    if before is not None:
        walk = walk.where(Run.id < _possible(before))
    if after is not None:
        walk = walk.where(Run.id > _possible(after))
    order = Run.id.asc() if forward else Run.id.desc()
    walk = walk.order_by(order).limit(limit)
    if not filters.states:
        return walk
    walks = [walk.where(Run.state == state).subquery() for state in sorted(filters.states)]
    merged = union_all(*(select(each.c.id) for each in walks)).subquery()
    by_id = merged.c.id.asc() if forward else merged.c.id.desc()
    return select(merged.c.id).order_by(by_id).limit(limit)


def _possible(run_id: int) -> int:
    """The nearest number that a database can compare with ids."""
    return max(0, min(run_id, MOST_ID))


def _filtered(project_id: int, filters: Filters) -> Select[int]:
    walk = select(Run.id)
    if filters.flow_id is None:
        walk = walk.where(Run.project_id == project_id)
    else:
        # "+ 0" keeps SQLite from walking through the whole project for a flow that seldom runs.
        walk = walk.where(Run.flow_id == filters.flow_id, Run.project_id + 0 == project_id)
    if filters.trigger is not None:
        walk = walk.where(Run.trigger == filters.trigger)
    if filters.since is not None:
        # A span of time is a span of ids, which every index of runs ends with.
        since = min(max(filters.since, EARLIEST), LATEST)
        first = _id_at(project_id, since - SLACK)
        walk = walk.where(Run.queued_at >= since, Run.id >= first)
    if filters.until is not None:
        until = min(max(filters.until, EARLIEST), LATEST)
        last = _id_at(project_id, until + SLACK)
        walk = walk.where(Run.queued_at < until, Run.id < last)
    return walk


def _id_at(project_id: int, at: datetime) -> int:
    """The id of the first run that was queued at or after this instant."""
    wanted = (
        select(Run.id)
        .where(Run.project_id == project_id, Run.queued_at >= at)
        .order_by(Run.queued_at, Run.id)
        .limit(1)
    )
    return db.session.scalar(wanted) or 2**62


def _read_flow(value: str | None, errors: dict[str, str]) -> int | None:
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        errors["flow"] = f"A flow is given by its number, like 17, not by “{value[:40]}”."
        return None
    return int(value)


def _read_states(value: str | None, errors: dict[str, str]) -> frozenset[State]:
    if value is None:
        return frozenset()
    if value in GROUPS:
        return GROUPS[value]
    try:
        return frozenset({State(value)})
    except ValueError:
        known = ", ".join([*GROUPS, *State])
        errors["state"] = f"There is no state “{value[:40]}”. The states are: {known}."
        return frozenset()


def _read_trigger(value: str | None, errors: dict[str, str]) -> Trigger | None:
    if value is None:
        return None
    try:
        return Trigger(value)
    except ValueError:
        known = ", ".join(Trigger)
        errors["trigger"] = f"There is no trigger “{value[:40]}”. The triggers are: {known}."
        return None


def _read_span(
    values: Mapping[str, str], zone: ZoneInfo, errors: dict[str, str]
) -> tuple[datetime | None, datetime | None]:
    span = values.get("when")
    now = clock.now()
    if span is None:
        return None, None
    if span == "today":
        return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0), None
    if span == "24h":
        return now - timedelta(hours=24), None
    if span == "7d":
        return now - timedelta(days=7), None
    if span != "between":
        known = ", ".join(SPANS)
        errors["when"] = f"There is no time span “{span[:40]}”. The spans are: {known}."
        return None, None
    since = _read_instant(values, "from", zone, errors)
    until = _read_instant(values, "to", zone, errors)
    if since and until and since >= until:
        errors["to"] = "The end must be later than the beginning."
    return since, until


def _read_instant(
    values: Mapping[str, str], name: str, zone: ZoneInfo, errors: dict[str, str]
) -> datetime | None:
    value = values.get(name)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        errors[name] = f"“{value[:40]}” is not a day and time like 2026-11-20T14:05."
        return None

"""The execution log of a run: what its steps did, and the steps that are still to come."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select

from webapp.browser.errors import StepInvalid
from webapp.extensions import db
from webapp.flows.models import FlowVersion
from webapp.runs.lines import Line, Log
from webapp.runs.models import Run, StepResult
from webapp.runs.planning import Planned, Taken, planned_steps, taken_by
from webapp.runs.rounds import Entry, Fold, Row, folded, placed, shape_of, stretch
from webapp.runs.states import BROKEN, LIVE, State, StepState
from webapp.wording import counted

MOST_ALSO = 10  # failures that are listed beside the one to blame
DEEPEST_SHOWN = 6


def is_live(run: Run) -> bool:
    return State(run.state) in LIVE


def log_of(run: Run, unfolded: tuple[int, int] | None = None) -> Log:
    """The log as its page shows it; `unfolded` are the ordinals of a fold that is opened."""
    if is_live(run):
        return _log_so_far(run)
    rows = _rows_of(run)
    entries = placed(rows, shape_of(rows))
    items = folded(entries)
    if unfolded is not None:
        items = _opened(items, entries, *unfolded)
    blamed = [entry for entry in entries if _is_to_blame(entry.row)][:1]
    others = [one for one in entries if one.row.state in BROKEN and one not in blamed]
    results = _results(run, [items, blamed, others[:MOST_ALSO]])
    lines = {one.row.ordinal: _line(run, one, results) for one in entries if _has(one, results)}
    told = {row.position for row in rows}
    coming = [_coming(run, one) for one in plan_of(run) if one.position not in told]
    was_played = [row.position for row in rows if row.state != StepState.SKIPPED]
    return Log(
        items=[
            *(one if isinstance(one, Fold) else lines[one.row.ordinal] for one in items),
            *coming,
        ],
        steps=len(told) + len(coming),
        played=len(set(was_played)),
        times=len(was_played),
        broken=lines[blamed[0].row.ordinal] if blamed else None,
        also=[lines[one.row.ordinal] for one in others[:MOST_ALSO]],
        also_count=len(others),
    )


def items_between(run: Run, first: int, last: int) -> list[Line | Fold]:
    """What a fold holds: the lines between two ordinals."""
    rows = _rows_of(run)
    items = stretch(placed(rows, shape_of(rows)), first, last)
    results = _results(run, [items])
    return [one if isinstance(one, Fold) else _line(run, one, results) for one in items]


def _opened(
    items: Iterable[Entry | Fold], entries: Sequence[Entry], first: int, last: int
) -> list[Entry | Fold]:
    opened: list[Entry | Fold] = []
    for item in items:
        is_it = isinstance(item, Fold) and (item.first <= first <= item.last)
        opened += stretch(entries, first, last) if is_it else [item]
    return opened


def _is_to_blame(row: Row) -> bool:
    if row.state == StepState.FAILED:
        return row.on_failure in {"stop", "soft"}
    return row.state in BROKEN


def _rows_of(run: Run) -> list[Row]:
    wanted = select(
        StepResult.ordinal,
        StepResult.position,
        StepResult.step_uid,
        StepResult.parent_uid,
        StepResult.action,
        StepResult.state,
        StepResult.iteration,
        StepResult.on_failure,
        StepResult.place,
    ).where(StepResult.run_id == run.id)
    return [Row(*row) for row in db.session.execute(wanted.order_by(StepResult.ordinal))]


def _results(run: Run, shown: Iterable[Sequence[Entry | Fold]]) -> dict[int, StepResult]:
    """The whole rows of what is shown, and of nothing else: a run can have 5,000."""
    ordinals = {one.row.ordinal for items in shown for one in items if isinstance(one, Entry)}
    wanted = select(StepResult).where(StepResult.run_id == run.id)
    if len(ordinals) <= 2000:
        wanted = wanted.where(StepResult.ordinal.in_(ordinals))
    return {result.ordinal: result for result in db.session.scalars(wanted)}


def _has(entry: Entry, results: dict[int, StepResult]) -> bool:
    return entry.row.ordinal in results


def _line(run: Run, entry: Entry, results: dict[int, StepResult]) -> Line:
    result = results[entry.row.ordinal]
    rounds = "".join(f"-{number}" for _loop, number in entry.rounds)
    return Line(
        run_id=run.id,
        html_id=f"run-{run.id}-step-{result.position}{rounds}",
        place=result.place,
        name=result.name or _title_of(run, result.position),
        action=result.action,
        state=result.state,
        depth=min(entry.depth, DEEPEST_SHOWN),
        round_words=_round_words(entry),
        result=result,
    )


def _round_words(entry: Entry) -> str:
    if not entry.rounds or entry.rounds[-1][1] < 1:
        return ""
    position, number = entry.rounds[-1]
    if position != entry.row.position or entry.has_rounds_behind or entry.row.state in BROKEN:
        return f"round {number}"
    return f"after {counted(number - 1, 'round')}" if number > 1 else "no round"


# ---- While the run is on: each step once, as it was played last ----


def _log_so_far(run: Run) -> Log:
    lines = live_lines(run)
    broken = [line for line in lines if line.is_broken and not line.is_tolerated]
    return Log(
        items=lines,
        steps=len(lines),
        played=sum(line.was_played for line in lines),
        times=sum(line.was_played for line in lines),
        broken=broken[0] if broken else None,
    )


def live_lines(run: Run) -> list[Line]:
    """Every step in the order in which it is written; one of a loop shows its newest round."""
    newest = (
        select(func.max(StepResult.ordinal), StepResult.position)
        .where(StepResult.run_id == run.id)
        .group_by(StepResult.position)
    )
    ordinals = [ordinal for ordinal, _position in db.session.execute(newest)]
    wanted = select(StepResult).where(StepResult.run_id == run.id, StepResult.ordinal.in_(ordinals))
    results = {result.position: result for result in db.session.scalars(wanted)}
    return [_live_line(run, one, results.get(one.position)) for one in plan_of(run)]


def line_of(run: Run, position: int) -> Line | None:
    """The step that is written there, as it was played last; None if there is none."""
    planned = next((one for one in plan_of(run) if one.position == position), None)
    if planned is None:
        return None
    wanted = (
        select(StepResult)
        .where(StepResult.run_id == run.id, StepResult.position == position)
        .order_by(StepResult.ordinal.desc())
        .limit(1)
    )
    return _live_line(run, planned, db.session.scalars(wanted).one_or_none())


def current_line(run: Run) -> Line | None:
    """The step that is being played; None between two of them."""
    return None if run.current_ordinal is None else line_of(run, run.current_ordinal)


def _live_line(run: Run, planned: Planned, result: StepResult | None) -> Line:
    line = _coming(run, planned)
    if result is None:
        return line
    is_on = line.state == "running"
    return Line(
        run_id=run.id,
        html_id=line.html_id,
        place=result.place,
        name=result.name or line.name,
        action=result.action,
        state="running" if is_on else result.state,
        depth=line.depth,
        round_words=f"round {result.iteration}" if result.iteration and not is_on else "",
        earlier=_earlier(run, result) if result.iteration and result.iteration > 1 else "",
        result=None if is_on else result,
    )


def _earlier(run: Run, result: StepResult) -> str:
    count = db.session.scalar(
        select(func.count())
        .select_from(StepResult)
        .where(
            StepResult.run_id == run.id,
            StepResult.position == result.position,
            StepResult.ordinal < result.ordinal,
            StepResult.state.in_(BROKEN),
        )
    )
    return f"It failed in {counted(count, 'round')} before." if count else ""


def _coming(run: Run, planned: Planned) -> Line:
    state = "not_played"
    if is_live(run):
        state = "running" if planned.position == run.current_ordinal else "waiting"
    return Line(
        run_id=run.id,
        html_id=f"run-{run.id}-step-{planned.position}",
        place=planned.node.place,
        name=planned.title,
        action=planned.step.action,
        state=state,
        depth=min(planned.depth, DEEPEST_SHOWN),
    )


# ---- What was to be played ----


def plan_of(run: Run) -> tuple[Planned, ...]:
    """The steps as a run plays them, read once: versions never change."""
    taken = taken_by(run)
    shared = tuple((flow_id, one.id) for flow_id, one in taken.shared.items())
    return _plan(taken.version.id, taken.version.created_at, shared)


@lru_cache(maxsize=64)  # a stream draws step after step of the same few
def _plan(
    version_id: int, _made_at: datetime, shared: tuple[tuple[int, int], ...]
) -> tuple[Planned, ...]:
    version = db.session.get_one(FlowVersion, version_id)
    parts = {flow_id: db.session.get_one(FlowVersion, part) for flow_id, part in shared}
    try:
        return planned_steps(Taken(version, parts))
    except StepInvalid:
        # Written by a release that knew other actions: the run's own error says so, and its page
        # shows what was played.
        return ()


def _title_of(run: Run, position: int) -> str:
    return next((one.title for one in plan_of(run) if one.position == position), "")

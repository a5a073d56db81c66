"""How long the list of runs takes over very many runs.

    python -m tests.benchmarks.bench_runs_list [RUNS]

Fills a database (TEST_DATABASE_URL, or a new SQLite file) with RUNS runs (200,000 unless told),
asks for the pages that people ask for, and prints median and p95 of the query and of the whole
page, and the page's CPU time, which other work on the machine does not change (with SQLite, which
works in this process, all of it).
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, select, text

from tests.factories import make_flow, make_user, sign_in
from webapp import clock, create_app
from webapp.config import Config
from webapp.extensions import db
from webapp.flows.models import FlowVersion
from webapp.runs.models import Run
from webapp.runs.queries import Filters, page_of_runs
from webapp.runs.states import State, Trigger

FLOWS = 50
ROUNDS = 40
BUDGET_MS = 50
# Mostly green, as monitoring is.
WEIGHTS = {
    State.PASSED: 960,
    State.FAILED: 25,
    State.ERRORED: 6,
    State.TIMED_OUT: 4,
    State.CANCELLED: 3,
    State.MISSED: 2,
}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as var:
        environ = {"VAR": var, "RATELIMIT_ENABLED": "no", "LOG_LEVEL": "ERROR"}
        if url := os.environ.get("TEST_DATABASE_URL"):
            environ["DATABASE_URL"] = url
        app = create_app(Config.from_env(environ), TESTING=True)
        with app.app_context():
            db.drop_all()
            db.create_all()
            user = make_user("alice")
            flows = [make_flow(user, name=f"Flow {number}").id for number in range(FLOWS)]
            began = time.monotonic()
            fill(flows, count)
            print(f"{count:,} runs in {time.monotonic() - began:.0f} s on {db.engine.dialect.name}")
            measure(app, flows, count, lambda client: sign_in(client, user))


def fill(flows: list[int], count: int) -> None:
    versions = {one.flow_id: one.id for one in db.session.scalars(select(FlowVersion))}
    project_id = db.session.scalars(select(FlowVersion.project_id).limit(1)).one()
    begin, chance = clock.now() - timedelta(days=300), random.Random(7)
    step = timedelta(days=300) / count
    for start in range(0, count, 5000):
        rows = []
        for number in range(start, min(start + 5000, count)):
            flow_id = flows[min(int(chance.expovariate(0.1)), FLOWS - 1)]  # some run often
            state = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            rows.append(
                {
                    "project_id": project_id,
                    "flow_id": flow_id,
                    "version_id": versions[flow_id],
                    "state": state,
                    "trigger": chance.choice(list(Trigger)) if number % 9 == 0 else "schedule",
                    "queued_at": begin + number * step,
                    "started_at": begin + number * step,
                    "duration_ms": 2000,
                }
            )
        db.session.execute(insert(Run), rows)
        db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def questions(flows: list[int], count: int) -> Iterator[tuple[str, str, Filters, int | None]]:
    now = clock.now()
    seldom = flows[-2]
    broken = frozenset({State.FAILED, State.ERRORED, State.TIMED_OUT})
    yield "newest", "", Filters(), None
    yield "in the middle", f"before={count // 2}", Filters(), count // 2
    yield "of a flow", f"flow={flows[0]}", Filters(flow_id=flows[0]), None
    yield "of a seldom flow", f"flow={seldom}", Filters(flow_id=seldom), None
    yield "not passed", "state=broken", Filters(states=broken), None
    yield "missed", "state=missed", Filters(states=frozenset({State.MISSED})), None
    yield "on now", "state=live", Filters(states=frozenset({State.QUEUED, State.RUNNING})), None
    yield "by the API", "trigger=api", Filters(trigger=Trigger.API), None
    yield "today", "when=24h", Filters(since=now - timedelta(hours=24)), None
    yield (
        "missed, of a flow",
        f"state=missed&flow={flows[0]}",
        Filters(flow_id=flows[0], states=frozenset({State.MISSED})),
        None,
    )
    yield (
        "missed, seldom flow, by CLI",
        f"state=missed&flow={seldom}&trigger=cli",
        Filters(flow_id=seldom, states=frozenset({State.MISSED}), trigger=Trigger.CLI),
        None,
    )
    yield (
        "by CLI, of the busy flow",
        f"flow={flows[0]}&trigger=cli",
        Filters(flow_id=flows[0], trigger=Trigger.CLI),
        None,
    )
    yield (
        "missed, busy flow, by CLI",
        f"state=missed&flow={flows[0]}&trigger=cli",
        Filters(flow_id=flows[0], states=frozenset({State.MISSED}), trigger=Trigger.CLI),
        None,
    )
    yield (
        "passed, of a seldom flow",
        f"state=passed&flow={seldom}",
        Filters(flow_id=seldom, states=frozenset({State.PASSED})),
        None,
    )
    yield (
        "failed, a day half a year ago",
        "",
        Filters(
            states=frozenset({State.FAILED}),
            since=now - timedelta(days=150),
            until=now - timedelta(days=149),
        ),
        None,
    )


def measure(app: Flask, flows: list[int], count: int, enter: Callable[[object], None]) -> None:
    project_id = db.session.scalars(select(Run.project_id).limit(1)).one()
    client = app.test_client()
    enter(client)
    heads = f"{'median, p95 of':32}{'the query':>17}{'the page':>17}{'its CPU p95':>14}"
    print(f"{heads}   budget {BUDGET_MS} ms")
    for name, address, filters, before in questions(flows, count):
        query = timed(lambda: query_once(project_id, filters, before))  # noqa: B023
        page = timed(lambda: page_once(client, f"/runs/?{address}"))  # noqa: B023
        mark = "" if max(query[1], page[1]) <= BUDGET_MS else "   OVER"
        print(
            f"{name:32}{query[0]:7.1f}{query[1]:7.1f} ms{page[0]:7.1f}{page[1]:7.1f} ms"
            f"{page[2]:11.1f} ms{mark}"
        )


def query_once(project_id: int, filters: Filters, before: int | None) -> None:
    page_of_runs(project_id, filters, before=before)
    db.session.expunge_all()
    db.session.rollback()


def page_once(client: object, address: str) -> None:
    answer = client.get(address)  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.status_code


def timed(ask: Callable[[], None]) -> tuple[float, float, float]:
    """Median, 95th percentile, and that of the CPU time, in milliseconds."""
    ask()
    times, cpu = [], []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.thread_time()
        ask()
        times.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - worked) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1]
    return statistics.median(times), p95, statistics.quantiles(cpu, n=20)[-1]


if __name__ == "__main__":
    main()

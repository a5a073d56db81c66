"""500 flows due in the same second: how late is the last one enqueued? (Budget: 2 s.)

Run as `python -m tests.benchmarks.bench_due`; TEST_DATABASE_URL chooses the database.
"""

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from tests.factories import make_flow, make_user
from tests.servers import redis_server
from webapp import clock, create_app
from webapp.config import Config
from webapp.extensions import db
from webapp.flows.models import Flow
from webapp.runs.models import Run
from webapp.schedules.tick import play_due

FLOWS = 500
IDLE_FLOWS = 10_000
BUDGET_SECONDS = 2.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as redis_url:
        environ = {"VAR": f"{folder}/var", "REDIS_URL": redis_url, "LOG_LEVEL": "ERROR"}
        if url := os.environ.get("TEST_DATABASE_URL"):
            environ["DATABASE_URL"] = url
        app = create_app(Config.from_env(environ))
        with app.app_context():
            db.drop_all()
            db.create_all()
            measure(app)
            db.drop_all()
            db.session.remove()
            db.engine.dispose()


def measure(app) -> None:
    alice = make_user()
    for number in range(FLOWS):
        make_flow(alice, name=f"Flow {number}", cron="* * * * *")
    at = clock.now()
    db.session.execute(update(Flow).values(is_active=True, next_at=at))
    db.session.commit()
    began = time.perf_counter()
    played = play_due(at)
    late = time.perf_counter() - began
    queued = app.extensions["queues"]["runs"].get_job_ids()
    assert played == FLOWS == len(set(queued)) == len(queued)
    assert len(set(db.session.scalars(select(Run.flow_id)))) == FLOWS
    db.session.commit()
    print(f"{db.engine.dialect.name}: {FLOWS} flows due at once: the last is enqueued {late:.2f} s "
          f"late, {late / BUDGET_SECONDS:.2f} × the budget")  # fmt: skip
    measure_idle(alice)


def measure_idle(alice) -> None:
    """What a turn costs the clock when nothing is due."""
    later = clock.now() + timedelta(days=1)
    flow = db.session.scalars(select(Flow).limit(1)).one()
    rows = [
        {"project_id": flow.project_id, "name": f"Idle {n}", "url": flow.url, "browser": "chrome",
         "cron": "0 0 1 1 *", "is_active": True, "next_at": later}
        for n in range(IDLE_FLOWS)
    ]  # fmt: skip
    db.session.execute(Flow.__table__.insert(), rows)
    db.session.execute(update(Flow).values(next_at=later))
    db.session.commit()
    now = clock.now()
    began = time.process_time()
    for _ in range(200):
        play_due(now)
    share = (time.process_time() - began) / 200
    print(f"{db.engine.dialect.name}: {IDLE_FLOWS} active flows, none due: a turn costs "
          f"{share * 1000:.2f} ms of CPU, {share * 100:.2f} % of a core")  # fmt: skip


if __name__ == "__main__":
    main()

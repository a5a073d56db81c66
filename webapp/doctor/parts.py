"""Checks of the parts that work together: database, Redis, workers, clock, mail, web server."""

import logging
import os
import smtplib
import socket
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.worker import BaseWorker
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.config import Config
from webapp.doctor.checks import Finding, check, ok, problem, warning
from webapp.doctor.machine import CHECKOUT
from webapp.queues import LIGHT_QUEUES, RUN_QUEUES
from webapp.schedules.metronome import SIGN_OF_LIFE
from webapp.supervision.locking import holder_of
from webapp.supervision.places import places_in
from webapp.supervision.ports import address_of, why_not

START = "make run"
MIGRATE = "flask --app webapp db upgrade"
CLOCK_SILENCE_SECONDS = 15


@check("database", "the database answers and has the tables of this version")
def _database(config: Config) -> Finding:
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return warning(f"{url.database} is not there yet.", START)
    scripts = AlembicConfig()
    scripts.set_main_option("script_location", str(CHECKOUT / "migrations").replace("%", "%%"))
    wanted = ScriptDirectory.from_config(scripts).get_current_head()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        words = " ".join(str(getattr(error, "orig", None) or error).split())
        return problem(f"{url!r} does not answer: {words}", "see DATABASE_URL and the server")
    finally:
        engine.dispose()
    if found != wanted:
        return problem(f"It is at revision {found or 'none'} instead of {wanted}.", MIGRATE)
    return ok(f"{url!r} at revision {found}")


@check("redis", "queues and live events have their Redis")
def _redis(config: Config) -> Finding:
    try:
        with _connect(config) as redis:
            version = redis.info("server")["redis_version"]
    except RedisError as error:
        return problem(f"Redis does not answer: {error}", START)
    parts = urlsplit(config.redis_url)
    if parts.hostname and not parts.password:
        return warning(
            f"Redis {version} on {parts.hostname} asks for no password; whoever reaches it may "
            "run code here.",
            "redis-cli CONFIG SET requirepass …, and the same in REDIS_URL",
        )
    return ok(f"Redis {version}")


@check("workers", "somebody plays runs, and somebody sends mail and makes reports")
def _workers(config: Config) -> Finding:
    with _connect(config) as redis:
        alive = [worker for worker in Worker.all(connection=redis) if _is_alive(worker)]
    served = {name for worker in alive for name in worker.queue_names()}
    for queues, work in ((RUN_QUEUES, "plays runs"), (LIGHT_QUEUES, "sends mail")):
        if silent := set(queues) - served:
            return problem(f"Nobody {work} (queues {', '.join(sorted(silent))}).", START)
    return ok(f"{len(alive)} alive")


def _is_alive(worker: BaseWorker) -> bool:
    """Redis forgets a killed worker only after minutes; on this host its process tells."""
    if worker.hostname != socket.gethostname() or not worker.pid:
        return True
    return Path(f"/proc/{worker.pid}").exists() if os.path.isdir("/proc/self") else True


@check("clock", "schedules are kept")
def _clock(config: Config) -> Finding:
    with _connect(config) as redis:
        sign: Any = redis.get(SIGN_OF_LIFE)
    if sign is None:
        return problem("The clock has never ticked: no schedule is kept.", START)
    age = (clock.now() - datetime.fromisoformat(sign.decode())).total_seconds()
    if age > CLOCK_SILENCE_SECONDS:
        return problem(f"The clock has been silent for {age:.0f} s: no schedule is kept.", START)
    return ok("it ticks")


@check("mail", "mails can be sent")
def _mail(config: Config) -> Finding:
    if not config.mail_server:
        if config.host in {"127.0.0.1", "::1", "localhost"}:
            return ok("no MAIL_SERVER: mails go to the outbox page")
        return warning(
            "MAIL_SERVER is empty, and the outbox page is shown on loopback only: nobody can "
            "confirm an address.",
            "set MAIL_SERVER (see .env.example)",
        )
    try:
        _greet(config)
    except (OSError, smtplib.SMTPException) as error:
        where = f"{config.mail_server}:{config.mail_port}"
        return problem(f"{where} does not take mail: {error}", "see the MAIL_… settings")
    return ok(f"{config.mail_server}:{config.mail_port} answers")


def _greet(config: Config) -> None:
    kind = smtplib.SMTP_SSL if config.mail_use_ssl else smtplib.SMTP
    with kind(config.mail_server, config.mail_port, timeout=10) as server:
        if config.mail_use_tls:
            server.starttls()
        if config.mail_username:
            server.login(config.mail_username, config.mail_password)
        server.noop()


@check("web", "the web server answers, or could")
def _web(config: Config) -> Finding:
    runs = holder_of(places_in(config.var, os.environ).lock)
    runs = runs if runs and runs.is_alive else None
    address = runs.address if runs else address_of(config)
    try:
        with urlopen(f"{address}/healthz", timeout=5) as answer:
            if b"alive" in answer.read(200):
                return ok(f"{address} answers")
    except HTTPError:
        return problem(f"Another program answers at {address}.", f"{START} PORT=8123")
    except (URLError, OSError):
        if runs:
            log = config.var / "log" / "web.log"
            words = f"Lamplighter runs at {address} (process {runs.pid}), but does not answer."
            return problem(words, f"tail {log}")
        if taken := why_not(config.host, config.port):
            return problem(f"{address} cannot be used: {taken}.", f"{START} PORT=8123")
        return warning(f"Nothing listens at {address}.", START)
    return problem(f"Another program answers at {address}.", f"{START} PORT=8123")


def _connect(config: Config) -> "Redis":
    return Redis.from_url(config.redis_url, socket_connect_timeout=3, socket_timeout=5)

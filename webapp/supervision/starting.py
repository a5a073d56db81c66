"""Make ready, then hand over to the front, which watches; or become one process."""

import json
import logging
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path

from alembic.util.exc import CommandError
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from webapp import create_app
from webapp.config import Config, ConfigError, environment
from webapp.supervision import ENDINGS, front
from webapp.supervision.commands import CHECKOUT, PROCESSES, redis_settings
from webapp.supervision.locking import take_lock
from webapp.supervision.places import CannotStart, Places, places_in
from webapp.supervision.ports import address_of, check_ports, reachable
from webapp.supervision.supervisor_conf import GROUPS, dies_with_parent, supervisor_conf
from webapp.supervision.sweeping import sweep


def main(arguments: list[str]) -> int:
    started_at = time.time()
    os.umask(0o077)
    os.chdir(CHECKOUT)
    try:
        if not arguments:
            start(started_at)
        elif arguments == ["migrate"]:
            migrate(Config.from_env())
        elif len(arguments) == 1 and arguments[0] in PROCESSES:
            become(PROCESSES[arguments[0]](Config.from_env()))
        else:
            raise CannotStart(f"This takes migrate, {', '.join(PROCESSES)}, or nothing for all.")
    except (ConfigError, CannotStart) as error:
        print(f"Lamplighter cannot start. {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Lamplighter cannot start. {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    return 0


def start(started_at: float) -> None:
    """Everything before the first process; then this process becomes the front."""
    print("Starting Lamplighter …", flush=True)
    environ = environment()
    environ["VAR"] = str(Path(environ.get("VAR") or "var").absolute())
    # The web server's threads would each keep an arena of their own: 20 MB more after some pages.
    environ.setdefault("MALLOC_ARENA_MAX", "2")
    config = Config.from_env(environ)
    places = places_in(config.var, environ)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    places.make()
    lock = take_lock(places.lock, address_of(config))
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)  # who stops us finds it tidied
        prepare(config, places, environ)
        plan = places.run / "plan.json"
        plan.write_text(json.dumps(asdict(plan_of(config, places, lock, started_at))))
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # the front hears what comes now
    except BaseException:
        places.clear()
        raise
    os.set_inheritable(lock, True)
    os.execve(sys.executable, [sys.executable, "-m", front.__name__, str(plan)], environ)


def prepare(config: Config, places: Places, environ: dict[str, str]) -> None:
    """End what was left behind, write the configuration files, migrate."""
    if ended := sweep(str(places.var)):
        print(f"Ended {ended} processes that an earlier start left behind.", flush=True)
    check_ports(config)
    with_redis = not (environ.get("REDIS_URL") or environ.get("REDIS_URL_FILE"))
    if with_redis:
        places.redis_url_file.write_text(places.redis_url + "\n", encoding="utf-8")
        places.redis_conf.write_text(redis_settings(places), encoding="utf-8")
        config = Config.from_env(environ)
    conf = supervisor_conf(config, places, with_redis=with_redis)
    places.supervisor_conf.write_text(conf, encoding="utf-8")
    migrate(config)


def plan_of(config: Config, places: Places, lock: int, started_at: float) -> front.Plan:
    supervisord = [sys.executable, "-m", "supervisor.supervisord"]
    return front.Plan(
        address=address_of(config),
        host=reachable(config.host),
        port=config.port,
        var=str(places.var),
        run=str(places.run),
        sockets=str(places.sockets),
        logs=str(places.logs),
        with_redis=places.redis_conf.exists(),
        groups=list(GROUPS),
        command=[*dies_with_parent(), *supervisord, "-c", str(places.supervisor_conf)],
        lock=lock,
        started_at=started_at,
    )


def migrate(config: Config) -> None:
    """Bring the database to the tables of this code."""
    app = create_app(config)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        with app.app_context():
            upgrade(directory=str(CHECKOUT / "migrations"))
    except OperationalError as error:
        raise CannotStart(
            f"The database does not answer: {str(error.orig).strip()} "
            "See that it runs, and that DATABASE_URL names it."
        ) from error
    except CommandError as error:
        raise CannotStart(
            f"The database cannot be brought to this version: {error} "
            "Was it used by a newer Lamplighter? Then start that one, or name another database."
        ) from error


def become(command: list[str]) -> None:
    os.execv(command[0], command)

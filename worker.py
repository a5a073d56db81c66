"""Play runs (the default), or with --light send mail and make reports, or with --clock keep time."""

import argparse
import logging
import os
import socket
import sys
from collections.abc import Sequence

from rq import Queue, Worker

from webapp import create_app
from webapp.config import ConfigError
from webapp.queues import LIGHT_QUEUES, RUN_QUEUES

log = logging.getLogger("worker")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--light", action="store_true", help="mail, reports, upkeep")
    kind.add_argument("--clock", action="store_true", help="make what is due")
    choice = parser.parse_args()
    try:
        app = create_app()
    except ConfigError as error:
        sys.exit(f"Lamplighter cannot start: {error}")
    with app.app_context():
        if choice.clock:
            from webapp.schedules.metronome import keep_time

            keep_time()
        else:
            work(
                [
                    app.extensions["queues"][n]
                    for n in (LIGHT_QUEUES if choice.light else RUN_QUEUES)
                ]
            )
    return 0


def work(queues: Sequence[Queue]) -> None:
    """Take jobs until told to stop. The database is only opened by the forked work horses."""
    name = f"{socket.gethostname().replace('.', '-')}-{os.getpid()}"
    Worker(queues, name=name, connection=queues[0].connection).work(logging_level="WARNING")


if __name__ == "__main__":
    sys.exit(main())

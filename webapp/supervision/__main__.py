"""`python -m webapp.supervision`: make ready, then hand over to the front, which watches.

With the name of one process (web, worker, light, clock, demo) it becomes that process: so
containers run the same commands as the supervisor. `migrate` only migrates.
"""

import signal
import sys

from webapp.supervision import ENDINGS


def stop_quietly(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    for number in ENDINGS:  # before anything that takes long to load
        signal.signal(number, stop_quietly)
    # `make run` holds them back while Python itself comes up, which would show a traceback.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    from webapp.supervision.starting import main

    sys.exit(main(sys.argv[1:]))

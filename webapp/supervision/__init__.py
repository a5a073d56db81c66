"""Start, watch and stop every process of the embedded default: what `make run` calls."""

import signal

# By these somebody wants Lamplighter to end: Ctrl-C, kill, and a terminal that was closed.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

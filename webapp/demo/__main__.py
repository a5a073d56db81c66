"""Serves the demo shop on its own port until it is told to stop: `python -m webapp.demo`."""

import signal
import sys
import threading
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from webapp.config import Config, ConfigError
from webapp.demo.shop import create_shop


class QuietHandler(WSGIRequestHandler):
    """Does not log requests, and does not wait for ever for one."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Visitors of a demo shop are not worth a line each."""


def main() -> int:
    try:
        config = Config.from_env()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    server = make_server(
        config.host,
        config.demo_port,
        create_shop(config),
        threaded=True,
        request_handler=QuietHandler,
    )

    def stop(signum: int, frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this very thread runs.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"The demo shop is at {config.demo_url}/", flush=True)
    server.serve_forever()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Are the addresses free on which Lamplighter is to listen?"""

import errno
import socket

from webapp.config import Config
from webapp.supervision.places import CannotStart


def check_ports(config: Config) -> None:
    """CannotStart with the setting to change when the web server or the demo shop cannot listen."""
    problem = why_not(config.host, config.port)
    if problem:
        raise CannotStart(
            f"Port {config.port} of {config.host} cannot be used: {problem}. "
            "To use another one: make run PORT=8123"
        )
    if problem := why_not(config.host, config.demo_port):
        raise CannotStart(
            f"Port {config.demo_port}, meant for the demo shop, cannot be used: {problem}. "
            "To use another one: make run DEMO_PORT=8124"
        )


def why_not(host: str, port: int) -> str:
    """Why nothing can listen there; empty when it can."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror as error:
        return f"HOST is {host}, and that is no address of this machine ({error.strerror})"
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "another program listens there"
        return (error.strerror or str(error)).lower()
    return ""


def reachable(host: str) -> str:
    """The address under which a server that listens on `host` is reached from this machine."""
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def address_of(config: Config) -> str:
    host = reachable(config.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{config.port}"

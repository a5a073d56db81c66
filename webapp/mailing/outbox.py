"""Whether the outbox may be shown: only to somebody who sits at this very machine."""

import re
from ipaddress import ip_address

from flask import Request, current_app
from markupsafe import Markup, escape
from sqlalchemy import Select, select

from webapp.config import Config
from webapp.mailing.models import Mail

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
# A proxy says by these that the request came from somewhere else.
FORWARDING = ("X-Real-Ip", "Forwarded", "Via", "Cf-Connecting-Ip", "True-Client-Ip", "Client-Ip")
SHOWN = 200


def is_available(request: Request) -> bool:
    """No SMTP is set, the server listens on loopback, and the request comes from there directly.

    The name in the Host header counts too: a web site could let its own name resolve to
    127.0.0.1 and read the outbox through the browser of whoever sits here.
    """
    config: Config = current_app.config["LAMPLIGHTER"]
    return (
        not config.mail_server
        and config.host in LOOPBACK_NAMES
        and not config.trusted_proxies
        and _is_loopback(request.environ.get("REMOTE_ADDR", ""))
        and not _was_forwarded(request)
        and _host_of(request.host) in {*LOOPBACK_NAMES, _host_of(config.base_url.split("//")[1])}
    )


def newest() -> Select[Mail]:
    return select(Mail).order_by(Mail.id.desc()).limit(SHOWN)


def with_links(text: str) -> Markup:
    """The plain text with its web addresses as links, and with nothing else made of it."""
    parts = re.split(r"(https?://[^\s<>\"]+)", text)
    return Markup().join(
        Markup('<a href="{0}">{0}</a>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _was_forwarded(request: Request) -> bool:
    return any(
        name.startswith(("X-Forwarded", "X-Original")) or name in FORWARDING
        for name in request.headers.keys()  # noqa: SIM118  EnvironHeaders is no dict
    )


def _host_of(netloc: str) -> str:
    """localhost:8000 → localhost, [::1]:8000 → ::1"""
    host = netloc.split("/")[0]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host

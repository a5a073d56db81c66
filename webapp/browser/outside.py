"""Where steps that talk to a server themselves may go: the address is checked, then held to."""

import ipaddress
import socket
import ssl
from collections.abc import Collection

import certifi
import idna

from webapp.browser.apart import TooLate, apart
from webapp.browser.errors import StepFailed
from webapp.browser.stopping import Patience
from webapp.egress import Address, EgressRefused, check_address, check_url, folded, is_own


def trust() -> ssl.SSLContext:
    """The authorities of this machine (SSL_CERT_FILE, too), and those that browsers know."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def host_name(host: str) -> str:
    """A host as DNS and certificates know it; raises EgressRefused when it is none."""
    try:
        plain = folded(host)
        return plain if plain.isascii() else idna.encode(plain, uts46=True).decode("ascii")
    except (ValueError, idna.IDNAError) as error:
        raise EgressRefused(f"“{host[:200]}” is not the name of a host.") from error


def pinned(
    url: str, host: str, port: int, allow_private: bool, own: Collection[str], patience: Patience
) -> Address:
    """The address to connect to, after every address of the name has passed the egress rule.

    A name is resolved once: asked a second time, it could answer with another address.
    """
    check_url(url, allow_private, own)
    addresses = _resolved(host, port, patience)
    for address in addresses:
        if is_own(str(address), port, own):
            raise EgressRefused(
                f"“{host}” is a service of Lamplighter itself, which flows may never visit."
            )
        check_address(address, allow_private)
    return addresses[0]


def _resolved(host: str, port: int, patience: Patience) -> list[Address]:
    def ask() -> list[Address]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]

    try:
        return apart(ask, patience)
    except TooLate:
        why = f"no answer within {patience.seconds:g} s"
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
    raise StepFailed(
        f"The host {host} has no address ({why}). Is its name written right?",
        f"an address of {host}",
        "none",
    )

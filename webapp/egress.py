"""The one rule for where browsers, webhooks and importers may go."""

import ipaddress
import re
import socket
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

import idna

# Refused always: cloud metadata services answer credentials to whoever asks from inside.
METADATA_NAMES = {"metadata.google.internal", "metadata", "instance-data"}
METADATA_ADDRESSES = {
    ipaddress.ip_address(address)
    for address in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "168.63.129.16")
}
DEFAULT_PORTS = {"http": 80, "https": 443}
CARRIER_NAT = ipaddress.ip_network("100.64.0.0/10")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class EgressRefused(Exception):
    """The address may not be visited; the message says which rule forbids it."""


def check_url(url: str, allow_private: bool, own: Collection[str] = ()) -> None:
    """Raise EgressRefused unless a browser of ours may open this absolute URL.

    `own` are the services of this installation as `host:port` (see Config.own_addresses). Names
    are not resolved here; that takes the egress proxy, which pins what it resolved.
    """
    try:
        parts = urlsplit(url.replace("\\", "/"))  # browsers take one for the other
        host = folded(parts.hostname or "")
        port = parts.port
    except ValueError as error:
        raise EgressRefused(f"“{url[:200]}” is not an address that can be opened.") from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise EgressRefused(
            f"“{url[:200]}” starts with “{parts.scheme or 'nothing'}:”. "
            "Lamplighter opens only http:// and https:// addresses."
        )
    if not host:
        raise EgressRefused(f"“{url[:200]}” names no host. Example: https://www.example.org/")
    if is_own(host, port or DEFAULT_PORTS[parts.scheme.lower()], own):
        raise EgressRefused(
            f"“{url[:200]}” is a service of Lamplighter itself, which flows may never visit: "
            "its pages would show other people’s mail."
        )
    if host in METADATA_NAMES:
        raise EgressRefused(f"{host} is a cloud metadata service, which flows may never visit.")
    if address := literal(host):
        check_address(address, allow_private)
    elif host == "localhost" or host.endswith(".localhost"):
        check_address(ipaddress.ip_address("127.0.0.1"), allow_private)


def folded(host: str) -> str:
    """The host as browsers read it: percent-decoded, and mapped by UTS 46; raises ValueError.

    Full-width digits, ideographic full stops and invisible characters spell 127.0.0.1 too.
    """
    plain = unquote(host, errors="strict")
    if not plain.isascii():
        plain = idna.uts46_remap(plain, std3_rules=False)
    if "%" in plain and ":" not in plain:  # only the zone of an IPv6 address has one
        raise ValueError(f"{host} is encoded twice.")
    return plain.rstrip(".").lower()


def is_own(host: str, port: int, own: Collection[str]) -> bool:
    """Whether this is one of our services; all names of the loopback are the same place."""
    address = literal(host)
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    elif address is not None:
        here = address.is_loopback or address.is_unspecified
        host = "127.0.0.1" if here else str(address)
    return f"{host}:{port}" in own


def check_address(address: Address, allow_private: bool) -> None:
    """Raise EgressRefused when the rule forbids this address."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address in METADATA_ADDRESSES or address.is_link_local:
        raise EgressRefused(
            f"{address} is a link-local or cloud metadata address, which flows may never visit."
        )
    reserved = address.is_reserved and not address.is_loopback  # ::/8 holds ::1 too
    if address.is_multicast or address.is_unspecified or reserved:
        raise EgressRefused(f"{address} is not the address of a website.")
    private = address.is_private or address.is_loopback
    private = private or (address.version == 4 and address in CARRIER_NAT)
    if private and not allow_private:
        raise EgressRefused(
            f"{address} is in a private network. The operator can allow that with "
            "ALLOW_PRIVATE_NETWORKS=yes."
        )


def literal(host: str) -> Address | None:
    """The address that a browser would take from a host name written as a number, if it is one.

    Browsers read 2130706433, 0x7f.1 and 0177.0.0.1 as IPv4 addresses (WHATWG URL, IPv4 parser).
    """
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    if re.fullmatch(r"[0-9a-fx.]+", host) and re.fullmatch(
        r"(0x[0-9a-f]*|[0-9]+)", host.rsplit(".", 1)[-1]
    ):
        try:
            return ipaddress.ip_address(socket.inet_aton(host))
        except OSError:
            return None
    return None

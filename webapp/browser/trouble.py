"""Say in plain words why a page did not come, from what browsers call it."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

NET_ERROR = re.compile(r"\bERR_[A-Z0-9_]+")
SENTENCES: dict[str, str] = {
    "NAME_NOT_RESOLVED": "the name {host} does not resolve to an address",
    "NAME_RESOLUTION_FAILED": "the name {host} does not resolve to an address",
    "DNS_TIMED_OUT": "the name server did not answer for {host}",
    "CONNECTION_REFUSED": "{host} refused the connection",
    "CONNECTION_RESET": "{host} reset the connection",
    "CONNECTION_CLOSED": "{host} closed the connection without an answer",
    "CONNECTION_ABORTED": "the connection to {host} was aborted",
    "EMPTY_RESPONSE": "{host} closed the connection without an answer",
    "CONNECTION_TIMED_OUT": "{host} did not answer the connection",
    "TIMED_OUT": "{host} did not answer in time",
    "CONNECTION_FAILED": "no connection to {host} could be made",
    "ADDRESS_UNREACHABLE": "{host} cannot be reached from here",
    "ADDRESS_INVALID": "{host} is not an address one can connect to",
    "INTERNET_DISCONNECTED": "this machine has no network",
    "NETWORK_CHANGED": "the network of this machine changed meanwhile",
    "TOO_MANY_REDIRECTS": "it redirects for ever (more than 20 redirects)",
    "INVALID_REDIRECT": "it redirects to an address that cannot be opened",
    "UNSAFE_REDIRECT": "it redirects to an address that browsers refuse",
    "UNSAFE_PORT": "browsers refuse the port of this address",
    "INVALID_URL": "it is not an address that can be opened",
    "UNKNOWN_URL_SCHEME": "it leads to an address that is no web page",
    "DISALLOWED_URL_SCHEME": "it leads to an address that is no web page",
    "CERT_DATE_INVALID": "the TLS certificate of {host} has expired or is not valid yet",
    "CERT_COMMON_NAME_INVALID": "the TLS certificate is for another host than {host}",
    "CERT_AUTHORITY_INVALID": (
        "the TLS certificate of {host} is self-signed or from an unknown issuer"
    ),
    "CERT_REVOKED": "the TLS certificate of {host} was revoked",
    "CERT_WEAK_SIGNATURE_ALGORITHM": "the TLS certificate of {host} is signed too weakly",
    "CERT_WEAK_KEY": "the key of the TLS certificate of {host} is too weak",
    "CERT_INVALID": "the TLS certificate of {host} is not valid",
    "CERTIFICATE_TRANSPARENCY_REQUIRED": "the TLS certificate of {host} was never published",
    "SSL_PROTOCOL_ERROR": "{host} does not speak TLS on this port, or speaks it wrongly",
    "SSL_VERSION_OR_CIPHER_MISMATCH": "{host} speaks only outdated TLS",
    "SSL_CLIENT_AUTH_CERT_NEEDED": "{host} asks for a client certificate",
    "INVALID_AUTH_CREDENTIALS": "{host} refused the name and password in the address",
    "INVALID_RESPONSE": "{host} answered with something that is not HTTP",
    "INVALID_HTTP_RESPONSE": "{host} answered with something that is not HTTP",
    "HTTP2_PROTOCOL_ERROR": "{host} broke the rules of HTTP/2",
    "CONTENT_DECODING_FAILED": "the answer of {host} is compressed wrongly",
    "RESPONSE_HEADERS_TOO_BIG": "the headers of the answer of {host} are too large",
    "CONTENT_LENGTH_MISMATCH": "the answer of {host} ended too early",
    "INCOMPLETE_CHUNKED_ENCODING": "the answer of {host} ended too early",
    "PROXY_CONNECTION_FAILED": "the proxy of this machine does not answer",
    "TUNNEL_CONNECTION_FAILED": "the proxy of this machine refused to connect to {host}",
    "BLOCKED_BY_CLIENT": "the browser was told not to go there",
    "BLOCKED_BY_RESPONSE": "{host} forbids that its page is shown here",
    "HTTP_RESPONSE_CODE_FAILURE": "{host} answered with an error and without a page",
    "ABORTED": "loading it was given up",
}
# Firefox names the kind of its error page in that page's address.
FIREFOX: dict[str, str] = {
    "dnsNotFound": "NAME_NOT_RESOLVED",
    "connectionFailure": "CONNECTION_REFUSED",
    "netReset": "CONNECTION_RESET",
    "netInterrupt": "CONNECTION_RESET",
    "netTimeout": "TIMED_OUT",
    "redirectLoop": "TOO_MANY_REDIRECTS",
    "nssFailure2": "SSL_PROTOCOL_ERROR",
    "nssBadCert": "CERT_AUTHORITY_INVALID",
    "netOffline": "INTERNET_DISCONNECTED",
    "unsafePort": "UNSAFE_PORT",
    "deniedPortAccess": "UNSAFE_PORT",
    "unknownProtocolFound": "UNKNOWN_URL_SCHEME",
    "malformedURI": "INVALID_URL",
    "contentEncodingError": "CONTENT_DECODING_FAILED",
    "proxyConnectFailure": "PROXY_CONNECTION_FAILED",
}


@dataclass(frozen=True)
class Arrival:
    """What became of the last document that the main frame asked for."""

    url: str = ""
    error: str = ""
    status: int = 0
    mime: str = ""


def is_error_page(url: str) -> bool:
    return url.startswith(("chrome-error:", "about:neterror", "about:certerror", "edge-error:"))


def net_error(text: str) -> str:
    """The browser's name for what went wrong, as NAME_NOT_RESOLVED; empty if there is none."""
    if found := NET_ERROR.search(text):
        return found[0].removeprefix("ERR_")
    if "about:neterror" in text or "about:certerror" in text:
        query = parse_qs(urlsplit(text[text.index("about:") :]).query)
        kind = query.get("e", [""])[0]
        return FIREFOX.get(kind, kind or "FAILED")
    return ""


def sentence(url: str, error: str) -> str:
    """Why this address did not become a page: the plain words, then the browser's own."""
    host = urlsplit(url).netloc.rpartition("@")[2] or url
    words = SENTENCES.get(error, "the browser could not load it").format(host=host)
    return f"{words} ({error})" if error else words


def what_instead(arrival: Arrival) -> tuple[str, str]:
    """For an address that was answered, but with no page: what was sent, and a sentence."""
    if arrival.status in (204, 205):
        return f"status {arrival.status}", f"the server answered {arrival.status}, without a page"
    kind = {"application/pdf": "a PDF"}.get(arrival.mime, arrival.mime)
    return kind or "a download", f"the server sent {kind or 'a file'} to be downloaded, not a page"


def wanted_address(url: str) -> str:
    """The address that an error page stands for; Firefox keeps it in the error page's own."""
    if url.startswith("about:"):
        return parse_qs(urlsplit(url).query).get("u", [url])[0]
    return url

"""What a person reads in a mail: its text and its links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from html.parser import HTMLParser

LONGEST_TEXT = 200_000
MOST_LINKS = 500
UNSEEN = frozenset({"style", "script", "head", "title", "template"})
BLOCKS = frozenset({"p", "div", "br", "tr", "td", "th", "li", "table", "h1", "h2", "h3", "h4"})
LINK = re.compile(r"https?://[^\s<>\"'`]+")
BEHIND = ".,;:!?)]}"


@dataclass(frozen=True)
class MailText:
    """The text without marks, and the addresses it links to, in their order."""

    text: str
    links: tuple[str, ...]


def text_of(mail: EmailMessage) -> MailText:
    """Of every part that is text; a mail often says the same plain and as HTML."""
    texts: list[str] = []
    links: list[str] = []
    plain: list[str] = []
    for kind, content in _parts(mail):
        if kind == "text/html":
            seen = _Html()
            seen.feed(content)
            seen.close()
            texts.append("".join(seen.texts))
            links += seen.links
        else:
            texts.append(content)
            plain += [found.rstrip(BEHIND) for found in LINK.findall(content)]
    unique = tuple(dict.fromkeys([*links, *plain]))[:MOST_LINKS]
    return MailText("\n".join(texts)[:LONGEST_TEXT], unique)


def _parts(mail: EmailMessage) -> Iterator[tuple[str, str]]:
    for part in mail.walk():
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or part.is_attachment():
            continue
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes):
            continue
        charset = part.get_content_charset() or "utf-8"
        try:
            content = body.decode(charset, errors="replace")
        except LookupError:
            content = body.decode("utf-8", errors="replace")
        yield kind, content[:LONGEST_TEXT]


class _Html(HTMLParser):
    """Collects what is seen of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.links: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._unseen.clear()  # a head need not be closed
        if tag in UNSEEN:
            self._unseen.append(tag)
        if tag in BLOCKS:
            self.texts.append("\n")
        href = next((value for name, value in attrs if name == "href" and value), "")
        if tag in ("a", "area") and LINK.match(href.strip()):
            self.links.append(href.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        if tag in BLOCKS:
            self.texts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.texts.append(data)

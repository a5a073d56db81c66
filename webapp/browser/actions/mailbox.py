"""Wait for a mail that the website sends, and take a link or a code out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Options, checked
from webapp.browser.actions.keeping import VariableName, keep, secret_option, shown
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.apart import TooLate, apart
from webapp.browser.errors import StepFailed
from webapp.browser.mail_text import MailText, text_of
from webapp.browser.mailbox import Account, Envelope, Mailbox
from webapp.browser.matching import first_match, fold, pattern_error
from webapp.browser.outside import host_name, pinned
from webapp.browser.page import Page
from webapp.egress import Address

if TYPE_CHECKING:
    from webapp.browser.steps import Step

POLL_SECONDS = 1.0
CODE = r"(?<![\w.#&-])\d{4,8}(?![\w-])"
MOST_READ = 20  # bodies in one round; the newest come first
LINKS_SEARCHED = 100


def _host_error(host: str) -> str:
    if any(sign in host for sign in "/@ ") or "://" in host:
        return f"“{host[:60]}” is not the name of a host like imap.example.org."
    return ""


def _printable(text: str) -> str:
    return "" if text.isprintable() else "It holds signs that cannot be written."


class MailOptions(Options):
    host: Annotated[str, checked(_host_error)] = Option(
        title="Host",
        min_length=1,
        max_length=255,
        json_schema_extra={"placeholder": "imap.example.org"},
    )
    port: int = Option(
        993,
        title="Port",
        ge=1,
        le=65_535,
        json_schema_extra={"right": "a whole number from 1 to 65,535"},
    )
    security: Literal["tls", "starttls", "plain"] = Option(
        "tls",
        title="Security",
        description="plain only goes to addresses of a private network.",
    )
    user: Annotated[str, checked(_printable)] = Option(
        title="User", min_length=1, max_length=500, json_schema_extra={"placeholder": "alice"}
    )
    password: Annotated[str, checked(_printable)] = Option(
        title="Password",
        min_length=1,
        description="The name of a variable that a secret step has set.",
        json_schema_extra={"placeholder": "{{ password }}"},
    )
    folder: Annotated[str, checked(_printable)] = Option("INBOX", title="Folder", max_length=500)
    subject: str = Option("", title="Subject contains", max_length=500)
    sender: str = Option("", title="Sender contains", max_length=500)
    body: Annotated[str, checked(pattern_error)] = Option(
        "", title="Body matches", description="A regular expression."
    )
    extract: Literal["code", "link", "pattern", "text"] = Option(
        "code",
        title="What to take",
        description="code: 4 to 8 digits; link: the first one, or the first that the pattern "
        "finds; pattern: what it finds, its first group if it has one; text: all.",
    )
    pattern: Annotated[str, checked(pattern_error)] = Option(
        "", title="Pattern", json_schema_extra={"placeholder": r"code is (\w+)"}
    )
    variable: VariableName = Option(
        "",
        title="Store it as",
        description="A variable; without one the step only waits.",
        json_schema_extra={"placeholder": "code"},
    )
    secret: bool = secret_option()


@dataclass
class _Search:
    """What one step looks for, and what it has seen so far."""

    options: MailOptions
    since: datetime
    mailbox: Mailbox
    taken: set[str]
    texts: dict[str, MailText]
    looks: int = 0  # how often the whole folder was looked at
    seen: int = 0
    older: int = 0
    without: str = ""  # the subject of a mail that fits, but has nothing to take

    def find(self) -> tuple[Envelope, str] | None:
        """The newest mail that fits, with what is to be taken of it."""
        fitting = [one for one in self.mailbox.since(self.since) if self._fits(one)]
        new = [one for one in fitting if one.arrived_at >= self.since]
        self.older, self.seen = len(fitting) - len(new), len(new)
        for envelope in [one for one in new if self.key(one) not in self.taken][:MOST_READ]:
            value = self._value(envelope)
            if value is not None:
                return envelope, value
        self.looks += 1
        return None

    def key(self, envelope: Envelope) -> str:
        options = self.options
        place = f"{options.host}:{options.port} {options.user} {options.folder}"
        return f"mail {place} {self.mailbox.validity} {envelope.uid}"

    def _fits(self, envelope: Envelope) -> bool:
        return _holds(self.options.subject, envelope.subject) and _holds(
            self.options.sender, envelope.sender
        )

    def _value(self, envelope: Envelope) -> str | None:
        text = self.texts.get(envelope.uid)
        if text is not None:
            return None  # it was read before, and there was nothing to take
        text = self.texts[envelope.uid] = text_of(self.mailbox.read(envelope.uid))
        if self.options.body and first_match(self.options.body, text.text) is None:
            return None
        value = _taken(self.options, text) if self.options.variable else ""
        if value is None:
            self.without = envelope.subject
        return value


class WaitForMail(
    Action,
    name="wait_for_mail",
    label="Wait for mail",
    group="Outside the page",
    icon="mail-search",
):
    """Wait in a mailbox (IMAP) for a mail that came since the run began, and take a code or a link
    out of it. Nothing in the mailbox is changed; one mail counts for one step of a run."""

    changes_page: ClassVar[bool] = False
    touches_page: ClassVar[bool] = False
    secret_options: ClassVar[tuple[str, ...]] = ("password",)
    Options: ClassVar[type[Options]] = MailOptions

    @classmethod
    def read_options(cls, given: object) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        options, mistakes = super().read_options(given)
        if not mistakes and options["extract"] == "pattern" and not options["pattern"]:
            mistakes = [("pattern", "To take what a pattern finds, give the pattern.")]
        return options, mistakes

    @classmethod
    def summary(cls, step: Step) -> str:
        options = step.options
        about = f" about “{options['subject']}”" if options.get("subject") else ""
        return f"Wait for a mail{about} to {options.get('user')}"

    def run(self, step: Step, page: Page) -> Finding:
        options = MailOptions.model_validate(step.options)
        account = _account(options, page)
        mailbox = Mailbox(account, max(page.patience.left, 1))
        since = page.began_at.replace(microsecond=0)  # mail servers count in seconds
        search = _Search(options, since, mailbox, page.taken, {})
        try:
            apart(mailbox.__enter__, page.patience)
            envelope, value = _awaited(search, page)
        except TooLate:
            raise _nothing(search, page) from None
        finally:
            mailbox.__exit__()
        page.taken.add(search.key(envelope))
        arrived = envelope.arrived_at.strftime("%H:%M:%S")
        notes = [f"Mail “{shown(envelope.subject)}” from {shown(envelope.sender)}, {arrived} UTC"]
        if options.variable:
            notes.append(keep(page, options.variable, value, secret=options.secret))
        return Finding(expected=_expected(options), found=notes[0], notes=tuple(notes))


def _account(options: MailOptions, page: Page) -> Account:
    host = host_name(options.host)
    place = f"[{host}]" if ":" in host else host
    url = f"https://{place}:{options.port}/"
    address = pinned(url, host, options.port, page.allow_private, page.own_addresses, page.patience)
    if options.security == "plain" and not _is_near(address):
        raise StepFailed(
            f"{options.host} is reached through the internet, where a password without TLS could "
            "be read by others. Choose tls or starttls.",
            "a connection with TLS",
            "one without",
        )
    return Account(
        host,
        address,
        options.port,
        options.security,
        options.user,
        options.password,
        options.folder,
    )


def _is_near(address: Address) -> bool:
    return address.is_private or address.is_loopback


def _awaited(search: _Search, page: Page) -> tuple[Envelope, str]:
    while True:
        found = apart(search.find, page.patience)
        if found is not None:
            return found
        page.patience.pause(POLL_SECONDS)
        if page.patience.is_over:
            raise TooLate


def _nothing(search: _Search, page: Page) -> StepFailed:
    expected = _expected(search.options)
    if not search.looks:
        host = f"{search.options.host}:{search.options.port}"
        words = f"The mail server {host} did not answer within {page.patience.seconds:g} s."
        return StepFailed(words, expected, "no answer")
    found = "no such mail"
    words = f"Within {page.patience.seconds:g} s there came no mail {_about(search.options)}."
    if search.without:
        what = {"code": "code of 4 to 8 digits", "link": "link"}.get(search.options.extract)
        found = f"a mail without a {what or 'text that the pattern finds'}"
        words = f"The mail “{shown(search.without)}” came, but it was {found}."
    elif search.seen and search.options.body:
        words += f" {search.seen} with this subject and sender came, with another body or too long."
    elif search.seen:
        words += f" {search.seen} had come, and steps before this one have taken them."
    if search.older:
        words += (
            f" {search.older} that would fit had come before the run began, at "
            f"{search.since:%H:%M:%S} UTC; if one of them is new, the clock of the mail server is "
            "behind."
        )
    return StepFailed(words, expected, found)


def _expected(options: MailOptions) -> str:
    return f"a mail {_about(options)}"


def _about(options: MailOptions) -> str:
    words = [f"in the folder {options.folder} of {options.user}"]
    words += [f"with the subject “{options.subject}”"] if options.subject else []
    words += [f"from “{options.sender}”"] if options.sender else []
    words += [f"whose body matches “{options.body}”"] if options.body else []
    return ", ".join(words)


def _holds(wanted: str, text: str) -> bool:
    return fold(wanted).casefold() in fold(text).casefold()


def _taken(options: MailOptions, mail: MailText) -> str | None:
    if options.extract == "text":
        return mail.text
    if options.extract == "link":
        found = mail.links[:LINKS_SEARCHED]
        wanted = (one for one in found if not options.pattern or first_match(options.pattern, one))
        return next(wanted, None)
    return first_match(options.pattern or CODE, mail.text)

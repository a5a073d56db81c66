"""The mail step, against a real IMAP server: which mail it takes, and what of it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.browser.awaiting_mail import SECRET, awaited, page_that, wait
from tests.browser.building import step
from tests.browser.fakes import START, FakePage
from tests.browser.playing import given, played
from tests.imap import PASSWORD, MailServer, imap_server
from webapp.browser.errors import StepInvalid
from webapp.browser.player import Plan, play
from webapp.browser.stopping import Stop

HTML = """<html><head><title>111111</title><style>p { color: #222222 }</style></head><body>
<p>Hello<br>Your code is 654321.</p><a href="https://shop.example/news">News</a>
<a href="https://shop.example/confirm?t=1&amp;u=2">Confirm</a></body></html>"""


@pytest.fixture(scope="module")
def mails() -> Iterator[MailServer]:
    with imap_server() as server:
        yield server


def test_a_code_is_taken_and_the_mailbox_stays_as_it_is(mails: MailServer) -> None:
    page = page_that(lambda: mails.deliver("In 2026 your code: 123456.", subject="Code A"))
    seen = awaited(page, mails.port, subject="code a", variable="code", pattern=r"code: (\d+)")
    assert (seen.state, page.variables.get("code")) == ("passed", "123456")
    assert seen.notes[0].startswith("Mail “Code A” from Shop <noreply@shop.example>, ")
    assert seen.notes[1] == "code = 123456"
    assert seen.screenshot_note == "not taken: this step does not touch the page"
    assert all(b"\\Seen" not in one for one in mails.flags())


@pytest.mark.parametrize(
    "options, value",
    [
        ({}, "654321"),
        ({"extract": "link"}, "https://shop.example/news"),
        ({"extract": "link", "pattern": "confirm"}, "https://shop.example/confirm?t=1&u=2"),
        ({"extract": "pattern", "pattern": r"code is (\d{3})"}, "654"),
        ({"extract": "code", "pattern": r"\w+ is"}, "code is"),
    ],
)
def test_what_is_taken_of_a_mail(mails: MailServer, options: dict[str, str], value: str) -> None:
    page = page_that(lambda: mails.deliver("Read it as HTML.", html=HTML, subject="Code B"))
    seen = awaited(page, mails.port, subject="Code B", variable="v", **options)
    assert (seen.state, seen.error, page.variables.get("v")) == ("passed", None, value)


def test_links_of_plain_text_end_where_they_end(mails: MailServer) -> None:
    page = page_that(lambda: mails.deliver("Go (https://a.example/x?y=1).", subject="Code C"))
    awaited(page, mails.port, subject="Code C", variable="v", extract="link")
    assert page.variables.get("v") == "https://a.example/x?y=1"


def test_the_whole_text_is_taken(mails: MailServer) -> None:
    page = page_that(lambda: mails.deliver("Grüße\naus Köln", subject="Straße ☃ D"))
    awaited(page, mails.port, subject="straße ☃", variable="v", extract="text")
    assert page.variables.get("v").split() == ["Grüße", "aus", "Köln"]


def test_a_mail_that_comes_later_is_waited_for(mails: MailServer) -> None:
    later = threading.Timer(1.2, lambda: mails.deliver("777777", subject="Code E"))
    page = page_that(later.start)
    seen = awaited(page, mails.port, subject="Code E", variable="v", timeout_seconds=20)
    assert (seen.state, page.variables.get("v")) == ("passed", "777777")


def test_a_mail_of_before_the_run_is_not_taken(mails: MailServer) -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    mails.deliver("111111", subject="Code F", at=hour_ago)
    seen = awaited(FakePage(), mails.port, subject="Code F", variable="v", timeout_seconds=3)
    assert seen.state == "failed"
    assert "there came no mail in the folder INBOX of alice, with the subject “Code F”." in (
        seen.error or ""
    )
    assert "1 that would fit had come before the run began" in (seen.error or "")


def test_the_newest_that_fits_is_taken(mails: MailServer) -> None:
    now = datetime.now(UTC)
    page = page_that(
        lambda: mails.deliver("333333", subject="Code G", at=now + timedelta(seconds=30)),
        lambda: mails.deliver("222222", subject="Code G", at=now + timedelta(seconds=10)),
        lambda: mails.deliver("444444", subject="Code G", sender="other@x.example"),
        lambda: mails.deliver("no digits here", subject="Code G", at=now + timedelta(seconds=60)),
    )
    awaited(page, mails.port, subject="Code G", sender="NOREPLY@shop", variable="v")
    assert page.variables.get("v") == "333333"


def test_a_mail_counts_for_one_step_of_a_run(mails: MailServer) -> None:
    page = page_that(
        lambda: mails.deliver("111111", subject="Code H"),
        lambda: mails.deliver("222222", subject="Code H"),
    )
    steps = [wait(mails.port, subject="Code H", variable=name) for name in ("a", "b")]
    third = wait(mails.port, subject="Code H", variable="c", timeout_seconds=3)
    seen = played(SECRET, *steps, third, page=page, allow_private=True)
    assert {page.variables.get("a"), page.variables.get("b")} == {"111111", "222222"}
    assert "2 had come, and steps before this one have taken them." in (seen[-1].error or "")


def test_the_body_is_searched(mails: MailServer) -> None:
    page = page_that(
        lambda: mails.deliver("Order 7 for bob: 111111", subject="Code I"),
        lambda: mails.deliver("Order 8 for eve: 222222", subject="Code I"),
    )
    awaited(page, mails.port, subject="Code I", body=r"for\s+bob", variable="v")
    assert page.variables.get("v") == "111111"
    seen = awaited(
        page, mails.port, subject="Code I", body="for zoe", variable="v", timeout_seconds=3
    )
    assert "with this subject and sender came, with another body" in (seen.error or "")


@pytest.mark.parametrize(
    "options, words",
    [
        ({}, "it was a mail without a code of 4 to 8 digits"),
        ({"extract": "link"}, "it was a mail without a link"),
        ({"extract": "pattern", "pattern": "x{9}"}, "without a text that the pattern finds"),
    ],
)
def test_a_mail_with_nothing_to_take_is_said(
    mails: MailServer, options: dict[str, str], words: str
) -> None:
    page = page_that(lambda: mails.deliver("Nothing here", subject="Code J"))
    seen = awaited(page, mails.port, subject="Code J", variable="v", timeout_seconds=3, **options)
    assert "The mail “Code J” came, but" in (seen.error or "") and words in (seen.error or "")


def test_without_a_variable_the_step_only_waits(mails: MailServer) -> None:
    page = page_that(lambda: mails.deliver("Welcome", subject="Code K"))
    seen = awaited(page, mails.port, subject="Code K")
    assert seen.state == "passed" and len(seen.notes) == 1


def test_other_folders_and_their_names(mails: MailServer) -> None:
    page = page_that(lambda: mails.deliver("555555", folder='"Entw&APw-rfe &- mehr"'))
    awaited(page, mails.port, folder="Entwürfe & mehr", variable="v")
    assert page.variables.get("v") == "555555"
    seen = awaited(FakePage(), mails.port, folder='No "such" folder')
    assert 'has no folder “No "such" folder”' in (seen.error or "")


def test_what_is_secret_is_told_nowhere(mails: MailServer) -> None:
    page = page_that(lambda: mails.deliver("Code 987654", subject="Code 987654 L"))
    options: dict[str, Any] = {"subject": "L", "variable": "v", "secret": True}
    asked = wait(mails.port, **options)
    plan = Plan(START, (SECRET, asked), allow_private=True)
    said = repr([*play(plan, page, Stop())])
    assert page.variables.get("v") == "987654"
    assert "987654" not in said and PASSWORD not in said and "v = ••••" in said


def test_a_wrong_password_is_said_without_it(mails: MailServer) -> None:
    wrong = step("set_variable", content="wrong-pw-99", variable="pw", secret=True)
    seen = given(FakePage(), wrong, wait(mails.port), allow_private=True)
    assert seen.state == "failed"
    assert f"The mail server 127.0.0.1:{mails.port} could not be read: " in seen.error
    assert "wrong-pw-99" not in repr(seen)


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"password": PASSWORD}, "It would be kept readable"),
        ({"host": "https://mail.example"}, "is not the name of a host"),
        ({"host": "a b"}, "is not the name of a host"),
        ({"user": "a\r\nb"}, "signs that cannot be written"),
        ({"folder": "a\nb"}, "signs that cannot be written"),
        ({"security": "ssl"}, "not one of tls, starttls, plain"),
        ({"body": "("}, "has a mistake"),
        ({"extract": "pattern"}, "give the pattern"),
        ({"port": 70_000}, "from 1 to 65,535"),
    ],
)
def test_what_cannot_be_waited_for_is_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StepInvalid, match=sentence):
        wait(993, **options)

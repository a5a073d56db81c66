"""A flow that our egress rule keeps from its address: its owner is told once, in other words."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.browser.fakes import FakePage
from tests.factories import make_flow, make_run
from tests.runs.engine import FakeBrowser, ScriptedEngine, loses_its_browser
from webapp.browser.page import Sight
from webapp.extensions import db
from webapp.mailing.models import Mail
from webapp.notifications.judge import judge_changes
from webapp.notifications.models import Incident
from webapp.runs import execute

METADATA = "http://169.254.169.254/latest/"
CLICK = {"number": 1, "action": "click", "locators": [{"by": "css", "value": "#buy"}]}


def play(flow, page, monkeypatch):
    """The engine itself plays, in a browser that is none."""
    browser = FakeBrowser()
    browser.page = page
    with monkeypatch.context() as patch:
        patch.setattr(execute, "open_browser", lambda settings: browser)
        run = make_run(flow)
        execute.play(run.id)
    judge_changes()
    return run


def play_scripted(flow, monkeypatch, scenes):
    with monkeypatch.context() as patch:
        ScriptedEngine(patch, scenes)
        execute.play(make_run(flow).id)
    judge_changes()


def mails():
    return db.session.scalars(select(Mail).order_by(Mail.id)).all()


@pytest.fixture
def refused(alice):
    return make_flow(alice, (), url=METADATA)


def test_the_owner_is_told_with_the_sentence_of_the_rule(alice, refused, monkeypatch):
    run = play(refused, FakePage(), monkeypatch)
    [mail] = mails()
    assert (mail.kind, mail.recipient) == ("refused", alice.email)
    assert mail.subject == (
        "[Lamplighter] “Checkout” was not allowed to go on when its address was opened"
    )
    for body in (mail.text, mail.html):
        assert "cloud metadata address, which flows may never visit." in body
        assert f"/runs/{run.id}" in body
        assert "This says nothing about the site" in body
    assert db.session.scalars(select(Incident)).all() == []


def test_a_page_that_leads_to_a_refused_address_is_told_as_well(alice, monkeypatch):
    page = FakePage(**{"#buy": Sight(candidate=0, words="<button>")})
    page.on["click"] = lambda: page.visit(METADATA)
    play(make_flow(alice, (CLICK,)), page, monkeypatch)
    [mail] = mails()
    assert mail.kind == "refused"
    assert "The page went to an address that is refused." in mail.text
    assert "at step 1" in mail.subject


def test_a_script_that_the_operator_forbids_is_told_in_words_that_fit(alice, app, monkeypatch):
    flow = make_flow(alice, ({"number": 1, "action": "run_script", "content": "return 1"},))
    forbidding = replace(app.config["LAMPLIGHTER"], allow_scripts=False)
    monkeypatch.setitem(app.config, "LAMPLIGHTER", forbidding)
    play(flow, FakePage(), monkeypatch)
    [mail] = mails()
    assert mail.subject.startswith("[Lamplighter] “Checkout” was not allowed to go on at step 1")
    for body in (mail.text, mail.html):
        assert "ALLOW_SCRIPTS" in body
        assert "This says nothing about the site: Lamplighter itself refused." in body
        assert "Change the flow, or ask whoever runs this Lamplighter" in " ".join(body.split())


def test_it_is_told_once_and_not_at_every_run(refused, monkeypatch):
    play(refused, FakePage(), monkeypatch)
    play_scripted(refused, monkeypatch, {0: loses_its_browser})
    play(refused, FakePage(), monkeypatch)
    assert [mail.kind for mail in mails()] == ["refused"]


def test_it_is_told_again_once_it_was_allowed_in_between(refused, monkeypatch):
    play(refused, FakePage(), monkeypatch)
    play_scripted(refused, monkeypatch, {})
    play(refused, FakePage(), monkeypatch)
    assert [mail.kind for mail in mails()] == ["refused", "refused"]


def test_a_browser_of_ours_that_dies_tells_nobody(refused, monkeypatch):
    play_scripted(refused, monkeypatch, {0: loses_its_browser})
    assert mails() == []

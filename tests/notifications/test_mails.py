"""What the mails of an incident say, in text and in HTML."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from tests.factories import make_flow, make_run
from tests.runs.engine import ScriptedEngine, fails
from webapp import clock
from webapp.browser.locators import Locator
from webapp.extensions import db
from webapp.mailing.envelope import Envelope
from webapp.mailing.models import Mail
from webapp.notifications import notices
from webapp.notifications.judge import judge_changes
from webapp.notifications.models import Incident
from webapp.notifications.notices import in_words
from webapp.runs import execute
from webapp.runs.models import StepResult
from webapp.runs.states import State, move

BUTTON = Locator(by="css", value="#pay")
STEPS = (
    {"number": 1, "action": "open", "content": "/"},
    {"number": 2, "action": "click", "locators": [BUTTON.model_dump()], "name": "Pay"},
)


def png():
    out = BytesIO()
    Image.new("RGB", (1366, 768), "#dde").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def flow(alice):
    alice.time_zone = "Europe/Berlin"
    return make_flow(alice, STEPS)


def break_it(flow, monkeypatch, **facts):
    facts = {
        "error": "The button “Pay” is not on the page.",
        "found": "no element",
        "locator": None,
        "matches": ((BUTTON, 0),),
        "page_url": "https://shop.example.org/basket",
        "screenshot": png(),
        **facts,
    }
    ScriptedEngine(monkeypatch, {2: fails(**facts)})
    run = make_run(flow)
    execute.play(run.id)
    judge_changes()
    return run


def heal_it(flow, monkeypatch):
    ScriptedEngine(monkeypatch)
    run = make_run(flow)
    execute.play(run.id)
    judge_changes()
    return run


def last_mail():
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    db.session.commit()
    return mail


def test_the_mail_of_a_failure_says_all_that_is_known(app, flow, monkeypatch):
    run = break_it(flow, monkeypatch)
    mail = last_mail()
    assert mail.subject == "[Lamplighter] “Checkout” broke at step 2: Pay"
    address = f"{app.config['LAMPLIGHTER'].base_url}/runs/{run.id}"
    for body in (mail.text, mail.html):
        assert "The button “Pay” is not on the page." in body
        assert "a visible button" in body
        assert "no element" in body
        assert "#pay (CSS), which matched no element" in body
        assert "https://shop.example.org/basket" in body
        assert address in body
        assert "never, since Lamplighter walks it" in body
        assert "CET" in body or "CEST" in body


def test_the_picture_of_the_failing_step_is_inside_the_mail(flow, monkeypatch):
    break_it(flow, monkeypatch)
    mail = last_mail()
    assert [one["cid"] for one in mail.pictures] == ["failing-step"]
    assert 'src="cid:failing-step"' in mail.html
    message = Envelope(mail)._message()
    [picture] = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<failing-step>"
    assert picture.get_content() == png()


def test_a_failure_without_a_picture_says_why(flow, monkeypatch):
    break_it(flow, monkeypatch, screenshot=None, screenshot_note="not taken: a dialog was open")
    mail = last_mail()
    assert mail.pictures == []
    assert "cid:" not in mail.html
    for body in (mail.text, mail.html):
        assert "not taken: a dialog was open" in body


def test_the_mail_says_since_when_it_worked_last(flow, monkeypatch):
    good = heal_it(flow, monkeypatch)
    break_it(flow, monkeypatch)
    db.session.refresh(good)
    local = good.ended_at + timedelta(hours=1)  # what Berlin's clocks show in winter
    assert "never" not in last_mail().text
    assert f"{local:%H:%M:%S} CET" in last_mail().text or "CEST" in last_mail().text


def test_a_run_out_of_time_without_a_step_still_makes_a_mail(flow):
    run = make_run(flow, State.STARTING, started_at=clock.now())
    move(run, State.TIMED_OUT, error="The time of this run, 9 s, was over before a step began.")
    db.session.commit()
    judge_changes()
    mail = last_mail()
    assert mail.subject == "[Lamplighter] “Checkout” broke"
    assert "was over before a step began" in mail.text
    assert "https://shop.example.org/" in mail.html


def test_the_opening_of_the_address_is_named_in_words(alice, monkeypatch):
    flow = make_flow(alice, STEPS[1:])
    ScriptedEngine(monkeypatch, {0: fails(error="The site refused the connection.")})
    execute.play(make_run(flow).id)
    judge_changes()
    assert last_mail().subject == "[Lamplighter] “Checkout” broke when its address was opened"


def test_what_a_page_says_cannot_break_out_of_the_html(flow, monkeypatch):
    break_it(flow, monkeypatch, error="<script>alert(1)</script>", found='"><img src=x>')
    assert "<script>" not in last_mail().html
    assert "<img src=x>" not in last_mail().html


def test_the_text_is_text_and_not_html(flow, monkeypatch):
    break_it(flow, monkeypatch, error="Ben & Jerry’s <h1> is “gone”")
    assert "Ben & Jerry’s <h1> is “gone”" in last_mail().text


def test_very_long_texts_are_cut(flow, monkeypatch):
    break_it(flow, monkeypatch, found="x" * 2000)
    assert len(last_mail().text) < 2500


def test_the_recovery_says_how_long_it_lasted(app, flow, monkeypatch):
    broken = break_it(flow, monkeypatch)
    incident = db.session.scalars(select(Incident)).one()
    incident.opened_at -= timedelta(minutes=12)
    db.session.commit()
    healed = heal_it(flow, monkeypatch)
    mail = last_mail()
    assert mail.subject == "[Lamplighter] “Checkout” works again after 12 minutes"
    base = app.config["LAMPLIGHTER"].base_url
    for body in (mail.text, mail.html):
        assert f"{base}/runs/{broken.id}" in body
        assert f"{base}/runs/{healed.id}" in body
        assert "at step 2: Pay" in body
        assert "by 1 run" in body


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(milliseconds=300), "1 second"),
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(seconds=90), "2 minutes"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=80), "1 hour 20 minutes"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(days=3, hours=4, minutes=50), "3 days 4 hours"),
        (timedelta(seconds=59.7), "1 minute"),
    ],
)
def test_downtime_in_words(time, words):
    assert in_words(time) == words


def test_a_mail_names_every_locator_that_was_tried():
    step = StepResult(
        locators=[{"by": "css", "value": "#pay"}, {"by": "xpath", "value": "//button"}],
        matches=[
            {"by": "css", "value": "#pay", "count": 0},
            {"by": "xpath", "value": "//button", "count": 2},
        ],
    )
    assert notices.locator(step) == (
        "#pay (CSS), which matched no element; //button (XPath), which matched 2 elements"
    )
    step.used_locator = step.locators[1]
    assert notices.locator(step) == "//button (XPath), which matched 2 elements"


def test_a_flow_that_works_again_but_degraded_says_what_still_fails(alice, monkeypatch):
    steps = (STEPS[0], STEPS[1], {**STEPS[1], "number": 3, "name": "Ads", "on_failure": "degraded"})
    flow = make_flow(alice, steps)
    break_it(flow, monkeypatch)
    with monkeypatch.context() as patch:
        ScriptedEngine(patch, {3: fails()})
        execute.play(make_run(flow).id)
    judge_changes()
    _broken, works = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert "works again, degraded, after" in works.subject
    assert "Every step passed" not in works.text + works.html
    assert "Failing:   step 3: Ads" in works.text and "3: Ads" in works.html


def test_a_degraded_run_alone_tells_nobody(alice, monkeypatch):
    flow = make_flow(alice, ({**STEPS[1], "number": 1, "on_failure": "degraded"},))
    ScriptedEngine(monkeypatch, {1: fails()})
    execute.play(make_run(flow).id)
    judge_changes()
    assert db.session.scalars(select(Mail)).all() == []


def test_a_failure_that_the_flow_allows_is_not_the_one_that_is_told(alice, monkeypatch):
    allowed = {**STEPS[1], "number": 1, "name": "Ads", "on_failure": "optional"}
    flow = make_flow(alice, (allowed, {**STEPS[1], "number": 2}))
    ScriptedEngine(monkeypatch, {1: fails(error="No ads."), 2: fails(error="No way to pay.")})
    execute.play(make_run(flow).id)
    judge_changes()
    mail = db.session.scalars(select(Mail)).one()
    assert "at step 2: Pay" in mail.subject
    assert "No way to pay." in mail.text and "No ads." not in mail.text

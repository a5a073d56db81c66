import pytest
from sqlalchemy import select

from tests.factories import make_flow
from webapp.extensions import db
from webapp.flows.editing import current_version, save
from webapp.flows.models import Flow

TYPED = {
    "name": "Checkout",
    "url": "https://shop.example.org/",
    "browser": "chrome",
    "cron": "0 * * * *",
    "time_zone": "Europe/Berlin",
    "step_timeout_seconds": "10",
    "run_timeout_seconds": "300",
}


def test_a_flow_is_made_and_opens_in_its_editor(as_alice):
    answer = as_alice.post("/flows/", data=TYPED)
    flow = db.session.scalars(select(Flow)).one()
    assert answer.status_code == 303 and answer.location == f"/flows/{flow.id}"
    assert (flow.name, flow.cron, flow.time_zone) == ("Checkout", "0 * * * *", "Europe/Berlin")
    assert not flow.is_active and current_version(flow).number == 1


def test_a_flow_without_a_schedule_runs_only_when_asked(as_alice):
    as_alice.post("/flows/", data=TYPED | {"cron": " "})
    assert db.session.scalars(select(Flow)).one().cron is None


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", " ", "Give the flow a name"),
        ("name", "x" * 201, "200 characters at the most; found 201"),
        ("name", "a\0b", "NUL character"),
        ("url", "", "Type the address"),
        ("url", "shop.example.org", "Did you mean https://shop.example.org ?"),
        ("url", "127.0.0.1:8970", "Did you mean http://127.0.0.1:8970 ?"),
        ("url", "localhost/shop", "Did you mean http://localhost/shop ?"),
        ("url", "[::1]:80", "Did you mean http://[::1]:80 ?"),
        ("url", "shop.example.org:8080/a", "Did you mean http://shop.example.org:8080/a ?"),
        ("url", "shop.example.org:443", "Did you mean https://shop.example.org:443 ?"),
        ("url", "javascript:alert(1)", "only http and https addresses can be monitored"),
        ("url", "mailto:a@example.org", "only http and https addresses can be monitored"),
        ("url", "/basket", "only http and https addresses can be monitored"),
        ("url", "ftp://shop.example.org/", "only http:// and https://"),
        ("url", "file:///etc/passwd", "only http:// and https://"),
        ("url", "http://169.254.169.254/", "never visit"),
        ("url", "https://", "names no host"),
        ("url", "https://a b/", "has a blank in it"),
        ("url", "https://shop.example.org/" + "x" * 2000, "2,000 characters at the most"),
        ("browser", "netscape", "“netscape” is not a browser that Lamplighter knows"),
        ("cron", "61 * * * *", "Character 1:"),
        ("cron", "* * *", "Character"),
        ("time_zone", "Mars/Olympus", "There is no time zone “Mars/Olympus”"),
        ("step_timeout_seconds", "soon", "seconds from 0.1 to 300; found “soon”"),
        ("step_timeout_seconds", "0", "from 0.1 to 300"),
        ("step_timeout_seconds", "nan", "from 0.1 to 300"),
        ("run_timeout_seconds", "9999999", "from 1 to 3600"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    as_alice, field, typed, sentence
):
    answer = as_alice.post("/flows/", data=TYPED | {"name": "My path"} | {field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#34;", '"')
    assert field == "name" or "My path" in answer.text
    assert f'name="{field}"' in answer.text and 'aria-invalid="true"' in answer.text
    assert db.session.scalars(select(Flow)).all() == []


def test_a_megabyte_in_a_field_is_refused_with_a_sentence(as_alice):
    answer = as_alice.post("/flows/", data=TYPED | {"name": "x" * 1_000_000})
    assert answer.status_code == 422 and "found 1,000,000" in answer.text


def test_saving_settings_makes_a_version(as_alice, alice):
    flow = make_flow(alice)
    as_alice.post(f"/flows/{flow.id}/settings", data=TYPED | {"name": "Pay", "version": "1"})
    assert flow.name == "Pay" and flow.version_number == 2
    assert current_version(flow).body["name"] == "Pay"
    assert len(current_version(flow).body["steps"]) == 2


def test_a_new_schedule_of_an_active_flow_moves_its_next_moment(as_alice, alice):
    flow = make_flow(alice)
    as_alice.post(f"/flows/{flow.id}/activate")
    before = flow.next_at
    changed = TYPED | {"cron": "0 0 1 1 *", "version": "1"}
    as_alice.post(f"/flows/{flow.id}/settings", data=changed)
    assert before and flow.next_at and flow.next_at != before


def test_two_windows_do_not_silently_overwrite_each_other(as_alice, alice):
    flow = make_flow(alice)
    save(flow, alice, expected=1, name="Theirs")
    db.session.commit()
    mine = TYPED | {"name": "Mine", "version": "1"}
    answer = as_alice.post(f"/flows/{flow.id}/settings", data=mine)
    assert answer.status_code == 409 and flow.name == "Theirs"
    assert (
        "changed in another window" in answer.text
        and "<bdi>Alice</bdi> saved version 2" in answer.text
    )
    assert 'value="Mine"' in answer.text and 'name="version" value="2"' in answer.text
    as_alice.post(f"/flows/{flow.id}/settings", data=mine | {"version": "2"})
    assert flow.name == "Mine" and flow.version_number == 3


@pytest.mark.parametrize("version", ["", "x", "99", "-1", "1e9", "٣"])
def test_a_tampered_version_is_a_conflict_and_no_crash(as_alice, alice, version):
    flow = make_flow(alice)
    answer = as_alice.post(f"/flows/{flow.id}/settings", data=TYPED | {"version": version})
    assert answer.status_code == 409 and flow.version_number == 1


def test_a_schedule_is_said_in_words_with_its_next_five_moments(as_alice):
    said = as_alice.get("/flows/check-schedule?cron=0+6+*+*+*&time_zone=Europe/Berlin").text
    assert "06:00" in said and said.count("<li>") == 5


def test_a_mistake_in_a_schedule_is_pointed_at(as_alice):
    said = as_alice.get("/flows/check-schedule?cron=0+25+*+*+*&time_zone=UTC").text
    assert "Character 3:" in said and "0 25 * * *\n  ^" in said


@pytest.mark.parametrize(
    "query", ["", "cron=", "cron=@hourly&time_zone=Nowhere", "cron=30+2+30+2+*"]
)
def test_odd_schedules_get_a_sentence(as_alice, query):
    answer = as_alice.get(f"/flows/check-schedule?{query}")
    assert answer.status_code == 200 and "<p" in answer.text

"""A flow leaves by its page: a file of the right kind and name, for its owner only."""

import json
import re

import pytest
import yaml

from tests.factories import make_flow
from webapp.exports.exporting import FORMATS

SECRET = {
    "number": 1,
    "action": "type",
    "locators": [{"by": "id", "value": "password"}],
    "content": "geheim-77",
    "secret": True,
}


@pytest.fixture
def flow(alice):
    return make_flow(alice, steps=[SECRET], name="Kasse & Zahlung: Größe")


def export(client, flow, name):
    return client.get(f"/flows/{flow.id}/export?format={name}")


@pytest.mark.parametrize("name", FORMATS)
def test_a_flow_is_a_file_to_keep(as_alice, flow, name):
    answer = export(as_alice, flow, name)
    assert answer.status_code == 200
    assert answer.mimetype == FORMATS[name].media_type
    named = answer.headers["Content-Disposition"]
    assert re.fullmatch(rf"attachment; filename=[\w-]+\.{FORMATS[name].ending}", named)
    assert "geheim-77" not in answer.text


def test_each_file_can_be_read(as_alice, flow):
    ours = yaml.safe_load(export(as_alice, flow, "yaml").text)
    assert ours["name"] == flow.name
    assert json.loads(export(as_alice, flow, "recorder").text)["title"] == flow.name
    compile(export(as_alice, flow, "selenium").text, "flow.py", "exec")


def test_our_own_format_is_the_usual_one(as_alice, flow):
    answer = as_alice.get(f"/flows/{flow.id}/export")
    assert answer.text == export(as_alice, flow, "yaml").text


def test_another_format_is_not_there_and_the_page_names_those_that_are(as_alice, flow):
    answer = export(as_alice, flow, "docx")
    assert answer.status_code == 404
    assert "yaml, recorder, selenium" in answer.text


@pytest.mark.parametrize("name", FORMATS)
def test_a_stranger_gets_nothing(as_charlie, flow, name):
    answer = export(as_charlie, flow, name)
    assert answer.status_code == 404
    assert "Kasse" not in answer.text


def test_the_menu_of_a_flow_offers_every_format_by_its_name(as_alice, flow):
    page = as_alice.get(f"/flows/{flow.id}").text
    for name, one in FORMATS.items():
        item = rf'href="/flows/{flow.id}/export\?format={name}" download>.*?{one.label}</a>'
        assert re.search(item, page)

import json

import pytest

from tests.factories import make_flow
from webapp.browser.actions import ACTIONS
from webapp.extensions import db
from webapp.flows.bodies import open_body
from webapp.flows.editing import MOST_STEPS, current_version, save

HTMX = {"HX-Request": "true"}
CLICK = {"action": "click", "by": "css", "locator": "#buy", "name": "Buy", "version": "1"}


@pytest.fixture
def flow(alice):
    steps = [
        {"number": n, "action": "click", "name": name, "locators": [{"by": "css", "value": "a"}]}
        for n, name in enumerate(("One", "Two", "Three"), start=1)
    ]
    return make_flow(alice, steps=steps)


def names(flow):
    return [step["name"] for step in current_version(flow).body["steps"]]


def steps_of(flow):
    return current_version(flow).body["steps"]


def uid(flow, name):
    return next(step["uid"] for step in steps_of(flow) if step["name"] == name)


def tell(client, flow, name, verb, **data):
    data = {"version": str(flow.version_number)} | data
    return client.post(f"/flows/{flow.id}/steps/{uid(flow, name)}/{verb}", data=data, headers=HTMX)


def test_a_step_is_added_at_the_end(as_alice, flow):
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=CLICK, headers=HTMX)
    assert answer.status_code == 200 and answer.text.strip().startswith('<div id="editor"')
    assert names(flow) == ["One", "Two", "Three", "Buy"]
    assert json.loads(answer.headers["HX-Trigger"]) == {"announce": "Step 4 is saved."}


def test_a_step_is_added_below_another(as_alice, flow):
    data = CLICK | {"after": uid(flow, "One")}
    as_alice.post(f"/flows/{flow.id}/steps", data=data, headers=HTMX)
    assert names(flow) == ["One", "Buy", "Two", "Three"]
    assert [step["number"] for step in steps_of(flow)] == [1, 2, 3, 4]


def test_without_script_the_answer_is_a_redirect_to_the_step(as_alice, flow):
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=CLICK)
    assert answer.status_code == 303 and f"#step-{uid(flow, 'Buy')}" in answer.location


@pytest.mark.parametrize("action", ACTIONS)
def test_the_form_of_each_action_has_its_own_fields_only(as_alice, flow, action):
    form = as_alice.get(f"/flows/{flow.id}?new={action}", headers=HTMX).text
    entry = ACTIONS[action]
    assert ('name="locator"' in form) == (entry.locators != "none")
    assert ('name="content"' in form) == (entry.content is not None)
    assert ('name="secret"' in form) == entry.can_be_secret
    assert form.count('name="options.') == len(entry.options)


def test_a_step_is_edited_in_place(as_alice, flow):
    form = as_alice.get(f"/flows/{flow.id}?edit={uid(flow, 'Two')}", headers=HTMX).text
    assert "Edit step 2" in form and 'value="Two"' in form
    data = CLICK | {"name": "Second", "locator": "#two", "timeout_seconds": "2,5"}
    as_alice.post(f"/flows/{flow.id}/steps/{uid(flow, 'Two')}", data=data, headers=HTMX)
    changed = steps_of(flow)[1]
    assert changed["name"] == "Second" and changed["timeout_seconds"] == 2.5
    assert changed["locators"] == [{"by": "css", "value": "#two"}]


def test_editing_keeps_what_the_form_does_not_show(as_alice, flow):
    tell(as_alice, flow, "Two", "switch-off")
    step_uid = uid(flow, "Two")
    data = CLICK | {"name": "Two", "version": "2"}
    as_alice.post(f"/flows/{flow.id}/steps/{step_uid}", data=data, headers=HTMX)
    assert steps_of(flow)[1]["uid"] == step_uid and not steps_of(flow)[1]["enabled"]


def test_an_edited_step_that_is_gone_opens_no_form(as_alice, flow):
    page = as_alice.get(f"/flows/{flow.id}?edit=feedfeedfeed").text
    assert "deleted meanwhile" in page and 'id="step-form"' not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"locator": ""}, "locator"),
        ({"by": "xpath", "locator": "//div["}, "Candidate"),
        ({"action": "fly"}, "fly"),
        ({"timeout_seconds": "soon"}, "“soon”"),
        ({"name": "x" * 300}, "300 characters"),
        ({"action": "type", "content": "x" * 1_000_000}, "1,000,000"),
    ],
)
def test_a_wrong_step_keeps_its_form_and_says_why(as_alice, flow, changes, sentence):
    data = CLICK | {"name": "My own words"} | changes
    if changes.get("by") == "xpath":
        data |= {"by": ["css", "xpath"], "locator": ["#fine", changes["locator"]]}
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=data, headers=HTMX)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#step-form"
    assert sentence in answer.text
    assert names(flow) == ["One", "Two", "Three"]


def test_a_wrong_step_without_script_is_a_whole_page(as_alice, flow):
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=CLICK | {"locator": ""})
    assert answer.status_code == 422 and "<title>" in answer.text and 'value="Buy"' in answer.text


def test_locators_are_added_raised_and_removed_without_losing_anything(as_alice, flow):
    typed = CLICK | {"by": ["css", "id"], "locator": ["#a", "b"], "drawn": "click"}
    url = f"/flows/{flow.id}/steps/redraw"
    more = as_alice.post(url, data=typed | {"add_locator": "1"}, headers=HTMX)
    assert more.headers["HX-Retarget"] == "#step-form", "the list around it stays"
    assert more.text.count('name="locator"') == 3 and 'value="Buy"' in more.text
    raised = as_alice.post(url, data=typed | {"raise_locator": "2"}, headers=HTMX).text
    assert raised.index('value="b"') < raised.index('value="#a"')
    fewer = as_alice.post(url, data=typed | {"remove_locator": "1"}, headers=HTMX).text
    assert 'value="#a"' not in fewer and 'value="b"' in fewer
    assert flow.version_number == 1


def test_changing_the_action_keeps_what_both_have(as_alice, flow):
    typed = CLICK | {"action": "type", "drawn": "click"}
    form = as_alice.post(f"/flows/{flow.id}/steps/redraw", data=typed, headers=HTMX).text
    assert 'value="#buy"' in form and 'name="content"' in form


def test_steps_move_by_dragging_and_by_keyboard(as_alice, flow):
    said = tell(as_alice, flow, "Three", "move", index="0").headers["HX-Trigger"]
    assert names(flow) == ["Three", "One", "Two"] and "place 1 of 3" in said
    tell(as_alice, flow, "Three", "down")
    assert names(flow) == ["One", "Three", "Two"]
    tell(as_alice, flow, "Two", "up")
    assert names(flow) == ["One", "Two", "Three"]


@pytest.mark.parametrize("index", ["", "-3", "99999", "x"])
def test_an_odd_place_is_brought_into_the_list(as_alice, flow, index):
    assert tell(as_alice, flow, "Two", "move", index=index).status_code == 200
    assert sorted(names(flow)) == ["One", "Three", "Two"]


def test_a_step_is_duplicated_below_itself_with_its_secret(as_alice, flow, alice):
    secret = CLICK | {"action": "type", "content": "hunter2", "secret": "yes", "name": "Password"}
    as_alice.post(f"/flows/{flow.id}/steps", data=secret, headers=HTMX)
    tell(as_alice, flow, "Password", "duplicate")
    assert names(flow)[-2:] == ["Password", "Password"]
    opened = open_body(current_version(flow)).steps
    assert [step.content for step in opened[-2:]] == ["hunter2", "hunter2"]
    assert opened[-1].uid != opened[-2].uid


def test_a_step_is_switched_off_and_on(as_alice, flow):
    answer = tell(as_alice, flow, "Two", "switch-off")
    assert "switched off" in answer.text and not steps_of(flow)[1]["enabled"]
    tell(as_alice, flow, "Two", "switch-on")
    assert steps_of(flow)[1]["enabled"]


def test_a_deleted_step_can_be_put_back_where_it_was(as_alice, flow):
    step_uid = uid(flow, "Two")
    answer = tell(as_alice, flow, "Two", "delete")
    assert names(flow) == ["One", "Three"]
    assert "Deleted: <bdi>Two</bdi>" in answer.text and "Undo" in answer.text
    url = f"/flows/{flow.id}/steps/{step_uid}/restore"
    undo = {"version": str(flow.version_number), "from": "1"}
    as_alice.post(url, data=undo, headers=HTMX)
    assert names(flow) == ["One", "Two", "Three"]
    as_alice.post(url, data=undo | {"version": str(flow.version_number)}, headers=HTMX)
    assert names(flow) == ["One", "Two", "Three"], "it is put back once"


def test_without_script_a_deletion_offers_undo_on_the_next_page(as_alice, flow):
    url = f"/flows/{flow.id}/steps/{uid(flow, 'Two')}/delete"
    page = as_alice.post(url, data={"version": "1"}, follow_redirects=True).text
    assert "Deleted: <bdi>Two</bdi>" in page and "/restore" in page


def test_a_secret_is_sealed_and_never_shown_again(as_alice, flow):
    secret = CLICK | {"action": "type", "content": "hunter2", "secret": "yes", "name": "Password"}
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=secret, headers=HTMX)
    assert "hunter2" not in answer.text
    assert "hunter2" not in json.dumps(current_version(flow).body)
    form = as_alice.get(f"/flows/{flow.id}?edit={uid(flow, 'Password')}").text
    assert "hunter2" not in form and "A secret value is stored" in form


def test_a_secret_stays_when_its_field_is_left_empty_and_goes_when_it_is_replaced(as_alice, flow):
    secret = CLICK | {"action": "type", "content": "hunter2", "secret": "yes", "name": "Password"}
    as_alice.post(f"/flows/{flow.id}/steps", data=secret, headers=HTMX)
    url = f"/flows/{flow.id}/steps/{uid(flow, 'Password')}"
    as_alice.post(url, data=secret | {"content": "", "locator": "#pw", "version": "2"})
    assert open_body(current_version(flow)).steps[-1].content == "hunter2"
    as_alice.post(url, data=secret | {"content": "correct horse", "version": "3"})
    assert open_body(current_version(flow)).steps[-1].content == "correct horse"


def test_a_stored_secret_is_not_laid_open_by_unticking_the_box(as_alice, flow):
    secret = CLICK | {"action": "type", "content": "hunter2", "secret": "yes", "name": "Password"}
    as_alice.post(f"/flows/{flow.id}/steps", data=secret, headers=HTMX)
    plain = {key: value for key, value in secret.items() if key != "secret"}
    url = f"/flows/{flow.id}/steps/{uid(flow, 'Password')}"
    answer = as_alice.post(url, data=plain | {"content": "", "version": "2"}, headers=HTMX)
    assert "hunter2" not in answer.text
    assert "hunter2" not in json.dumps(current_version(flow).body)


def test_a_form_made_from_an_older_version_is_not_saved_silently(as_alice, alice, flow):
    save(flow, alice, expected=1, name="Renamed")
    db.session.commit()
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=CLICK, headers=HTMX)
    assert answer.status_code == 409 and "<bdi>Alice</bdi> saved version 2" in answer.text
    assert 'value="Buy"' in answer.text and "Save mine on top of it" in answer.text
    assert names(flow) == ["One", "Two", "Three"]
    as_alice.post(f"/flows/{flow.id}/steps", data=CLICK | {"version": "2"}, headers=HTMX)
    assert names(flow)[-1] == "Buy" and flow.name == "Renamed"


def test_a_command_on_an_older_version_can_be_repeated_on_the_newer(as_alice, alice, flow):
    save(flow, alice, expected=1, name="Renamed")
    db.session.commit()
    answer = tell(as_alice, flow, "Three", "move", index="0", version="1")
    assert answer.status_code == 409 and names(flow) == ["One", "Two", "Three"]
    assert "Do it on the newer flow" in answer.text
    assert '<input type="hidden" name="index" value="0">' in answer.text


def test_what_was_typed_into_a_deleted_step_is_not_lost(as_alice, flow):
    url = f"/flows/{flow.id}/steps/{uid(flow, 'Two')}"
    as_alice.post(f"{url}/delete", data={"version": "1"}, headers=HTMX)
    answer = as_alice.post(url, data=CLICK | {"version": "2"}, headers=HTMX)
    assert answer.status_code == 409 and "Saving adds it at the end" in answer.text
    assert 'value="Buy"' in answer.text


def test_a_command_for_a_step_that_is_gone_says_so(as_alice, flow):
    step_uid = uid(flow, "Two")
    tell(as_alice, flow, "Two", "delete")
    url = f"/flows/{flow.id}/steps/{step_uid}/delete"
    answer = as_alice.post(url, data={"version": "2"}, headers=HTMX)
    assert answer.status_code == 409 and "deleted meanwhile" in answer.text


def test_a_flow_takes_no_more_steps_than_a_run_can_play(as_alice, alice):
    many = [{"number": n + 1, "action": "wait", "content": "1"} for n in range(MOST_STEPS)]
    flow = make_flow(alice, steps=many)
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=CLICK, headers=HTMX)
    assert answer.status_code == 422 and "500 steps at the most" in answer.text


def test_a_locator_is_checked_as_it_is_typed(as_alice):
    wrong = as_alice.get("/flows/check-locator?by=xpath&locator=//div[").text
    assert "field-error" in wrong
    assert "Reads well" in as_alice.get("/flows/check-locator?by=css&locator=a.buy").text
    empty = as_alice.get("/flows/check-locator?by=placeholder&locator=+").text
    assert "Example: <code>you@example.org</code>" in empty
    assert as_alice.get("/flows/check-locator?by=smell&locator=").text.strip() == ""


def test_the_live_check_knows_an_xpath_that_is_called_css(as_alice):
    said = as_alice.get("/flows/check-locator?by=css&locator=//button").text
    assert "This looks like an XPath" in said


def test_the_editor_of_an_empty_flow_offers_a_first_step(as_alice, alice):
    page = as_alice.get(f"/flows/{make_flow(alice, steps=[]).id}").text
    assert "Add what a visitor does there" in page and "?new=click" in page.replace("&amp;", "&")


def test_the_page_says_that_the_address_is_opened_first_only_when_it_is(as_alice, alice, flow):
    assert "before your first step" in as_alice.get(f"/flows/{flow.id}").text
    opening = make_flow(alice, steps=[{"number": 1, "action": "open", "content": "/"}])
    assert "before your first step" not in as_alice.get(f"/flows/{opening.id}").text


@pytest.mark.parametrize("typed", ["//button", "./a", "(//a)[1]", " /html/body"])
def test_an_xpath_that_is_called_css_is_recognised(as_alice, flow, typed):
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=CLICK | {"locator": typed}, headers=HTMX)
    assert answer.status_code == 422 and "This looks like an XPath" in answer.text


def test_a_mistake_in_a_real_selector_is_not_called_an_xpath(as_alice, flow):
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=CLICK | {"locator": "a["}, headers=HTMX)
    assert answer.status_code == 422 and "XPath:" not in answer.text


def test_how_a_text_is_compared_is_one_word_in_the_list(as_alice, flow):
    data = CLICK | {"action": "assert_text", "content": "Paid", "options.match": "equals"}
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=data, headers=HTMX)
    assert '<span class="tag">equals</span>' in answer.text

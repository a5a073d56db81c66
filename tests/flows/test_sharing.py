"""Flows that are parts of others: chosen in a form, refused in a circle, and never torn out."""

import pytest
from sqlalchemy import select

from tests.factories import make_flow
from webapp.browser.steps import parse_step
from webapp.browser.tree import MOST_EXPANDED
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.bodies import kept_values
from webapp.flows.editing import StepsRefused, current_version
from webapp.flows.models import Flow, FlowUse
from webapp.flows.sharing import all_users

HTMX = {"HX-Request": "true"}
CLICK = {"action": "click", "locators": [{"by": "css", "value": "a"}]}


def sharing(*flows, times=1):
    many = [flow for flow in flows for _ in range(times)]
    return [
        {"number": n, "action": "shared", "options": {"flow": flow.id}}
        for n, flow in enumerate(many, start=1)
    ]


def uses(flow):
    rows = select(FlowUse.uses_id).where(FlowUse.flow_id == flow.id)
    return sorted(db.session.scalars(rows))


def hold(flow, by, *others, times=1):
    steps = [kept_values(parse_step(step)) for step in sharing(*others, times=times)]
    editing.save(flow, by, expected=flow.version_number, steps=steps)
    db.session.commit()


def share(client, flow, other):
    data = {"action": "shared", "options.flow": str(other), "version": str(flow.version_number)}
    return client.post(f"/flows/{flow.id}/steps", data=data, headers=HTMX)


@pytest.fixture
def log_in(alice):
    return make_flow(alice, name="Log in")


@pytest.fixture
def checkout(alice):
    return make_flow(alice, name="Checkout")


def test_the_form_offers_the_other_flows_of_the_project(as_alice, charlie, log_in, checkout):
    make_flow(charlie, name="Hidden path")
    form = as_alice.get(f"/flows/{checkout.id}?new=shared").text
    select_box = form[form.index('id="step-options-flow"') :]
    select_box = select_box[: select_box.index("</select>")]
    assert f'<option value="{log_in.id}" >Log in</option>' in select_box
    assert "Hidden path" not in form and "Checkout" not in select_box


def test_a_shared_step_is_shown_with_its_flow_and_written_down(as_alice, log_in, checkout):
    row = share(as_alice, checkout, log_in.id).text
    assert f'<a href="/flows/{log_in.id}"><bdi>Log in</bdi>, 2 steps</a>' in row
    assert uses(checkout) == [log_in.id]
    step = current_version(checkout).body["steps"][-1]
    url = f"/flows/{checkout.id}/steps/{step['uid']}/delete"
    as_alice.post(url, data={"version": str(checkout.version_number)})
    assert uses(checkout) == []


@pytest.mark.parametrize("wrong", ["", "x", "0", "999999", str(2**70), "-1"])
def test_a_flow_that_is_not_there_is_refused(as_alice, checkout, wrong):
    answer = share(as_alice, checkout, wrong)
    assert answer.status_code == 422 and checkout.version_number == 1
    assert 'aria-invalid="true"' in answer.text


def test_a_strangers_flow_is_refused_like_an_unknown_one(as_alice, charlie, checkout):
    theirs = make_flow(charlie, name="Hidden path")
    answer = share(as_alice, checkout, theirs.id)
    unknown = share(as_alice, checkout, theirs.id + 1000)
    assert answer.status_code == unknown.status_code == 422 and "Hidden path" not in answer.text
    assert f"There is no flow {theirs.id} that belongs to you" in answer.text
    assert f"There is no flow {theirs.id + 1000} that belongs to you" in unknown.text


def test_a_flow_is_no_part_of_itself(as_alice, checkout):
    answer = share(as_alice, checkout, checkout.id)
    assert answer.status_code == 422 and "“Checkout” would be a part of itself" in answer.text


def test_a_circle_through_others_is_refused_with_the_way(as_alice, alice, log_in, checkout):
    between = make_flow(alice, name="Basket", steps=sharing(checkout))
    hold(log_in, alice, between)
    answer = share(as_alice, checkout, log_in.id)
    assert answer.status_code == 422
    assert "“Log in” holds “Basket” and “Basket” holds “Checkout”" in answer.text
    form = as_alice.get(f"/flows/{checkout.id}?new=shared").text
    assert "Basket</option>" not in form, "what would make a circle is not offered"


def test_who_is_changed_too_is_said_before_an_edit(as_alice, alice, log_in, checkout):
    hold(checkout, alice, log_in)
    make_flow(alice, name="Whole day", steps=sharing(checkout))
    page = as_alice.get(f"/flows/{log_in.id}").text
    notice = page[page.index("Changes here also change:") :][:400]
    assert notice.index("<bdi>Checkout</bdi>") < notice.index("<bdi>Whole day</bdi>")
    assert "also change" not in as_alice.get(f"/flows/{make_flow(alice).id}").text


def test_a_flow_that_is_used_cannot_be_deleted(as_alice, alice, log_in, checkout):
    hold(checkout, alice, log_in)
    page = as_alice.get(f"/flows/{log_in.id}/delete").text
    assert "is a part of other flows" in page and "<bdi>Checkout</bdi>" in page
    assert "Delete flow</button>" not in page
    answer = as_alice.post(f"/flows/{log_in.id}/delete", follow_redirects=True).text
    assert "“Log in” is a part of “Checkout”" in answer
    hold(checkout, alice)
    as_alice.post(f"/flows/{log_in.id}/delete")
    assert db.session.get(Flow, log_in.id) is None


def test_a_user_of_another_may_be_deleted_with_its_uses(as_alice, alice, log_in, checkout):
    hold(checkout, alice, log_in)
    as_alice.post(f"/flows/{checkout.id}/delete")
    assert db.session.scalars(select(FlowUse)).all() == []


def test_a_duplicate_uses_the_same_flows(as_alice, alice, log_in, checkout):
    hold(checkout, alice, log_in)
    as_alice.post(f"/flows/{checkout.id}/duplicate")
    copy = db.session.scalars(select(Flow).where(Flow.name == "Checkout (copy)")).one()
    assert uses(copy) == [log_in.id]
    assert {user.name for user in all_users(log_in)} == {"Checkout", "Checkout (copy)"}


def test_undo_does_not_bring_back_a_flow_that_is_gone(as_alice, alice, log_in, checkout):
    hold(checkout, alice, log_in)
    step = current_version(checkout).body["steps"][0]
    url = f"/flows/{checkout.id}/steps/{step['uid']}"
    as_alice.post(f"{url}/delete", data={"version": "2"})
    as_alice.post(f"/flows/{log_in.id}/delete")
    answer = as_alice.post(f"{url}/restore", data={"from": "2"}, headers=HTMX)
    assert answer.status_code == 409 and "There is no flow" in answer.text
    assert current_version(checkout).body["steps"] == []


def test_parts_that_multiply_beyond_what_can_be_played_are_refused(alice):
    """Ten flows that hold each other ten times over would be ten thousand million steps."""
    below = make_flow(alice, steps=[{**CLICK, "number": n} for n in range(1, 11)])
    for _ in range(2):
        below = make_flow(alice, steps=sharing(below, times=10))
    with pytest.raises(StepsRefused, match=f"at most {MOST_EXPANDED:,} steps"):
        make_flow(alice, steps=sharing(below, times=10))


def test_a_part_may_not_outgrow_a_flow_that_uses_it(alice, log_in, checkout):
    hold(checkout, alice, log_in, times=400)
    more = [kept_values(parse_step({**CLICK, "number": n})) for n in range(1, 20)]
    with pytest.raises(StepsRefused, match="With its shared steps “Checkout” would have"):
        editing.save(log_in, alice, expected=1, steps=more)


def test_what_shared_steps_set_is_suggested_too(as_alice, alice, checkout):
    setting = {"number": 1, "action": "set_variable", "content": "1"}
    part = make_flow(alice, steps=[{**setting, "options": {"variable": "token"}}])
    hold(checkout, alice, part)
    form = as_alice.get(f"/flows/{checkout.id}?new=type").text
    assert '<datalist id="known-variables"><option value="token">' in form

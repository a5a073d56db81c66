"""Blocks in the editor: their steps are drawn in them, and no change breaks the tree."""

import json

import pytest

from tests.factories import make_flow
from tests.flows.trees import drawing_of, lines, steps_of, uid_of
from webapp.browser.steps import parse_step
from webapp.flows.bodies import kept_values, open_body
from webapp.flows.editing import MOST_STEPS, StepsRefused, current_version, save

HTMX = {"HX-Request": "true"}
CLICK = {"action": "click", "by": "css", "locator": "#buy", "name": "Buy"}
TREE = """
click One
group Two
  click Three
if Four
  click Five
else Six
"""


@pytest.fixture
def flow(alice):
    return make_flow(alice, steps=steps_of(TREE))


def tell(client, flow, name, verb, **data):
    data = {"version": str(flow.version_number)} | data
    return client.post(f"/flows/{flow.id}/steps/{uid_of(name)}/{verb}", data=data, headers=HTMX)


def add(client, flow, **data):
    data = CLICK | {"version": str(flow.version_number)} | data
    return client.post(f"/flows/{flow.id}/steps", data=data, headers=HTMX)


def test_steps_are_drawn_inside_their_block(as_alice, flow):
    page = as_alice.get(f"/flows/{flow.id}").text
    inside = page[page.index(f'data-parent="{uid_of("Two")}"') :]
    assert inside.index(f'id="step-{uid_of("Three")}"') < inside.index("</ol>")
    assert "Nothing is in it yet: add a step" in page, "for the empty else"
    assert 'aria-label="Step 3, Three: the arrow keys up and down move it by one line' in page


def test_a_step_is_added_inside_a_block(as_alice, flow):
    page = as_alice.get(f"/flows/{flow.id}?pick=1&into={uid_of('Two')}").text
    assert f"?new=click&amp;into={uid_of('Two')}#step-form" in page
    form = as_alice.get(f"/flows/{flow.id}?new=click&into={uid_of('Two')}").text
    assert f'name="into" value="{uid_of("Two")}"' in form
    assert add(as_alice, flow, into=uid_of("Two")).status_code == 200
    assert drawing_of(flow).startswith(lines("One", "Two", "  Three", "  Buy", "Four"))


def test_a_step_below_an_if_comes_behind_its_else(as_alice, flow):
    add(as_alice, flow, after=uid_of("Four"))
    assert drawing_of(flow).endswith(lines("Six", "Buy"))


def test_keys_move_a_step_into_a_block_and_say_where_it_is(as_alice, flow):
    said = tell(as_alice, flow, "One", "down").headers["HX-Trigger"]
    assert drawing_of(flow).startswith(lines("Two", "  One", "  Three"))
    assert "Moved to place 2 of 6, in step 1, Two." in said
    tell(as_alice, flow, "One", "up")
    assert drawing_of(flow).startswith(lines("One", "Two"))


def test_what_cannot_move_says_why_and_saves_nothing(as_alice, flow):
    answer = tell(as_alice, flow, "Six", "up")
    assert answer.status_code == 200 and flow.version_number == 1
    said = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert said["text"].startswith("It stays with its “If”")


def test_a_drag_into_a_block_and_out_again(as_alice, flow):
    tell(as_alice, flow, "One", "move", parent=uid_of("Two"), index="1")
    assert drawing_of(flow).startswith(lines("Two", "  Three", "  One", "Four"))
    tell(as_alice, flow, "One", "move", parent="", index="0")
    assert drawing_of(flow).startswith(lines("One", "Two"))


@pytest.mark.parametrize(
    ("name", "parent", "index", "sentence"),
    [
        ("One", None, "2", "Step 6: “Else” stands directly behind"),
        ("Six", "Two", "0", "“Else” stands directly behind"),
        ("Three", "One", "0", "“Click”, is no block: it holds no steps"),
    ],
)
def test_a_drag_that_would_break_the_tree_is_refused(as_alice, flow, name, parent, index, sentence):
    before = drawing_of(flow)
    answer = tell(
        as_alice, flow, name, "move", parent=uid_of(parent) if parent else "", index=index
    )
    assert answer.status_code == 409 and sentence in answer.text
    assert drawing_of(flow) == before and f'id="step-{uid_of(name)}"' in answer.text


def test_a_block_with_steps_cannot_become_a_click(as_alice, flow):
    data = CLICK | {"version": "1"}
    answer = as_alice.post(f"/flows/{flow.id}/steps/{uid_of('Two')}", data=data, headers=HTMX)
    assert answer.status_code == 422 and "is no block: it holds no steps" in answer.text
    assert "Step 3:" in answer.text and 'value="Buy"' in answer.text


def test_editing_a_step_leaves_it_in_its_block(as_alice, flow):
    data = CLICK | {"version": "1", "name": "Three"}
    as_alice.post(f"/flows/{flow.id}/steps/{uid_of('Three')}", data=data, headers=HTMX)
    assert flow.version_number == 2 and lines("Two", "  Three") in drawing_of(flow)


def test_a_duplicated_block_has_copies_of_its_steps_with_their_secrets(as_alice, flow):
    secret = {"action": "type", "content": "hunter2", "secret": "yes", "name": "Password"}
    add(as_alice, flow, into=uid_of("Two"), **secret)
    tell(as_alice, flow, "Two", "duplicate")
    assert drawing_of(flow).count(lines("Two", "  Three", "  Password")) == 2
    opened = open_body(current_version(flow)).steps
    assert [step.content for step in opened].count("hunter2") == 2


def test_deleting_a_block_says_what_goes_with_it_and_undo_brings_all_back(as_alice, flow):
    before = drawing_of(flow)
    answer = tell(as_alice, flow, "Four", "delete")
    assert drawing_of(flow) == lines("One", "Two", "  Three")
    assert "Deleted: <bdi>Four</bdi>, with 2 steps in it" in answer.text
    tell(as_alice, flow, "Four", "restore", **{"from": "1"})
    assert drawing_of(flow) == before


def test_two_deletions_are_both_undone_after_another_edit(as_alice, flow):
    before = drawing_of(flow)
    tell(as_alice, flow, "One", "delete")
    tell(as_alice, flow, "Two", "delete")
    tell(as_alice, flow, "Five", "switch-off")
    first = tell(as_alice, flow, "One", "restore", version="2", **{"from": "1"})
    second = tell(as_alice, flow, "Two", "restore", version="3", **{"from": "2"})
    assert first.status_code == second.status_code == 200
    assert drawing_of(flow) == before


def test_undo_needs_no_version_in_its_form(as_alice, flow):
    answer = tell(as_alice, flow, "One", "delete").text
    undo = answer[answer.index("data-undo") : answer.index("Undo</button>")]
    assert 'name="from" value="1"' in undo and 'name="version"' not in undo


def test_the_focus_goes_to_the_next_step_and_to_the_restored_one(as_alice, flow):
    def lands(answer):
        return json.loads(answer.headers["HX-Trigger-After-Settle"])["land"]

    assert lands(tell(as_alice, flow, "One", "delete")) == f"edit-{uid_of('Two')}"
    assert lands(tell(as_alice, flow, "Four", "delete")) == f"edit-{uid_of('Three')}"
    assert lands(tell(as_alice, flow, "One", "restore", **{"from": "1"})) == f"edit-{uid_of('One')}"
    for name in ("One", "Two"):
        last = tell(as_alice, flow, name, "delete")
    assert lands(last) == "add-step"


def test_a_block_is_switched_off_with_what_it_holds(as_alice, flow):
    page = tell(as_alice, flow, "Two", "switch-off").text
    row = page[page.index(f'id="step-{uid_of("Two")}"') - 60 :]
    assert "step-off" in row[:60]


def test_a_step_that_another_tab_deleted_takes_one_round_and_shows_the_newer_list(as_alice, flow):
    tell(as_alice, flow, "Two", "delete")
    url = f"/flows/{flow.id}/steps/{uid_of('Three')}"
    answer = as_alice.post(url, data=CLICK | {"version": "1"}, headers=HTMX)
    assert answer.status_code == 409 and answer.text.strip().startswith('<div id="editor"')
    assert "Saving adds it at the end" in answer.text and 'value="Buy"' in answer.text
    assert '<span class="count">4</span>' in answer.text and "HX-Retarget" not in answer.headers
    assert add(as_alice, flow).status_code == 200
    assert drawing_of(flow).endswith("Buy")


def test_every_save_is_judged_also_one_that_comes_from_an_import(flow, alice):
    broken = [kept_values(parse_step(step)) for step in steps_of("else One")]
    with pytest.raises(StepsRefused, match="Step 1: “Else” stands directly behind"):
        save(flow, alice, expected=1, steps=broken)


def test_five_hundred_steps_in_blocks_are_moved_in_no_time(as_alice, alice):
    rows = []
    for number in range(MOST_STEPS // 10):
        rows.append(f"group G{number}")
        rows += [f"  click S{number}-{inside}" for inside in range(9)]
    flow = make_flow(alice, steps=steps_of("\n".join(rows)))
    answer = tell(as_alice, flow, "S49-8", "up")
    assert answer.status_code == 200 and flow.version_number == 2
    assert len(answer.data) < 1_000_000


WAYS = {
    "on_failure": "degraded",
    "always": "yes",
    "retries": "2",
    "timeout_seconds": "5",
    "no_picture": "yes",
    "heals": "no",
}


def test_how_a_step_is_played_is_kept_shown_and_filled_in_again(as_alice, flow):
    row = add(as_alice, flow, **WAYS).text
    for words in ("only degrades", "always played", "tries 3×", "up to 5 s", "no picture"):
        assert f'<span class="tag tag-way">{words}</span>' in row
    step = current_version(flow).body["steps"][-1]
    assert (step["on_failure"], step["always"], step["retries"]) == ("degraded", True, 2)
    assert (step["picture"], step["heals"], step["timeout_seconds"]) == (False, False, 5.0)
    form = as_alice.get(f"/flows/{flow.id}?edit={step['uid']}").text
    more = form[form.index('id="step-more"') :]
    assert more.startswith('id="step-more" open')
    assert '<option value="degraded" selected>' in more and 'value="2"' in more
    assert more.count("checked") == 2


def test_the_ways_are_folded_while_none_is_set(as_alice, flow):
    form = as_alice.get(f"/flows/{flow.id}?edit={uid_of('One')}").text
    assert 'id="step-more" open' not in form and 'id="step-more"' in form


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"retries": "99"}, "whole number from 0 to 10"),
        ({"on_failure": "explode"}, "“explode” is not one of stop, soft"),
        ({"timeout_seconds": "301"}, "from 0.1 to 300"),
    ],
)
def test_a_wrong_way_opens_the_fold_and_says_why(as_alice, flow, wrong, sentence):
    form = add(as_alice, flow, **wrong).text
    assert sentence in form and 'id="step-more" open' in form


def test_a_step_may_not_take_longer_than_its_run(as_alice, alice):
    flow = make_flow(alice, run_timeout_seconds=20.0)
    form = add(as_alice, flow, timeout_seconds="30").text
    assert "a whole run of this flow is stopped after 20 s" in form
    assert flow.version_number == 1


def test_long_lists_of_options_fold_the_rare_ones(as_alice, flow):
    form = as_alice.get(f"/flows/{flow.id}?new=http_request").text
    shown, _, folded = form.partition("More about what it does")
    assert 'name="options.method"' in shown and 'name="options.under_ms"' in folded
    data = {"action": "http_request", "content": "nonsense", "options.under_ms": "soon"}
    again = add(as_alice, flow, **data).text
    fold = again[: again.index("More about what it does")]
    assert fold.rindex('<details class="fold" open>') > fold.rindex('name="options.method"')


def test_variables_that_steps_before_have_set_are_suggested(as_alice, flow):
    data = {"action": "set_variable", "content": "1", "name": "Set", "options.variable": "price"}
    add(as_alice, flow, after=uid_of("One"), **data)
    late = as_alice.get(f"/flows/{flow.id}?edit={uid_of('Five')}").text
    assert '<datalist id="known-variables"><option value="price">' in late
    early = as_alice.get(f"/flows/{flow.id}?edit={uid_of('One')}").text
    assert '<datalist id="known-variables"></datalist>' in early
    form = as_alice.get(f"/flows/{flow.id}?new=set_variable").text
    assert 'list="known-variables"' in form and "{{ price }}" in form


def test_the_panel_knows_the_names_of_other_tools(as_alice, flow):
    page = as_alice.get(f"/flows/{flow.id}").text
    assert 'role="searchbox"' in page
    typing = page[page.index("?new=type#") :]
    assert "sendKeys" in typing[: typing.index("</a>")]


def test_every_kind_of_locator_is_offered_with_its_example(as_alice, flow):
    from webapp.browser.locators import KINDS, syntax_error
    from webapp.flows.editor.kinds import KINDS as OFFERED

    assert [kind.by for kind in OFFERED] == list(KINDS)
    assert all(syntax_error(kind.by, kind.example) is None for kind in OFFERED)
    form = as_alice.get(f"/flows/{flow.id}?new=click").text
    assert all(f'<option value="{by}"' in form for by in KINDS)


def test_a_candidate_has_the_word_for_its_durability_and_why(as_alice, flow):
    said = as_alice.get("/flows/check-locator?by=xpath&locator=/html/body/div[3]").text
    assert "<b>fragile</b>:" in said
    assert "<b>durable</b>:" in as_alice.get("/flows/check-locator?by=test_id&locator=buy").text
    assert "durability" not in as_alice.get("/flows/check-locator?by=id&locator={{ x }}").text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("http://169.254.169.254/latest", "never visit"),
        ("//169.254.169.254/latest", "never visit"),
        ("http://127.0.0.1:8000/outbox", "a service of Lamplighter itself"),
    ],
)
def test_an_address_that_is_never_visited_is_refused_when_it_is_saved(
    as_alice, flow, content, sentence
):
    answer = add(as_alice, flow, action="open", content=content)
    assert answer.status_code == 422 and sentence in answer.text
    assert flow.version_number == 1


def test_a_step_from_before_the_rule_does_not_block_other_changes(as_alice, alice, flow):
    from webapp.extensions import db

    version = current_version(flow)
    old = [dict(step) for step in version.body["steps"]]
    address = "http://169.254.169.254/"
    old[0] |= {"action": "open", "locators": [], "content": address, "options": {}}
    version.body = {**version.body, "steps": old}
    db.session.commit()
    assert tell(as_alice, flow, "Five", "switch-off").status_code == 200


@pytest.mark.parametrize("sign", ["\0", "\u202e", "\u2066", "\x07"])
def test_invisible_signs_in_the_name_of_a_step_are_refused(as_alice, flow, sign):
    answer = add(as_alice, flow, name=f"Pay{sign}now")
    assert answer.status_code == 422 and "invisible character" in answer.text
    assert f"U+{ord(sign):04X}" in answer.text and flow.version_number == 1


def test_a_name_from_before_that_rule_is_still_shown(as_alice, alice, flow):
    from webapp.extensions import db

    version = current_version(flow)
    steps = [step | {"name": f"\u202e{step['name']}"} for step in version.body["steps"]]
    version.body = {**version.body, "steps": steps}
    db.session.commit()
    page = as_alice.get(f"/flows/{flow.id}").text
    assert "<bdi>One</bdi>" in page and "\u202e" not in page


def test_without_script_the_menu_of_a_step_is_a_page(as_alice, flow):
    page = as_alice.get(f"/flows/{flow.id}").text
    assert f'href="/flows/{flow.id}?menu={uid_of("Two")}#menu-{uid_of("Two")}"' in page
    opened = as_alice.get(f"/flows/{flow.id}?menu={uid_of('Two')}").text
    assert f'formaction="/flows/{flow.id}/steps/{uid_of("Two")}/duplicate"' in opened
    assert opened.count("Delete with all in it") == 2, "in its menu, and in the pattern for script"

"""Loops, groups and shared steps, against a page without a browser."""

from typing import Any

import pytest

from tests.browser.building import step, tree
from tests.browser.playing import bad, no, ok, page_with, played, told, yes
from webapp.browser.errors import StepInvalid
from webapp.browser.tree import Shared


def test_repeat_plays_its_steps_so_many_times() -> None:
    seen = played((step("repeat", content="2"), [ok(), ok()]), ok())
    assert [(one.node.place, one.iteration) for one in seen] == [
        ("1", 1), ("2", 1), ("3", 1), ("1", 2), ("2", 2), ("3", 2), ("1", 3), ("4", None),
    ]  # fmt: skip
    assert seen[0].found == "round 1 of 2"
    assert seen[-2].found == "2 of 2 rounds were played"
    assert [one.ordinal for one in seen] == list(range(1, 9))


def test_a_loop_without_a_round_says_so() -> None:
    seen = played((step("repeat", content="0"), [ok()]))
    assert told(seen) == ["1 passed", "2 skipped: its loop had no round"]


def test_loops_in_loops_count_their_own_rounds() -> None:
    seen = played((step("repeat", content="2"), [(step("repeat", content="2"), [ok("in")])]))
    inner = [one for one in seen if one.step.name == "in"]
    assert [one.iteration for one in inner] == [1, 2, 1, 2]


def test_repeat_reads_its_number_from_a_variable() -> None:
    seen = played(
        step("set_variable", content="3", variable="n"), (step("repeat", content="{{ n }}"), [ok()])
    )
    assert sum(one.node.place == "3" for one in seen) == 3
    (*_, failed, _) = played(
        step("set_variable", content="many", variable="n"),
        (step("repeat", content="{{ n }}"), [ok()]),
    )
    assert failed.error is not None and "“many” is not a whole number of times" in failed.error


def test_repeating_beyond_the_limit_is_refused_when_it_is_written() -> None:
    with pytest.raises(StepInvalid, match="1,001 times are more than the limit"):
        step("repeat", content="1001")
    assert step("repeat", content="1001", limit=2000).options["limit"] == 2000


@pytest.mark.parametrize("limit", [0, 10_001, "many"])
def test_a_limit_is_1_to_10000(limit: Any) -> None:
    with pytest.raises(StepInvalid, match="is not a whole number from 1 to 10,000"):
        step("repeat", content="1", limit=limit)


@pytest.mark.parametrize("kind", ["while", "do_while"])
def test_a_loop_that_reaches_its_limit_fails(kind: str) -> None:
    seen = played((yes(kind, limit=3), [ok()]), ok())
    assert [one.state for one in seen] == ["passed"] * 6 + ["failed", "skipped"]
    assert seen[-2].error == "The loop has played 3 rounds, which is its limit, and would go on."


def test_while_asks_before_and_do_while_after_each_round() -> None:
    assert told(played((no("while"), [ok()]))) == [
        "1 passed",
        "2 skipped: its loop had no round",
    ]
    seen = played((no("do_while"), [ok()]))
    assert told(seen) == ["1 passed", "2 passed", "1 passed"]
    assert seen[0].notes == ("The first round is played without asking.",)


def test_while_ends_when_its_condition_no_longer_holds() -> None:
    page = page_with()
    page.on["click"] = lambda: page.elements.pop("b") if len(page.done) > 6 else None
    seen = played((yes("while"), [step("click", "b")]), page=page)
    assert [one.state for one in seen] == ["passed"] * len(seen)
    assert seen[-1].node.place == "1"


def test_for_each_sets_its_variable_in_each_round() -> None:
    seen = played(
        step("set_variable", content='["tea", {"id": 2}, 3]', variable="list", type="json"),
        (step("for_each", content="list", variable="one"), [step("note", content="{{ one }}")]),
    )
    notes = [one.notes[0] for one in seen if one.node.place == "3"]
    assert notes == ["tea", '{"id": 2}', "3"]
    assert seen[1].notes == ("one = tea",)
    assert seen[1].found == "round 1 of 3"


@pytest.mark.parametrize("content", ["order.lines", "{{ order.lines }}"])
def test_for_each_takes_a_part_of_a_variable(content: str) -> None:
    seen = played(
        step("set_variable", content='{"lines": [1, 2]}', variable="order", type="json"),
        (step("for_each", content=content, variable="one"), [ok()]),
    )
    assert sum(one.node.place == "3" for one in seen) == 2


def test_what_the_steps_do_to_the_list_does_not_change_the_loop() -> None:
    seen = played(
        step("set_variable", content="[1, 2]", variable="list"),
        (
            step("for_each", content="list", variable="one"),
            [step("set_variable", content="[1, 2, 3, 4]", variable="list", type="json")],
        ),
    )
    assert sum(one.node.place == "3" for one in seen) == 2


def test_for_each_wants_a_list() -> None:
    seen = played(
        step("set_variable", content="tea", variable="list"),
        (step("for_each", content="list", variable="one"), [ok()]),
    )
    assert told(seen)[1:] == ["2 failed", "3 skipped: its loop failed"]
    assert seen[1].error is not None and "holds no list but “tea”" in seen[1].error
    seen = played((step("for_each", content="nobody", variable="one"), [ok()]))
    assert seen[0].error is not None and "reads the variable “nobody”" in seen[0].error


def test_for_each_has_a_limit() -> None:
    seen = played(
        step("set_variable", content="[1, 2, 3]", variable="list", type="json"),
        (step("for_each", content="list", variable="one", limit=2), [ok()]),
    )
    assert [one.state for one in seen] == ["passed"] * 5 + ["failed"]


def test_a_failure_in_a_loop_ends_the_loop() -> None:
    seen = played((step("repeat", content="3"), [bad(), ok()]), ok())
    assert told(seen) == [
        "1 passed",
        "2 failed",
        "3 skipped: step 2 failed",
        "4 skipped: step 2 failed",
    ]


def test_a_soft_failure_in_a_loop_does_not() -> None:
    seen = played((step("repeat", content="2"), [bad(on_failure="soft")]))
    assert [one.state for one in seen] == ["passed", "failed", "passed", "failed", "passed"]


def test_a_soft_loop_that_fails_lets_the_run_go_on() -> None:
    seen = played((yes("while", limit=1, on_failure="soft"), [ok()]), ok())
    assert told(seen) == ["1 passed", "2 passed", "1 failed", "3 passed"]


def test_loops_within_loops_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.browser.player.MOST_PLAYED", 30)
    inner = (step("repeat", content="1000"), [ok(on_failure="optional")])
    seen = played((step("repeat", content="1000"), [inner]), ok(on_failure="optional"))
    assert len(seen) <= 40
    failed = [one for one in seen if one.state == "failed"]
    assert failed[0].error is not None and "has played 30 steps" in failed[0].error


def test_a_block_that_is_switched_off_is_skipped_with_all_it_holds() -> None:
    seen = played((step("group", enabled=False), [ok(), (yes(), [ok()])]), ok())
    assert told(seen) == [*(f"{n} skipped: switched off" for n in (1, 2, 3, 4)), "5 passed"]


def test_a_step_that_is_switched_off_in_a_loop_is_skipped_in_each_round() -> None:
    seen = played((step("repeat", content="2"), [ok(enabled=False)]))
    assert [one.state for one in seen if one.node.place == "2"] == ["skipped", "skipped"]


def test_groups_nest_and_tell_their_parents() -> None:
    seen = played((step("group", uid="a" * 16), [(step("group", uid="b" * 16), [ok()])]))
    assert [one.node.parent for one in seen] == [None, "a" * 16, "b" * 16]


def test_shared_steps_are_played_where_they_stand() -> None:
    inner = tree(ok("in"), (step("group"), [ok("deep")]))
    shared = {7: Shared(7, "Log in", 3, inner)}
    seen = played(ok(), step("shared", flow=7), ok(), shared=shared)
    assert told(seen) == [f"{place} passed" for place in ("1", "2", "2.1", "2.2", "2.3", "3")]


def test_shared_steps_of_a_flow_that_is_gone_fail() -> None:
    seen = played(step("shared", flow=7), ok())
    assert [one.state for one in seen] == ["failed", "skipped"]
    assert seen[0].error is not None and "The flow 7" in seen[0].error
    assert "is gone or has no steps" in seen[0].error


def test_always_steps_of_a_shared_flow_are_played_after_a_failure() -> None:
    shared = {7: Shared(7, "Log in", 3, tree(ok(), ok("out", always=True)))}
    seen = played(bad(), step("shared", flow=7), shared=shared)
    assert told(seen)[1:] == [
        "2 skipped: step 1 failed",
        "2.1 skipped: step 1 failed",
        "2.2 passed",
    ]


@pytest.mark.parametrize("flow", [None, 0, "home"])
def test_shared_steps_name_a_flow(flow: Any) -> None:
    with pytest.raises(StepInvalid):
        step("shared", flow=flow)

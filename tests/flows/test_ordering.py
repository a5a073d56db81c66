"""Lists of steps as trees: what moves with what, and where it may stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.trees import drawn, kept, lines, uid_of
from webapp.flows.ordering import (
    CannotMove,
    StepGone,
    duplicated,
    inserted,
    moved,
    nesting_mistakes,
    removed,
    restored,
    shifted,
)

TREE = """
click One
group Two
  click Three
  group Four
    click Five
if Six
  click Seven
else Eight
  click Nine
click Ten
"""
NAMES = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def shift(name, by, tree=TREE):
    return drawn(shifted(kept(tree), uid_of(name), by))


def test_a_step_goes_down_past_the_next_into_a_block_and_out_of_it():
    small = kept("click One\ngroup Two\n  click Three\nclick Four")
    seen = []
    for _ in range(4):
        small = shifted(small, uid_of("One"), 1)
        seen.append(drawn(small))
    assert seen == [
        lines("Two", "  One", "  Three", "Four"),
        lines("Two", "  Three", "  One", "Four"),
        lines("Two", "  Three", "One", "Four"),
        lines("Two", "  Three", "Four", "One"),
    ]
    for expected in (*seen[2::-1], lines("One", "Two", "  Three", "Four")):
        small = shifted(small, uid_of("One"), -1)
        assert drawn(small) == expected


def test_a_block_moves_with_all_it_holds():
    assert shift("Two", -1).startswith(lines("Two", "  Three", "  Four", "    Five", "One"))


def test_an_if_moves_with_its_else():
    assert shift("Six", 1).endswith(lines("Ten", "Six", "  Seven", "Eight", "  Nine"))


def test_a_step_does_not_stop_between_an_if_and_its_else():
    assert lines("Six", "  Seven", "  Ten", "Eight") not in shift("Ten", -1)
    assert shift("Ten", -1).endswith(lines("Eight", "  Nine", "  Ten"))
    above = kept("if One\n  click Two\nelse Three\nclick Four")
    for _ in range(2):
        above = shifted(above, uid_of("Four"), -1)
    assert drawn(above) == lines("One", "  Two", "  Four", "Three")


@pytest.mark.parametrize("by", [-1, 1])
def test_an_else_stays_with_its_if(by):
    with pytest.raises(CannotMove, match="It stays with its “If”"):
        shift("Eight", by)


def test_branches_change_places_among_themselves():
    tree = kept("if One\nelse_if Two\nelse_if Three\nelse Four")
    assert drawn(shifted(tree, uid_of("Three"), -1)) == lines("One", "Three", "Two", "Four")
    with pytest.raises(CannotMove):
        shifted(tree, uid_of("Three"), 1)


def test_the_first_and_the_last_step_say_so():
    with pytest.raises(CannotMove, match="first step already"):
        shift("One", -1)
    with pytest.raises(CannotMove, match="last step already"):
        shift("Ten", 1)


def test_a_drag_puts_a_step_into_a_block_at_its_place():
    tree = kept(TREE)
    inside = moved(tree, uid_of("Ten"), uid_of("Four"), 0)
    assert "    Ten\n    Five" in drawn(inside)
    assert drawn(moved(inside, uid_of("Ten"), None, 99)) == drawn(tree)


def test_a_place_is_counted_among_the_other_steps_there():
    tree = kept("click One\nclick Two\nif Three\nelse Four\nclick Five")
    assert drawn(moved(tree, uid_of("One"), None, 1)) == lines(
        "Two", "One", "Three", "Four", "Five"
    )
    # In the list that was dragged, the else still stood where it was.
    assert drawn(moved(tree, uid_of("Three"), None, 0)).startswith(lines("Three", "Four", "One"))
    assert drawn(moved(tree, uid_of("Three"), None, 2)) == drawn(tree)


@pytest.mark.parametrize("into", ["Two", "Four"])
def test_a_block_cannot_be_put_into_itself(into):
    with pytest.raises(CannotMove, match="into itself"):
        moved(kept(TREE), uid_of("Two"), uid_of(into), 0)


def test_a_block_that_is_gone_takes_no_step():
    with pytest.raises(StepGone):
        moved(kept(TREE), uid_of("One"), uid_of("Nowhere"), 0)


def test_a_copy_has_all_that_the_block_holds_under_uids_of_its_own():
    tree = kept(TREE)
    more = duplicated(tree, uid_of("Two"), "feedfeedfeed")
    assert len(more) == 14 and len({step["uid"] for step in more}) == 14
    assert (
        drawn(more)[len(lines("One", "")) :].count(lines("Two", "  Three", "  Four", "    Five"))
        == 2
    )
    assert more[5]["uid"] == "feedfeedfeed" and not nesting_mistakes(more)


def test_a_deleted_block_comes_back_with_all_it_held():
    tree = kept(TREE)
    for name in ("Two", "Six", "Five"):
        rest = removed(tree, uid_of(name))
        assert drawn(restored(rest, tree, uid_of(name))) == drawn(tree)
        assert restored(tree, tree, uid_of(name)) == tree


def test_two_deleted_steps_come_back_in_any_order():
    tree = kept(TREE)
    without_three = removed(tree, uid_of("Three"))
    without_both = removed(without_three, uid_of("Two"))
    back = restored(without_both, without_three, uid_of("Two"))
    assert drawn(restored(back, tree, uid_of("Three"))) == drawn(tree)
    other = restored(without_both, tree, uid_of("Three"))
    assert drawn(other).startswith(lines("One", "Three", "Six")), "its block is not there yet"


def test_a_restored_step_does_not_stand_between_an_if_and_an_else_that_came_later():
    old = kept("if One\nclick Two")
    now = inserted(removed(old, uid_of("Two")), kept("if One\nelse Three")[1], after=uid_of("One"))
    assert drawn(restored(now, old, uid_of("Two"))) == lines("One", "Three", "Two")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ({"after": "Two"}, lines("    Five", "New", "Six")),
        ({"after": "Three"}, lines("  Three", "  New", "  Four")),
        ({"into": "Two"}, lines("    Five", "  New", "Six")),
        ({"after": "Six"}, lines("  Nine", "New", "Ten")),
        ({"after": "Eight"}, lines("  Nine", "New", "Ten")),
        ({"after": "Nowhere"}, lines("Ten", "New")),
        ({}, lines("Ten", "New")),
    ],
)
def test_a_new_step_stands_where_it_was_asked_for(at, expected):
    new = kept("click New")[0]
    assert expected in drawn(inserted(kept(TREE), new, **{k: uid_of(v) for k, v in at.items()}))


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([-1, 1])), max_size=30))
def test_no_key_ever_breaks_the_tree_or_loses_a_step(keys):
    tree = kept(TREE)
    for name, by in keys:
        try:
            tree = shifted(tree, uid_of(name), by)
        except CannotMove:
            continue
        assert nesting_mistakes(tree) == []
    assert sorted(step["name"] for step in tree) == sorted(NAMES)


@given(st.sampled_from(NAMES), st.sampled_from([-1, 1]))
def test_the_key_back_undoes_a_key(name, by):
    tree = kept(TREE)
    try:
        there = shifted(tree, uid_of(name), by)
    except CannotMove:
        return
    assert drawn(shifted(there, uid_of(name), -by)) == drawn(tree)

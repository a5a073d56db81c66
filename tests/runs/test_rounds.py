"""The order of a log: blocks, rounds of loops within loops, and what is folded."""

from webapp.runs.rounds import Entry, Fold, Row, folded, placed, shape_of, stretch

OUTER, INNER = "a" * 12, "b" * 12


class Log:
    """Rows as a run would leave them."""

    def __init__(self):
        self.rows = []

    def add(
        self, position, uid, parent=None, action="click", state="passed", iteration=None, place="1"
    ):
        ordinal = len(self.rows)
        self.rows.append(
            Row(ordinal, position, uid, parent, action, state, iteration, "stop", place)
        )

    def entries(self):
        return placed(self.rows, shape_of(self.rows))


def nested(outer, inner, fails_in=()):
    """Step 0; a loop at 1 that holds a loop at 2, which holds step 3; step 4."""
    log = Log()
    log.add(0, "0" * 12)
    for big in range(1, outer + 1):
        log.add(1, OUTER, action="repeat", iteration=big)
        for small in range(1, inner + 1):
            log.add(2, INNER, OUTER, "repeat", iteration=small)
            state = "failed" if (big, small) in fails_in else "passed"
            log.add(3, "c" * 12, INNER, state=state, iteration=small)
        log.add(2, INNER, OUTER, "repeat", iteration=inner + 1)
    log.add(1, OUTER, action="repeat", iteration=outer + 1)
    log.add(4, "d" * 12)
    return log


def rounds_of(entry):
    return tuple(number for _loop, number in entry.rounds)


def test_each_step_knows_all_loops_around_it():
    entries = nested(2, 2).entries()
    inside = [rounds_of(one) for one in entries if one.row.position == 3]
    assert inside == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert {one.row.position: one.depth for one in entries} == {0: 0, 1: 0, 2: 1, 3: 2, 4: 0}


def test_no_two_lines_have_the_same_place():
    entries = nested(3, 4).entries()
    assert len({(one.row.position, one.rounds) for one in entries}) == len(entries)


def test_a_loop_that_was_left_out_has_no_round():
    log = Log()
    for big in (1, 2):
        log.add(1, OUTER, action="repeat", iteration=big)
        state = "passed" if big == 1 else "skipped"
        log.add(2, INNER, OUTER, "repeat", state, iteration=1 if big == 1 else 2)
        log.add(3, "c" * 12, INNER, state=state, iteration=1 if big == 1 else 2)
    inside = [rounds_of(one) for one in log.entries() if one.row.position == 3]
    assert inside == [(1, 1), (2, 0)]


def test_few_rounds_are_shown_as_they_are():
    entries = nested(2, 2).entries()
    assert folded(entries) == entries


def test_of_many_rounds_the_first_the_last_and_what_failed_are_shown():
    entries = nested(500, 1, fails_in={(250, 1)}).entries()
    items = folded(entries)
    shown = {rounds_of(one)[0] for one in items if isinstance(one, Entry) and one.rounds}
    assert shown == {1, 2, 250, 499, 500, 501}
    folds = [one for one in items if isinstance(one, Fold)]
    assert [(one.first_round, one.last_round, one.steps) for one in folds] == [
        (3, 249, 247 * 4),
        (251, 498, 248 * 4),
    ]
    hidden = sum(one.steps for one in folds)
    assert hidden + sum(isinstance(one, Entry) for one in items) == len(entries)


def test_loops_in_loops_are_folded_each():
    items = folded(nested(40, 40).entries())
    assert len(items) < 120
    assert sum(one.steps if isinstance(one, Fold) else 1 for one in items) == len(
        nested(40, 40).rows
    )


def test_a_loop_in_which_all_rounds_fail_is_folded_as_well():
    items = folded(nested(500, 1, fails_in={(big, 1) for big in range(501)}).entries())
    assert len(items) < 80
    assert sum(one.eventful for one in items if isinstance(one, Fold)) > 400


def test_a_long_log_without_loops_is_folded_in_its_middle():
    log = Log()
    for position in range(3000):
        state = "failed" if position in {1500, 1501} else "passed"
        log.add(position, f"{position:012x}", state=state)
    items = folded(log.entries())
    assert len(items) == 604
    shown = [one.row.position for one in items if isinstance(one, Entry)]
    assert {0, 1500, 1501, 2999} <= set(shown)


def test_a_shared_flow_that_is_used_twice_keeps_its_steps_apart():
    log = Log()
    for number, first in (1, 0), (2, 3):
        log.add(first, "9" * 12 if number == 1 else "8" * 12, action="shared", place=f"{number}")
        uid = "9" * 12 if number == 1 else "8" * 12
        log.add(first + 1, OUTER, uid, "group", place=f"{number}.1")
        log.add(first + 2, INNER, OUTER, place=f"{number}.2")
    shape = shape_of(log.rows)
    assert [shape.blocks_around(position) for position in range(6)] == [
        [], [0], [0, 1], [], [3], [3, 4],
    ]  # fmt: skip


def test_a_copy_of_a_flow_that_shares_the_flow_is_no_riddle():
    log = Log()
    log.add(0, OUTER, action="shared", place="1")
    log.add(1, OUTER, OUTER, place="1.1")
    log.add(2, INNER, OUTER, place="1.2")
    assert shape_of(log.rows).blocks_around(2) == [0]


def test_a_stretch_is_given_in_portions():
    entries = nested(500, 1).entries()
    items = stretch(entries, 100, 1500)
    assert len(items) == 201
    assert (items[0].row.ordinal, items[-1].first, items[-1].last) == (100, 300, 1500)
    assert stretch(entries, 9_000, 10_000) == []

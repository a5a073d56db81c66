"""The order of a log: which step stands in which block and round, and what is folded away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from webapp.browser.actions.registry import ACTIONS, Block
from webapp.runs.states import BROKEN, StepState

# Of a loop the first and the last rounds are shown, and those in which something happened.
FIRST_ROUNDS, LAST_ROUNDS, EVENTFUL_ROUNDS = 2, 3, 10
# A log of more lines is folded in its middle as well.
MOST_LINES, FIRST_LINES, LAST_LINES, EVENTFUL_LINES = 800, 400, 200, 50
# What is unfolded at once.
UNFOLDED = 200
EVENTFUL = BROKEN | {StepState.HEALED, StepState.CANCELLED}


class Row(NamedTuple):
    """As much of a result as the order needs."""

    ordinal: int
    position: int
    uid: str
    parent: str | None
    action: str
    state: str
    iteration: int | None
    on_failure: str
    place: str


Loop = tuple[tuple[tuple[int, int], ...], int]  # the rounds around it, and its position


@dataclass(frozen=True)
class Entry:
    """A result in its place. `rounds` are those of the loops around it, and of itself."""

    row: Row
    depth: int
    rounds: tuple[tuple[int, int], ...] = ()  # (position of the loop, round)
    has_rounds_behind: bool = False  # of a loop: whether this round was played


@dataclass(frozen=True)
class Fold:
    """Results that are shown when somebody asks for them."""

    first: int  # ordinals
    last: int
    steps: int
    eventful: int
    depth: int = 0
    first_round: int | None = None
    last_round: int | None = None


@dataclass
class Shape:
    """Where steps are written: for each position, that of the block around it."""

    steps: Mapping[int, Row]  # by position; the rounds of a row do not matter
    around: dict[int, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the block around each step: in the same flow, or the step that shares this flow.

        A flow can be unfolded twice, or be a copy of the one that shares it, so a uid alone does
        not say which block it is.
        """
        blocks: dict[tuple[str, str], int] = {}
        sharing: dict[str, int] = {}
        for position in sorted(self.steps):
            row = self.steps[position]
            scope = row.place.rpartition(".")[0]
            self.around[position] = None
            if row.parent is not None:
                found = blocks.get((row.parent, scope), sharing.get(scope))
                self.around[position] = found
            if kind := _block_kind(row.action):
                blocks[row.uid, scope] = position
                if kind == "shared":
                    sharing[row.place] = position

    def blocks_around(self, position: int) -> list[int]:
        """From the outermost to the nearest."""
        path: list[int] = []
        here = self.around.get(position)
        while here is not None:
            path.append(here)
            here = self.around.get(here)
        return path[::-1]

    def is_loop(self, position: int) -> bool:
        return _block_kind(self.steps[position].action) == "loop"


def _block_kind(name: str) -> str:
    action = ACTIONS.get(name)
    return action.kind if action is not None and issubclass(action, Block) else ""


def shape_of(rows: Iterable[Row]) -> Shape:
    return Shape({row.position: row for row in rows})


def placed(rows: Sequence[Row], shape: Shape) -> list[Entry]:
    """The rows, in the order in which they were played, each in its block and its rounds."""
    blocks = {position: shape.blocks_around(position) for position in shape.steps}
    current: dict[int, int] = {}
    entries: list[Entry] = []
    for row in rows:
        around = blocks[row.position]
        loops = [one for one in around if shape.is_loop(one)]
        if shape.is_loop(row.position):
            current[row.position] = _round_of(row, current.get(row.position, 0))
            loops.append(row.position)
        rounds = tuple((loop, current.get(loop, 0)) for loop in loops)
        entries.append(Entry(row, len(around), rounds))
    behind: list[Entry | None] = [*entries[1:], None]
    return [_with_its_round(entry, after) for entry, after in zip(entries, behind, strict=False)]


def _round_of(row: Row, before: int) -> int:
    """A loop that was skipped has no round; its row may carry that of the loop around it."""
    if row.state == StepState.SKIPPED:
        return 0
    return before + 1 if row.iteration is None else row.iteration


def _with_its_round(entry: Entry, after: Entry | None) -> Entry:
    begins = after is not None and after.rounds[: len(entry.rounds)] == entry.rounds
    if not begins or after is None or after.depth <= entry.depth:
        return entry
    is_played = after.row.state != StepState.SKIPPED
    return Entry(entry.row, entry.depth, entry.rounds, is_played)


def folded(entries: Sequence[Entry]) -> list[Entry | Fold]:
    """The log as a page shows it at first."""
    hidden = _hidden_rounds(entries)
    items: list[Entry | Fold] = []
    pile: list[Entry] = []
    pile_key: tuple[Loop, int] | None = None
    for entry in entries:
        key = next((hidden[one] for one in _rounds_of(entry) if one in hidden), None)
        if key != pile_key:
            items += _fold(pile, pile_key)
            pile, pile_key = [], key
        pile.append(entry)
    items += _fold(pile, pile_key)
    return _without_middle(items)


def _rounds_of(entry: Entry) -> Iterable[tuple[Loop, int]]:
    """Each loop that the entry is in, outermost first, and in which of its rounds."""
    for depth, (position, number) in enumerate(entry.rounds):
        yield (entry.rounds[:depth], position), number


def _hidden_rounds(entries: Sequence[Entry]) -> dict[tuple[Loop, int], tuple[Loop, int]]:
    """The rounds that are folded, and by which name their stretch goes."""
    eventful: dict[Loop, dict[int, bool]] = {}
    for entry in entries:
        for loop, number in _rounds_of(entry):
            rounds = eventful.setdefault(loop, {})
            rounds[number] = rounds.get(number, False) or entry.row.state in EVENTFUL
    hidden: dict[tuple[Loop, int], tuple[Loop, int]] = {}
    for loop, rounds in eventful.items():
        for stretch in _stretches(rounds):
            hidden |= {(loop, number): (loop, stretch[0]) for number in stretch}
    return hidden


def _stretches(rounds: Mapping[int, bool]) -> list[list[int]]:
    """Rounds that follow each other and are folded together; a single one is no fold."""
    numbers = sorted(rounds)
    shown = {*numbers[:FIRST_ROUNDS], *numbers[-LAST_ROUNDS:]}
    shown |= set([number for number in numbers if rounds[number]][:EVENTFUL_ROUNDS])
    stretches: list[list[int]] = [[]]
    for number in numbers:
        if number in shown:
            stretches.append([])
        else:
            stretches[-1].append(number)
    return [stretch for stretch in stretches if len(stretch) > 1]


def _fold(pile: list[Entry], key: tuple[Loop, int] | None) -> Sequence[Entry | Fold]:
    if key is None or not pile:
        return pile
    (around, _position), first_round = key
    last_round = pile[-1].rounds[len(around)][1]
    return [_folded_of(pile, pile[0].depth, first_round, last_round)]


def _folded_of(
    pile: Sequence[Entry], depth: int, first_round: int | None = None, last: int | None = None
) -> Fold:
    eventful = sum(entry.row.state in EVENTFUL for entry in pile)
    first, until = pile[0].row.ordinal, pile[-1].row.ordinal
    return Fold(first, until, len(pile), eventful, depth, first_round, last)


def _without_middle(items: list[Entry | Fold]) -> list[Entry | Fold]:
    """Of a log that is long without loops, the middle goes but for what happened in it."""
    if len(items) <= MOST_LINES:
        return items
    short: list[Entry | Fold] = []
    pile: list[Entry | Fold] = []
    left = EVENTFUL_LINES
    for item in items[FIRST_LINES:-LAST_LINES]:
        if left and isinstance(item, Entry) and item.row.state in EVENTFUL:
            short += [*_one_of(pile), item]
            pile, left = [], left - 1
        else:
            pile.append(item)
    return [*items[:FIRST_LINES], *short, *_one_of(pile), *items[-LAST_LINES:]]


def _one_of(pile: Sequence[Entry | Fold]) -> list[Entry | Fold]:
    if not pile:
        return []
    folds = [item if isinstance(item, Fold) else _folded_of([item], item.depth) for item in pile]
    return [
        Fold(
            folds[0].first,
            folds[-1].last,
            sum(fold.steps for fold in folds),
            sum(fold.eventful for fold in folds),
        )
    ]


def stretch(entries: Sequence[Entry], first: int, last: int) -> list[Entry | Fold]:
    """What is between two ordinals, or as much as is unfolded at once and a fold for the rest."""
    wanted = [entry for entry in entries if first <= entry.row.ordinal <= last]
    rest = wanted[UNFOLDED:]
    return [*wanted[:UNFOLDED], *([_folded_of(rest, 0)] if rest else [])]

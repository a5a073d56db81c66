"""Reads a cron expression, or says at which character it is wrong and what would be right."""

import re
from dataclasses import dataclass
from functools import lru_cache

from webapp.cron.plan import DAYS_IN, Plan

LONGEST = 1000  # characters; a list of all sixty minutes has 169

SHORTCUTS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class CronInvalid(ValueError):
    """The expression cannot be used; `position` is the 1-based character where the mistake is."""

    def __init__(self, message: str, position: int) -> None:
        self.message, self.position = f"Character {position}: {message}", position
        super().__init__(self.message)


@dataclass(frozen=True)
class Field:
    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()

    @property
    def span(self) -> str:
        """What would be right, as errors say it."""
        if not self.words:
            return f"in {self.low}–{self.high}"
        return f"in {self.low}–{self.high} or a name such as “{self.words[1]}”"


FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of month", 1, 31),
    Field("month", 1, 12, MONTHS),
    Field("day of week", 0, 7, WEEKDAYS),  # 0 and 7 are both Sunday
)
NAMES = ", ".join(field.name for field in FIELDS)


@lru_cache(maxsize=1024)
def parse(expression: str) -> Plan:
    if len(expression) > LONGEST:
        raise CronInvalid(
            f"the expression has {len(expression):,} characters; at most {LONGEST:,} are taken.",
            LONGEST + 1,
        )
    texts = [(match[0], match.start() + 1) for match in re.finditer(r"[^ \t]+", expression)]
    if texts and texts[0][0].startswith("@"):
        texts = _written_out(texts)
    if len(texts) != len(FIELDS):
        raise _wrong_count(texts, len(expression))
    values = [_read(field, *text) for field, text in zip(FIELDS, texts, strict=True)]
    plan = _plan([text for text, _ in texts], values)
    _check_it_comes(plan, texts[2][1])
    return plan


def _plan(texts: list[str], values: list[set[int]]) -> Plan:
    minutes, hours, days, months, weekdays = values
    return Plan(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=frozenset(days),
        months=frozenset(months),
        weekdays=frozenset(number % 7 for number in weekdays),
        fixed_hours=not re.search(r"[*/]", texts[1]) and len(hours) < 24,
        # Vixie's rule: a field that begins with “*” does not restrict, also with a step.
        either_day=not texts[2].startswith("*") and not texts[4].startswith("*"),
        fields=tuple(texts),
    )


def _written_out(texts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    (word, position), *rest = texts
    if rest:
        raise CronInvalid(
            f"“{quoted(word)}” stands alone; found “{quoted(rest[0][0])}” after it.",
            rest[0][1],
        )
    if word.lower() == "@reboot":
        raise CronInvalid(
            "“@reboot” is not a time; write one such as @hourly or @daily.",
            position,
        )
    if word.lower() not in SHORTCUTS:
        raise CronInvalid(
            f"“{quoted(word)}” is not known; known are {', '.join(SHORTCUTS)}.",
            position,
        )
    return [(text, position) for text in SHORTCUTS[word.lower()].split()]


def _wrong_count(texts: list[tuple[str, int]], length: int) -> CronInvalid:
    if not texts:
        return CronInvalid(
            f"the expression is empty; expected five fields: {NAMES}, such as “*/15 * * * *”.",
            1,
        )
    if len(texts) < len(FIELDS):
        missing = FIELDS[len(texts)].name
        found = "1 field was" if len(texts) == 1 else f"{len(texts)} fields were"
        return CronInvalid(
            f"{missing} is missing; {found} found, expected five: {NAMES}.",
            length + 1,
        )
    text, position = texts[len(FIELDS)]
    hint = " Seconds are not supported: the shortest interval is a minute." * (len(texts) == 6)
    return CronInvalid(
        f"“{quoted(text)}” is one field too many; {len(texts)} were found,"
        f" expected five: {NAMES}.{hint}",
        position,
    )


def _read(field: Field, text: str, position: int) -> set[int]:
    """The numbers that a field such as `1,mon-fri,*/2` stands for."""
    numbers: set[int] = set()
    for part in text.split(","):
        numbers |= _read_part(field, part, position)
        position += len(part) + 1
    return numbers


def _read_part(field: Field, part: str, position: int) -> set[int]:
    body, slash, step_text = part.partition("/")
    step = 1
    if slash:
        step = _read_step(field, step_text, position + len(body) + 1)
    if body == "*":
        return set(range(field.low, field.high + 1, step))
    low_text, dash, high_text = body.partition("-")
    low = _read_value(field, low_text, position)
    if not dash:
        return set(range(low, field.high + 1, step)) if slash else {low}
    high = _read_value(field, high_text, position + len(low_text) + 1)
    if field.high == 7 and high == 0:
        high = 7  # a week may end on Sunday: sat-sun
    if high < low:
        raise CronInvalid(
            f"{field.name} “{quoted(body)}” runs backwards; write the"
            " smaller value first, or two ranges with a comma.",
            position,
        )
    return set(range(low, high + 1, step))


def _read_step(field: Field, text: str, position: int) -> int:
    step = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
    if not 1 <= step <= field.high:
        found = f"found “{quoted(text)}”" if text else "found nothing"
        raise CronInvalid(
            f"the step of {field.name} must be a whole number in 1–{field.high}; {found}.",
            position,
        )
    return step


def _read_value(field: Field, text: str, position: int) -> int:
    if text.lower() in field.words:
        return field.words.index(text.lower()) + field.low
    if not text:
        raise CronInvalid(
            f"a value for {field.name} is missing; expected one {field.span}.",
            position,
        )
    if not re.fullmatch(r"[0-9]{1,4}", text) or not field.low <= int(text) <= field.high:
        raise CronInvalid(f"{field.name} “{quoted(text)}” is not {field.span}.", position)
    return int(text)


def _check_it_comes(plan: Plan, position: int) -> None:
    longest = max(DAYS_IN[month - 1] for month in plan.months)
    if min(plan.days) > longest and not plan.either_day:
        raise CronInvalid(
            f"day of month “{quoted(plan.fields[2])}” never comes in month"
            f" “{quoted(plan.fields[3])}”, which has at most {longest} days.",
            position,
        )


def quoted(text: str) -> str:
    """Short and printable, for a sentence."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[:20])
    return f"{shown}…" if len(text) > 20 else shown

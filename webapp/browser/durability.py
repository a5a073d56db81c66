"""How likely a locator is to find the same element after the site was changed, and why."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from webapp.browser.locators import Locator, parts_of, role_of

Word = Literal["durable", "fair", "fragile"]
DURABLE, FAIR = 70, 40
LONGEST_SHORT_CSS = 60
MOST_LINKS = 3
TEST_ATTRIBUTE = re.compile(
    r"\[@?data-(?:test|testid|test-id|testing|qa|qa-id|cy)\b", re.IGNORECASE
)
ID_OF_CSS = re.compile(r"#((?:\\.|[\w-])+)")
CLASS_OF_CSS = re.compile(r"\.((?:\\.|[A-Za-z_-])(?:\\.|[\w-])*)")
ID_OF_XPATH = re.compile(r"@id\s*=\s*[\"']([^\"']*)[\"']")
ATTRIBUTE_OF_XPATH = re.compile(r"@[\w:-]+\s*=|contains\(\s*@|starts-with\(\s*@")
TEXT_OF_XPATH = re.compile(r"text\(\)|normalize-space\(|contains\(\s*\.|\[\s*\.\s*=")
POSITION_OF_CSS = re.compile(r":(?:nth|first|last|only)-(?:last-)?(?:child|of-type)")
POSITION_OF_XPATH = re.compile(r"\[\s*\d+\s*\]|\[\s*last\(\)|position\(\)")
STRINGS = re.compile(r"\"[^\"]*\"|'[^']*'")
HEX = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{5,}", re.IGNORECASE)
# What style and component libraries write: css-1q2w3e, sc-bdVaJa, jsx-123, ember1234, :r1:, mui-12.
MADE = re.compile(
    r"^(?:css|sc|jsx|makeStyles|emotion|svelte|jss|mui|radix|headlessui|ember|react-select|ng|yui|ext-gen|"
    r"gwt-uid|select2|uid|__next|_ngcontent)[-_:]?.*\d|^:r[0-9a-z]*:?$|^sc-[A-Za-z]{5,}$"
)


@dataclass(frozen=True)
class Durability:
    """From 0 to 100 points, a word for them, and the reason as a sentence."""

    points: int
    word: Word
    reason: str


def score(locator: Locator) -> Durability:
    """Judge a locator by what it holds on to; the page itself is not asked."""
    points, reason = SCORES[locator.by](locator.value)
    points = max(0, min(100, points))
    word: Word = "durable" if points >= DURABLE else "fair" if points >= FAIR else "fragile"
    return Durability(points, word, f"{reason}.")


def rank(locators: Sequence[Locator]) -> list[Locator]:
    """The most durable first; those of the same points stay in their order."""
    return sorted(locators, key=lambda one: -score(one).points)


def is_made(name: str) -> bool:
    """Whether an id or a class looks as if a program made it, so that the next build changes it."""
    if MADE.search(name) or HEX.search(name):
        return True
    for word in re.split(r"[-_:.]+", name):
        digits = sum(one.isdigit() for one in word)
        if digits >= 4 or (len(word) >= 5 and digits and _changes(word) >= 3):
            return True
        if len(word) >= 6 and _is_scrambled(word):
            return True
    return False


def _changes(word: str) -> int:
    """How often letters and digits take turns: once in `step2`, again and again in `a1b2c3`."""
    return sum(one.isdigit() != other.isdigit() for one, other in pairwise(word))


def _is_scrambled(word: str) -> bool:
    """Capitals where no word begins, as in `bdVaJa` or `kWqXZb`; camelCase has words."""
    if not word.isalpha() or word.isupper() or word.islower():
        return False
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", word)
    return len(words) >= 3 and sum(map(len, words)) / len(words) < 2.5


def _name(value: str, points: int, what: str) -> tuple[int, str]:
    if is_made(value):
        return 30, f"The {what} “{_short(value)}” looks generated, so the next build may change it"
    return points, f"It holds on to the {what}"


def _by_role(value: str) -> tuple[int, str]:
    role, name = role_of(value) or ("", None)
    if not name:
        return 35, "A role without a name fits many elements"
    if not role:
        return 74, "It holds on to the accessible name, which people hear, but to no role"
    points = 82 - _digits(name)
    return points, "It holds on to the role and the accessible name, which people see or hear"


def _worded(points: int, what: str) -> Callable[[str], tuple[int, str]]:
    def judge(value: str) -> tuple[int, str]:
        cost = _digits(value)
        changing = ", and the digits in it may change" if cost else ""
        return points - cost, f"It changes with {what}{changing}"

    return judge


def _digits(words: str) -> int:
    return 15 if sum(one.isdigit() for one in words) >= 3 else 0


def _css(value: str) -> tuple[int, str]:
    bare = STRINGS.sub("''", value)
    links = len([part for part in re.split(r"\s*[>+~]\s*|\s+", bare.strip()) if part])
    if TEST_ATTRIBUTE.search(value) and links == 1:
        return 95, "It holds on to an attribute that was made for tests"
    names = [_unescaped(one) for one in (*ID_OF_CSS.findall(bare), *CLASS_OF_CSS.findall(bare))]
    made = next((name for name in names if is_made(name)), None)
    points, reason = 57, "It holds on to the structure and the classes of the page"
    if links == 1 and ID_OF_CSS.search(bare):
        points, reason = 90, "It holds on to the id"
    elif TEST_ATTRIBUTE.search(value):
        points, reason = (
            75,
            "It holds on to an attribute that was made for tests, and what is around",
        )
    elif ID_OF_CSS.search(bare) or "[" in bare:
        points, reason = 59, "It holds on to an id or an attribute, and to what is around it"
    elif not names:
        points, reason = 40, "It holds on to the tags of the page alone, which fit many elements"
    return _worse(points, reason, made, POSITION_OF_CSS.search(bare), links, len(value))


def _xpath(value: str) -> tuple[int, str]:
    bare = STRINGS.sub("''", value)
    links = len([part for part in re.split(r"/+", bare.strip("(./ ")) if part])
    made = next((name for name in ID_OF_XPATH.findall(value) if is_made(name)), None)
    if re.match(r"\(*/(?!/)", value.strip()):
        return 5, "It walks from the top of the page: anything that is put in between breaks it"
    points, reason = 35, "It holds on to the tags of the page alone"
    if TEST_ATTRIBUTE.search(value):
        points, reason = 92, "It holds on to an attribute that was made for tests"
    elif ID_OF_XPATH.search(value):
        points, reason = 84 if links == 1 else 55, "It holds on to an id"
    elif ATTRIBUTE_OF_XPATH.search(value):
        points, reason = 54, "It holds on to attributes"
    elif TEXT_OF_XPATH.search(value):
        points, reason = 52, "It changes with the text"
    return _worse(points, reason, made, POSITION_OF_XPATH.search(bare), links, len(value))


def _worse(
    points: int, reason: str, made: str | None, position: object, links: int, length: int
) -> tuple[int, str]:
    """What makes a path through the page weaker; the strongest of it is the reason."""
    if made is not None:
        return min(
            points, 25
        ), f"“{_short(made)}” in it looks generated, so the next build may change it"
    if position:
        cost = 15 if links <= 2 else 25
        return min(
            points, 45
        ) - cost, "It counts elements: with one more before it, it finds another"
    if links > MOST_LINKS:
        return points - 8 * (
            links - MOST_LINKS
        ), f"It is a path of {links} elements, all of which must stay"
    if length > LONGEST_SHORT_CSS and points < DURABLE:
        return points - 10, f"{reason}, and it is long"
    return points, reason


def _chain(value: str) -> tuple[int, str]:
    parts = parts_of(value)
    scored = [(*SCORES[by](part), part) for by, part in parts if by != "chain"]
    if not scored:
        return 0, "It has no link"
    points, reason, part = min(scored)
    cost = 3 * (len(scored) - 1)
    return points - cost, f"Its weakest link is “{_short(part)}”: {reason[0].lower()}{reason[1:]}"


def _pierce(value: str) -> tuple[int, str]:
    points, reason = _css(value)
    return points - 3, reason


def _unescaped(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


SCORES: dict[str, Callable[[str], tuple[int, str]]] = {
    "test_id": lambda value: (97, "It holds on to an attribute that was made for tests"),
    "id": lambda value: _name(value, 90, "id"),
    "role": _by_role,
    "name": lambda value: _name(value, 78, "name of the field"),
    "label": _worded(74, "the words of the label"),
    "link_text": _worded(70, "the words of the link"),
    "partial_link_text": _worded(64, "the words of the link, of which it knows some"),
    "placeholder": _worded(66, "the hint in the field"),
    "text": _worded(60, "the text"),
    "css": _css,
    "xpath": _xpath,
    "pierce": _pierce,
    "chain": _chain,
}

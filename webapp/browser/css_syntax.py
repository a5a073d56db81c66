"""What is wrong with a CSS selector, and where; whatever a browser accepts passes."""

from collections.abc import Sequence
from typing import Any

import tinycss2  # type: ignore[import-untyped]
from tinycss2.nth import parse_nth  # type: ignore[import-untyped]

JQUERY = {
    "contains": "a text is found by an XPath like //a[contains(., 'text')]",
    "eq": "use :nth-child(…) or :nth-of-type(…)",
    "gt": "use :nth-child(n+…)",
    "lt": "use :nth-child(-n+…)",
    "visible": "every step waits for its element to be visible by itself",
    "hidden": "use the action that asserts that an element is hidden",
    "first": "use :first-child or :first-of-type; a step takes the first match by itself",
    "last": "use :last-child or :last-of-type",
    "even": "use :nth-child(even)",
    "odd": "use :nth-child(odd)",
    "selected": "use :checked",
    "text": "use [type=text]",
    "input": "use input, select, textarea",
    "button": "use button, [type=button]",
    "checkbox": "use [type=checkbox]",
    "radio": "use [type=radio]",
    "submit": "use [type=submit]",
    "password": "use [type=password]",
    "parent": "use :not(:empty)",
}
# Pseudo-elements that CSS 2 let write with one colon. They are no elements that one can click.
PARTS = frozenset({"before", "after", "first-line", "first-letter"})
FORGIVING = frozenset({"is", "where", "matches", "-webkit-any", "-moz-any"})
NTH = frozenset({"nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"})
OPERATORS = ("=", "~=", "|=", "^=", "$=", "*=")
COMBINATORS = (">", "+", "~")
DEEPEST = 50
Token = Any


class _Mistake(Exception):
    def __init__(self, what: str, token: Token | None = None) -> None:
        super().__init__(what)
        self.token = token


def css_error(value: str) -> str | None:
    tokens = tinycss2.parse_component_value_list(value)
    try:
        _complex_list(_Tokens(tokens), depth=0)
    except _Mistake as mistake:
        if mistake.token is None:
            return f"The CSS selector ends too early, at position {len(value) + 1}: {mistake}."
        at = _position(value, mistake.token)
        return f"The CSS selector has a mistake at position {at + 1}: {mistake}."
    return None


def _position(value: str, token: Token) -> int:
    lines = value.split("\n")
    before = sum(len(line) + 1 for line in lines[: token.source_line - 1])
    return int(before + token.source_column - 1)


class _Tokens:
    """A list of component values with a place in it. Comments count as nothing."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = [token for token in tokens if token.type != "comment"]
        self._at = 0

    @property
    def now(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def next(self) -> Token | None:
        token = self.now
        self._at += 1
        return token

    def is_at(self, kind: str, *values: str) -> bool:
        token = self.now
        if token is None or token.type != kind:
            return False
        return not values or token.value in values

    def blanks(self) -> bool:
        start = self._at
        while self.is_at("whitespace"):
            self._at += 1
        return self._at > start

    def peek(self, ahead: int = 1) -> Token | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None


def _text(token: Token) -> str:
    return str(token.serialize())


def _complex_list(tokens: _Tokens, depth: int, relative: bool = False) -> None:
    """`a > b, c`; with `relative` each may begin with a combinator, as in :has(> a)."""
    if depth > DEEPEST:
        raise _Mistake("it is nested too deeply", tokens.now)
    while True:
        tokens.blanks()
        if relative and tokens.is_at("literal", *COMBINATORS):
            tokens.next()
            tokens.blanks()
        _complex(tokens, depth)
        if tokens.now is None:
            return
        tokens.next()  # the comma


def _complex(tokens: _Tokens, depth: int) -> None:
    _compound(tokens, depth)
    while True:
        spaced = tokens.blanks()
        if tokens.now is None or tokens.is_at("literal", ","):
            return
        if tokens.is_at("literal", *COMBINATORS):
            tokens.next()
            tokens.blanks()
        elif not spaced:
            raise _Mistake(f"“{_text(tokens.now)}” is not expected here", tokens.now)
        _compound(tokens, depth)


def _compound(tokens: _Tokens, depth: int) -> None:
    """`div.a#b[c]:d`: at least one part, the type first."""
    found = _type(tokens)
    while _simple(tokens, depth):
        found = True
    if not found:
        token = tokens.now
        seen = "" if token is None else f", but “{_text(token)}” was found"
        raise _Mistake(f"a selector like div, .class, #id or [name] is expected{seen}", token)


def _type(tokens: _Tokens) -> bool:
    """An element name or *, perhaps behind `*|` or `|`; other namespaces cannot be declared."""
    start = tokens.now
    found = tokens.is_at("ident") or tokens.is_at("literal", "*")
    if found:
        tokens.next()
    if not tokens.is_at("literal", "|"):
        return found
    if found and start is not None and start.type == "ident":
        raise _Mistake(f"the namespace “{start.value}” is not known here", start)
    tokens.next()
    if not (tokens.is_at("ident") or tokens.is_at("literal", "*")):
        raise _Mistake("an element name is expected after “|”", tokens.now)
    tokens.next()
    return True


def _simple(tokens: _Tokens, depth: int) -> bool:
    token = tokens.now
    if token is None:
        return False
    if token.type == "hash":
        if not token.is_identifier:
            raise _Mistake(
                f"“{_text(token)}” is no id: one that begins with a digit is written "
                f"[id='{token.value}']",
                token,
            )
        tokens.next()
        return True
    if token.type == "[] block":
        tokens.next()
        _attribute(token)
        return True
    if tokens.is_at("literal", "&"):  # of nested rules; elsewhere it means the root
        tokens.next()
        return True
    if tokens.is_at("literal", "."):
        tokens.next()
        if not tokens.is_at("ident"):
            raise _Mistake("a class name is expected after “.”", tokens.now)
        tokens.next()
        return True
    if tokens.is_at("literal", ":"):
        tokens.next()
        _pseudo(tokens, depth)
        return True
    if token.type == "error":
        raise _Mistake(str(token.message), token)
    return False


def _attribute(block: Token) -> None:
    tokens = _Tokens(block.content)
    _attribute_name(tokens, block)
    tokens.blanks()
    if tokens.now is None:
        return
    if not tokens.is_at("literal", *OPERATORS):
        raise _Mistake(
            f"“{_text(tokens.now)}” is not one of {' '.join(OPERATORS)} or ]", tokens.now
        )
    tokens.next()
    tokens.blanks()
    if not (tokens.is_at("ident") or tokens.is_at("string")):
        raise _Mistake(
            "a value is expected after the operator, in quotation marks unless it is one word",
            tokens.now or block,
        )
    tokens.next()
    tokens.blanks()
    if tokens.is_at("ident") and str(getattr(tokens.now, "lower_value", "")) in ("i", "s"):
        tokens.next()
        tokens.blanks()
    if tokens.now is not None:
        raise _Mistake(f"“{_text(tokens.now)}” is not expected here", tokens.now)


def _attribute_name(tokens: _Tokens, block: Token) -> None:
    tokens.blanks()
    if tokens.is_at("literal", "*") or tokens.is_at("literal", "|"):
        if tokens.is_at("literal", "*"):
            tokens.next()
        if not tokens.is_at("literal", "|"):
            raise _Mistake("“|” is expected", tokens.now or block)
        tokens.next()
    if not tokens.is_at("ident"):
        raise _Mistake("the name of an attribute is expected between [ and ]", tokens.now or block)
    name = tokens.next()
    if tokens.is_at("literal", "|") and getattr(tokens.peek(), "type", "") == "ident":
        raise _Mistake(f"the namespace “{getattr(name, 'value', '')}” is not known here", name)


def _pseudo(tokens: _Tokens, depth: int) -> None:
    token = tokens.now
    if tokens.is_at("literal", ":"):
        raise _Mistake("“::” names a part that is no element, so it matches nothing", token)
    if tokens.is_at("ident"):
        assert token is not None
        _plain_pseudo(token)
        tokens.next()
    elif token is not None and token.type == "function":
        tokens.next()
        _function(token, depth)
    else:
        raise _Mistake("a name like “checked” is expected after “:”", token)


def _plain_pseudo(token: Token) -> None:
    name = str(token.lower_value)
    if name in PARTS:
        raise _Mistake(f"“:{name}” names a part that is no element, so it matches nothing", token)
    if name in JQUERY:
        raise _Mistake(f"“:{name}” is jQuery's, not CSS: {JQUERY[name]}", token)
    if name in NTH or name in FORGIVING or name in {"not", "has", "lang"}:
        raise _Mistake(f"“:{name}” needs brackets behind it, as in :{name}(…)", token)


def _function(token: Token, depth: int) -> None:
    name = str(token.lower_name)
    inside = _Tokens(token.arguments)
    if name in JQUERY:
        raise _Mistake(f"“:{name}()” is jQuery's, not CSS: {JQUERY[name]}", token)
    if name in NTH:
        _nth(token, depth)
    elif name == "not" or name == "has":
        inside.blanks()
        if inside.now is None:
            raise _Mistake(f"“:{name}()” needs a selector between its brackets", token)
        try:
            _complex_list(inside, depth + 1, relative=name == "has")
        except _Mistake as mistake:
            raise _Mistake(str(mistake), mistake.token or token) from None


def _nth(token: Token, depth: int) -> None:
    """`2n+1`, `odd`, and for children also `2 of .class`."""
    formula = list(token.arguments)
    of = [i for i, part in enumerate(formula) if part.type == "ident" and part.lower_value == "of"]
    selector: list[Token] = []
    if of and token.lower_name in ("nth-child", "nth-last-child"):
        formula, selector = formula[: of[0]], formula[of[0] + 1 :]
        _complex_list(_Tokens(selector), depth + 1)
    if parse_nth(formula) is None:
        raise _Mistake(f"“:{token.lower_name}()” needs a number or a formula like 2n+1", token)

"""Variables in the text of a script: each is an argument of it, also where one stands in quotes."""

import re

from webapp.browser.variables import HOLE

# What may hold quotes that begin nothing, and what they begin.
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<template>`(?:[^`\\]|\\.)*`)""",
    re.DOTALL,
)
# A script that begins so is a list of statements, which says itself what it returns.
STATEMENT = re.compile(
    r"(?:\s|//[^\n]*\n|/\*.*?\*/)*(?:return|const|let|var|if|for|while|do|try|switch|throw)\b",
    re.DOTALL,
)
# A script that is done when it calls `done(…)`, or the last of its arguments as drivers want it.
CALLS_BACK = re.compile(
    r"(?<![.\w$])done\s*\(|[(,]\s*done\s*[),]|=>\s*done\b|arguments\s*\[\s*arguments\s*\.\s*length"
)


def unquoted(script: str) -> str:
    """`"Hi {{ name }}"` becomes `("Hi " + String({{ name }}) + "")`: an argument there, too."""
    return TOKEN.sub(_opened, script)


def is_body(script: str) -> bool:
    """Whether it is statements rather than one expression."""
    return STATEMENT.match(script) is not None


def as_expression(script: str) -> str:
    """One expression without the semicolon that people write behind it."""
    return script.rstrip().rstrip(";")


def calls_back(script: str) -> bool:
    return CALLS_BACK.search(script) is not None


def _opened(found: re.Match[str]) -> str:
    whole = found[0]
    if not any(not hole[1] for hole in HOLE.finditer(whole)):
        return whole
    if found["comment"]:
        return HOLE.sub(lambda hole: hole[2], whole)
    if found["template"]:
        return HOLE.sub(_in_template, whole)
    quote = whole[0]
    return f"({HOLE.sub(lambda hole: _in_text(hole, quote), whole)})"


def _in_text(hole: re.Match[str], quote: str) -> str:
    return hole[0] if hole[1] else f"{quote} + String({hole[0]}) + {quote}"


def _in_template(hole: re.Match[str]) -> str:
    """Inside `${…}` it stands where an expression does already."""
    before = HOLE.sub("", hole.string[: hole.start()])
    if hole[1] or before.rfind("${") > before.rfind("}"):
        return hole[0]
    return f"${{{hole[0]}}}"

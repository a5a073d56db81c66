"""Compare a text with what a step expects: contains, equals, or a regular expression."""

import json
import re
import select
import subprocess
import sys
import warnings
from types import TracebackType
from typing import Literal, Self

from webapp.browser import pattern_child
from webapp.browser.errors import StepFailed

Match = Literal["contains", "equals", "matches"]
LONGEST_PATTERN = 1000
# A text that is longer is compared up to here; messages show far less.
LONGEST_TEXT = 200_000
PATTERN_SECONDS = 2.0
VERBS = {
    ("contains", False): "to contain",
    ("contains", True): "not to contain",
    ("equals", False): "to be",
    ("equals", True): "not to be",
    ("matches", False): "to match",
    ("matches", True): "not to match",
}


def fold(text: str) -> str:
    """Blanks folded: pages break lines where they like."""
    return " ".join(text.split())


def pattern_error(pattern: str) -> str:
    """What is wrong with a regular expression, and where; empty if it can be used."""
    if len(pattern) > LONGEST_PATTERN:
        return (
            f"The regular expression has {len(pattern):,} characters; "
            f"at most {LONGEST_PATTERN:,} go."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about how a later Python may read it
            re.compile(pattern)
    except re.error as error:
        where = "" if error.pos is None else f" at position {error.pos + 1}"
        return f"The regular expression has a mistake{where}: {error.msg}."
    except (OverflowError, RecursionError):
        return "The regular expression is too large: its repetitions or brackets go too far."
    return ""


def first_match(pattern: str, text: str) -> str | None:
    """What a regular expression finds in a text: its first group, or all of it if it has none."""
    child = _Child()
    try:
        return child.search(pattern, text[:LONGEST_TEXT])
    finally:
        child.close()


class _Child:
    """The process that searches, started with the first search."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def search(self, pattern: str, text: str) -> str | None:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-E", pattern_child.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([pattern, text]) + "\n")
        self._process.stdin.flush()
        ready = select.select([self._process.stdout], [], [], PATTERN_SECONDS)[0]
        answer = self._process.stdout.readline() if ready else ""
        if not answer.endswith("\n"):
            self.close()
            raise StepFailed(
                f"The regular expression “{pattern}” took longer than {PATTERN_SECONDS:g} s "
                f"on a text of {len(text):,} characters, so it was given up. Repetitions inside "
                "repetitions, like (a+)+, do that.",
                f"an answer within {PATTERN_SECONDS:g} s",
                "no answer",
            )
        found = json.loads(answer)
        return None if found is None else str(found)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class Matcher:
    """One expectation during one step; use it with `with`, since a pattern needs a process."""

    def __init__(self, match: str, content: str, negate: bool = False) -> None:
        self.match = match
        self.content = content if match == "matches" else fold(content)
        self.negate = negate
        self._child = _Child()
        self._last: tuple[str, bool] | None = None

    @property
    def words(self) -> str:
        """As in “Expected the title … ”: “to contain “Welcome””."""
        return f"{VERBS[self.match, self.negate]} “{self.content}”"

    def holds(self, text: str) -> bool:
        """Whether a text, whose blanks are folded first, is as expected."""
        text = fold(text[:LONGEST_TEXT])
        if self._last is None or self._last[0] != text:
            self._last = text, self._compare(text)
        return self._last[1] is not self.negate

    def _compare(self, text: str) -> bool:
        if self.match == "contains":
            return self.content in text
        if self.match == "equals":
            return self.content == text
        return self._search(text)

    def _search(self, text: str) -> bool:
        return self._child.search(self.content, text) is not None

    def close(self) -> None:
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

"""The registry of checks: a check is one function, and the command derives from it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from webapp.config import Config


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """What a check found; `remedy` is a command, or the words to say which one."""

    state: State
    sentence: str
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    name: str
    proves: str
    run: Callable[[Config], Finding]


CHECKS: dict[str, Check] = {}


def check(name: str, proves: str) -> Callable[[Callable[[Config], Finding]], None]:
    """Register a check under its name, in the order in which the modules are read."""

    def register(function: Callable[[Config], Finding]) -> None:
        CHECKS[name] = Check(name, proves, function)

    return register


def ok(sentence: str) -> Finding:
    return Finding(State.OK, sentence)


def warning(sentence: str, remedy: str) -> Finding:
    return Finding(State.WARNING, sentence, remedy)


def problem(sentence: str, remedy: str) -> Finding:
    return Finding(State.PROBLEM, sentence, remedy)


def examine(config: Config, names: Iterable[str] = ()) -> Iterator[tuple[Check, Finding]]:
    """Run the named checks, or all; a check that breaks is a problem, never a green tick."""
    wanted = list(names) or list(CHECKS)
    for name in wanted:
        each = CHECKS[name]
        try:
            yield each, each.run(config)
        except Exception as error:  # whatever is wrong with a machine, the other checks go on
            words = " ".join(str(error).split()) or type(error).__name__
            yield each, problem(f"could not be judged: {words}", "see the sentence before")

"""What no single step can tell of itself: whether the steps of a flow fit together, and to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from flask import current_app

from webapp.browser.actions.registry import ACTIONS, SCRIPTS_FORBIDDEN
from webapp.browser.locators import HOLE
from webapp.browser.programs import KINDS
from webapp.config import Config
from webapp.egress import EgressRefused, check_url
from webapp.flows.bodies import StepValues
from webapp.flows.models import Flow
from webapp.flows.ordering import nesting_mistakes


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a step, in the field that `browser.errors.StepInvalid` would name."""

    uid: str
    number: int
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"Step {self.number}: {self.sentence}"


class StepsRefused(Exception):
    """Steps that cannot be saved together; the text names each that is wrong."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(" ".join(str(mistake) for mistake in mistakes))
        self.mistakes = list(mistakes)


def check_steps(flow: Flow, steps: Sequence[StepValues], before: Sequence[StepValues] = ()) -> None:
    """Raise StepsRefused unless these steps, in the order of their numbers, can be the flow's.

    Steps that are in `before` as they are now were judged when they were saved: what the rules for
    addresses have become since must not keep anybody from changing another step.
    """
    uids = {step["number"]: step["uid"] for step in steps}
    mistakes = [
        Mistake(uids[number], number, field, sentence)
        for number, field, sentence in nesting_mistakes(steps)
    ]
    known = {step["uid"]: step for step in before}
    for step in steps:
        if not _is_same(step, known.get(step["uid"])):
            mistakes += _address_mistakes(flow, step)
            mistakes += _timeout_mistakes(flow, step)
            mistakes += _script_mistakes(step)
            mistakes += _browser_mistakes(flow, step)
    if mistakes:
        raise StepsRefused(mistakes)


def check_address(url: str) -> None:
    """Raise EgressRefused unless a browser of ours may open this absolute address."""
    config: Config = current_app.config["LAMPLIGHTER"]
    # The demo shop is ours, so it is allowed where private networks are not.
    own_shop = url.startswith(config.demo_url + "/")
    check_url(url, config.allow_private_networks or own_shop, config.own_addresses)


def _is_same(step: StepValues, before: StepValues | None) -> bool:
    names = ("action", "content", "sealed", "timeout_seconds", "options", "enabled")
    return before is not None and all(step.get(name) == before.get(name) for name in names)


def _address_mistakes(flow: Flow, step: StepValues) -> Iterator[Mistake]:
    content = step["content"]
    if not ACTIONS[step["action"]].visits or not content or HOLE in content:
        return
    try:
        check_address(urljoin(flow.url, content.strip()))
    except EgressRefused as error:
        yield Mistake(step["uid"], step["number"], "content", str(error))


def _script_mistakes(step: StepValues) -> Iterator[Mistake]:
    """A step that is switched off may hold a script: imports keep what they may not play."""
    config: Config = current_app.config["LAMPLIGHTER"]
    is_played = step.get("enabled", True) and not config.allow_scripts
    if is_played and ACTIONS[step["action"]].runs_script(step.get("options") or {}):
        sentence = f"{SCRIPTS_FORBIDDEN} Switch the step off, or write it without a script."
        yield Mistake(step["uid"], step["number"], "content", sentence)


def _browser_mistakes(flow: Flow, step: StepValues) -> Iterator[Mistake]:
    """What no browser of this kind can do is refused now, and not by every run."""
    action = ACTIONS[step["action"]]
    if not step.get("enabled", True) or not action.only_in or flow.browser in action.only_in:
        return
    can = " or ".join(KINDS[kind].label for kind in action.only_in)
    sentence = (
        f"“{action.label}” is not available in {KINDS[flow.browser].label}, in which this flow is "
        f"played; it needs {can}. Switch the step off, or choose another browser for the flow."
    )
    yield Mistake(step["uid"], step["number"], "action", sentence)


def _timeout_mistakes(flow: Flow, step: StepValues) -> Iterator[Mistake]:
    seconds = step["timeout_seconds"]
    if seconds is not None and seconds > flow.run_timeout_seconds:
        sentence = (
            f"It may take {seconds:g} s, but a whole run of this flow is stopped after "
            f"{flow.run_timeout_seconds:g} s. Choose less, or change the flow's settings first."
        )
        yield Mistake(step["uid"], step["number"], "timeout_seconds", sentence)

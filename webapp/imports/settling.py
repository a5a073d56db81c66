"""Make sure that what was read can be saved: steps that cannot are kept, switched off, with why."""

from collections.abc import Sequence

from webapp.browser.actions.registry import SCRIPTS_FORBIDDEN
from webapp.browser.errors import StepInvalid
from webapp.browser.steps import Step, parse_step
from webapp.browser.tree import nesting_errors
from webapp.flows.editing import MOST_STEPS
from webapp.flows.settings import SettingsInvalid, parse_settings
from webapp.imports.draft import Draft, Item, Recording, StepValues, Unreadable, short


def settle(recording: Recording, allow_scripts: bool = True) -> Recording:
    """The recording, every step of it such that a flow can hold it; raises Unreadable.

    Where scripts are not allowed, their steps stay as they are, but switched off.
    """
    for draft in recording.drafts:
        if len(draft.steps) > MOST_STEPS:
            raise Unreadable(
                f"“{draft.name}” has {len(draft.steps):,} steps; a flow can have {MOST_STEPS}. "
                "Split it in the tool that it comes from."
            )
        _settle_settings(draft)
        steps = [_settled(draft, place) for place in range(len(draft.steps))]
        _check_nesting(draft, steps)
        if not allow_scripts:
            _forbid_scripts(draft)
    return recording


def _settle_settings(draft: Draft) -> None:
    """Settings that a flow cannot have are told, and given their default."""
    for name in ("url", "browser", "cron", "time_zone"):
        value = getattr(draft, name)
        if not value:
            continue
        try:
            kept = parse_settings({name: value}, partial=True)[name]
        except SettingsInvalid as error:
            draft.notes.append(f"{name}: {error.errors[name]}")
            kept = getattr(Draft(""), name)
        setattr(draft, name, kept)
    for name in ("step_timeout_seconds", "run_timeout_seconds"):
        try:
            parse_settings({name: getattr(draft, name)}, partial=True)
        except SettingsInvalid as error:
            draft.notes.append(f"{name}: {error.errors[name]}")
            setattr(draft, name, getattr(Draft(""), name))


def _settled(draft: Draft, place: int) -> Step:
    values = draft.steps[place]
    try:
        return parse_step(values, content_known=bool(values.get("secret")))
    except StepInvalid as error:
        why = " ".join(sentence for _, sentence in error.errors)
    off = _switched_off(values, why)
    draft.steps[place] = off
    _tell(draft, str(values["uid"]), why)
    return parse_step(off)


def _switched_off(values: StepValues, why: str) -> StepValues:
    """A block keeps its place, since it holds other steps; everything else becomes a note."""
    from webapp.browser.actions.registry import ACTIONS, Block

    action = ACTIONS.get(str(values["action"]))
    kept = {name: values[name] for name in ("uid", "number", "parent") if values.get(name)}
    kept |= {"enabled": False, "name": short(f"Could not be imported: {values['action']}", 200)}
    if action is not None and issubclass(action, Block):
        return {**kept, "action": "group"}
    return {**kept, "action": "note", "content": short(f"{values}", 2000) or why}


def _forbid_scripts(draft: Draft) -> None:
    forbidden = set(draft.scripts)
    for place, values in enumerate(draft.steps):
        if values["uid"] in forbidden and values.get("enabled", True):
            draft.steps[place] = {**values, "enabled": False}
            _tell(draft, str(values["uid"]), SCRIPTS_FORBIDDEN)


def _tell(draft: Draft, uid: str, why: str) -> None:
    for number, item in enumerate(draft.items):
        if uid in item.uids:
            draft.items[number] = Item(item.place, item.original, "off", why, item.uids)
            return
    draft.notes.append(why)


def _check_nesting(draft: Draft, steps: Sequence[Step]) -> None:
    wrong = nesting_errors(steps)
    if wrong:
        number, _, sentence = wrong[0]
        item = next((one for one in draft.items if steps[number - 1].uid in one.uids), None)
        where = f"{item.place} (“{draft.name}”)" if item else f"“{draft.name}”, step {number}"
        raise Unreadable(f"{where}: {sentence}")

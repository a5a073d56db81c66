"""Keep the secrets of a recording secret: where they are typed, and wherever else they stand."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from webapp.browser.actions.registry import ACTIONS
from webapp.browser.secrets import MASK, SHORTEST
from webapp.browser.steps import new_uid
from webapp.flows.suspicion import secret_values
from webapp.imports.draft import Draft, StepValues

TEXTS = ("content", "options", "locators")


def concealed(draft: Draft, chosen: Collection[str], values: Sequence[str]) -> list[StepValues]:
    """The steps with the chosen ones kept secret; `values` are the secrets of the whole file.

    A secret that one step types is sealed in it. One that stands anywhere else as well becomes a
    variable: a first step keeps it sealed, and the others read it.
    """
    steps = [dict(step) for step in draft.steps]
    first: list[StepValues] = []
    for value in sorted(set(values), key=len, reverse=True):
        holders = [step for step in steps if value in _texts(step)]
        alone = holders[0] if len(holders) == 1 else None
        if alone is not None and _is_sealed(alone, value, chosen):
            alone["secret"] = True
            continue
        if holders and len(value) >= SHORTEST:
            name = f"secret_{len(first) + 1}"
            first.append(_keeping(name, value))
            steps = [_reading(step, value, name) for step in steps]
    for step in steps:
        step["name"] = _without(step.get("name") or "", values)
    return [*first, *steps]


def chosen_values(draft: Draft, chosen: Collection[str]) -> list[str]:
    return [
        value for step in draft.steps if step["uid"] in chosen for value, _ in secret_values(step)
    ]


def _texts(step: StepValues) -> str:
    return "\n".join(_strings({name: step.get(name) for name in TEXTS}))


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _strings(one)]


def _is_sealed(step: StepValues, value: str, chosen: Collection[str]) -> bool:
    may = ACTIONS[step["action"]].can_be_secret
    return step["uid"] in chosen and may and step.get("content") == value


def _keeping(name: str, value: str) -> StepValues:
    plain = value.replace("{{", r"\{{")
    options = {"variable": name, "type": "text"}
    step = {"uid": new_uid(), "action": "set_variable", "content": plain, "options": options}
    return {**step, "secret": True, "name": "A secret of the recording"}


def _reading(step: StepValues, value: str, name: str) -> StepValues:
    def filled(held: Any) -> Any:
        if isinstance(held, str):
            return held.replace(value, f"{{{{ {name} }}}}")
        if isinstance(held, list):
            return [filled(one) for one in held]
        if isinstance(held, dict):
            return {key: filled(one) for key, one in held.items()}
        return held

    return {**step, **{text: filled(step[text]) for text in TEXTS if step.get(text)}}


def _without(text: str, values: Sequence[str]) -> str:
    for value in values:
        if len(value) >= SHORTEST:
            text = re.sub(re.escape(value), MASK, text)
    return text

"""Look for the elements of a step in a real browser's page, in one round trip."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from webapp.browser.asking import Asking
from webapp.browser.locators import Locator, parts_of, role_of
from webapp.browser.matching import LONGEST_TEXT
from webapp.browser.page import Facts, Look, Property, Sight, Want


class Looking(Asking):
    """A page that can be looked at."""

    def look(self, locators: Sequence[Locator], want: Want) -> Look:
        asked = [as_asked(locator.by, locator.value) for locator in locators]
        name = "look_by_name" if any(_asks_for_names(one) for one in asked) else "look"
        seen = self._facts(name, asked, {**asdict(want), "longest": LONGEST_TEXT})
        sights = tuple(_sight(facts) for facts in seen["sights"])
        winner = seen["winner"]
        return Look(
            counts=tuple(seen["counts"]),
            visible_counts=tuple(seen["visible"]),
            sights=sights,
            winner=None if winner is None else sights[winner],
            problems=tuple(seen["problems"]),
            ready=seen["ready"],
            origin=float(seen["origin"]),
        )


def as_asked(by: str, value: str) -> dict[str, Any]:
    """A locator as the script wants it: what its value says is read here, once."""
    parsed: Any = None
    if by == "role":
        role, name = role_of(value) or ("", None)
        parsed = {"role": role, "name": name}
    elif by == "chain":
        parsed = [as_asked(*part) for part in parts_of(value)]
    return {"by": by, "value": value, "parsed": parsed}


def _asks_for_names(asked: dict[str, Any]) -> bool:
    if asked["by"] == "chain":
        return any(_asks_for_names(part) for part in asked["parsed"])
    return asked["by"] in ("role", "label")


def _sight(facts: dict[str, Any]) -> Sight:
    point = facts.get("point") or (0, 0)
    return Sight(
        candidate=facts["candidate"],
        place=facts["place"],
        words=facts["words"],
        tag=facts["tag"],
        type=facts["type"],
        unmet=facts["unmet"],
        why=facts["why"],
        visible=facts["visible"],
        enabled=facts["enabled"],
        hit_label=bool(facts.get("hit_label")),
        point=(float(point[0]), float(point[1])),
        text=facts.get("text") or "",
        value=facts.get("value"),
        attribute=facts.get("attribute"),
        checked=facts.get("checked"),
        facts=_facts_of(facts["facts"]) if facts.get("facts") else Facts(),
        element=facts["element"],
    )


def _facts_of(said: dict[str, Any]) -> Facts:
    chosen, wanted = said.get("chosen"), said.get("property") or {}
    value = json.loads(wanted["json"]) if "json" in wanted else wanted.get("scalar")
    return Facts(
        disabled=said["disabled"],
        fixed=said["fixed"],
        focused=bool(said["focused"]),
        focus=said["focus"],
        chosen=None if chosen is None else tuple((str(a), str(b)) for a, b in chosen),
        is_selected=said.get("is_selected"),
        css=said.get("css"),
        property=Property(value, bool(wanted.get("missing")), wanted.get("other") or ""),
    )

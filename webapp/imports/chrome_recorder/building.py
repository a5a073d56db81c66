"""Put together the steps of one recording, and write down what each recorded step became."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from webapp.browser.steps import Step, new_uid
from webapp.imports.chrome_recorder.selectors import locators_of
from webapp.imports.draft import Draft, Fate, Item, StepValues, candidates, short
from webapp.imports.reading import At

# Under this name our exporter keeps our own step beside what the Recorder understands.
OURS = "lamplighter"


class Kept(Exception):
    """A step that cannot be played yet, and is kept switched off; the message says why."""


@dataclass
class Building:
    """A recording on its way to a draft."""

    draft: Draft
    target: str = "main"
    frame: tuple[int, ...] = ()
    made: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    timeout_seconds: float | None = None

    def begin(self, step: At) -> None:
        self.made, self.why, self.remarks = [], [], []
        milliseconds = step["timeout"].number(None)
        self.timeout_seconds = None
        if milliseconds is not None:
            if not 1 <= milliseconds <= 300_000:
                raise step["timeout"].wrong("a number of milliseconds from 1 to 30000")
            self.timeout_seconds = max(milliseconds / 1000, 0.1)

    def step(self, action: str, **values: Any) -> StepValues:
        if self.timeout_seconds is not None:
            values["timeout_seconds"] = self.timeout_seconds
        step = self.draft.add(action, **values)
        self.made.append(step["uid"])
        return step

    def on_element(self, step: At, action: str, heals: bool = False, **values: Any) -> StepValues:
        found, refused = locators_of(step["selectors"])
        if not found:
            raise Kept(f"None of its selectors can be used: {refused[0]}")
        if refused:
            self.approximate(f"Left out: {'; '.join(refused)}")
        if heals and len(found) > 1:
            values["heals"] = True
        return self.step(action, locators=candidates(found), **values)

    def our_own(self, parameters: dict[str, Any]) -> None:
        """A step that Lamplighter exported: as it was. What is no field of a step is left out."""
        values = {name: parameters[name] for name in Step.model_fields if name in parameters}
        values.pop("number", None)
        uid = values.pop("uid", None)
        action = values.pop("action", None)
        step = self.draft.add(str(action), **values)
        step["uid"] = uid if isinstance(uid, str) else new_uid()
        self.made.append(step["uid"])

    def go_to(self, step: At) -> None:
        """Be in the tab and the frame of the step, by steps of our own where it has changed."""
        target = step["target"].text("main") or "main"
        frame = tuple(round(one.number() or 0) for one in _frame(step))
        if target != self.target:
            if target == "main":
                self.step("switch_tab", options={"by": "first"})
            else:
                options = {"by": "url", "match": "equals"}
                self.step("switch_tab", content=self.plain(target), options=options)
            self.target, self.frame = target, ()
        if frame != self.frame:
            if self.frame:
                self.step("switch_frame", options={"to": "top"})
            if frame:
                path = "/".join(str(one) for one in frame)
                self.step("switch_frame", content=path, options={"to": "index"})
            self.frame = frame

    def approximate(self, why: str) -> None:
        self.why.append(why)

    def remark_offset(self, step: At) -> None:
        """Recorded places break with every change of layout; visitors aim at the middle."""
        x, y = step["offsetX"].number(None), step["offsetY"].number(None)
        if x is not None and y is not None:
            self.remarks.append(f"Played in the middle; recorded at {x:g}, {y:g}.")

    def done(self, step: At) -> None:
        fate: Fate = "approximated" if self.why else "exact"
        self._item(step, fate, " ".join([*self.why, *self.remarks]))

    def switch_off(self, step: At, why: str) -> None:
        original = said(step)
        name = short(f"Chrome Recorder: {step['type'].value or 'step'}", 200)
        made = self.draft.add("note", name=name, content=original[:10_000], enabled=False)
        self.made.append(made["uid"])
        self._item(step, "off", why)

    def _item(self, step: At, fate: Fate, why: str) -> None:
        self.draft.items.append(Item(step.place, short(said(step)), fate, why, tuple(self.made)))

    def plain(self, text: str) -> str:
        """A text of the recording: two braces in it are no variable of ours."""
        return text.replace("{{", r"\{{")

    def relative(self, url: str) -> str:
        """An address of the flow's own site without its host, so that the flow can move."""
        base, parts = urlsplit(self.draft.url), urlsplit(url)
        if base.netloc and (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
            return self.plain(parts._replace(scheme="", netloc="").geturl() or "/")
        return self.plain(url)


def _frame(step: At) -> list[At]:
    if step["frame"].value is None:
        return []
    path = step["frame"].list()
    for one in path:
        if isinstance(one.value, bool) or not isinstance(one.value, int):
            raise one.wrong("a whole number, the index of a frame")
    return path


def said(step: At) -> str:
    """A recorded step in one line: its type, and what it is about."""
    value = step.value if isinstance(step.value, dict) else {}
    selectors = value.get("selectors")
    first = selectors[0] if isinstance(selectors, list) and selectors else ""
    first = " ".join(map(str, first)) if isinstance(first, list) else str(first)
    about = {k: v for k, v in value.items() if k not in ("type", "selectors", "assertedEvents")}
    words = json.dumps(about, ensure_ascii=False) if about else ""
    return " ".join(part for part in (str(value.get("type", "step")), first, words) if part)

"""What can be said of a click, a drag or a scroll: the options of what a mouse can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field as Option
from pydantic import field_validator, model_validator
from pydantic.config import JsonDict

from webapp.browser.actions.fields import Options
from webapp.browser.actions.keys import modifiers
from webapp.browser.locators import HOLE, Locator, parts_of, syntax_error

if TYPE_CHECKING:
    from webapp.browser.steps import Step

FARTHEST = 100_000
MOST_CLICKS = 20
LONGEST_HOLD_MS = 60_000
PIXELS: JsonDict = {"right": f"a number of pixels from {-FARTHEST:,} to {FARTHEST:,}"}


class PlaceOptions(Options):
    offset_x: float | None = Option(
        None,
        title="Pixels from its left edge",
        description="Together with those from its top. Without them it is the middle.",
        ge=-FARTHEST,
        le=FARTHEST,
        allow_inf_nan=False,
        json_schema_extra=PIXELS,
    )
    offset_y: float | None = Option(
        None,
        title="Pixels from its top edge",
        ge=-FARTHEST,
        le=FARTHEST,
        allow_inf_nan=False,
        json_schema_extra=PIXELS,
    )

    @model_validator(mode="after")
    def both_or_none(self) -> Self:
        if (self.offset_x is None) is not (self.offset_y is None):
            raise ValueError("Give both numbers of pixels or neither: a place has two.")
        return self


class ClickOptions(PlaceOptions):
    button: Literal["left", "middle", "right"] = Option("left", title="Button")
    modifiers: str = Option(
        "",
        title="Keys held meanwhile",
        description="Like Control or Control+Shift.",
        max_length=100,
        json_schema_extra={"placeholder": "Control+Shift"},
    )
    clicks: int = Option(
        1,
        title="Number of clicks",
        ge=1,
        le=MOST_CLICKS,
        json_schema_extra={"right": f"a whole number from 1 to {MOST_CLICKS}"},
    )
    hold_ms: int = Option(
        0,
        title="Milliseconds to hold",
        description="How long the button stays down.",
        ge=0,
        le=LONGEST_HOLD_MS,
        json_schema_extra={"right": f"a whole number from 0 to {LONGEST_HOLD_MS:,}"},
    )

    @field_validator("modifiers")
    @classmethod
    def known(cls, text: str) -> str:
        if HOLE not in text:
            modifiers(text)
        return text


class DragOptions(Options):
    target: str = Option(
        "",
        title="Onto",
        description="A locator in each line, like css=#basket or xpath=//div[2]; the first that "
        "finds something is taken. Without one, the element is dragged by the pixels below.",
        max_length=4000,
        json_schema_extra={"kind": "textarea", "placeholder": "css=#basket"},
    )
    offset_x: float | None = Option(
        None,
        title="Pixels to the right",
        ge=-FARTHEST,
        le=FARTHEST,
        allow_inf_nan=False,
        json_schema_extra=PIXELS,
    )
    offset_y: float | None = Option(
        None,
        title="Pixels down",
        ge=-FARTHEST,
        le=FARTHEST,
        allow_inf_nan=False,
        json_schema_extra=PIXELS,
    )

    @model_validator(mode="after")
    def somewhere(self) -> Self:
        is_by = self.offset_x is not None or self.offset_y is not None
        if self.target and is_by:
            raise ValueError("Drag it onto an element or by pixels, not both.")
        if not self.target and not is_by:
            raise ValueError("Say where to drag it: onto an element, or by how many pixels.")
        for locator in targets(self.target):
            if sentence := syntax_error(locator.by, locator.value):
                raise ValueError(f"“{str(locator)[:60]}”: {sentence}")
        return self


class ScrollOptions(Options):
    x: float = Option(
        0.0,
        title="Pixels to the right",
        ge=-FARTHEST,
        le=FARTHEST,
        allow_inf_nan=False,
        json_schema_extra=PIXELS,
    )
    y: float = Option(
        0.0,
        title="Pixels down",
        ge=-FARTHEST * 10,
        le=FARTHEST * 10,
        allow_inf_nan=False,
        json_schema_extra={"right": f"a number of pixels up to {FARTHEST * 10:,}"},
    )
    by: bool = Option(
        False, title="From where it is now", description="Otherwise counted from the beginning."
    )


def place(step: Step) -> tuple[float, float] | None:
    """Where in the element the pointer goes; None is its middle."""
    x, y = step.options.get("offset_x"), step.options.get("offset_y")
    return None if x is None or y is None else (float(x), float(y))


def targets(text: str) -> tuple[Locator, ...]:
    """The candidates that are written one a line, each like a link of a chain."""
    found = [_target(line.strip()) for line in text.splitlines() if line.strip()]
    return tuple(Locator.model_validate({"by": by, "value": value}) for by, value in found)


def _target(line: str) -> tuple[str, str]:
    if ">>>" in line:
        return "chain", line
    return ("xpath", line) if line.startswith(("/", "(")) else parts_of(line)[0]

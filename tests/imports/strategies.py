"""Steps of every action, as hypothesis draws them."""

from typing import Any

from hypothesis import strategies as st

from webapp.browser.actions.registry import ACTIONS, Action, Block
from webapp.browser.errors import StepInvalid
from webapp.browser.steps import new_uid, parse_step

TEXTS = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn"), exclude_characters="\u2028\u2029\x85{}\\"
    ),
    min_size=1,
    max_size=30,
).map(lambda text: text.strip() or "x")
LOCATORS = st.one_of(
    st.sampled_from(
        [
            {"by": "css", "value": "#buy > button.big"},
            {"by": "xpath", "value": "//a[@href='/x']"},
            {"by": "role", "value": 'button[name="Log in"]'},
            {"by": "chain", "value": 'css=#app >>> role=button[name="Buy"]'},
            {"by": "pierce", "value": "my-app button"},
        ]
    ),
    st.builds(
        lambda by, value: {"by": by, "value": value},
        st.sampled_from(["id", "name", "test_id", "label", "text", "placeholder", "link_text"]),
        TEXTS,
    ),
)
# What an action takes, where not any text will do; the first that fits is used.
OPTIONS: tuple[dict[str, Any], ...] = (
    {"variable": "total"},
    {"flow": 3},
    {"attribute": "href"},
    {"property": "color"},
    {"name": "sid"},
    {"key": "cart"},
    {"target": "css=#basket"},
    {"host": "imap.example.org", "user": "robot", "password": "{{ mailbox }}"},
    {},
)
CONTENTS = (
    "https://api.example/orders",
    "5",
    "Enter",
    "1200x800",
    "total",
    "note.txt",
    "/login",
    "//h1",
    "0.5",
    "1 === 1",
)


def _options(draw: st.DrawFn, action: type[Action]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in action.options:
        if field.kind == "select":
            found[field.name] = draw(st.sampled_from(field.choices))
        elif field.kind == "checkbox":
            found[field.name] = draw(st.booleans())
        elif field.name == "variable":
            found[field.name] = draw(st.sampled_from(["total", "x", "order-id"]))
    return found


@st.composite
def steps_of(draw: st.DrawFn, action: type[Action], number: int) -> dict[str, Any]:
    """A step that can be saved, with as much of the action's options as it takes."""
    values: dict[str, Any] = {"uid": new_uid(), "number": number, "action": action.name}
    if action.locators != "none":
        values["locators"] = draw(st.lists(LOCATORS, min_size=1, max_size=3))
    values["name"] = draw(st.one_of(st.just(""), TEXTS))
    values["timeout_seconds"] = draw(st.one_of(st.none(), st.sampled_from([0.5, 3.0, 300.0])))
    values["on_failure"] = draw(st.sampled_from(["stop", "soft", "degraded", "optional"]))
    values["always"] = draw(st.booleans())
    values["retries"] = draw(st.integers(0, 10))
    values["enabled"] = draw(st.booleans())
    plain = draw(TEXTS)
    for options in (_options(draw, action), *OPTIONS):
        for content in (plain, None, *CONTENTS):
            try:
                step = parse_step({**values, "options": options, "content": content})
            except StepInvalid:
                continue
            return step.model_dump(mode="json")
    raise AssertionError(f"no content was found that “{action.name}” takes")


@st.composite
def flows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few steps of any action, some of them inside a group."""
    names = sorted(name for name in ACTIONS if ACTIONS[name].name not in ("else", "else_if"))
    steps: list[dict[str, Any]] = []
    parent: str | None = None
    for number in range(1, draw(st.integers(1, 6)) + 1):
        action = ACTIONS[draw(st.sampled_from(names))]
        step = draw(steps_of(action, number))
        step["parent"] = parent
        steps.append(step)
        holds = issubclass(action, Block) and action.kind != "shared"
        if holds and draw(st.booleans()):
            parent = step["uid"]
        elif draw(st.booleans()):
            parent = None
    return steps

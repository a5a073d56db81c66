"""Recordings of Chrome's Recorder: every step type, every kind of selector, and stray files."""

import pytest

from tests.imports.files import item, only_draft, only_step, plain, read, recording
from webapp.imports.draft import Unreadable

LINK = [["a"]]


@pytest.mark.parametrize(
    ("selector", "locator"),
    [
        ("#buy", ("css", "#buy")),
        (["#buy"], ("css", "#buy")),
        (["aria/Log in"], ("role", '[name="Log in"]')),
        (['aria/Log  in[role="button"]'], ("role", 'button[name="Log in"]')),
        (['aria/[name="X \\"y\\""][role="link"]'], ("role", 'link[name="X \\"y\\""]')),
        (['aria/[role="img"]'], ("role", "img")),
        (["text/Buy now"], ("text", "Buy now")),
        (['xpath///*[@id="a"]/b'], ("xpath", '//*[@id="a"]/b')),
        (["pierce/#in .shadow"], ("pierce", "#in .shadow")),
        (["my-app", "aria/Go"], ("chain", 'css=my-app >>> role=[name="Go"]')),
    ],
    ids=str,
)
def test_every_kind_of_selector(selector, locator):
    step = only_step(recording({"type": "hover", "selectors": [selector]}))
    assert step["locators"] == [{"by": locator[0], "value": locator[1]}]


@pytest.mark.parametrize(
    ("recorded", "steps"),
    [
        (
            {"type": "setViewport", "width": 900, "height": 700, "deviceScaleFactor": 1,
             "isMobile": False, "hasTouch": False, "isLandscape": False},
            [{"action": "resize", "content": "900x700"}],
        ),
        (
            {"type": "navigate", "url": "https://other.example/x"},
            [{"action": "open", "content": "/x", "options": {"status": "any"}}],
        ),
        (
            {"type": "click", "selectors": LINK, "offsetX": 1, "offsetY": 2, "button": "secondary",
             "duration": 400},
            [{"action": "click", "options": {"button": "right", "hold_ms": 400}}],
        ),
        ({"type": "doubleClick", "selectors": LINK}, [{"action": "double_click", "options": {}}]),
        ({"type": "hover", "selectors": LINK, "offsetX": 9}, [{"action": "hover"}]),
        (
            {"type": "change", "selectors": LINK, "value": "Al"},
            [{"action": "change", "content": "Al"}],
        ),
        ({"type": "change", "selectors": LINK, "value": ""}, [{"action": "clear"}]),
        (
            {"type": "change", "selectors": LINK, "value": "C:\\fakepath\\cv.pdf"},
            [{"action": "upload", "content": "cv.pdf"}],
        ),
        ({"type": "keyDown", "key": "Shift"}, [{"action": "key_down", "content": "Shift"}]),
        ({"type": "keyUp", "key": "KeyA"}, [{"action": "key_up", "content": "a"}]),
        ({"type": "scroll", "y": 300}, [{"action": "scroll", "options": {"x": 0, "y": 300}}]),
        (
            {"type": "scroll", "selectors": LINK, "x": 5},
            [{"action": "scroll", "options": {"x": 5, "y": 0}}],
        ),
        ({"type": "close"}, [{"action": "close_tab"}]),
        ({"type": "waitForElement", "selectors": LINK}, [{"action": "assert_exists"}]),
        (
            {"type": "waitForElement", "selectors": LINK, "visible": False},
            [{"action": "assert_missing"}],
        ),
        (
            {"type": "waitForElement", "selectors": LINK, "operator": "==", "count": 3},
            [{"action": "assert_count", "content": "3", "options": {"operator": "=="}}],
        ),
        (
            {"type": "waitForElement", "selectors": LINK, "operator": "<=", "count": 2,
             "visible": False},
            [{"action": "assert_count", "content": "3", "options": {"operator": ">="}}],
        ),
        (
            {"type": "waitForElement", "selectors": LINK, "attributes": {"href": "/x"},
             "properties": {"hidden": False}},
            [
                {"action": "assert_exists"},
                {"action": "assert_property", "content": "false",
                 "options": {"property": "hidden", "match": "equals"}},
                {"action": "assert_attribute", "content": "/x",
                 "options": {"attribute": "href", "match": "equals"}},
            ],
        ),
        (
            {"type": "waitForExpression", "expression": "document.title == 'x'"},
            [{"action": "assert_script", "content": "document.title == 'x'"}],
        ),
        (
            {"type": "waitForExpression",
             "expression": "new Promise(resolve => setTimeout(() => resolve(true), 1500))"},
            [{"action": "wait", "content": "1.5"}],
        ),
    ],
    ids=lambda one: one["type"] if isinstance(one, dict) else "",
)  # fmt: skip
def test_every_type_of_step(recorded, steps):
    found = plain(only_draft(recording(recorded)))
    for step in found:
        step.pop("locators", None)
    assert found == steps


def test_what_cannot_be_played_is_kept_with_its_text():
    draft = only_draft(
        recording(
            {"type": "emulateNetworkConditions", "download": 1, "upload": 1, "latency": 1},
            {"type": "customStep", "name": "x", "parameters": {"a": 1}},
            {"type": "startTimespan"},
            {"type": "keyDown", "key": "MediaStop"},
            {"type": "invented", "selectors": LINK},
            {"type": "click", "selectors": [["xpath///["]]},
        )
    )
    assert {one.fate for one in draft.items} == {"off"}
    assert {step["action"] for step in draft.steps} == {"note"}
    assert all(one.why for one in draft.items)
    assert '"a": 1' in draft.steps[1]["content"]


@pytest.mark.parametrize(
    ("keys", "steps"),
    [
        (["+Enter", "-Enter"], [("press", "Enter")]),
        (["+Control", "+a", "-a", "-Control"], [("press", "Control+a")]),
        (["+ControlLeft", "+ShiftLeft", "+KeyK", "-KeyK", "-ShiftLeft", "-ControlLeft"],
         [("press", "Control+Shift+k")]),
        (["+a", "-a", "+b", "-b"], [("press", "a"), ("press", "b")]),
        (["+Shift"], [("key_down", "Shift")]),
        (["+a", "+b", "-a", "-b"],
         [("key_down", "a"), ("key_down", "b"), ("key_up", "a"), ("key_up", "b")]),
    ],
    ids=range(6),
)  # fmt: skip
def test_keys_that_belong_together_become_a_chord(keys, steps):
    recorded = [{"type": "keyDown" if key[0] == "+" else "keyUp", "key": key[1:]} for key in keys]
    draft = only_draft(recording(*recorded))
    assert [(step["action"], step["content"]) for step in draft.steps] == steps
    assert len(draft.items) == len(keys)


def test_frames_and_tabs_are_followed():
    draft = only_draft(
        recording(
            {"type": "click", "selectors": LINK, "frame": [1, 0]},
            {"type": "click", "selectors": LINK, "frame": [1, 0]},
            {"type": "click", "selectors": LINK, "frame": [2]},
            {"type": "click", "selectors": LINK, "target": "https://pop.example/"},
            {"type": "click", "selectors": LINK, "target": "main"},
        )
    )
    assert [(step["action"], step.get("content")) for step in draft.steps] == [
        ("switch_frame", "1/0"), ("click", None), ("click", None), ("switch_frame", None),
        ("switch_frame", "2"), ("click", None), ("switch_tab", "https://pop.example/"),
        ("click", None), ("switch_tab", None), ("click", None),
    ]  # fmt: skip


def test_asserted_events_are_offered_the_path_preselected():
    events = [{"type": "navigation", "url": "https://shop.example/cart?sid=9", "title": "Cart"}]
    draft = only_draft(recording({"type": "click", "selectors": LINK, "assertedEvents": events}))
    url, title = draft.suggestions
    assert (url.step["content"], url.preselected) == ("/cart", True)
    assert (title.step["content"], title.preselected) == ("Cart", False)
    assert url.after == draft.steps[0]["uid"]


def test_the_base_url_is_that_of_the_first_page():
    draft = only_draft(
        recording(
            {"type": "navigate", "url": "https://shop.example/start#x"},
            {"type": "navigate", "url": "https://shop.example/cart?a=1"},
        )
    )
    assert draft.url == "https://shop.example/start"
    assert [step["content"] for step in draft.steps] == ["/start#x", "/cart?a=1"]


def test_times_are_taken_over():
    draft = only_draft(
        recording({"type": "hover", "selectors": LINK, "timeout": 1500}, timeout=20_000)
    )
    assert (draft.step_timeout_seconds, draft.steps[0]["timeout_seconds"]) == (20.0, 1.5)


def test_offsets_are_left_out_and_said():
    draft = only_draft(
        recording({"type": "click", "selectors": LINK, "offsetX": 3, "offsetY": "4"})
    )
    assert "recorded at 3, 4" in item(draft).why
    assert "offset_x" not in draft.steps[0]["options"]


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ([5], "steps[0]: expected an object"),
        ([{}], "steps[0].type: expected a text"),
        ([{"type": "click"}], "steps[0].selectors: expected a list"),
        ([{"type": "click", "selectors": []}], "steps[0].selectors: expected a list with at least"),
        ([{"type": "click", "selectors": [5, {}]}], "steps[0].selectors[1]: expected a text"),
        (
            [{"type": "hover", "selectors": LINK, "frame": ["a"]}],
            "steps[0].frame[0]: expected a whole",
        ),
        (
            [{"type": "hover", "selectors": LINK, "timeout": 0}],
            "steps[0].timeout: expected a number",
        ),
        (
            [{"type": "click", "selectors": LINK, "offsetX": "x"}],
            "steps[0].offsetX: expected a number",
        ),
        ([{"type": "navigate"}], "steps[0].url: expected a text"),
        (
            [{"type": "hover", "selectors": LINK, "assertedEvents": [5]}],
            "assertedEvents[0]: expected",
        ),
    ],
    ids=range(10),
)
def test_what_is_malformed_is_refused_with_its_place(steps, what):
    with pytest.raises(Unreadable) as refused:
        read(recording(*steps))
    assert what in str(refused.value)


def test_stray_fields_and_missing_ones_are_forgiven():
    draft = only_draft(
        recording(
            {"type": "click", "selectors": ["a"], "stray": {"x": 1}, "target": None, "frame": None},
            title=None, selectorAttribute="data-x", version=7,
        )
    )  # fmt: skip
    assert (draft.name, plain(draft)[0]["action"]) == ("Recorded flow", "click")


def test_a_recording_of_no_steps_is_no_mistake():
    assert only_draft(recording()).steps == []


def test_braces_of_the_page_are_no_variables():
    step = only_step(recording({"type": "change", "selectors": LINK, "value": "{{ x }}"}))
    assert step["content"] == r"\{{ x }}"

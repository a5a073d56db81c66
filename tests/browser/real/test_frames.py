"""Frames: entered, played in, left, and lost."""

import io
from urllib.parse import quote

import pytest
from PIL import Image

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site import Site
from webapp.browser.steps import Step, parse_step

pytestmark = pytest.mark.browser


def page(html: str) -> str:
    return f"/echo?q={quote(html)}"


BUTTON = "<h1>{0}</h1><button style='margin:30px' onclick=\"this.textContent = 'hit'\">go</button>"
INNER = page(f"<title>Inner</title>{BUTTON.format('Inner')}")
OUTER = page(f"<h1>Outer</h1><p style=height:40px></p><iframe id=in src='{INNER}'></iframe>")
TOP = (
    "<title>Top</title><h1>Top</h1><p style=height:60px></p><iframe name=first srcdoc='<h1>First'>"
    f"</iframe><iframe id=out width=600 height=400 src='{OUTER}'></iframe>"
)


def heading(text: str, **more: object) -> Step:
    return step("assert_text", "h1", text, match="equals", **more)


def to(where: str, content: str | None = None) -> Step:
    return step("switch_frame", content=content, to=where)


def chain(value: str) -> Step:
    return parse_step(
        {"number": 1, "action": "switch_frame", "locators": [{"by": "chain", "value": value}]}
    )


def errors(seen: list) -> list:
    return [one.error for one in seen if one.error]


@pytest.mark.parametrize(
    "steps",
    [
        [step("switch_frame", "#out"), step("switch_frame", "#in"), heading("Inner")],
        [chain("css=#out >>> css=#in"), heading("Inner")],
        [chain("css=body >>> id=out >>> css=body >>> css=iframe"), heading("Inner")],
        [to("index", "1/0"), heading("Inner")],
        [to("index", "1"), to("index", "0"), heading("Inner"), to("index", ".."), heading("Outer")],
        [to("index", "1/0"), to("index", "/0"), heading("First")],
        [to("index", "1/0"), to("index", "../../0"), heading("First")],
        [to("index", "1/0"), to("parent"), heading("Outer"), to("parent"), heading("Top")],
        [to("parent"), heading("Top"), to("top"), heading("Top")],
        [to("index", "1/0"), to("top"), heading("Top")],
        [to("index", "1"), step("assert_title", None, "Top"), step("assert_url", None, "Top")],
    ],
    ids=lambda steps: " ".join(one.title for one in steps),
)
def test_every_way_through_the_frames(steps: list[Step], play_both: Play) -> None:
    seen = play_both(*steps, html=TOP)
    assert errors(seen) == []


def test_what_is_done_in_a_nested_frame_of_another_origin(play_both: Play, site: Site) -> None:
    """Clicks, pointing, typing and pictures; the frames are below the visible part of the page."""
    other = site.url.replace("127.0.0.1", "localhost")
    fields = (
        "<input id=f><i onmouseover=\"document.title = 'over'; this.textContent = 'over'\">m</i>"
    )
    inner = page(
        f"{BUTTON.format('In')}<label><input type=checkbox id=c style=opacity:0>T</label>{fields}"
    )
    outer = page(
        f"<p style=height:50px></p><iframe width=400 height=300 src='{site.url}{inner}'></iframe>"
    )
    html = (
        "<title>Top</title><p style=height:2000px></p>"
        "<iframe width=500 height=400 style='border:7px solid;padding:9px' "
        f"src='{other}{outer}'></iframe>"
    )
    seen = play_both(
        to("index", "0/0"),
        step("click", "button"),
        step("assert_text", "button", "hit"),
        step("hover", "i"),
        step("assert_text", "i", "over"),
        step("click", "button", offset_x=3, offset_y=3),
        step("check", "#c"),
        step("assert_checked", "#c"),
        step("type", "#f", "abc"),
        step("press", "#f", "End"),
        step("assert_value", "#f", "abc", match="equals"),
        html=html,
    )
    assert errors(seen) == []
    sizes = {Image.open(io.BytesIO(one.screenshot or b"")).size for one in seen}
    assert len(sizes) == 1, "the picture is of the whole tab"
    assert {one.page_title for one in seen} == {"Top"}


def test_the_pointer_hits_what_it_aims_at_in_a_frame(play_both: Play) -> None:
    seen = play_both(
        to("index", "1/0"),
        step("double_click", "button"),
        step("assert_text", "button", "hit"),
        html=TOP,
    )
    assert errors(seen) == []


def test_a_picture_of_an_element_in_a_frame(play_both: Play) -> None:
    red = "<p id=p style='margin:40px;width:50px;height:30px;background:rgb(255,0,0)'></p>"
    html = f"<p style=height:90px></p><iframe src='{page(red)}'></iframe>"
    seen = play_both(to("index", "0"), step("screenshot", "#p"), html=html)
    assert errors(seen) == []
    picture = Image.open(io.BytesIO(seen[-1].screenshot or b"")).convert("RGB")
    assert picture.size == (50, 30)
    assert picture.getcolors() == [(1500, (255, 0, 0))]


def test_a_frame_that_comes_late_is_waited_for(play_both: Play) -> None:
    html = (
        "<h1>Top</h1><script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', "
        "'<iframe srcdoc=\"<h1>Late</h1>\"></iframe>'), 600)</script>"
    )
    assert errors(play_both(step("switch_frame", "iframe"), heading("Late"), html=html)) == []
    assert errors(play_both(to("index", "0"), heading("Late"), html=html)) == []


def test_a_frame_that_went_away_says_so(play_both: Play) -> None:
    inside = (
        '<h1>In</h1><button onclick="parent.setTimeout(() => parent.f.remove(), 10)">x</button>'
    )
    html = f"<h1>Top</h1><iframe id=f src='{page(inside)}'></iframe>"
    seen = play_both(
        to("index", "0"),
        step("click", "button"),
        step("wait", content="0.3"),
        heading("In"),
        html=html,
    )
    assert seen[-1].state == "failed"
    assert "is not in the page any more" in (seen[-1].error or "")
    assert seen[-1].screenshot is not None
    told = [note for one in seen for note in one.notes]
    assert any("went away; “Switch frame” says where the run goes on" in note for note in told)
    seen = play_both(
        to("index", "0"),
        step("click", "button"),
        step("wait", content="0.3"),
        to("top"),
        heading("Top"),
        html=html,
    )
    assert errors(seen) == []


def test_a_new_page_leaves_the_frame(play_both: Play) -> None:
    inside = f"<h1>In</h1><a target=_top href='{page('<h1>Next</h1>')}'>x</a>"
    html = f"<h1>Top</h1><iframe src='{page(inside)}'></iframe>"
    seen = play_both(to("index", "0"), step("click", "a"), heading("Next"), html=html)
    assert errors(seen) == []
    told = [note for one in seen for note in one.notes]
    assert told == ["A new page came, so the run is no longer in the frame of the old one"]
    seen = play_both(
        to("index", "0"), step("open", content=page("<h1>Next</h1>")), heading("Next"), html=html
    )
    assert errors(seen) == []


def test_a_page_that_comes_in_a_frame_keeps_the_run_there(play_both: Play) -> None:
    inside = f"<h1>In</h1><a href='{page('<h1>Next</h1>')}'>x</a>"
    html = f"<h1>Top</h1><iframe src='{page(inside)}'></iframe>"
    seen = play_both(to("index", "0"), step("click", "a"), heading("Next"), html=html)
    assert errors(seen) == []


@pytest.mark.parametrize(
    ("going", "words"),
    [
        (step("switch_frame", "h1"), "<h1> is not a frame"),
        (step("switch_frame", "#none"), "no such element"),
        (to("index", "5"), "There was no frame 5 (of “5”) within 0.4 s"),
        (step("switch_frame"), "needs a locator"),
        (chain("css=#out >>> css=h1"), "<h1> is not a frame"),
    ],
    ids=lambda one: getattr(one, "title", ""),
)
def test_what_is_no_frame(going: Step, words: str, play_both: Play) -> None:
    _, failed = play_both(going.model_copy(update={"timeout_seconds": 0.4}), html=TOP)
    assert failed.state == "failed"
    assert words in (failed.error or "")


def test_a_secret_in_a_frame_is_in_no_picture(play_both: Play) -> None:
    pictures = []
    for shown in ("<p>Hunter2-Moon</p>", "<p>&nbsp;</p>"):
        calm = "<style>*{caret-color:transparent}</style>"
        html = f"{calm}<iframe src='{page(calm + '<input>' + shown)}'></iframe>"
        seen = play_both(
            to("index", "0"),
            step("type", "input", "Hunter2-Moon", secret=True),
            to("top"),
            html=html,
        )
        assert errors(seen) == []
        pictures.append(seen[-1].screenshot)
    assert pictures[0] == pictures[1]

"""No picture, and nothing else that is told, shows a secret."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site import Site

pytestmark = pytest.mark.browser

SECRET, OTHER = "Hunter2-Moon", "Zebra99-Lake"
CALM = "<style>*{caret-color:transparent}</style>"  # a caret blinks, and pictures are compared
TYPED = step("type", "#f", SECRET, secret=True)


def pixels(picture: bytes | None) -> Image.Image:
    assert picture is not None
    return Image.open(io.BytesIO(picture)).convert("RGB")


def differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


@pytest.mark.parametrize(
    "show",
    [
        "<p>Your password is SECRET</p>",
        "<p>Your password is <b>SEC</b><i></i><u>RET</u></p>",
        "<input value='SECRET'>",
        "<textarea>SECRET</textarea>",
        "<select><option>SECRET</select>",
        "<input placeholder='SECRET'>",
        "<input type=submit value='SECRET'>",
        "<style>q::before{content:attr(data-x)}</style><q data-x='SECRET'>x</q>",
        "<p style=text-transform:uppercase>SECRET</p>",
        "<p style='opacity:1!important;transition:opacity 9s'>SECRET</p>",
        "<dialog open>SECRET</dialog>",
        "<div id=h></div><script>h.attachShadow({mode:'open'}).innerHTML='<p>SECRET'</script>",
        "<div id=h></div><script>h.attachShadow({mode:'closed'}).innerHTML='<p>SECRET'</script>",
        "<iframe srcdoc='<p>SECRET'></iframe>",
        "<a href='/?p=SECRET'>SECRET</a>",
    ],
)
def test_nothing_in_a_picture_depends_on_the_secret(
    show: str, play_steps: Play, shown: Callable[[str], Any]
) -> None:
    """Two secrets, each shown by its page: the pictures are the same, dot for dot."""
    pictures = []
    for secret in (SECRET, OTHER):
        page = show.replace("SECRET", secret).replace("SEC", secret[:5]).replace("RET", secret[5:])
        html = f"{CALM}<p>before</p><input id=f type=password>{page}"
        *_, typed = play_steps(step("type", "#f", secret, secret=True), html=html)
        assert typed.screenshot_note is None
        pictures.append(pixels(typed.screenshot))
        assert "opacity: 0" not in shown("return document.documentElement.outerHTML")
    assert not differ(*pictures)
    *_, open_text = play_steps(step("type", "#f", "o" * len(SECRET)), html=html)
    assert differ(pixels(open_text.screenshot), pictures[1]), "without masking it would be seen"


def test_what_is_left_of_a_secret_in_the_picture_is_its_ground(play_steps: Play) -> None:
    """The masked picture equals one of a page where the secret's place is empty."""
    html = f"{CALM}<input id=f type=password><p>Secret: <b>{SECRET}</b> end</p>"
    *_, typed = play_steps(TYPED, html=html)
    hidden = html.replace("<b>", "<b style=visibility:hidden>")
    *_, other = play_steps(step("type", "#f", "o" * len(SECRET)), html=hidden)
    assert not differ(pixels(typed.screenshot), pixels(other.screenshot))


def test_a_secret_in_a_plain_field_is_shown_as_dots(
    play_steps: Play, shown: Callable[[str], Any]
) -> None:
    html = f"{CALM}<input id=f size=40>"
    *_, typed = play_steps(TYPED, html=html)
    *_, other = play_steps(step("type", "#f", "Something-el", secret=True), html=html)
    assert shown("return f.value") == "Something-el"
    assert shown("return getComputedStyle(f).webkitTextSecurity") == "disc"
    assert not differ(pixels(typed.screenshot), pixels(other.screenshot))


def test_a_field_that_is_switched_to_plain_text_stays_secret(play_steps: Play) -> None:
    html = "<input id=f type=password><button onclick=\"f.type='text';f.blur()\">Show</button>"
    *_, clicked = play_steps(TYPED, step("click", "button"), html=html)
    other = "<input id=f type=text style=opacity:0><button>Show</button>"
    *_, empty = play_steps(step("click", "button"), html=other)
    assert not differ(pixels(clicked.screenshot), pixels(empty.screenshot))


def test_a_short_secret_is_masked_in_its_field(
    play_steps: Play, shown: Callable[[str], Any]
) -> None:
    play_steps(step("type", "#f", "abc", secret=True), html="<input id=f>")
    assert shown("return getComputedStyle(f).webkitTextSecurity") == "disc"


def test_a_frame_of_another_origin_is_looked_into(play_steps: Play, shown: Any) -> None:
    with Site() as other:
        inside = other.url.replace("127.0.0.1", "localhost")
        frame = f"<iframe id=i src='{inside}/echo?q=<p>{SECRET}</p>'></iframe>"
        html = f"{CALM}<input id=f type=password>{frame}"
        *_, typed = play_steps(TYPED, html=html)
        blank = html.replace(f"<p>{SECRET}</p>", "<p style=opacity:0>x</p>")
        *_, other_picture = play_steps(step("type", "#f", "o" * len(SECRET)), html=blank)
    assert typed.screenshot_note is None
    assert not differ(pixels(typed.screenshot), pixels(other_picture.screenshot))


def test_no_text_that_is_told_holds_the_secret(play_steps: Play) -> None:
    html = (
        "<title>x</title><form action=/echo><input id=f name=q></form>"
        "<script>f.oninput = () => { document.title = f.value }</script>"
    )
    seen = play_steps(
        TYPED,
        step("press", "#f", "Enter"),
        step("assert_url", None, "nowhere", timeout_seconds=0.2),
        html=html,
    )
    assert seen[1].page_title == "••••"
    assert seen[-1].state == "failed"
    assert SECRET not in repr(seen)
    assert "q=••••" in (seen[-1].found or "")

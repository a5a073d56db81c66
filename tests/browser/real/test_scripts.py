"""JavaScript of a flow's author, in Chromium and Firefox: what it gives, and how it goes wrong."""

import time
from collections.abc import Callable

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser, BrowserSettings, open_browser
from webapp.browser.player import Outcome
from webapp.browser.steps import parse_step

pytestmark = pytest.mark.browser

OnBrowser = Callable[[Browser], Play]


def kept(play: Play, script: str, html: str = "<h1>x</h1>", **options: object) -> Outcome:
    """What a script gives, as the note on its variable says it."""
    return play(step("run_script", None, script, variable="it", **options), html=html)[-1]


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("return 5", "5"),
        ("return 'a \"b\"\\n c'", 'a "b" c'),
        ("return [1, 'two', null, undefined, () => 1]", '[1, "two", null, null, null]'),
        ("return {a: {b: [true]}, c: undefined}", '{"a": {"b": [true]}}'),
        ("return document.querySelector('h1').textContent", "Hi"),
        ("return new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("return new Set([1, 2])", "[1, 2]"),
        ("return NaN", "(empty)"),
        ("return 12345678901234567890n", "12345678901234567890"),
        ("return document.querySelector('h1').dataset", '{"kind": "big"}'),
        ("return 'a\\0b\\ud800'", "a\ufffdb\ufffd"),
        ("return new URL('http://a.b/c')", "http://a.b/c"),
        ("await null; return 7", "7"),
        ("return new Promise(then => setTimeout(then, 20, 8))", "8"),
        ("return typeof values + typeof told + typeof play + typeof make", "undefined" * 4),
        ("return this === window", "true"),
    ],
)
def test_what_a_script_returns_is_kept(script: str, value: str, play_both: Play) -> None:
    seen = kept(play_both, script, "<h1 data-kind=big>Hi</h1>")
    assert (seen.error, seen.notes) == (None, (f"it = {value}",))


def test_a_script_that_calls_back(play_both: Play) -> None:
    for script in (
        "setTimeout(() => done(9), 20)",
        "setTimeout(done, 20, 9)",
        "const then = arguments[arguments.length - 1]; setTimeout(() => then(9), 20)",
        "return Promise.resolve(9)",
        "const {done} = {done: 9}; return done",
    ):
        seen = kept(play_both, script, asynchronous=True)
        assert (seen.error, seen.notes) == (None, ("it = 9",))


def test_variables_arrive_as_arguments(play_both: Play) -> None:
    evil = "\"'); document.title = 'hacked'; ('`${1}\\"
    *_, script, title = play_both(
        step("set_variable", None, evil, variable="evil"),
        step("set_variable", None, '{"list": [1, 2]}', variable="order", type="json"),
        step(
            "run_script",
            None,
            "return [1].map(function () { return [{{ evil }}, '{{ evil }}', `{{ evil }}`, "
            "{{ order.list }}.length, arguments.length] })[0].map(String).join('|')",
            variable="it",
        ),
        step("assert_title", None, "Safe"),
        html="<title>Safe</title><h1>x</h1>",
    )
    assert (script.state, title.state) == ("passed", "passed")
    assert script.notes == (f"it = {evil}|{evil}|{evil}|2|3",)


def test_a_missing_variable_is_named(play_both: Play) -> None:
    seen = kept(play_both, "return {{ nobody }}")
    assert "reads the variable “nobody”" in (seen.error or "")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("return document.querySelector('h1')", 'returned the element <h1 id="top">, which'),
        ("return {a: [document.body]}", "returned the element <body>"),
        ("return window", "returned a window"),
        ("const a = {}; a.b = {c: [a]}; return a", "contains itself (at b.c[0])"),
        ("return 'x'.repeat(200001)", "returned a text of 200001 characters"),
        ("return Array(100000).fill('abcdef')", "more than 200000 characters"),
        ("let a = []; for (let i = 0; i < 200; i++) a = [a]; return a", "more than 100 deep"),
        ("return {get a() { throw new Error('no') }}", "cannot be read (Error: no)"),
    ],
)
def test_what_no_variable_can_hold(script: str, words: str, play_both: Play) -> None:
    seen = kept(play_both, script, "<h1 id=top>x</h1>")
    assert seen.state == "failed"
    assert words in (seen.error or "")
    (_, alone) = play_both(step("run_script", None, script), html="<h1 id=top>x</h1>")
    assert (alone.state, alone.error) == ("passed", None)


def test_a_script_without_return_says_so(play_both: Play) -> None:
    seen = kept(play_both, "document.title")
    assert seen.error is None
    assert seen.notes[0] == "it = (empty)"
    assert "write return before" in seen.notes[1]


@pytest.mark.parametrize(
    ("script", "line", "words"),
    [
        ("const a = 1;\n\nnothing.here()", "in line 3", "nothing is not defined"),
        ("await 0;\ndocument.querySelector('h9').id", "in line 2", "null"),
        ("\nthrow new TypeError('so')", "in line 2", "TypeError: so"),
        ("throw 'plain'", "", "plain"),
        ("throw {code: 5}", "", '{"code":5}'),
        ("\nshop.pay()", "in line 2", "no money"),
        ("const a = 1;\nreturn a +* 2;", "in line 2", "cannot be read"),
        ("return {{}", "in line 1", "cannot be read"),
    ],
)
def test_an_error_has_its_line(script: str, line: str, words: str, play_both: Play) -> None:
    html = "<script>window.shop = {pay() { throw new Error('no money') }}</script><h1>x</h1>"
    for one in (step("run_script", None, script), step("run_script", None, script, variable="x")):
        seen = play_both(one, html=html)[-1]
        assert seen.state == "failed"
        assert line in (seen.error or "") and words in (seen.error or "")
        assert seen.screenshot


def test_a_promise_that_is_never_kept(play_both: Play) -> None:
    for script in ("await new Promise(() => 0)", "setTimeout(() => 0); [].map(done)"):
        seen = play_both(
            step("run_script", None, script, timeout_seconds=0.5, asynchronous=True),
            html="<h1>x</h1>",
        )[-1]
        assert "did not end within 0.5 s" in (seen.error or "")
        assert seen.screenshot, "the page itself is well"


@pytest.mark.parametrize("kind", ["chrome", "firefox"])
def test_a_script_without_end(kind: str, settings: BrowserSettings, play_on: OnBrowser) -> None:
    with open_browser(settings.of_kind(kind)) as own:
        started = time.monotonic()
        seen = play_on(own)(
            step("run_script", None, "for (;;);", timeout_seconds=1), html="<h1>x</h1>"
        )[-1]
        assert "The script did not end within 1 s" in (seen.error or "")
        assert time.monotonic() - started < 15


def test_a_chromium_goes_on_after_a_script_without_end(fresh: Browser, play_on: OnBrowser) -> None:
    *_, broken_off, seen = play_on(fresh)(
        parse_step(
            {
                "number": 1,
                "action": "run_script",
                "content": "for (;;);",
                "timeout_seconds": 0.5,
                "on_failure": "soft",
            }
        ),
        step("assert_text", "h1", "x"),
        html="<h1>x</h1>",
    )
    assert (broken_off.state, seen.state) == ("failed", "passed")
    assert broken_off.screenshot


def test_a_script_that_goes_to_another_page(play_both: Play) -> None:
    for script in ("location.href = '/notes'", "location = '/'; await new Promise(() => 0)"):
        *_, left, seen = play_both(
            step("run_script", None, script),
            step("assert_url", None, "echo", negate=True),
            html="<h1>x</h1>",
        )
        assert (left.error, seen.error) == (None, None)
    seen = kept(play_both, "location = '/'; await new Promise(() => 0)")
    assert "was left before the script had returned a value for “it”" in (seen.error or "")


def test_a_script_that_opens_dialogs_is_run_once(play_both: Play) -> None:
    seen = kept(
        play_both,
        "window.runs = (window.runs ?? 0) + 1; alert('One'); const yes = confirm('Two');"
        "return [runs, yes]",
    )
    assert seen.error is None
    assert "it = [1, true]" in seen.notes
    assert sum("answered with OK" in note for note in seen.notes) == 2


def test_a_dialog_is_left_to_the_step_behind(play_both: Play) -> None:
    *_, opened, answered, seen = play_both(
        step("run_script", None, "document.title = confirm('Sure?')"),
        step("dismiss_dialog"),
        step("assert_title", None, "false"),
        html="<h1>x</h1>",
    )
    assert (opened.error, answered.error, seen.error) == (None, None, None)


def test_a_page_that_forbids_scripts_by_its_policy(play_both: Play) -> None:
    html = (
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
        "<h1>Strict</h1><script>document.title = 'never'</script>"
    )
    *_, script, expected = play_both(
        step("run_script", None, "return document.querySelector('h1').textContent", variable="it"),
        step("assert_script", None, "document.title == '' && {{ it }} == 'Strict'"),
        html=html,
    )
    assert (script.error, expected.error) == (None, None)
    assert script.notes == ("it = Strict",)


def test_a_script_in_a_frame(play_both: Play) -> None:
    html = "<title>Out</title><iframe srcdoc='<title>In</title><b id=b>deep</b>'></iframe>"
    *_, inside, expected, outside = play_both(
        step("switch_frame", "iframe"),
        step("run_script", None, "return document.title + b.textContent", variable="it"),
        step("assert_script", None, "document.title == 'In'"),
        step("switch_frame", to="top"),
        step("assert_script", None, "document.title == 'Out'"),
        html=html,
    )[2:]
    assert inside.error is None and inside.notes == () and expected.error is None
    assert outside.error is None


def test_a_page_that_broke_its_language(play_both: Play) -> None:
    html = (
        "<script>window.JSON = null; Array.prototype.toJSON = () => 'no';"
        "String.prototype.toJSON = () => 'no';"
        "Object.prototype.evil = 1</script><h1>x</h1>"
    )
    seen = kept(play_both, "return {a: ['b', 1]}", html)
    assert (seen.error, seen.notes) == (None, ('it = {"a": ["b", 1]}',))


def test_an_expression_is_awaited(play_both: Play) -> None:
    html = "<script>setTimeout(() => window.shop = {ready: 1}, 300)</script><h1>x</h1>"
    for action in ("wait_for_script", "assert_script"):
        for script in (
            "shop.ready",
            "shop.ready == 1; ",
            "return shop.ready",
            "Promise.resolve(window.shop)",
            "// ready?\nshop.ready",
        ):
            seen = play_both(step(action, None, script), html=html)[-1]
            assert (seen.state, seen.error) == ("passed", None)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("1 > 2", "“1 > 2” to be true but it gave false."),
        ("undefined", "but it gave nothing."),
        ("''", 'but it gave "".'),
        ("nothing.here", "nothing is not defined"),
        ("1 +", "but it cannot be read: "),
        ("new Promise(() => 0)", "but it gave no answer in time."),
    ],
)
def test_an_expression_that_does_not_hold(script: str, words: str, play_both: Play) -> None:
    asked = step("assert_script", None, script, timeout_seconds=0.3)
    waited = step("wait_for_script", None, script, timeout_seconds=0.3)
    seen = play_both(asked, html="x")[-1]
    assert seen.state == "failed"
    assert (seen.error or "").startswith("Expected the script “") and words in (seen.error or "")
    seen = play_both(waited, html="x")[-1]
    assert (seen.error or "").startswith("Waited 0.3 s for the script “")


def test_a_secret_is_in_no_message(play_both: Play) -> None:
    secret = 'Moon"light\\9'
    own = parse_step(
        {
            "number": 1,
            "action": "run_script",
            "content": "return 'abcdef'",
            "options": {"variable": "own", "secret": True},
        }
    )
    seen = play_both(
        step("set_variable", None, secret, variable="word", secret=True),
        step("run_script", None, "return ['x'.repeat(190) + {{ word }}]"),
        step("run_script", None, "return {{ word }}", variable="copy"),
        own,
        step("assert_script", None, "throw new Error('it is ' + {{ word }})", timeout_seconds=0.2),
        html="x",
    )
    assert [one.state for one in seen[1:]] == ["passed"] * 4 + ["failed"]
    told = repr(seen)
    assert "light" not in told and "Moon" not in told and "= abcdef" not in told


def test_a_token_that_nobody_called_secret_is_not_shown(play_both: Play) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    seen = play_both(
        step("run_script", None, f"return ['{token}'.slice(0, 99)]"),
        step("run_script", None, f"return '{token}'.trim()", variable="it"),
        step("run_script", None, "return 'swordfish'", variable="api_token"),
        html="x",
    )
    told = [one.found or "" for one in seen] + [note for one in seen for note in one.notes]
    assert not any("eyJ" in one or "swordfish" in one for one in told)

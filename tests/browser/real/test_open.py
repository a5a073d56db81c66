"""Every way in which a page may not come, and the sentence for it."""

from pathlib import Path

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site import Site
from tests.site.server import free_port

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/404", "/404 answered with status 404, but a status below 400 was expected."),
        ("/500", "/500 answered with status 500, but a status below 400 was expected."),
        ("/401", "/401 answered with status 401, but a status below 400 was expected."),
        ("/500-empty", "/500-empty answered with status 500, but a status below 400 was expected."),
        ("/report.pdf", "is no web page: the server sent a PDF to be downloaded, not a page."),
        ("/archive.zip", "is no web page: the server sent application/zip to be downloaded"),
        ("/download", "is no web page: the server sent text/csv to be downloaded, not a page."),
        ("/nothing", "is no web page: the server answered 204, without a page."),
        (
            "/notes.txt",
            "is no web page: the server sent text/plain, and a page in HTML was expected",
        ),
        ("/answer.json", "is no web page: the server sent application/json, and a page in HTML"),
        ("/loop", "it redirects for ever (more than 20 redirects) (TOO_MANY_REDIRECTS)."),
        ("/reset", "reset the connection (CONNECTION_RESET)."),
        ("/hang-up", "closed the connection without an answer (EMPTY_RESPONSE)."),
    ],
)
def test_an_address_without_a_page_says_why(
    path: str, message: str, play_steps: Play, site: Site
) -> None:
    (opened,) = play_steps(path=path)
    assert opened.state == "failed"
    assert message in (opened.error or "") and f"127.0.0.1:{site.port}" in (opened.error or "")
    assert opened.expected and opened.found


@pytest.mark.parametrize("path", ["/empty", "/blank"])
def test_a_blank_page_is_no_page(path: str, play_steps: Play) -> None:
    (opened,) = play_steps(path=path, step_timeout_seconds=0.3)
    assert (opened.state, opened.found) == ("failed", "a blank page")
    assert "is blank: nothing to see came within 0.3 s." in (opened.error or "")


def test_a_page_that_draws_itself_late_is_not_blank(play_steps: Play) -> None:
    html = "<body><script>setTimeout(() => document.body.append('here'), 300)</script>"
    assert play_steps(html=html)[0].state == "passed"


def test_a_server_that_never_answers(play_steps: Play) -> None:
    (opened,) = play_steps(path="/never", step_timeout_seconds=0.5)
    assert opened.state == "failed"
    assert (opened.error or "").endswith("/never did not answer within 0.5 s.")
    assert opened.found == "no answer"


def test_a_page_whose_pictures_never_come_is_open(play_steps: Play) -> None:
    opened, seen = play_steps(
        step("assert_text", "h1", "Here"), path="/slow-image", step_timeout_seconds=1
    )
    assert (opened.state, seen.state) == ("passed", "passed")


def test_a_refused_connection(play_steps: Play) -> None:
    port = free_port()
    *_, opened = play_steps(step("open", content=f"http://127.0.0.1:{port}/"))
    assert opened.error == (
        f"http://127.0.0.1:{port}/ could not be opened: "
        f"127.0.0.1:{port} refused the connection (CONNECTION_REFUSED)."
    )


def test_a_name_that_does_not_resolve(play_steps: Play) -> None:
    *_, opened = play_steps(step("open", content="http://no-such-host.invalid/"))
    assert opened.error == (
        "http://no-such-host.invalid/ could not be opened: the name no-such-host.invalid does not "
        "resolve to an address (NAME_NOT_RESOLVED)."
    )


@pytest.mark.parametrize("mistake", ["self-signed", "expired"])
def test_a_certificate_that_nobody_vouches_for(
    mistake: str, play_steps: Play, tmp_path: Path
) -> None:
    with Site(tls=mistake, folder=tmp_path) as site:
        *_, opened = play_steps(step("open", content=site.url))
    assert (opened.error or "").endswith(
        f"the TLS certificate of 127.0.0.1:{site.port} is self-signed or from an unknown issuer "
        "(CERT_AUTHORITY_INVALID)."
    )


def test_plain_http_on_a_port_that_wants_tls(play_steps: Play, site: Site) -> None:
    *_, opened = play_steps(step("open", content=site.url.replace("http:", "https:")))
    assert "does not speak TLS on this port, or speaks it wrongly" in (opened.error or "")


def test_a_download_does_not_pass_for_the_page_before_it(play_steps: Play) -> None:
    first, second, third = play_steps(
        step("open", content="/"), step("open", content="/download", number=2), step("screenshot"),
        path="/",
    )  # fmt: skip
    assert [first.state, second.state, third.state] == ["passed", "failed", "skipped"]


def test_opening_the_same_page_again_loads_it_again(play_steps: Play) -> None:
    seen = play_steps(step("open", content="/"), step("open", content="/"), path="/")
    assert [one.state for one in seen] == ["passed", "passed"]


def test_a_link_into_the_void_is_told_by_its_own_step(play_steps: Play) -> None:
    port = free_port()
    _, failed, skipped = play_steps(
        step("click", "a"),
        step("screenshot"),
        html=f"<a href=http://127.0.0.1:{port}/pay>Pay</a>",
    )
    assert (failed.state, skipped.state) == ("failed", "skipped")
    assert failed.error == (
        f"The page http://127.0.0.1:{port}/pay did not load: 127.0.0.1:{port} refused the "
        "connection (CONNECTION_REFUSED)."
    )
    assert failed.page_url == f"http://127.0.0.1:{port}/pay"


def test_a_page_that_leaves_into_the_void_is_told_by_the_next_step(play_steps: Play) -> None:
    port = free_port()
    opened, failed = play_steps(
        step("assert_text", "h1", "Thanks", timeout_seconds=0.8),
        html="<p>x<script>"
        f"setTimeout(() => location = 'http://127.0.0.1:{port}/pay', 400)</script>",
    )
    assert opened.state == "passed"
    assert failed.error == (
        "Expected the text of h1 to contain “Thanks” but no such element was on the page. "
        f"The page http://127.0.0.1:{port}/pay did not load: 127.0.0.1:{port} refused the "
        "connection (CONNECTION_REFUSED)."
    )
    assert failed.page_url == f"http://127.0.0.1:{port}/pay"


def test_a_private_address_is_refused_where_it_is_not_allowed(play_steps: Play) -> None:
    (opened,) = play_steps(path="/", allow_private=False)
    assert opened.state == "errored"
    assert "private network" in (opened.error or "")

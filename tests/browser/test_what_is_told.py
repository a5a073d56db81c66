"""Nothing that is told about a step gives away a secret or a database statement."""

from tests.browser.building import step
from tests.browser.fakes import START, FakePage
from webapp.browser.page import Sight
from webapp.browser.player import Began, Outcome, Plan, play
from webapp.browser.stopping import Stop
from webapp.browser.telling import LONGEST_TOLD, cut


def test_a_secret_is_masked_in_every_locator() -> None:
    field, row = "#f", "//li[.='hunter2 x']"
    page = FakePage(**{field: Sight(candidate=0, words="<input>", tag="input")})
    page.elements[row] = Sight(candidate=0, words="<li>")
    steps = (step("type", field, "hunter2 x", secret=True), step("click", row, number=2))
    events = list(play(Plan(START, steps, step_timeout_seconds=0.1), page, Stop()))
    clicked = events[-1]
    assert isinstance(clicked, Outcome) and clicked.state == "passed"
    assert clicked.locator is not None and clicked.locator.value == "//li[.='••••']"
    assert [str(locator) for locator, _ in clicked.matches] == ["//li[.='••••']"]
    assert all(isinstance(event, Began | Outcome) for event in events)
    assert "hunter2" not in repr(events)
    assert ("click", "<li>") in page.done  # the page was asked for the true one


def test_a_fault_of_ours_is_told_without_its_statement() -> None:
    def break_down() -> None:
        raise RuntimeError("no such table\n[SQL: SELECT hash FROM users]\n[parameters: ('t0k3n',)]")

    page = FakePage()
    page.on["visit"] = break_down
    (opened,) = [one for one in play(Plan(START, ()), page, Stop()) if isinstance(one, Outcome)]
    assert opened.error == "A fault of Lamplighter itself: RuntimeError: no such table"


def test_a_secret_at_the_end_of_a_long_locator_is_masked_whole() -> None:
    secret = "correct-horse-battery-staple"
    for before in range(90, 125):  # wherever a message might be cut
        row = f"//li[.='{'x' * before}{secret}']"
        page = FakePage()
        page.elements["#f"] = Sight(candidate=0, words="<input>", tag="input")
        steps = (step("type", "#f", secret, secret=True), step("click", row, number=2))
        *_, failed = play(Plan(START, steps, step_timeout_seconds=0.001), page, Stop())
        assert isinstance(failed, Outcome) and failed.state == "failed"
        assert secret[:5] not in repr(failed)
        assert "••••" in (failed.error or "")


def test_of_a_long_message_both_ends_are_told() -> None:
    said = cut("a" * 3000 + "the reason") or ""
    assert (len(said), said[:3], said[-11:]) == (LONGEST_TOLD, "aaa", "athe reason")
    assert "…" in said

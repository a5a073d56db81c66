"""One-time codes, with the test vectors of RFC 6238."""

import base64
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.fakes import START, FakePage
from tests.browser.playing import given
from webapp.browser.errors import StepInvalid
from webapp.browser.player import Plan, play
from webapp.browser.stopping import Stop

SHORT = "JBSW Y3DP EHPK 3PXP"  # 80 bits, as many sites give them
SEEDS = {
    name: base64.b32encode((b"1234567890" * 7)[:size]).decode()
    for name, size in (("SHA1", 20), ("SHA256", 32), ("SHA512", 64))
}


class Clock:
    """The time of the code, which passes only when the step waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, now: float) -> None:
        self.now, self.waited = now, 0.0
        monkeypatch.setattr("webapp.browser.actions.totp.time.time", lambda: self.now)
        sleep = "webapp.browser.stopping.Patience.sleep"
        monkeypatch.setattr(sleep, lambda patience, seconds: self._sleep(seconds))

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waited += seconds


def code_of(content: str, **options: Any) -> Any:
    page = FakePage()
    asked = step("totp", content=content, secret=True, variable="code", **options)
    seen = given(page, asked)
    assert (seen.state, seen.error) == ("passed", None)
    return page.variables.get("code")


@pytest.mark.parametrize(
    "moment, algorithm, code",
    [
        (59, "SHA1", "94287082"),
        (1111111109, "SHA1", "07081804"),
        (20000000000, "SHA1", "65353130"),
        (59, "SHA256", "46119246"),
        (1234567890, "SHA256", "91819424"),
        (59, "SHA512", "90693936"),
        (2000000000, "SHA512", "38618901"),
    ],
)
def test_the_codes_of_the_standard(
    monkeypatch: pytest.MonkeyPatch, moment: int, algorithm: str, code: str
) -> None:
    monkeypatch.setattr("webapp.browser.actions.totp.LEAST_LEFT_SECONDS", 0)
    Clock(monkeypatch, moment)
    assert code_of(SEEDS[algorithm], digits=8, algorithm=algorithm) == code


def test_the_ways_to_write_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch, 1_000_000_000)
    code = code_of(SHORT)
    assert code == code_of("jbswy3dpehpk3pxp") == code_of("JBSW-Y3DP-EHPK-3PXP====")
    assert code == code_of("otpauth://totp/Shop:alice?secret=JBSWY3DPEHPK3PXP&issuer=Shop")
    eight = "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=8&period=60&algorithm=SHA256"
    assert code_of(eight) == code_of(SHORT, digits=8, period=60, algorithm="SHA256") != code


def test_a_code_that_is_about_to_end_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 1_000_000_018.5)  # 1.5 s before the next one
    late = code_of(SHORT)
    assert clock.waited == pytest.approx(1.55)
    assert late == code_of(SHORT)
    assert clock.waited == pytest.approx(1.55)
    Clock(monkeypatch, 1_000_000_016.5)
    assert code_of(SHORT) != late


def test_secret_and_code_are_told_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch, 1_000_000_018.5)
    page = FakePage()
    asked = step("totp", content=SHORT, secret=True, variable="code")
    note = step("note", content="{{ code }} JBSWY3DPEHPK3PXP jbsw y3dp ehpk 3pxp")
    events = [*play(Plan(START, (asked, note)), page, Stop())]
    said = repr(events)
    assert page.variables.get("code") not in said
    assert "3PXP" not in said.upper()
    assert "code = ••••" in said and "Waited 1.5 s for the next code." in said
    assert "not taken: this step does not touch the page" in said


@pytest.mark.parametrize(
    "content, options, sentence",
    [
        ("not 8ase 32!", {}, "is not written in base 32"),
        ("A", {}, "is not written in base 32"),
        ("otpauth://totp/x", {}, "is not written in base 32"),
        ("otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP", {}, "not one for codes by time"),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=4", {}, "number of digits, “4”"),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=0", {}, "period, “0”"),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5", {}, "“MD5” is not one of"),
        (None, {}, "needs it: secret"),
        (SHORT, {"digits": 3}, "from 6 to 10"),
        (SHORT, {"algorithm": "MD5"}, "not one of SHA1, SHA256, SHA512"),
    ],
)
def test_what_gives_no_codes_is_refused(
    content: str | None, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StepInvalid, match=sentence) as refused:
        step("totp", content=content, secret=True, variable="code", **options)
    assert content is None or len(content) < 4 or content not in str(refused.value)


def test_a_secret_out_of_a_variable_is_checked_when_it_is_filled_in() -> None:
    seed = step("set_variable", content="no seed!", variable="seed", secret=True)
    seen = given(FakePage(), seed, step("totp", content="{{ seed }}", variable="code"))
    assert seen.state == "failed" and "base 32" in seen.error
    assert "no seed!" not in repr(seen)

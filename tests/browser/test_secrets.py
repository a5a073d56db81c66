"""Secret values are taken out of every text."""

import pytest

from webapp.browser.secrets import Secrets


@pytest.mark.parametrize(
    "text",
    [
        "p4ss & wörd/1",
        "P4SS & WÖRD/1",
        "p4ss%20%26%20w%C3%B6rd%2F1",
        "p4ss+%26+w%c3%b6rd%2f1",
        "p4ss &amp; wörd/1",
        "p4ss  &\nwörd/1",
        "p4ss%20&%20w%C3%B6rd/1",
    ],
)
def test_every_form_of_it_is_masked(text: str) -> None:
    assert Secrets(["p4ss & wörd/1"]).mask(f"<{text}>") == "<••••>"


def test_the_longer_of_two_secrets_is_masked_whole() -> None:
    assert Secrets(["secret", "secret-two"]).mask("a secret-two b secret") == "a •••• b ••••"


def test_a_short_secret_would_mask_everything_so_it_masks_nothing() -> None:
    secrets = Secrets(["ab", "   ", ""])
    assert not secrets and secrets.mask("cab") == "cab"


def test_without_secrets_a_text_stays_as_it_is() -> None:
    assert (Secrets().mask("x"), Secrets().maybe(None)) == ("x", None)

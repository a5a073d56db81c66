"""What browsers call it when a page does not come, in plain words."""

import pytest

from webapp.browser.trouble import net_error, sentence, wanted_address


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("unknown error: net::ERR_NAME_NOT_RESOLVED (Session", "NAME_NOT_RESOLVED"),
        ("Reached error page: about:neterror?e=dnsNotFound&u=http%3A//x/", "NAME_NOT_RESOLVED"),
        ("about:certerror?e=nssBadCert&u=x", "CERT_AUTHORITY_INVALID"),
        ("about:neterror?e=newKind", "newKind"),
        ("something else", ""),
    ],
)
def test_the_browsers_name_is_found(text: str, name: str) -> None:
    assert net_error(text) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CERT_DATE_INVALID", "the TLS certificate of a.example has expired or is not valid yet"),
        ("CERT_COMMON_NAME_INVALID", "the TLS certificate is for another host than a.example"),
        ("TIMED_OUT", "a.example did not answer in time"),
        ("ADDRESS_UNREACHABLE", "a.example cannot be reached from here"),
        ("BRAND_NEW", "the browser could not load it"),
    ],
)
def test_the_sentence_names_the_kind_and_the_host(name: str, words: str) -> None:
    assert sentence("https://user:word@a.example/x", name) == f"{words} ({name})"


def test_an_error_page_of_firefox_knows_where_it_should_have_gone() -> None:
    assert wanted_address("about:neterror?e=x&u=http%3A//shop/") == "http://shop/"
    assert wanted_address("http://shop/") == "http://shop/"

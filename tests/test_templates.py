"""Rules that hold for every template."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted(Path("templates").rglob("*.html"))
PAGES = [
    path
    for path in TEMPLATES
    if not path.name.startswith("_")
    and path.parts[1] not in {"macros", "emails", "reports", "demo"}
    and path.name != "base.html"
]
MAILS = sorted({path.name.split(".")[0] for path in Path("templates/emails").glob("[!_]*")})


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_has_a_title(path):
    text = path.read_text()
    assert re.search(r"{% extends ", text), "a page extends a layout; a piece is named _piece.html"
    assert re.search(r"{% block title %}.+?{% endblock", text, re.DOTALL)


# Mails have no style sheets: their readers know only style attributes.
@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.parts[1] != "emails"], ids=str)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), "an inline script"
    assert not re.search(r"<style\b", text), "an inline style sheet"
    assert not re.search(r"<[^>]*\sstyle=", text), "a style attribute"
    assert not re.search(r"<[^>]*\son[a-z]+=", text), "an event attribute"
    assert not re.search(r"hx-on[:=-]", text), "hx-on is evaluated, which the policy forbids"
    assert not re.search(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//', text)


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_form_that_changes_something_carries_its_token(path):
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL | re.IGNORECASE):
        if re.search(r'method="post"', form, re.IGNORECASE) and path.parts[1] != "demo":
            assert re.search(r"csrf|hidden_tag|\bcall\(|caller\(", form), form[:200]


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_has_a_subject_a_text_and_a_page(name):
    for ending in ("subject.txt", "txt", "html"):
        assert Path(f"templates/emails/{name}.{ending}").exists()

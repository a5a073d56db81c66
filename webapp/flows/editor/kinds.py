"""The kinds of locator as the form explains them: what each looks at, with an example."""

from dataclasses import dataclass

from webapp.browser.locators import LABELS


@dataclass(frozen=True)
class Kind:
    by: str
    example: str
    words: str

    @property
    def label(self) -> str:
        return WORDS.get(self.by, LABELS[self.by])


WORDS = {
    "link_text": "link text",
    "partial_link_text": "part of link text",
    "pierce": "CSS, shadow too",
    "role": "role and name",
}
KINDS = (
    Kind("css", "button[type=submit]", "A CSS selector."),
    Kind("xpath", "//button[text()='Buy']", "An XPath expression."),
    Kind("id", "buy", "The element's id."),
    Kind("name", "email", "The name that a form field is sent under."),
    Kind("test_id", "add-to-basket", "Its data-testid, data-test or the like."),
    Kind("role", 'button[name="Log in"]', "What a screen reader announces: role and name."),
    Kind("label", "E-mail address", "A field, by the text of its label."),
    Kind("text", "Add to basket", "The innermost element with this visible text."),
    Kind("placeholder", "you@example.org", "A field, by the grey text in it while it is empty."),
    Kind("link_text", "Log in", "A link, by its whole text."),
    Kind("partial_link_text", "Terms", "A link, by a part of its text."),
    Kind("pierce", "my-basket button", "A CSS selector that looks into open shadow roots, too."),
    Kind("chain", 'css=#app >>> role=button[name="Buy"]', "One inside the other, left to right."),
)


def kind_of(by: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.by == by), None)

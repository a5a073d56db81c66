"""What the editor accepts, a browser can use; what a browser accepts, the editor does."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from webapp.browser.locators import syntax_error

pytestmark = pytest.mark.browser

CSS = """
div|*|.a|#b|div.a#b|div > a|div>a|a + b|a ~ b|a, b|[href]|[href=x]|[href="x y"]|[href='x' i]
[href^="/"]|[data-x$='.pdf' s]|[*\\|a]|[\\|a]|*\\|a|\\|a|x\\|a|[x\\|a]|:not(.a, .b)|:not()
:is()|:is(.a, #b)
:where(a, b)|:has(> a)|:has(+ b, ~ c)|:has()|:is(a:has(b))|:nth-child(2n+1)|:nth-child(odd)
:nth-child(-n + 3)|:nth-child(2 of .a, .b)|:nth-last-child(even of li)|:nth-of-type(3)
:nth-of-type(2 of a)|:nth-child(foo)|:nth-child()|:nth-child|:first-child|:checked|:disabled
:lang(en)|:dir(rtl)|:root|:scope > a|:focus-within|:placeholder-shown|:empty|:target|:link
a:hover:not(:focus)|div[|div[a|div[a="b"|div[a=|div[=a]|div[a=1]|div[a b]|a,,b|,a|a,|a >|> a|a > > b
a {|a}|a)|(a)|a(|#1a|#\\31 a|.1a|.-a|.--a|-a|--a|a..b|a.|#|.|:|::|a:|a::|a::before
@a|a!b|a$b|a%|5|"x"|'x|a/**/b|a /* x */ b|\\.a|\\.|a\\:b|é|.ü|svg|a\nb|a\tb|a||b|a || b|a & b|&
:is(:is(:not(a)))|:is(a|:not(a|:host|:defined|:any-link|:is(a,)|:where(,a)|:not(a,)
[a='x'i]|[a=x i]
a:not(:first-child):last-child|ul li:nth-child( 3 )|*.a|*#b|*[c]|a *|* *|a:nth-child(+3)|[a="\\"x"]
input:not([type=hidden])|[data-test-id="a.b:c"]|.a\\/b|.md\\:w-1\\/2|.w-\\[3px\\]
#a\\.b|[class*="a b"]
"""
XPATH = """
//h1|//a[@href]|//a[@href='x']|(//a)[1]|//a[1]/b[last()]|//*[@id="x"]|//a[contains(., 'x')]|//a/..
//a[not(@b)]|//a[normalize-space()='x']|id('x')|//a[text()='it']|//a | //b|//a[|//a]|//|/|.|..
//a[@]
//a[b=']|//[a]|a b|//a[ends-with(@b,'c')]|//a[matches(@b,'c')]|//a[lower-case(@b)='c']|//svg:g|$x
//a[position()<3]|//a[@b='x' and (c or d)]|//ancestor::div|//a/following-sibling::b[1]|//a[1 to 3]
//a[@data-x=concat('a',"'",'b')]|//div[count(a)>2]|//a[string-length(.)=0]|//text()|//a/@href|//a//b
//a[.//b]|//a[b/c='d']|//a[starts-with(@b,'c')]|child::a|//comment()|//node()|//processing-instruction('x')
//a[translate(.,'ABC','abc')='x']|//a[@b="c"]|//a[@b=c]|//a[b=1.5]|//a[b=.5]|//a[-1]|//a[b=-c]
//*[name()='svg']
//*[local-name()='svg']|//a[@b='x'|//a[@b='x']]|//a[foo()]|//a["x"]|//div/|//div//
//a[text()="a"b"]|//a[and]
//div[div]|//mod|//div mod 2|2 * 3|a*b|//*|/html/body/div[2]/form/input[1]
//input[@type='submit' or @type="button"]
"""


def cases(text: str, by: str) -> list[tuple[str, str]]:
    lines = text.strip().split("\n")
    if by == "css":
        pieces = [line.replace("\\|", "\0").split("|") for line in lines]
        words = [word.replace("\0", "|") for word in itertools.chain.from_iterable(pieces)]
    else:
        words = [word for line in lines for word in line.replace(" | ", "\0").split("|")]
        words = [word.replace("\0", " | ") for word in words]
    return [(by, word) for word in dict.fromkeys(words) if word.strip()]


ASK = {
    "css": "try { document.createDocumentFragment().querySelector(arguments[0]); return '' } "
    "catch (e) { return e.name }",
    "xpath": "try { document.evaluate(arguments[0], document, null, 0, null); return '' } "
    "catch (e) { return e.name }",
}
# We refuse these, though a browser takes them: they never find an element.
USELESS = {"a::before", "$x"}
# These pass, though Chromium refuses them: Firefox takes them.
OF_OTHERS = {"[data-x$='.pdf' s]"}


@pytest.mark.parametrize(("by", "value"), [*cases(CSS, "css"), *cases(XPATH, "xpath")])
def test_we_agree_with_the_browser(
    by: str, value: str, browser: Any, shown: Callable[..., Any]
) -> None:
    theirs = shown(ASK[by], value)
    ours = syntax_error(by, value)
    assert (ours is None) == (theirs == "") or value in USELESS | OF_OTHERS, (ours, theirs)

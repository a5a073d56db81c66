"""Roles and accessible names: ours, against those that the browser itself computes."""

import pytest

from tests.site import Site
from webapp.browser.asking import script
from webapp.browser.driver import Browser

pytestmark = pytest.mark.browser

CASES = """
<button>Log in</button> <button>  Log\n <b>in</b> </button> <button aria-label="Close">×</button>
<button><img alt="Search"></button> <button><svg><title>Gear</title></svg></button>
<button title="Hint"></button> <button title="Hint">Text</button> <button><i>a</i><i>b</i></button>
<button><div>One</div><div>Two</div></button> <button>Cart <span hidden>(hidden)</span></button>
<button>Cart <span aria-hidden=true>!</span></button> <button aria-labelledby="l1 l2">x</button>
<span id=l1>First</span><span id=l2 hidden>Second</span>
<button aria-labelledby=nowhere>Own</button>
<button id=self aria-label=Delete aria-labelledby="self l1">y</button>
<button>Buy <input type=image alt="no"> now</button> <button class=before>Text</button>
<button class=icon>Text</button> <button class=upper>upper</button> <button>a<br>b</button>
<a href=#x>Home</a> <a>No link</a> <a href=#x><img alt="Logo"></a> <a href=#x title=T></a>
<div role=button>Div button</div> <div role="nonsense button">Fallback</div>
<div role=checkbox aria-checked=true>Agree</div> <div role=tab>Tab</div> <div role=switch>On</div>
<label for=i1>E-mail</label><input id=i1> <label>Wrapped <input></label>
<label>Flash <input value=3 size=2> times</label> <label for=i2>A</label><label for=i2>B</label>
<input id=i2> <input placeholder=Ask> <input title=Tip placeholder=Ask> <input aria-label=Aria>
<input type=email placeholder=Mail> <input type=tel> <input type=url>
<input type=search title=Find>
<input type=password placeholder=Secret> <input type=checkbox title=Check>
<input type=radio title=R>
<input type=range aria-label=Volume> <input type=number title=N> <input type=submit>
<input type=submit value=Send> <input type=reset> <input type=button value=Push> <input type=file>
<input type=image alt=Go> <input type=image title=GoT> <input list=dl title=Combo>
<datalist id=dl><option>1</datalist>
<label>Pick <select><option>1<option selected>2</select></label>
<select multiple title=Many><optgroup label=Group><option>x</optgroup></select>
<textarea title=Area>text</textarea>
<label><input type=checkbox> Call me <select><option>soon</select> please</label>
<img alt=Picture> <img alt=""> <img title=Titled> <img> <img alt="" aria-label=Given>
<h1>Head <small>line</small></h1> <h3 aria-label=Other>Head</h3> <p>Paragraph</p> <hr>
<ul><li>Item</li></ul> <ol><li>Item</li></ol> <menu><li>m</li></menu>
<nav aria-label=Main>x</nav> <main>x</main> <header>x</header> <footer>x</footer> <aside>x</aside>
<article><header>x</header><footer>y</footer></article>
<section>x</section> <section aria-label=Part>x</section> <form aria-label=Form>x</form>
<article>x</article> <search>x</search> <blockquote>q</blockquote>
<fieldset><legend>Legend</legend><input title=in></fieldset>
<figure><figcaption>Fig</figcaption>x</figure>
<table><caption>Table</caption><thead><tr><th>Col</th></tr></thead>
<tbody><tr><th>Row</th><td>Cell</td></tr>
<tr><th scope=col>C</th><th scope=row>R</th></tr></tbody></table>
<table role=grid><tr><td>Grid cell</td></tr></table>
<progress value=1 title=P></progress> <meter value=1 title=M></meter> <output>out</output>
<details open><summary>More</summary>text</details> <dialog open aria-label=D>d</dialog>
<dl><dt>t</dt><dd>d</dd></dl> <em>e</em> <strong>s</strong> <code>c</code> <del>d</del> <ins>i</ins>
<sub>s</sub> <sup>s</sup> <time>t</time> <mark>m</mark> <s>s</s> <dfn>d</dfn>
<span role=img aria-label=Star>*</span> <ul role=presentation><li>x</li></ul>
<button role=presentation>Still</button> <div role=none>none</div> <div role=heading>H</div>
<div role=textbox aria-label=Rich contenteditable>text</div> <div contenteditable>free</div>
<div role=link tabindex=0>Link <span role=img aria-label=Out></span></div>
<div role=menuitem>Menu <span>item</span></div> <div role=group aria-labelledby=l1>g</div>
<span role=tooltip>Tip</span> <div role=alert>Alert</div> <div role=status>Status</div>
<a href=#x aria-label="  spaced   out ">x</a> <button aria-label="">Empty label</button>
<button><span role=presentation>Presented</span></button> <button><slot>x</slot></button>
<label>Deep <span>label <i>text</i></span><input></label> <svg role=img aria-label=Drawn></svg>
<button style="display:flex"><span>Flex</span><span>ed</span></button>
<a href=#x>Line<div>block</div></a> <input type=color title=Col> <input type=date title=Day>
<button><span style="display:inline-block">In</span><span>line</span></button>
<div role=option>Opt</div> <div role=row><div role=cell>c1</div><div role=cell>c2</div></div>
"""
GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
HTML = f"""<!doctype html><title>Names</title><style>
.before::before {{ content: "Before " }} .icon::after {{ content: "*" / "starred" }}
.upper {{ text-transform: uppercase }}</style><body>{CASES.replace("<img", f"<img src={GIF}")}"""
OURS = """; return [...document.body.querySelectorAll('*')].map((one) =>
  [one, roleOf(one), nameOf(one), isUnspoken(one), one.outerHTML])"""
# Two words for the same.
SAME = {"image": "img", "presentation": "none", "graphics-document": "img"}
# Nobody looks for these by their role; the browsers have words of their own for some of them.
PLAIN = {"generic", "none", "rowgroup", ""}
# Where a browser leaves the specification, or has words in its own language.
PECULIAR = {
    "chrome": {
        "<tr><td>Grid",  # in a grid it has a name, in a table none
        '<button class="icon"',
        "<figure>",
        "<summary>",
        '<div role="option"',
    },
    "firefox": {
        '<input type="password"',  # no role
        '<input type="submit">',
        '<input type="image" title',
        '<input type="file"',
        "<li>",  # its name begins with the bullet
        "<dd>",
        '<div role="row"',  # named by its content outside of a table
        "<summary>",
    },
}


def test_we_agree_with_the_browser(both: Browser, site: Site) -> None:
    driver, kind = both.driver, both.driver.capabilities["browserName"]
    peculiar = tuple(PECULIAR["firefox" if kind == "firefox" else "chrome"])
    driver.get(f"{site.url}/echo?q=x")
    driver.execute_script("document.write(arguments[0]); document.close()", HTML)
    differences, agreed = [], 0
    for element, role, name, is_unspoken, html in driver.execute_script(
        script("drawn") + script("names") + OURS
    ):
        if is_unspoken or role in PLAIN or html.startswith(peculiar):
            continue
        theirs = SAME.get(element.aria_role, element.aria_role)
        named = " ".join((element.accessible_name or "").split())
        if (role, name) == (theirs, named):
            agreed += 1
        else:
            differences.append((html, (role, name), (theirs, named)))
    assert differences == []
    assert agreed > 100


MISSED = """; return [...document.body.querySelectorAll('*')].filter((one) => {
  const [role, name] = [roleOf(one), nameOf(one)];
  if (role === 'generic' || role === 'none' || !role || isUnspoken(one)) return false;
  const isFound = find({ by: 'role', parsed: { role, name: name || null } }).includes(one);
  const isNamed = !name || couldBeNamed(one, name.replace(/ /g, '').toLowerCase());
  return !isFound || !isNamed;
}).map((one) => one.outerHTML)"""


def test_each_is_found_by_its_own_role_and_name(both: Browser, site: Site) -> None:
    both.driver.get(f"{site.url}/echo?q=x")
    both.driver.execute_script("document.write(arguments[0]); document.close()", HTML)
    assert (
        both.driver.execute_script(script("drawn") + script("names") + script("finding") + MISSED)
        == []
    )

"""Variables in scripts become arguments, wherever they stand; and what kind of script it is."""

import pytest

from tests.browser.building import step
from webapp.browser.script_text import as_expression, calls_back, is_body, unquoted
from webapp.browser.secrets import Secrets
from webapp.browser.variables import Variables


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("return {{ a }} + 1", "return {{ a }} + 1"),
        ('x("{{ a }}")', 'x(("" + String({{ a }}) + ""))'),
        ("x('Hi {{ a }}!')", "x(('Hi ' + String({{ a }}) + '!'))"),
        ("`${1}{{ a }}`", "`${1}${{{ a }}}`"),
        ("`${ {{ a }} + 1}`", "`${ {{ a }} + 1}`"),
        ("'plain' + {{ a }}", "'plain' + {{ a }}"),
        ("// don't {{ a }}\nx('{{ b }}')", "// don't a\nx(('' + String({{ b }}) + ''))"),
        ("/* {{ a }}'s */ 1", "/* a's */ 1"),
        (r"'it\'s {{ a }}'", r"('it\'s ' + String({{ a }}) + '')"),
    ],
)
def test_a_variable_in_quotes_is_an_argument(written: str, read: str) -> None:
    assert unquoted(written) == read


def test_arguments_are_found_within_functions_too() -> None:
    variables = Variables(Secrets())
    variables.set("a", "'); alert(1); ('")
    text, values = variables.as_arguments(
        unquoted("f(() => '{{ a }}')"), step("wait", None, "1"), name="lamplighter"
    )
    assert text == "f(() => ('' + String(lamplighter[0]) + ''))"
    assert values == ["'); alert(1); ('"]


@pytest.mark.parametrize("script", ["return 1", " \n const a = 1; return a", "// x\nreturn 1"])
def test_statements_are_a_body(script: str) -> None:
    assert is_body(script)


@pytest.mark.parametrize("script", ["a > 1", "(() => { return 1 })()", "returned", "document.x"])
def test_anything_else_is_an_expression(script: str) -> None:
    assert not is_body(script)


def test_the_semicolon_behind_an_expression_is_no_part_of_it() -> None:
    assert as_expression("a > 1 ; \n") == "a > 1 "


@pytest.mark.parametrize(
    "script",
    ["done(5)", "setTimeout(done, 5)", "x.then(done)", "arguments[arguments.length - 1](5)"],
)
def test_a_script_that_calls_back(script: str) -> None:
    assert calls_back(script)


@pytest.mark.parametrize("script", ["const {done} = x", "x.done(5)", "return {done: true}"])
def test_a_script_that_does_not(script: str) -> None:
    assert not calls_back(script)

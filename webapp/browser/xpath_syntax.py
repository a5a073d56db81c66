"""What is wrong with an XPath, and where, before a browser has to find out."""

import re

from lxml import etree

# The functions of XPath 1.0, which is what browsers speak.
FUNCTIONS = frozenset(
    {"last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat"}
    | {"starts-with", "contains", "substring-before", "substring-after", "substring"}
    | {"string-length", "normalize-space", "translate", "boolean", "not", "true", "false", "lang"}
    | {"number", "sum", "floor", "ceiling", "round"}
)
NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
NAME = r"[^\W\d][\w.\-·]*"
TOKEN = re.compile(
    rf"""(?P<literal>"[^"]*"|'[^']*')
    |(?P<variable>\$\s*{NAME})
    |(?P<axis>{NAME}\s*::)
    |(?P<prefixed>{NAME}:(?:{NAME}|\*))(?P<prefixed_call>\s*\()?
    |(?P<name>{NAME})(?P<call>\s*\()?
    |.""",
    re.VERBOSE | re.DOTALL,
)
INSTEAD = {
    "ends-with": "compare substring() with string-length() instead",
    "matches": "use contains() or starts-with() instead",
    "lower-case": "use translate() instead",
    "upper-case": "use translate() instead",
    "replace": "use translate() instead",
}


def xpath_error(value: str) -> str | None:
    try:
        etree.XPath(value)
    except etree.XPathSyntaxError as error:
        return _explain(value, error)
    except (etree.XPathError, ValueError) as error:
        return f"The XPath cannot be read: {error}."
    return _unknown_to_browsers(value)


def _explain(value: str, error: etree.XPathSyntaxError) -> str:
    # libxml2 counts bytes from 0 and calls them a column.
    bytes_before = error.error_log[0].column if error.error_log else 0
    at = len(value.encode()[:bytes_before].decode(errors="ignore"))
    if error.error_log and "literal" in error.error_log[0].message:
        opened = _unclosed_quote(value)
        return f"The XPath has a quotation mark at position {opened + 1} that is never closed."
    if at >= len(value.rstrip()):
        return (
            f"The XPath ends too early, at position {at + 1}: something is missing{_open(value)}."
        )
    return f"The XPath has a mistake at position {at + 1}, at “{value[at : at + 20]}”."


def _unclosed_quote(value: str) -> int:
    at = 0
    while match := re.compile(r"[\"']").search(value, at):
        close = value.find(match[0], match.end())
        if close < 0:
            return match.start()
        at = close + 1
    return len(value)


def _open(value: str) -> str:
    """Which bracket is still open, in words; empty if all are closed."""
    stack: list[str] = []
    for match in TOKEN.finditer(value):
        for character in "" if match["literal"] else match[0]:
            if character in "[(":
                stack.append("]" if character == "[" else ")")
            elif stack and character == stack[-1]:
                stack.pop()
    return f" (a “{stack[-1]}”, for example)" if stack else ""


def _unknown_to_browsers(value: str) -> str | None:
    """What XPath's grammar allows, but a browser refuses in a page."""
    for match in TOKEN.finditer(value):
        at = match.start() + 1
        if match["variable"]:
            return f"The XPath uses the variable {match[0]} at position {at}; there are none here."
        if match["prefixed"]:
            prefix = match["prefixed"].partition(":")[0]
            return (
                f"The XPath uses the prefix “{prefix}:” at position {at}, which no page declares. "
                "Elements of SVG are found by *[local-name()='svg']."
            )
        if match["call"] and match["name"] not in FUNCTIONS | NODE_TYPES | {
            "and",
            "or",
            "div",
            "mod",
        }:
            cure = INSTEAD.get(match["name"], "browsers know XPath 1.0 only")
            return f"The XPath calls {match['name']}() at position {at}, which is unknown: {cure}."
    return None

"""Commands that do something with an element."""

from webapp.imports.selenium_ide.building import Building
from webapp.imports.selenium_ide.translating import Translate, at_place, on_element
from webapp.imports.selenium_ide.words import Untranslatable

FILE_WORDS = ("type=file", "type='file'", 'type="file"', "upload", "file")
# A path is typed into a file field only; texts seldom begin like one.
PATH_SIGNS = ("C:\\", "/home/", "/Users/", "/tmp/", "/var/")


def _drag(b: Building) -> None:
    targets = b.words.locators(b.command.value, b.command.values)
    lines = "\n".join(f"{by}={value}" for by, value in targets)
    b.on_element("drag", options={"target": lines})


def _option(action: str) -> Translate:
    """Choices: `label=` is understood when nothing is said, `index=` counts from 1."""

    def translate(b: Building) -> None:
        text = b.command.value.strip()
        kind, equals, rest = text.partition("=")
        if not equals or kind not in ("label", "value", "id", "index"):
            kind, rest = "label", text
        if kind == "label" and rest.startswith("mostly-equals:"):
            rest = rest.removeprefix("mostly-equals:")
        if kind == "index":
            if not rest.strip().isdigit() or int(rest) < 1:
                raise Untranslatable(f"“{text[:40]}” is no place in a list; the first is index=1.")
            b.on_element(action, content=str(int(rest) - 1), options={"by": "index"})
        else:
            b.on_element(action, content=b.words.text(rest), options={"by": kind})

    return translate


def _send_keys(b: Building) -> None:
    if "${KEY_" in b.command.value:
        keys = b.words.keys(b.command.value)
        b.on_element("type", content=keys, options={"append": True, "keys": True})
    else:
        b.on_element("type", content=b.words.text(b.command.value), options={"append": True})


def _type(b: Building) -> None:
    text = b.words.text(b.command.value)
    about = f"{b.command.target} {' '.join(b.command.targets)}".lower()
    is_path = text.startswith(PATH_SIGNS) or ":\\" in text[:4]
    if is_path and any(word in about for word in FILE_WORDS):
        name = text.replace("\\", "/").rpartition("/")[2]
        b.on_element("upload", content=name)
        b.approximate(f"Add the file “{name}” to the flow: the path is one of another machine.")
    elif text:
        b.on_element("type", content=text)
    else:
        b.on_element("clear")


def _edit_content(b: Building) -> None:
    b.on_element("set_rich_text", content=b.words.text(b.command.value))


def _submit(b: Building) -> None:
    b.on_element("submit")
    b.approximate("The form is checked first, as by a visitor's button; Selenium skips that.")


COMMANDS: dict[str, Translate] = {
    "addSelection": _option("add_selection"),
    "check": on_element("check"),
    "click": on_element("click"),
    "clickAt": at_place("click"),
    "doubleClick": on_element("double_click"),
    "doubleClickAt": at_place("double_click"),
    "dragAndDropToObject": _drag,
    "editContent": _edit_content,
    "mouseDown": on_element("mouse_down"),
    "mouseDownAt": at_place("mouse_down"),
    "mouseMoveAt": at_place("hover"),
    "mouseOut": on_element("mouse_out"),
    "mouseOver": on_element("hover"),
    "mouseUp": on_element("mouse_up"),
    "mouseUpAt": at_place("mouse_up"),
    "removeSelection": _option("remove_selection"),
    "select": _option("select"),
    "sendKeys": _send_keys,
    "submit": _submit,
    "type": _type,
    "uncheck": on_element("uncheck"),
}

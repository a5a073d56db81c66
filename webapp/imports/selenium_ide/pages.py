"""Commands about addresses, windows, frames and time."""

from webapp.imports.selenium_ide.building import Building
from webapp.imports.selenium_ide.translating import Translate, impossible
from webapp.imports.selenium_ide.words import Untranslatable


def _open(b: Building) -> None:
    address = b.words.text(b.command.target) or "/"
    b.step("open", content=address, options={"status": "any"})


def _close(b: Building) -> None:
    b.step("close_tab")


def _pause(b: Building) -> None:
    text = (b.command.target.strip() or b.command.value.strip()) or "0"
    if "${" in text:
        raise Untranslatable("Its time is a variable; a wait has a fixed number of seconds.")
    try:
        seconds = float(text) / 1000
    except ValueError:
        raise Untranslatable(f"“{text[:40]}” is no number of milliseconds.") from None
    b.step("wait", content=f"{min(max(seconds, 0), 300):g}")
    if seconds > 300:
        b.approximate(f"It waits 300 s, the most that a step may, instead of {seconds:g} s.")


def _select_frame(b: Building) -> None:
    target = b.command.target.strip()
    kind, _, value = target.partition("=")
    if target == "relative=top":
        b.step("switch_frame", options={"to": "top"})
    elif target == "relative=parent":
        b.step("switch_frame", options={"to": "parent"})
    elif kind == "index":
        path = "/".join(part.strip() for part in value.split("\\"))
        b.step("switch_frame", content=path, options={"to": "index"})
    else:
        b.on_element("switch_frame", options={"to": "element"})


def _select_window(b: Building) -> None:
    target = b.command.target.strip()
    if not target.startswith("handle="):
        raise Untranslatable(
            f"“{target[:60]}” is no window: only handle=${{name}} can be selected."
        )
    name = target.removeprefix("handle=").strip()
    if not (name.startswith("${") and name.endswith("}")):
        raise Untranslatable("A window handle of another browser cannot be found again.")
    b.step("switch_tab", content=b.words.name(name[2:-1]), options={"by": "name"})


def _set_window_size(b: Building) -> None:
    size = b.words.text(b.command.target).lower().replace(" ", "").replace(",", "x")
    b.step("resize", content=size)


def _store_window_handle(b: Building) -> None:
    b.step("name_tab", content=b.words.name(b.command.target))


COMMANDS: dict[str, Translate] = {
    "close": _close,
    "open": _open,
    "pause": _pause,
    "selectFrame": _select_frame,
    "selectWindow": _select_window,
    "setSpeed": impossible("Selenium IDE's own runner refuses it too: steps wait by themselves."),
    "setWindowSize": _set_window_size,
    "storeWindowHandle": _store_window_handle,
}

"""The mouse and the keyboard of a driver: what is pressed stays pressed until it is let go."""

from typing import Any

from selenium.webdriver.remote.command import Command

from webapp.browser.asking import Asking

BUTTONS = {"left": 0, "middle": 1, "right": 2}
Part = dict[str, Any]


def move(point: tuple[float, float], ms: int = 0) -> Part:
    x, y = point
    return {"type": "pointerMove", "origin": "viewport", "x": int(x), "y": int(y), "duration": ms}


def press(button: str = "left") -> Part:
    return {"type": "pointerDown", "button": BUTTONS[button]}


def release(button: str = "left") -> Part:
    return {"type": "pointerUp", "button": BUTTONS[button]}


def pause(ms: int) -> Part:
    return {"type": "pause", "duration": ms}


def key_down(key: str) -> Part:
    return {"type": "keyDown", "value": key}


def key_up(key: str) -> Part:
    return {"type": "keyUp", "value": key}


class Devices(Asking):
    """Plays what is done with mouse and keyboard."""

    held: tuple[str, ...] = ()  # keys that a step left down

    def _pointer(self, *parts: Part) -> None:
        kind = {"pointerType": "mouse"}
        placed = [self._placed(part) for part in parts]
        self._perform({"type": "pointer", "id": "mouse", "parameters": kind, "actions": placed})

    def _placed(self, part: Part) -> Part:
        """A move within a frame, as the driver counts it."""
        if part["type"] != "pointerMove":
            return part
        x, y = self.in_window((part["x"], part["y"]))
        return {**part, "x": int(x), "y": int(y)}

    def _keyboard(self, *parts: Part) -> None:
        self._perform({"type": "key", "id": "key", "actions": parts})

    def _perform(self, device: Part) -> None:
        if device["actions"]:
            self._do(lambda: self._driver.execute(Command.W3C_ACTIONS, {"actions": [device]}))

    def _let_go(self) -> None:
        """Nothing is pressed any more, whatever was."""
        self.held = ()
        self._do(lambda: self._driver.execute(Command.W3C_CLEAR_ACTIONS))

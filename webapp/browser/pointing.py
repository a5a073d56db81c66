"""What the pointer of a real browser does."""

from webapp.browser.devices import Devices, Part, key_down, key_up, move, pause, press, release
from webapp.browser.errors import StepFailed
from webapp.browser.page import PLAIN, Press, Sight

# A drag that jumps is none for many pages: they watch the pointer move.
DRAG_STEPS = 4
SHORT_MS = 500
DRAG_STEP_MS = 40
# What the script says when the page took part in a drag, whatever it made of it.
DONE_BY_EVENTS = ("dropped", "refused")
Point = tuple[float, float]


class Pointing(Devices):
    """Clicks, drags and scrolling, for `SeleniumPage`."""

    def click(self, sight: Sight, how: Press = PLAIN) -> None:
        if how == PLAIN and not sight.hit_label and not self.held:
            self._do(sight.element.click)
            return
        # The driver would refuse where a styled checkbox lies under its own label.
        modifiers = [key for key in how.modifiers if key not in self.held]
        self._keyboard(*map(key_down, modifiers))
        try:
            self._click(sight.point, how)
        finally:
            self._keyboard(*map(key_up, reversed(modifiers)))

    def _click(self, point: Point, how: Press) -> None:
        """In one go, as otherwise drivers do not count the clicks; a long hold is looked after."""
        hold_ms = round(how.hold_seconds * 1000)
        if hold_ms * how.times <= SHORT_MS:
            once = (press(how.button), pause(hold_ms), release(how.button))
            self._pointer(move(point), *(once * how.times))
            return
        for _ in range(how.times):
            self._pointer(move(point), press(how.button))
            try:
                self.patience.sleep(how.hold_seconds)
            finally:
                self._pointer(release(how.button))

    def hover(self, sight: Sight) -> None:
        self._pointer(move(sight.point))

    def press_pointer(self, sight: Sight) -> None:
        self._pointer(move(sight.point), press())

    def release_pointer(self, sight: Sight) -> None:
        self._pointer(move(sight.point), release())

    def leave(self, sight: Sight) -> bool:
        """Move the pointer off the element; False when there is no place beside it."""
        point = self._run("point_outside", sight.element)
        if point is not None:
            self._pointer(move(point))
        return point is not None

    def scroll(self, sight: Sight | None, x: float, y: float, by: bool) -> tuple[int, int]:
        """Scroll the page or an element; gives where it is then."""
        left, top = self._run("scroll", sight.element if sight else None, x, y, by)
        return int(left), int(top)

    def drag(self, sight: Sight, target: Sight | None, by: Point) -> None:
        """Drag an element onto another, or by a distance."""
        element = target.element if target else None
        points = self._facts("drag_points", sight.element, element, list(by))
        start, end = points["start"], points["end"]
        if end is None and target is None:
            raise StepFailed(
                f"Could not drag {sight.words} by {by[0]:g}, {by[1]:g} px: that is outside the "
                "window.",
                "a place inside the window",
                "one outside it",
            )
        # Firefox's driver begins to drag what is draggable, but drops nothing.
        if not self._is_chromium and end and self._run("drag", start, end) in DONE_BY_EVENTS:
            return
        try:
            self._drag(start, end, target)
        except BaseException:
            self._let_go()
            raise

    def _drag(self, start: Point, end: Point | None, target: Sight | None) -> None:
        """In one go, as otherwise Chromium's driver moves the pointer as if nothing was pressed."""
        begin: tuple[Part, ...] = (move(start), press())
        if end is None and target is not None:
            self._pointer(*begin)
            begin, end = (), self._run("point_in", target.element)
        if end is None:
            raise StepFailed("Could not drag: the target cannot be brought into the window.")
        shares = [number / DRAG_STEPS for number in range(1, DRAG_STEPS + 1)]
        way = [move(_between(start, end, share), DRAG_STEP_MS) for share in shares]
        self._pointer(*begin, *way, pause(DRAG_STEP_MS), move(end), release())


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share

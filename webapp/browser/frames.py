"""The frame of a page that a run is in: entered, left for a moment, and lost."""

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from webapp.browser.asking import Asking
from webapp.browser.calls import call
from webapp.browser.errors import BrowserLost, StepFailed
from webapp.browser.page import Moved, PageState, Sight

Point = tuple[float, float]


class Framing(Asking):
    """Steps look and act in one document: the page's own, or that of a frame in it."""

    _frames: tuple[tuple[Any, str], ...] = ()  # each with its words, from the outermost on
    _page_of_frames = 0.0  # the document of the page when the first frame was entered
    _is_outside = False
    _lost_frame = ""

    @property
    def frame_depth(self) -> int:
        """How many frames deep the run is; 0 in the page itself."""
        return len(self._frames)

    def frame_at(self, number: int) -> Sight | None:
        """The frame with this number, from 0, in the document that the run is in."""
        element = self._run("frame_at", number)
        if element is None:
            return None
        return Sight(candidate=0, words=f"number {number}", tag="iframe", element=element)

    def enter_frame(self, sight: Sight) -> None:
        """Go into a frame of the document that the run is in; Moved while it cannot be entered."""
        if not self._frames:
            self._page_of_frames = self.state().origin
        self._ask(lambda: self._driver.switch_to.frame(sight.element))
        self._frames += ((sight.element, sight.words),)

    def leave_frames(self, levels: int | None = None) -> None:
        """Go out of so many frames, or back to the page itself."""
        self._lost_frame = ""
        if not self._frames:
            return
        kept = self._frames[:-levels] if levels else ()
        self._ask(self._driver.switch_to.default_content)
        self._frames = kept
        self._out_and_in(kept)

    def frame_is_loaded(self) -> bool:
        """Whether the document of the frame that was entered is there."""
        seen = self._facts("frame_depth")
        return bool(seen["ready"] == "complete" and seen["depth"] == len(self._frames))

    def state(self, blank: bool = False) -> PageState:
        with self._outside():
            return super().state(blank)

    def _run(self, name: str, *words: Any) -> Any:
        self._stay_in_frame()
        return super()._run(name, *words)

    def _stay_in_frame(self) -> None:
        """A driver whose frame is gone answers for the page instead, so its place is checked."""
        if self._lost_frame and not self._is_outside:
            raise self._gone()
        if not self._frames or self._is_outside:
            return
        try:
            seen = super()._run("frame_depth")
        except Moved:
            seen = None
        if not isinstance(seen, dict) or seen["depth"] != len(self._frames):
            self._return_to_frame()
            if self._lost_frame:
                raise self._gone()

    def _gone(self) -> StepFailed:
        return StepFailed(
            f"The frame {self._lost_frame} is not in the page any more, and this step was to be "
            "played in it. “Switch frame” goes back to the page, or into another frame.",
            f"the frame {self._lost_frame}",
            "no such frame",
        )

    @contextlib.contextmanager
    def _outside(self) -> Iterator[None]:
        """In the page itself for a moment, and then back in the frame that the run is in."""
        if self._is_outside or not (self._frames or self._lost_frame):
            yield
            return
        self._is_outside = True
        try:
            if self._frames:
                self._ask(self._driver.switch_to.default_content)
            yield
            self._return_to_frame()
        except (StepFailed, Moved):
            with contextlib.suppress(StepFailed, Moved):
                self._return_to_frame()
            raise
        finally:
            self._is_outside = False

    @contextlib.contextmanager
    def _inside(self) -> Iterator[None]:
        """While outside, in the frame for a moment."""
        self._out_and_in(self._frames)
        yield
        if self._frames:
            self._ask(self._driver.switch_to.default_content)

    def _return_to_frame(self) -> None:
        """Into the frame again; a new page has none of the old one's, and that is noted."""
        if not self._frames:
            return
        was_outside, self._is_outside = self._is_outside, True
        try:
            self._ask(self._driver.switch_to.default_content)
            if Asking.state(self).origin != self._page_of_frames:
                self._note("A new page came, so the run is no longer in the frame of the old one")
                self._frames = ()
            else:
                self._out_and_in(self._frames)
        finally:
            self._is_outside = was_outside

    def _out_and_in(self, frames: tuple[tuple[Any, str], ...]) -> None:
        if self._frames or frames:
            self._ask(self._driver.switch_to.default_content)
        for frame, words in frames:
            try:
                self._ask(partial(self._driver.switch_to.frame, frame))
            except Moved:
                self._lose_frame(words)
                return

    def _lose_frame(self, words: str) -> None:
        self._ask(self._driver.switch_to.default_content)
        self._frames, self._lost_frame = (), words
        self._note(f"The frame {words} went away; “Switch frame” says where the run goes on")

    def _lose_window(self) -> None:
        """Firefox says so of a frame too, which went away with its document."""
        if self._frames:
            with contextlib.suppress(Moved, StepFailed, BrowserLost):
                call(self._driver.switch_to.default_content, self.patience)
                return
            self._frames = ()
        super()._lose_window()

    def in_window(self, point: Point) -> Point:
        """As Asking says, and in view; a Chromium counts from the window, Firefox in the frame."""
        if not self._frames:
            return point
        x, y = point
        for number in range(len(self._frames) - 1, -1, -1):
            self._is_outside = True
            try:
                self._out_and_in(self._frames[:number])
                seen = self._facts("frame_place", self._frames[number][0], x, y)
            finally:
                self._is_outside = False
            x, y = seen["point"]
        self._out_and_in(self._frames)
        return (x, y) if self._is_chromium else point

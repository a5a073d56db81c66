"""Play the steps of a flow, one after the other, and tell what became of each."""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence

from webapp import clock
from webapp.browser.actions import ACTIONS, Finding
from webapp.browser.actions.registry import SCRIPTS_FORBIDDEN, Block
from webapp.browser.errors import BrowserLost, DialogLeft, Forbidden, RunStopped, StepFailed
from webapp.browser.gathering import Evidence, Gathering, Result
from webapp.browser.page import Moved, Page
from webapp.browser.plan import Began, Outcome, Plan
from webapp.browser.secrets import Secrets
from webapp.browser.seeking import Unfit
from webapp.browser.steps import Step
from webapp.browser.stopping import Patience, Stop
from webapp.browser.telling import Telling, cut, told_by
from webapp.browser.tree import Chain, Node
from webapp.browser.variables import Variables, filled
from webapp.egress import EgressRefused

__all__ = ["Began", "Outcome", "Plan", "play"]

log = logging.getLogger(__name__)
# Loops end by their own limit; this is for loops within loops.
MOST_PLAYED = 5_000
Told = Generator[Began | Outcome, None, None]
# The same, which at its end says why the branches behind this one are out, if they are.
Answered = Generator[Began | Outcome, None, str]
Decided = Generator[Began | Outcome, None, Finding | None]


def play(plan: Plan, page: Page, stop: Stop) -> Iterator[Began | Outcome]:
    """Yield Began and Outcome for every step, in the order in which they are played.

    After a failure the rest is skipped, but for steps that are always to be played. RunStopped
    and BrowserLost are raised after the outcome of the step they struck; the steps behind it are
    then the caller's to mark.
    """
    playing = _Playing(plan, page, stop)
    yield from playing.sequence(plan.nodes, None)


class _Playing:
    """One run of a plan."""

    def __init__(self, plan: Plan, page: Page, stop: Stop) -> None:
        self.plan = plan
        self.page = page
        self.stop = stop
        written = [node.step for node in plan.written]
        self.secrets = Secrets(step.content for step in written if step.secret and step.content)
        self.gathering = Gathering(plan, page, stop)
        self.telling = Telling(self.secrets)
        self.ordinal = 0
        self.played = 0
        self.broken: Node | None = None
        page.secrets = self.secrets
        page.variables = self.variables = Variables(self.secrets)
        page.base_url = plan.url
        page.files = plan.files
        page.allow_private = plan.allow_private
        page.own_addresses = plan.own_addresses
        page.start_run({one for node in plan.written for one in ACTIONS[node.step.action].watches})
        page.began_at = clock.now()
        page.taken = set()
        self.run_ends = None
        if plan.run_deadline is not None:
            left = (plan.run_deadline - clock.now()).total_seconds()
            self.run_ends = time.monotonic() + left

    def sequence(self, nodes: Sequence[Node], iteration: int | None) -> Told:
        """Steps that follow each other: those of the flow, or of a block."""
        chain = Chain()
        for node in nodes:
            follows = node.block is not None and bool(node.block.follows)
            if not follows:
                chain = Chain(node.step.always)
            if not node.step.enabled:
                chain.close("the “If” before it is switched off", unless=follows)
                yield from self._skip(node, "switched off", iteration)
            elif self.broken is not None and not chain.always:
                yield from self._pass_over(node, f"step {self.broken.place} failed", iteration)
            elif chain.closed:
                yield from self._skip(node, chain.closed, iteration)
            else:
                chain.close((yield from self._sheltered(node, iteration)))

    def _pass_over(self, node: Node, why: str, iteration: int | None) -> Told:
        """Skip a step after a failure; what is always played in a group is played all the same."""
        holds_some = any(one.step.always and one.step.enabled for one in node.walk())
        if node.block is None or node.block.kind not in ("once", "shared") or not holds_some:
            yield from self._skip(node, why, iteration)
            return
        yield self._skipped(node, why, iteration)
        yield from self.sequence(node.children, iteration)

    def _sheltered(self, node: Node, iteration: int | None) -> Answered:
        """Play a step; one that is always played does so as if nothing had failed before it."""
        before, self.broken = self.broken, None
        closed = yield from self._node(node, iteration)
        self.broken = before or self.broken
        return closed

    def _node(self, node: Node, iteration: int | None) -> Answered:
        """Play a step with all it holds; for a branch, why those behind it are out, if they are."""
        if node.block is None:
            yield from self._step(
                node, iteration, lambda step: ACTIONS[step.action]().run(step, self.page)
            )
            return ""
        block = node.block()
        block.holds_steps = bool(node.children)
        if block.kind == "loop":
            yield from self._loop(node, block, iteration)
            return ""
        finding = yield from self._decide(node, block, iteration, 0)
        if finding is None:
            why = f"step {node.place} failed"
            yield from self._skip_inside(node, why, iteration)
            return why
        if finding.holds:
            yield from self.sequence(node.children, iteration)
            return "a branch before it was taken"
        yield from self._skip_inside(node, "its condition did not hold", iteration)
        return ""

    def _loop(self, node: Node, block: Block, iteration: int | None) -> Told:
        rounds = 0
        while True:
            finding = yield from self._decide(node, block, rounds + 1, rounds)
            if finding is None or not finding.holds:
                break
            rounds += 1
            yield from self.sequence(node.children, rounds)
            if self.broken is not None:
                return
        if rounds == 0:
            why = "its loop failed" if finding is None else "its loop had no round"
            yield from self._skip_inside(node, why, iteration)

    def _decide(self, node: Node, block: Block, iteration: int | None, rounds: int) -> Decided:
        """Ask a block whether its steps are to be played; None when the question itself failed."""
        found: list[Finding] = []

        def ask(step: Step) -> Finding:
            finding = block.decide(step, self.page, rounds)
            found[:] = [finding]
            return finding

        yield from self._step(node, iteration, ask)
        return found[0] if found else None

    def _skip(self, node: Node, why: str, iteration: int | None) -> Told:
        for one in node.walk():
            yield self._skipped(one, why, iteration)

    def _skipped(self, node: Node, why: str, iteration: int | None) -> Outcome:
        told = self.telling.node(node)
        note = f"not taken: {why}"
        self.ordinal += 1
        return Outcome(
            self.ordinal - 1, told.step, "skipped", told, iteration, screenshot_note=note
        )

    def _skip_inside(self, node: Node, why: str, iteration: int | None) -> Told:
        for child in node.children:
            yield from self._skip(child, why, iteration)

    def _step(self, node: Node, iteration: int | None, run: Callable[[Step], Finding]) -> Told:
        self.stop.check()
        told = self.telling.node(node)
        yield Began(self.ordinal, told.step, told, iteration)
        self.page.leave_dialog = self._dialog_follows(node)
        outcome = self._outcome(node, iteration, run)
        self.ordinal += 1
        if outcome.breaks:
            self.broken = node
        yield outcome
        if self.gathering.ended is not None:
            raise self.gathering.ended

    def _dialog_follows(self, node: Node) -> bool:
        """Whether the step that is written next wants to see the dialog that this one opens."""
        behind = self.plan.written[node.position + 1 :]
        following = next((one for one in behind if one.meets_dialog), None)
        return following is not None and ACTIONS[following.step.action].needs_dialog

    def _outcome(
        self, node: Node, iteration: int | None, run: Callable[[Step], Finding]
    ) -> Outcome:
        step = node.step
        seconds = step.timeout_seconds or self.plan.step_timeout_seconds
        started_at, start = clock.now(), time.monotonic()
        step, result, tries = self._tried(step, seconds, run)
        duration_ms = round((time.monotonic() - start) * 1000)
        ended_at = clock.now()
        evidence = Evidence(note="not taken: the run was ended")
        if self.gathering.ended is None:
            evidence, result = self.gathering.gather(step, result)
        mask, finding = self.secrets.maybe, result.finding
        return Outcome(
            ordinal=self.ordinal,
            step=self.telling.told(step),
            state=result.state,
            node=self.telling.node(node),
            iteration=iteration,
            started_at=started_at,
            ended_at=ended_at,
            duration_ms=duration_ms,
            error=cut(mask(result.error)),
            expected=cut(mask(result.expected or finding.expected)),
            found=cut(mask(result.found or finding.found)),
            page_url=cut(mask(evidence.url)),
            page_title=cut(mask(evidence.title)),
            locator=finding.locator and self.telling.locator(finding.locator),
            match_count=finding.match_count,
            matches=tuple((self.telling.locator(one), n) for one, n in finding.matches),
            healed=self.secrets.mask(finding.healed),
            refused=result.refused,
            screenshot=evidence.picture,
            screenshot_note=evidence.note and mask(evidence.note),
            notes=tuple(
                self.secrets.mask(one) for one in (*tries, *finding.notes, *self.page.notes())
            ),
        )

    def _tried(
        self, step: Step, seconds: float, run: Callable[[Step], Finding]
    ) -> tuple[Step, Result, list[str]]:
        """Play it, again where it may be tried again; with what the tries before came to."""
        tries: list[str] = []
        while True:
            full, result = self._judge(step, Patience(seconds, self.stop, self.run_ends), run)
            is_last = len(tries) >= step.retries or self.gathering.ended is not None
            if result.state != "failed" or is_last:
                return full, result, tries
            tries.append(f"Try {len(tries) + 1} of {step.retries + 1} failed: {result.error}")

    def _judge(
        self, step: Step, patience: Patience, run: Callable[[Step], Finding]
    ) -> tuple[Step, Result]:
        """Run the action; every end of it has its state, and none of them is silent."""
        try:
            self._count()
            self._refuse_script(step)
            step = filled(step, self.variables)
            self.secrets.add(*told_by(step))
            self.page.begin(patience)
            finding = run(step)
            patience.check()
            return step, Result("healed" if finding.healed else "passed", finding)
        except Unfit as error:
            return step, self._failed(error, error.finding)
        except DialogLeft as error:
            return step, self._interrupted(step, error)
        except StepFailed as error:
            return step, self._failed(error, Finding())
        except Moved as error:
            words = (
                f"The page was replaced in the middle of this step: {error or 'no reason given'}."
            )
            return step, self._failed(StepFailed(words, "a page that stays"), Finding())
        except (EgressRefused, Forbidden) as error:
            return step, Result("errored", Finding(), str(error), refused=True)
        except BrowserLost as error:
            self.gathering.ended = error
            return step, Result("errored", Finding(), str(error))
        except RunStopped as error:
            self.gathering.ended = error
            return step, Result("errored", Finding(), f"stopped: {error.reason}")
        except Exception as error:
            log.exception("Step %s (%s) met a fault of our own", step.number, step.action)
            said = str(error).partition("\n")[0]  # behind it, a database tells its statement
            words = f"A fault of Lamplighter itself: {type(error).__name__}: {said}"
            return step, Result("errored", Finding(), words)

    def _interrupted(self, step: Step, error: DialogLeft) -> Result:
        """A step that acted has opened the dialog that the next one is about."""
        if not (error.acted and ACTIONS[step.action].changes_page):
            return self._failed(error, Finding())
        return Result("passed", Finding(notes=("It opened a dialog, left for the next step.",)))

    def _refuse_script(self, step: Step) -> None:
        if not self.plan.allow_scripts and ACTIONS[step.action].runs_script(step.options):
            raise Forbidden(SCRIPTS_FORBIDDEN)

    def _count(self) -> None:
        self.played += 1
        if self.played > MOST_PLAYED:
            raise StepFailed(
                f"This run has played {MOST_PLAYED:,} steps, more than a run may: its loops do "
                "not come to an end.",
                f"at most {MOST_PLAYED:,} steps",
                "more",
            )

    def _failed(self, error: StepFailed, finding: Finding) -> Result:
        reason = self.stop.reason
        if reason is None and self.run_ends is not None and time.monotonic() >= self.run_ends:
            self.stop.request("timed_out")
            reason = self.stop.reason
        if reason is not None:
            self.gathering.ended = RunStopped(reason)
            return Result("errored", finding, f"stopped: {reason}")
        return Result("failed", finding, error.message, error.expected, error.found)

"""Make a draft of a recording: chords put together, tabs and frames followed, hints offered."""

from webapp.browser.steps import new_uid
from webapp.flows.suspicion import secret_values
from webapp.imports.chrome_recorder.building import OURS, Building, Kept
from webapp.imports.chrome_recorder.keys import chord_of, key_of
from webapp.imports.chrome_recorder.steps import STEPS, path_of
from webapp.imports.draft import Draft, Recording, Suggestion, Unreadable, find_secrets, short
from webapp.imports.reading import At

MOST_STEPS = 5_000
KEY_TYPES = {"keyDown": "down", "keyUp": "up"}
WITHOUT_PLACE = frozenset({"setViewport", "emulateNetworkConditions", "customStep"})


def read_chrome_recorder(file: At) -> Recording:
    """The flow of a recording; raises Unreadable."""
    file.object()
    steps = file["steps"].list()
    if len(steps) > MOST_STEPS:
        raise Unreadable(f"steps: found {len(steps):,}; at most {MOST_STEPS:,} can be imported.")
    draft = Draft(name=short(file["title"].text("")) or "Recorded flow")
    draft.url = _base_url(steps)
    timeout = file["timeout"].number(None)
    if timeout is not None:
        if not 1 <= timeout <= 300_000:
            raise file["timeout"].wrong("a number of milliseconds from 1 to 30000")
        draft.step_timeout_seconds = max(timeout / 1000, 0.1)
    building = Building(draft)
    number = 0
    while number < len(steps):
        number += _one(building, steps, number)
    find_secrets(draft)
    if any(item.why.startswith("Played in the middle") for item in draft.items):
        draft.notes.append(
            "Clicks go to the middle of their element: recorded places break with every change of "
            "layout. Where the place matters, as on a map, set it in the step."
        )
    return Recording("chrome-recorder", "", [draft])


def _base_url(steps: list[At]) -> str:
    """The site of the first page that is opened."""
    for step in steps:
        if isinstance(step.value, dict) and step.value.get("type") == "navigate":
            url = step["url"].text("")
            if url.startswith(("http://", "https://")):
                return url if OURS in step.value else _without_secrets(url.split("#")[0])
    return ""


def _without_secrets(url: str) -> str:
    """Everybody who sees the flow sees its address; the step that opens it keeps the whole."""
    return url.split("?")[0] if secret_values({"action": "open", "content": url}) else url


def _one(b: Building, steps: list[At], number: int) -> int:
    """Translate a step, or the key events that belong together; how many were taken."""
    step = steps[number].object()
    kind = step["type"].text()
    b.begin(step)
    if isinstance(ours := step[OURS].value, dict):
        if ours:  # the empty ones only help the Recorder to play it
            b.our_own(ours)
            b.done(step)
        return 1
    if kind in KEY_TYPES and (taken := _chord(b, steps, number)):
        return taken
    translate = STEPS.get(kind)
    if translate is None:
        b.switch_off(step, f"“{kind[:60]}” is no step of Chrome's Recorder.")
        return 1
    before = len(b.draft.steps), b.target, b.frame
    try:
        if kind not in WITHOUT_PLACE:
            b.go_to(step)
        translate(b, step)
    except Kept as kept:
        del b.draft.steps[before[0] :]
        b.target, b.frame = before[1], before[2]
        b.made.clear()
        b.switch_off(step, str(kept))
        return 1
    _suggest(b, step)
    b.done(step)
    return 1


def _chord(b: Building, steps: list[At], number: int) -> int:
    """A key that goes down and up again, with modifiers around it, is one step `press`."""
    events: list[tuple[str, str]] = []
    down = 0
    for step in steps[number : number + 12]:
        kind = KEY_TYPES.get(step.value.get("type", "")) if isinstance(step.value, dict) else None
        key = key_of(step["key"].text("")) if kind else None
        if kind is None or key is None:
            return 0
        events.append((kind, key))
        down += 1 if kind == "down" else -1
        if down == 0:
            break
    chord = chord_of(events)
    if chord is None:
        return 0
    b.go_to(steps[number])
    b.step("press", content=chord)
    for step in steps[number : number + len(events)]:
        _suggest(b, step)
        b.done(step)
    return len(events)


def _suggest(b: Building, step: At) -> None:
    """What the Recorder saw happen, offered as assertions; it only waits for it itself."""
    events = step["assertedEvents"]
    if events.value is None or not b.made:
        return
    for event in events.list():
        event.object()
        if event["type"].text("") != "navigation":
            b.approximate(f"The event “{event['type'].text('')[:40]}” is not known.")
            continue
        b.frame = ()  # a new page leaves all frames
        url, title = event["url"].text(""), event["title"].text("")
        if url.startswith(("http://", "https://")):
            why = "The page was at this address when it was recorded."
            _hint(b, "assert_url", b.plain(path_of(url)), "contains", why, True)
        if title.strip():
            why = "The page had this title when it was recorded."
            _hint(b, "assert_title", b.plain(title), "equals", why, False)


def _hint(b: Building, action: str, content: str, match: str, why: str, chosen: bool) -> None:
    step = {"uid": new_uid(), "action": action, "content": content, "options": {"match": match}}
    b.draft.suggestions.append(Suggestion(b.made[-1], step, why, chosen))

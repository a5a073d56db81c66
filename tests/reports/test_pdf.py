"""What is in the PDF, and that nothing a run can hold breaks it."""

import io
import logging
import re

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.reports.runs import WRONG_TOTAL, picture, sha256, step, summary
from webapp.reports import render
from webapp.reports.pictures import PictureBroken, for_print
from webapp.reports.summary import LONGEST_TEXT, MOST_PICTURED, SUMMARY, clean

SHOT = picture(1, 400, 300)
SHOTS = {sha256(SHOT): for_print(SHOT)}
FAILED = summary(
    step(1, picture=sha256(SHOT)),
    step(2, "failed", name="The total is right", picture=sha256(SHOT)),
    step(3, "skipped"),
)


def read(run, pictures=SHOTS, problems=None):
    return PdfReader(io.BytesIO(render.to_pdf(run, pictures, problems or {})))


def texts(reader):
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.fixture(scope="module")
def failed():
    return read(FAILED)


def test_the_first_page_says_how_the_run_ended_and_why(failed):
    page = texts(failed)[0]
    for words in ["Buy a lantern", "Failed", "not judged", "The total is right", WRONG_TOTAL]:
        assert words in page
    for words in ["Expected €43.80", "Found €48.70", "Schedule", "Chrome 156.0", "3.80 s"]:
        assert words in page


def test_times_are_in_the_owners_zone(failed):
    assert "20 Nov 2026, 14:05:03 CET" in texts(failed)[0]


def test_a_verdict_is_shown_in_words():
    page = texts(read(summary(step(1), verdict="site_failure")))[0]
    assert "Verdict: site failure" in page


def test_the_contents_name_the_page_of_every_step(failed):
    pages = texts(failed)
    told = re.search(r"Contents 1\. Do thing 1 (\d) 2\. The total is right (\d)", pages[0])
    first, second = (pages[int(number) - 1] for number in told.groups())
    assert "1. Do thing 1 Passed" in first and "2. The total is right Failed" in second


def test_short_contents_have_no_page_of_their_own():
    shot = sha256(SHOT)
    steps = [step(number, picture=shot) for number in range(1, 15)]
    passed = texts(read(summary(*steps)))
    assert "Verdict" in passed[0] and "14. Do thing 14" in passed[0]
    failed = texts(read(summary(*steps, step(15, "failed", picture=shot))))
    listed = next(page for page in failed if "Contents" in page)
    assert "Verdict" in listed or "1. Do thing 1 Passed" in listed
    assert "15. Do thing 15" in listed


def test_every_page_has_its_number(failed):
    pages = texts(failed)
    count = len(pages)
    assert [f"Page {n} of {count}" in text for n, text in enumerate(pages, 1)] == [True] * count


def test_the_outline_leads_to_every_step(failed):
    titles, outline = [], failed.outline
    while outline:
        entry = outline.pop(0)
        if isinstance(entry, list):
            outline = entry + outline
        else:
            titles.append((entry.title, failed.get_destination_page_number(entry)))
    assert titles[0] == ("Buy a lantern", 0)
    assert [title for title, _ in titles[1:]] == [
        "Contents", "1. Do thing 1", "2. The total is right", "3. Do thing 3"
    ]  # fmt: skip
    for title, page in titles[2:]:
        assert f"{title} {'Passed' if title[0] == '1' else ''}" in texts(failed)[page]


def tags(reader):
    """Every structure element of the tagged PDF, with its alternative text."""
    waiting, found = [reader.trailer["/Root"]["/StructTreeRoot"]], []
    while waiting:
        element = waiting.pop(0).get_object()
        if not hasattr(element, "get"):
            continue
        found.append((element.get("/S"), element.get("/Alt")))
        kids = element.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        waiting += [
            k for k in (kids if isinstance(kids, list) else [kids]) if hasattr(k, "get_object")
        ]
    return found


def test_it_is_tagged_with_language_title_headings_and_alternative_texts(failed):
    root = failed.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert failed.metadata.title == "Run 17 of Buy a lantern: failed"
    found = tags(failed)
    assert {"/H1", "/H2", "/P", "/Figure"} <= {kind for kind, _ in found}
    alternatives = [alt for kind, alt in found if kind == "/Figure"]
    assert "Step 2: The total is right: the page as the browser showed it" in alternatives
    assert all(alternatives)


def test_nothing_worth_a_warning_happens(caplog):
    with caplog.at_level(logging.WARNING, "weasyprint"):
        read(FAILED)
    assert caplog.messages == []


def test_a_run_without_steps_is_a_report_too():
    pages = texts(read(summary(state="cancelled", error="Alice stopped it.", duration_ms=None)))
    assert "Cancelled" in pages[0] and "Alice stopped it." in pages[0] and "not played" in pages[0]
    assert "This run has no steps." in pages[-1]


def test_a_picture_that_is_gone_is_said_to_be():
    pages = texts(read(summary(step(1, picture="f" * 64))))
    assert "The picture of this step is no longer kept." in pages[-1]


def test_a_picture_that_cannot_be_shown_says_why():
    run = summary(step(1, picture="f" * 64))
    pages = texts(read(run, problems={"f" * 64: "The stored picture is damaged."}))
    assert "The stored picture is damaged." in pages[-1]


def test_why_there_is_no_picture_is_said():
    pages = texts(read(summary(step(1, picture_note="the browser was gone"))))
    assert "No picture: the browser was gone" in pages[-1]


def test_very_long_texts_are_cut_and_stay_on_the_page():
    error = clean("averylongword" * 5000, LONGEST_TEXT)
    reader = read(summary(step(1, "failed", error=error, found=error)))
    assert len(reader.pages) < 8
    assert "more characters)" in "".join(texts(reader))


@pytest.mark.parametrize(
    "name",
    [
        "الدفع في المتجر",
        "תשלום בחנות",
        "Łódź Заказ Παραγγελία Đặt hàng",
        "emoji 🛒🕯️👩‍👩‍👧",
        "<b>bold</b> & “quoted” {{ 7 * 7 }}",
        clean("\x00\x1b[31m\ud800\ufffe\u202e", 100),
        "",
    ],
)
def test_any_text_can_be_a_name(name):
    assert read(summary(step(1, "failed", name=name, error=name), flow=name)).pages


@pytest.mark.parametrize("name", ["Łódź", "Заказ", "Παραγγελία", "Đặt hàng", "Größe"])
def test_letters_beyond_latin_are_those_that_were_written(name):
    assert name in texts(read(summary(step(1), flow=name)))[0]


def test_text_is_never_markup():
    html = render.to_html(summary(step(1, name="<img src='http://x/'>")), {}, {})
    assert "<img src='http" not in html and "&lt;img src=" in html


def test_right_to_left_text_is_marked_as_such():
    html = render.to_html(summary(step(1, name="תשלום")), {}, {})
    assert '<h2 dir="rtl">1. תשלום</h2>' in html
    assert render.direction("123 תשלום") == "rtl" and render.direction("… Pay") == "ltr"


@pytest.mark.parametrize(
    "count", [MOST_PICTURED + 1, pytest.param(1000, marks=pytest.mark.slow)], ids=str
)
def test_a_run_of_very_many_steps_is_listed_in_chapters_without_pictures(count):
    steps = [step(n, picture=sha256(SHOT)) for n in range(1, count)]
    run = summary(*steps, step(count, "failed", picture="f" * 64))
    assert run.pictures == ["f" * 64]
    reader = read(run)
    assert len(reader.pages) < 60
    pages = texts(reader)
    contents = next(page for page in pages if "listed without pictures" in page)
    assert "Steps 1 to 50" in contents and "Steps 51 to 100" in contents
    assert WRONG_TOTAL in pages[-1]


def test_runs_up_to_that_length_show_every_picture():
    run = summary(*[step(n, picture=f"{n:064}") for n in range(MOST_PICTURED)])
    assert len(run.pictures) == MOST_PICTURED


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.png",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "picture:../../etc/passwd",
        "picture:unknown",
        "font:../x",
        "icon:nothing",
    ],
)
def test_no_address_but_its_own_things_is_opened(address):
    with pytest.raises(ValueError, match="A report fetches nothing from outside"):
        render.OwnThings(SHOTS).fetch(address)


def test_progress_grows_from_nothing_to_all():
    told = []
    render.to_pdf(FAILED, SHOTS, {}, told.append)
    assert told == sorted(told)
    assert told[0] < 0.2 and told[-1] == 1.0


def test_a_summary_survives_the_way_into_the_child():
    assert SUMMARY.validate_json(SUMMARY.dump_json(FAILED)) == FAILED


def test_pictures_become_small_jpegs():
    with Image.open(io.BytesIO(for_print(picture(1)))) as small:
        assert small.format == "JPEG"
        assert small.size == (1100, 618)


def test_a_very_tall_picture_is_cut():
    with Image.open(io.BytesIO(for_print(picture(1, 300, 9000)))) as small:
        assert small.size == (300, 1600)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "damaged"),
        (SHOT[:40], "damaged"),
        (SHOT[:16] + b"\xff\xff\xff\xff" + SHOT[20:], "damaged"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(content, sentence):
    with pytest.raises(PictureBroken, match=sentence):
        for_print(content)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(PictureBroken, match="too large"):
        for_print(out.getvalue())


def test_trees_rounds_and_allowed_failures_are_on_paper():
    reader = read(
        summary(
            step(1, place="1", name="Log in", is_block=True),
            step(2, place="1.1", depth=1, state="healed", healed="Found by CSS #go."),
            step(3, place="2", round_words="round 2", notes=("A dialog: “Really?”",)),
            step(4, place="3", state="failed", tolerated="The run went on."),
            step(5, place="…", state="folded", name="Rounds 3 to 58: 112 steps"),
            is_degraded=True,
        )
    )
    words = " ".join(texts(reader))
    for expected in (
        "Passed, degraded", "1.1. Do thing 2", "Found by CSS #go.", "round 2",
        "A dialog: “Really?”", "Failures that the flow allows", "Rounds 3 to 58: 112 steps",
    ):  # fmt: skip
        assert expected in words

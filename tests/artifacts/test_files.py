from io import BytesIO

import pytest
from PIL import Image

from tests.factories import project_of
from tests.runs.pages.playing import picture
from webapp.artifacts.keeping import keep
from webapp.artifacts.store import store
from webapp.extensions import db


@pytest.fixture
def kept(alice):
    def make(content=None, media_type="image/png", file_name="step-1.png"):
        artifact = keep(
            picture() if content is None else content,
            project_id=project_of(alice).id,
            run_id=None,
            kind="screenshot",
            media_type=media_type,
            file_name=file_name,
        )
        db.session.commit()
        return artifact

    return make


def test_a_picture_is_shown_and_cached_for_ever(as_alice, kept):
    artifact = kept()
    answer = as_alice.get(f"/artifacts/{artifact.id}")
    assert answer.data == picture()
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"] == "inline; filename=step-1.png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert answer.get_etag()[0] == artifact.sha256


def test_a_browser_that_has_it_is_told_so(as_alice, kept):
    artifact = kept()
    tag = {"If-None-Match": f'"{artifact.sha256}"'}
    answer = as_alice.get(f"/artifacts/{artifact.id}", headers=tag)
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_thumbnail_is_small(as_alice, kept):
    answer = as_alice.get(f"/artifacts/{kept().id}?width=320")
    assert answer.mimetype == "image/jpeg"
    assert Image.open(BytesIO(answer.data)).size == (320, 200)


def test_a_thumbnail_of_a_very_long_page_stays_small(as_alice, kept):
    artifact = kept(picture(size=(200, 9000)))
    answer = as_alice.get(f"/artifacts/{artifact.id}?width=320")
    assert Image.open(BytesIO(answer.data)).height <= 640


def test_what_is_no_picture_is_downloaded_and_never_shown(as_alice, kept):
    artifact = kept(b"<script>alert(1)</script>", "text/html", "page.html")
    answer = as_alice.get(f"/artifacts/{artifact.id}?width=320")
    assert answer.headers["Content-Disposition"] == "attachment; filename=page.html"
    assert answer.data == b"<script>alert(1)</script>"


def test_a_broken_picture_has_no_thumbnail(as_alice, kept):
    answer = as_alice.get(f"/artifacts/{kept(b'no picture').id}?width=320")
    assert answer.status_code == 404
    assert "cannot be read" in answer.text


def test_a_file_that_is_not_kept_any_more_is_explained(as_alice, kept):
    artifact = kept(picture("#123456"))
    store().delete(artifact.sha256)
    answer = as_alice.get(f"/artifacts/{artifact.id}")
    assert answer.status_code == 404
    assert "not kept any more" in answer.text


def test_strangers_get_nothing(as_charlie, kept):
    assert as_charlie.get(f"/artifacts/{kept().id}").status_code == 404

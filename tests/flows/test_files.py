"""The files that a flow uploads: kept, replaced, fetched, copied and deleted with it."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, update

from tests.factories import make_flow
from webapp import clock
from webapp.artifacts.collecting import GRACE, collect_blobs
from webapp.artifacts.models import Blob
from webapp.artifacts.store import ContentMissing, store
from webapp.extensions import db
from webapp.flows import editing, files
from webapp.flows.files import FileRefused, files_of, keep_file, megabytes, name_error
from webapp.flows.models import Flow, FlowFile


@pytest.fixture
def flow(alice):
    return make_flow(alice)


def keep(flow, name="invoice.pdf", content=b"%PDF"):
    file, is_new = keep_file(flow, name, content)
    db.session.commit()
    return file, is_new


def add(client, flow, *given):
    data = {"file": [(BytesIO(content), name) for name, content in given]}
    return client.post(f"/flows/{flow.id}/files", data=data, follow_redirects=True)


def add_large(client, flow, content):
    """The same with the body written here: the client would leave a temporary file open."""
    head = '--line\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n'
    return client.post(
        f"/flows/{flow.id}/files",
        data=head.encode() + content + b"\r\n--line--\r\n",
        content_type="multipart/form-data; boundary=line",
        follow_redirects=True,
    )


def names(flow):
    return [file.name for file in files_of(flow)]


def make_old():
    db.session.execute(update(Blob).values(touched_at=clock.now() - GRACE - timedelta(hours=1)))
    db.session.commit()


def test_files_are_added_on_the_page_of_the_flow(as_alice, flow):
    page = add(as_alice, flow, ("b.csv", b"1,2"), ("Rechnung ü.pdf", b"%PDF")).text
    assert names(flow) == ["Rechnung ü.pdf", "b.csv"]
    assert "Stored with the flow: “b.csv”, “Rechnung ü.pdf”." in page
    assert "7 bytes of 100 MB" in page


def test_a_file_of_the_same_name_replaces_it(as_alice, flow):
    before, is_new = keep(flow)
    assert is_new
    add(as_alice, flow, ("invoice.pdf", b"newer"))
    (file,) = files_of(flow)
    assert file.id == before.id
    assert store().get(file.sha256) == b"newer"


def test_a_file_is_fetched_as_a_download_and_never_shown(as_alice, flow):
    file, _ = keep(flow, "page.html", b"<script>1</script>")
    answer = as_alice.get(f"/flows/{flow.id}/files/{file.id}")
    assert answer.data == b"<script>1</script>"
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=page.html"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_whose_content_is_lost_says_so(as_alice, flow):
    file, _ = keep(flow)
    store().delete(file.sha256)
    answer = as_alice.get(f"/flows/{flow.id}/files/{file.id}")
    assert answer.status_code == 404
    assert "The content of this file is lost. Add the file again." in answer.text


def test_a_file_is_deleted(as_alice, flow):
    file, _ = keep(flow)
    answer = as_alice.post(f"/flows/{flow.id}/files/{file.id}/delete", follow_redirects=True)
    assert "“invoice.pdf” is deleted." in answer.text
    assert names(flow) == []


def test_a_file_is_found_under_its_own_flow_only(as_alice, alice, flow):
    file, _ = keep(flow)
    other = make_flow(alice, name="Other")
    assert as_alice.get(f"/flows/{other.id}/files/{file.id}").status_code == 404
    assert as_alice.post(f"/flows/{other.id}/files/{file.id}/delete").status_code == 404
    assert names(flow) == ["invoice.pdf"]


def test_a_stranger_finds_nothing_and_adds_nothing(as_charlie, flow):
    file, _ = keep(flow)
    assert as_charlie.get(f"/flows/{flow.id}/files/{file.id}").status_code == 404
    assert as_charlie.post(f"/flows/{flow.id}/files/{file.id}/delete").status_code == 404
    assert add(as_charlie, flow, ("x.txt", b"x")).status_code == 404
    assert names(flow) == ["invoice.pdf"]


def test_a_form_without_a_file_asks_for_one(as_alice, flow):
    assert "Choose the files to add." in add(as_alice, flow).text


def test_a_path_is_cut_to_its_name(as_alice, flow):
    add(as_alice, flow, ("../../etc/b.txt", b"b"))
    assert names(flow) == ["b.txt"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is not the name of a file"),
        ("..", "“..” is not the name of a file"),
        (" a.txt", "names begin and end with a visible sign"),
        ("../a.txt", "“../a.txt” is a path. Give the name alone, without folders."),
        ("a\\b", "is a path"),
        ("a\nb", "has an invisible character (U+000A)"),
        ("a\u202efdp.exe", "has an invisible character (U+202E)"),
        ("{{ name }}.txt", "which steps read as a variable"),
        ("ü" * 101, "has 202 bytes; at most 200 go"),
    ],
)
def test_a_name_that_could_do_harm_is_refused(flow, name, words):
    assert words in name_error(name)
    with pytest.raises(FileRefused) as refused:
        keep_file(flow, name, b"x")
    assert words in str(refused.value)


def test_nothing_of_a_form_is_kept_when_one_file_is_too_large(as_alice, flow, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 10)
    page = add(as_alice, flow, ("a.txt", b"a"), ("b.txt", b"b" * 11)).text
    assert "Nothing was added. “b.txt” has 11 bytes; a file may have 10 bytes." in page
    assert names(flow) == []


def test_the_files_of_a_flow_have_a_limit_together(flow, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    keep(flow, "a.txt", b"123456")
    with pytest.raises(FileRefused, match="together they may have 10 bytes"):
        keep_file(flow, "b.txt", b"12345")
    keep(flow, "a.txt", b"1234567890")  # what it replaces does not count


def test_a_flow_has_so_many_files_at_the_most(flow, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 1)
    keep(flow, "a.txt", b"a")
    with pytest.raises(FileRefused, match="A flow may have 1 files"):
        keep_file(flow, "b.txt", b"b")


def test_a_form_may_be_larger_than_other_forms(as_alice, flow):
    add_large(as_alice, flow, b"x" * 5_000_000)
    assert [file.blob.size for file in files_of(flow)] == [5_000_000]


def test_the_check_of_the_token_does_not_refuse_a_large_form(app, as_alice, flow, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = add_large(as_alice, flow, b"x" * 5_000_000)
    assert answer.status_code == 400


def test_a_form_that_is_too_large_is_told_kindly(as_alice, flow, monkeypatch):
    monkeypatch.setattr("webapp.flows.file_routes.MOST_BYTES", 1000)
    monkeypatch.setattr("webapp.flows.file_routes.MARGIN", 0)
    page = add_large(as_alice, flow, b"x" * 5000).text
    assert "That was more than the 1 kB that a flow may keep." in page


def test_a_content_that_a_file_holds_is_not_collected(flow):
    file, _ = keep(flow)
    sha256 = file.sha256
    make_old()
    assert collect_blobs() == 0
    assert store().get(sha256) == b"%PDF"
    db.session.delete(file)
    db.session.commit()
    assert collect_blobs() == 1
    with pytest.raises(ContentMissing):
        store().get(sha256)


def test_a_copy_of_a_flow_has_its_files(alice, flow):
    keep(flow)
    copy = editing.duplicate_flow(flow, alice)
    db.session.commit()
    assert [(file.name, file.sha256) for file in files_of(copy)] == [
        (file.name, file.sha256) for file in files_of(flow)
    ]
    editing.delete_flow(flow)
    db.session.commit()
    make_old()
    assert collect_blobs() == 0
    assert names(copy) == ["invoice.pdf"]


def test_the_files_of_a_deleted_flow_go_with_it(flow):
    keep(flow)
    editing.delete_flow(db.session.get_one(Flow, flow.id))
    db.session.commit()
    assert db.session.scalars(select(FlowFile)).all() == []
    make_old()
    assert collect_blobs() == 1


def test_the_form_of_an_upload_says_which_files_there_are(as_alice, flow):
    address = f"/flows/{flow.id}?new=upload"
    assert (
        "None is there yet: add it under “Files”, beside the steps." in as_alice.get(address).text
    )
    keep(flow)
    assert "There are: invoice.pdf." in as_alice.get(address).text


def test_sizes_are_said_as_people_read_them():
    assert [megabytes(size) for size in (7, 1500, 20_000_000)] == ["7 bytes", "1.5 kB", "20 MB"]

"""The files of a flow over the API."""

import pytest

from webapp.flows import files


@pytest.fixture
def flow_id(api):
    return api.make_flow()


def put(program, flow_id, name, content):
    return program.client.put(
        f"/api/v1/flows/{flow_id}/files/{name}",
        data=content,
        headers={"Authorization": f"Bearer {program.token}"},
        content_type="application/octet-stream",
    )


def test_a_file_is_stored_listed_fetched_replaced_and_deleted(api, flow_id):
    made = put(api, flow_id, "a b.txt", b"one")
    assert made.status_code == 201
    assert made.json["name"] == "a b.txt" and made.json["size"] == 3
    assert made.headers["Location"].endswith(f"/api/v1/flows/{flow_id}/files/a%20b.txt")
    again = put(api, flow_id, "a b.txt", b"other")
    assert again.status_code == 200 and again.json["size"] == 5
    listed = api.get(f"/flows/{flow_id}/files").json
    assert listed == {"flow_id": flow_id, "files": [again.json]}
    assert api.get(f"/flows/{flow_id}/files/a b.txt").data == b"other"
    assert api.delete(f"/flows/{flow_id}/files/a b.txt").status_code == 204
    gone = api.get(f"/flows/{flow_id}/files/a b.txt")
    assert gone.status_code == 404
    assert (
        f"The flow has no file “a b.txt”; GET …/flows/{flow_id}/files lists" in gone.json["detail"]
    )


def test_a_strangers_files_do_not_exist(api, stranger, flow_id):
    put(api, flow_id, "a.txt", b"one")
    assert stranger.get(f"/flows/{flow_id}/files").status_code == 404
    assert stranger.get(f"/flows/{flow_id}/files/a.txt").status_code == 404
    assert stranger.delete(f"/flows/{flow_id}/files/a.txt").status_code == 404
    assert put(stranger, flow_id, "a.txt", b"mine").status_code == 404
    assert api.get(f"/flows/{flow_id}/files/a.txt").data == b"one"


@pytest.mark.parametrize("name", ["a%5Cb", "%20a", "a%0Ab", "%7B%7Bx"])
def test_a_name_that_could_do_harm_is_refused(api, flow_id, name):
    assert put(api, flow_id, name, b"x").status_code == 422


def test_a_path_is_no_name(api, flow_id):
    assert put(api, flow_id, "..%2Fa.txt", b"x").status_code in (404, 405)
    assert api.get(f"/flows/{flow_id}/files").json["files"] == []


def test_a_file_may_be_larger_than_other_bodies(api, flow_id):
    assert put(api, flow_id, "large.bin", b"x" * 5_000_000).status_code == 201
    refused = put(api, flow_id, "larger.bin", b"x" * (files.LARGEST + 1))
    assert refused.status_code == 413
    assert refused.json["detail"] == "The body is larger than 20 MB. Send less at once."

import hashlib
import re

from sqlalchemy import select

from webapp.accounts import keys
from webapp.accounts.models import ApiKey
from webapp.extensions import db


def made(client, name: str = "CI") -> str:
    page = client.post("/account/keys", data={"name": name}).text
    return re.search(r'id="new-key">(lamp_[\w-]+)<', page)[1]


def test_a_key_is_shown_once_and_kept_as_a_hash(as_alice):
    text = made(as_alice)
    key = db.session.scalars(select(ApiKey)).one()
    assert key.key_hash == hashlib.sha256(text.encode()).hexdigest()
    assert text.startswith(key.prefix) and len(key.prefix) == 11
    page = as_alice.get("/account/keys").text
    assert text not in page
    assert key.prefix in page and "never used" in page


def test_htmx_gets_the_list_with_the_new_key(as_alice):
    answer = as_alice.post("/account/keys", data={"name": "CI"}, headers={"HX-Request": "true"})
    assert answer.status_code == 201
    assert answer.text.strip().startswith('<section id="keys"')
    assert "lamp_" in answer.text and "<title>" not in answer.text


def test_a_key_needs_a_name(as_alice):
    answer = as_alice.post("/account/keys", data={"name": " "})
    assert answer.status_code == 422
    assert "Type a name." in answer.text


def test_there_is_an_end_to_making_keys(as_alice, monkeypatch):
    monkeypatch.setattr(keys, "MOST", 1)
    made(as_alice)
    answer = as_alice.post("/account/keys", data={"name": "one more"})
    assert "You have 1 keys. Revoke one that is not used." in answer.text


def test_a_revoked_key_is_gone(as_alice):
    made(as_alice)
    key = db.session.scalars(select(ApiKey)).one()
    path = f"/account/keys/{key.id}/delete"
    first = as_alice.post(path, follow_redirects=True)
    assert "The key “CI” opens nothing any more." in first.text
    assert db.session.scalars(select(ApiKey)).all() == []
    assert as_alice.post(path).status_code == 404


def test_a_stranger_neither_sees_nor_revokes_it(as_alice, as_charlie):
    made(as_alice, "Secret pipeline")
    key = db.session.scalars(select(ApiKey)).one()
    assert "Secret pipeline" not in as_charlie.get("/account/keys").text
    strange = as_charlie.post(f"/account/keys/{key.id}/delete")
    never = as_charlie.post("/account/keys/4711/delete")
    assert (strange.status_code, never.status_code) == (404, 404)
    assert db.session.scalars(select(ApiKey)).one() == key

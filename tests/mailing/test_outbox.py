from dataclasses import replace

import pytest

from webapp.artifacts.store import store
from webapp.extensions import db

PNG = b"\x89PNG\r\n\x1a\n and more"


@pytest.fixture
def settings(app, monkeypatch):
    def change(**values):
        config = replace(app.config["LAMPLIGHTER"], **values)
        monkeypatch.setitem(app.config, "LAMPLIGHTER", config)

    return change


def test_whoever_sits_here_reads_the_mails_without_logging_in(client, written):
    mail = written()
    page = client.get("/outbox/").text
    assert mail.subject in page and "dora@example.org" in page
    page = client.get(f"/outbox/{mail.id}").text
    assert f'src="/outbox/{mail.id}/html"' in page
    assert '<a href="http://127.0.0.1:8000/confirm/t0k3n"' in page


def test_an_empty_outbox_says_what_will_be_in_it(client):
    assert "Nothing has been sent yet" in client.get("/outbox/").text


def test_the_list_refreshes_by_its_fragment(client, written):
    written()
    part = client.get("/outbox/", headers={"HX-Request": "true"}).text
    assert part.strip().startswith('<div id="mails"') and "<title>" not in part


def test_the_mail_is_shown_where_it_can_do_no_harm(client, written):
    mail = written()
    mail.html = '<html><head></head><body><script>alert(1)</script><form action="/logout">'
    db.session.commit()
    answer = client.get(f"/outbox/{mail.id}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox " in policy
    assert "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_top">' in answer.text


def test_its_pictures_are_shown(client, written):
    picture = {"cid": "failing-step", "sha256": store().put(PNG), "media_type": "image/png"}
    mail = written(pictures=[picture])
    mail.html += '<img src="cid:failing-step">'
    db.session.commit()
    path = f"/outbox/{mail.id}/pictures/failing-step"
    assert f'<img src="{path}">' in client.get(f"/outbox/{mail.id}/html").text
    answer = client.get(path)
    assert (answer.mimetype, answer.data) == ("image/png", PNG)
    assert client.get(f"/outbox/{mail.id}/pictures/other").status_code == 404


def test_a_picture_that_is_no_picture_is_not_served(client, written):
    page = {"cid": "x", "sha256": store().put(b"<script>"), "media_type": "text/html"}
    mail = written(pictures=[page])
    assert client.get(f"/outbox/{mail.id}/pictures/x").status_code == 404


@pytest.mark.parametrize("mail_id", [0, 4711, 2**63, 10**30])
def test_a_mail_that_is_not_there_is_not_found(client, mail_id):
    assert client.get(f"/outbox/{mail_id}").status_code == 404


def paths(mail) -> list[str]:
    return ["/outbox/", f"/outbox/{mail.id}", f"/outbox/{mail.id}/html"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-Host", "lamp.example.org"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Whatever", ""),
        ("X-Real-IP", "192.0.2.1"),
        ("Forwarded", "for=192.0.2.1"),
        ("Via", "1.1 proxy"),
        ("CF-Connecting-IP", "192.0.2.1"),
        ("Host", "rebound.example"),
        ("Host", "lamp.example.org:8000"),
        ("Host", "127.0.0.1.evil.example"),
    ],
)
def test_whoever_comes_through_something_does_not(client, written, header, value):
    for path in paths(written()):
        assert client.get(path, headers={header: value}).status_code == 404
    assert "/outbox/" not in client.get("/login", headers={header: value}).text


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.5", "", "nonsense"])
def test_whoever_comes_from_elsewhere_does_not(client, written, address):
    for path in paths(written()):
        assert client.get(path, environ_base={"REMOTE_ADDR": address}).status_code == 404


@pytest.mark.parametrize(
    "values",
    [{"mail_server": "smtp.example.org"}, {"host": "0.0.0.0"}, {"trusted_proxies": 1}],
    ids=str,
)
def test_a_server_for_others_has_no_outbox(client, written, settings, values):
    mail = written()
    settings(**values)
    for path in paths(mail):
        assert client.get(path).status_code == 404
    assert "/outbox/" not in client.get("/login").text


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_every_name_of_this_machine_will_do(client, host):
    assert client.get("/outbox/", headers={"Host": host}).status_code == 200


def test_the_own_name_of_the_server_will_do_too(client, settings):
    settings(base_url="http://lamp.home:8000")
    assert client.get("/outbox/", headers={"Host": "lamp.home:8000"}).status_code == 200


def test_the_way_to_the_outbox_is_in_the_navigation(client):
    assert 'href="/outbox/"' in client.get("/login").text

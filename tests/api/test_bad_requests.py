import json
import logging
from io import BytesIO

import pytest

from tests.api.programs import SHOP, fields
from webapp.flows import editing

JSON = {"content_type": "application/json"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"name": "A",}', "Line 1, column 14"),
        (b'{\n  "name": "A"\n  "url": 1}', "Line 3, column 3"),
        (b'{"name": "A"', "Line 1"),
        (b"name=A&url=B", "Line 1, column 1"),
        (b'{"name": "\xff"}', "Byte 11 of the body is not UTF-8"),
        (b'{"name": NaN}', "NaN is not a JSON number"),
        (b'{"name": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"name": "A", "name": "B"}', "“name” comes twice"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"a": ' * 40 + b"1" + b"}" * 40, "deeper than 30"),
        (b'{"a": ' * 900 + b"1" + b"}" * 900, "deep"),
        (b'{"active": ' + b"9" * 5_000 + b"}", "has 5,000 digits; at most 1,000 can"),
        (b'{"a": "\\ud8"}', "Line 1"),
    ],
)
def test_broken_json_is_refused_with_its_place(api, body, said):
    refused = api.post("/flows", data=body, **JSON)
    assert refused.status_code == 400
    assert refused.mimetype == "application/problem+json"
    assert refused.json["type"] == "urn:lamplighter:problem:invalid-json"
    assert said in refused.json["detail"]


@pytest.mark.parametrize("body", [b"", b"  \n "])
def test_an_empty_body_is_refused(api, body):
    refused = api.post("/flows", data=body, **JSON)
    assert refused.status_code == 400
    assert "found nothing" in refused.json["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_kind_of_body_is_refused(api, kind):
    refused = api.post("/flows", data=json.dumps(SHOP), content_type=kind)
    assert refused.status_code == 415
    assert "application/json" in refused.json["detail"]


def test_a_form_is_refused(api):
    assert api.post("/flows", data=SHOP).status_code == 415


@pytest.mark.parametrize("body", [[], 5, "x", None, True])
def test_another_value_than_an_object_is_refused(api, body):
    refused = api.post("/flows", data=json.dumps(body), **JSON)
    assert refused.status_code == 422
    assert "Expected an object" in refused.json["detail"]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 500 + ".5"])
@pytest.mark.parametrize("field", ["step_timeout_seconds", "name", "active", "other"])
def test_a_number_beyond_all_numbers_is_refused_in_words(api, field, number):
    body = json.dumps({**SHOP, field: "here"}).replace('"here"', number)
    refused = api.post("/flows", data=body, **JSON)
    assert refused.status_code == 422
    assert "too large to be kept" in fields(refused)[field]
    assert "inf" not in fields(refused)[field]


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "\udfff"])
@pytest.mark.parametrize("field", ["name", "url", "browser", "scheduling", "time_zone", "other"])
def test_text_that_no_database_keeps_is_refused(api, field, text):
    refused = api.post("/flows", data=json.dumps({**SHOP, field: text}), **JSON)
    assert refused.status_code == 422
    assert field in fields(refused)


def test_a_field_with_a_name_that_nobody_can_print_is_refused(api):
    refused = api.post("/flows", data=json.dumps({**SHOP, "a\0\ud800": 1}), **JSON)
    assert refused.status_code == 422


def test_a_lone_surrogate_in_a_path_or_a_query_does_no_harm(api):
    assert api.get("/flows?name=%ED%A0%80").status_code in {200, 422}
    assert api.get("/flows?name=%00").status_code == 422
    assert api.get("/flows?name=%FF").status_code in {200, 422}
    flow_id = api.make_flow()
    assert api.get(f"/flows/{flow_id}/steps/%00").status_code == 404
    assert api.get("/nothing/%FF%00").status_code == 404


def test_a_body_of_unknown_length_is_too_large_too(api):
    refused = api.post(
        "/flows",
        input_stream=BytesIO(json.dumps({**SHOP, "name": "x" * 2_200_000}).encode()),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
        **JSON,
    )
    assert refused.status_code == 413


def test_two_megabytes_are_too_large(api):
    refused = api.post("/flows", {**SHOP, "name": "x" * 2_200_000})
    assert refused.status_code == 413
    assert "2 MB" in refused.json["detail"]


@pytest.mark.parametrize(
    "path", ["", "/", "/nothing", "/flows/", "/flows/x", "/flows/-1", "/runs/1/x"]
)
def test_an_unknown_route_is_a_problem(api, path):
    refused = api.get(path)
    assert refused.status_code == 404
    assert refused.mimetype == "application/problem+json"
    assert "/api/v1/openapi.json" in refused.json["detail"]


def test_another_method_is_a_problem_that_names_those_that_work(api):
    refused = api.delete("/flows")
    assert refused.status_code == 405
    assert refused.mimetype == "application/problem+json"
    assert "GET, HEAD, OPTIONS, POST" in refused.json["detail"]
    assert "GET" in refused.headers["Allow"]


def test_the_pages_keep_their_own_errors(client):
    assert client.get("/nothing").mimetype != "application/problem+json"
    assert client.get("/api/v10").mimetype != "application/problem+json"


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**30])
def test_an_id_out_of_range_is_not_found(api, number):
    for path in (f"/flows/{number}", f"/runs/{number}", f"/artifacts/{number}"):
        refused = api.get(path)
        assert refused.status_code == 404
        assert str(number) in refused.json["detail"]


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("limit=0", "limit", "1 or more, found the text “0”"),
        ("limit=201", "limit", "200 or less, found the text “201”"),
        ("limit=ten", "limit", "Expected a whole number, found the text “ten”"),
        ("limit=", "limit", "whole number"),
        ("limit=" + "9" * 5000, "limit", "whole number"),
        ("cursor=nonsense", "cursor", "next_cursor"),
        ("cursor=WyJydW5zIiwiMSJd", "cursor", "next_cursor"),
        ("state=broke", "state", "'failed'"),
        ("trigger=me", "trigger", "'schedule'"),
        ("flow_id=0", "flow_id", "1 or more"),
        (f"flow_id={2**63}", "flow_id", "or less"),
        ("from=yesterday", "from", "2026-11-20T21:30:15.123Z"),
        ("from=2026-11-20T21:30:15", "from", "zone"),
        ("to=2026-02-30T00:00:00Z", "to", "instant"),
        ("updated_since=0001-01-01T00:00:00%2B14:00", "updated_since", "too far"),
        ("colour=red", "colour", "known are flow_id, state, trigger, from, to"),
        ("limit=1&limit=2", "limit", "2 times"),
    ],
)
def test_a_wrong_filter_is_named(api, query, field, said):
    refused = api.get(f"/runs?{query}")
    assert refused.status_code == 422
    assert said in fields(refused)[field]


def test_a_crash_of_ours_shows_no_traceback_and_is_found_in_the_log(api, monkeypatch, caplog):
    def crash(*_args, **_values):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(editing, "create_flow", crash)
    with caplog.at_level(logging.ERROR):
        broken = api.post("/flows", SHOP)
    assert broken.status_code == 500
    assert broken.mimetype == "application/problem+json"
    assert "secret of the house" not in broken.text and "Traceback" not in broken.text
    assert broken.json["log_id"] in caplog.text


def test_many_mistakes_make_a_short_answer(api):
    refused = api.post("/flows", {f"field{number}": 1 for number in range(2_000)})
    assert refused.status_code == 422
    assert len(refused.json["errors"]) == 50
    assert "more mistakes" in refused.json["detail"]

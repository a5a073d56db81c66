"""What a program does with the API: send JSON with a bearer token."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PREFIX = "/api/v1"
SHOP = {
    "name": "Test EBS",
    "url": "https://shop.example.org/",
    "browser": "chrome",
    "scheduling": "0 * * * *",
}
CLICK = {"action": "click", "selector_xpath": "//button"}
TYPE = {"action": "type", "selector_xpath": "//input", "content": "Name"}


@dataclass(frozen=True)
class Program:
    client: FlaskClient
    token: str | None

    def send(self, method: str, path: str, /, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.open(PREFIX + path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.send("POST", path, json=json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.send("PUT", path, json=json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.send("PATCH", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.send("DELETE", path, **options)

    def make_flow(self, *steps: dict[str, Any], **values: Any) -> int:
        """The id of a flow that is made over the API."""
        made = self.post("/flows", {**SHOP, **values})
        assert made.status_code == 201, made.text
        flow_id = int(made.json["id"])
        if steps:
            added = self.post(f"/flows/{flow_id}/steps", list(steps))
            assert added.status_code == 201, added.text
        return flow_id


def fields(answer: TestResponse) -> dict[str, str]:
    """Which fields a problem names, and what it says of each."""
    assert answer.mimetype == "application/problem+json", answer.text
    assert answer.json["status"] == answer.status_code
    return {error["field"]: error["detail"] for error in answer.json.get("errors", [])}

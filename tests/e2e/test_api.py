"""From registration to the mail that says which step broke, by the API alone."""

import json
import re
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.e2e.stack import Stack, wait_for

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "ada@example.org", "correct horse battery"


class Api:
    """A client of /api/v1 that remembers its token."""

    def __init__(self, stack: Stack) -> None:
        self.root = f"{stack.url}/api/v1"
        self.token = ""

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        sent = None if body is None else json.dumps(body).encode()
        request = Request(self.root + path, data=sent, method=method, headers=headers)
        try:
            with urlopen(request, timeout=30) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content else None
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def screenshot(self, url: str) -> bytes:
        request = Request(url, headers={"Authorization": f"Bearer {self.token}"})
        with urlopen(request, timeout=30) as answer:
            return bytes(answer.read())


@pytest.fixture(scope="module")
def api(stack: Stack) -> Api:
    """A client of somebody who registered and confirmed over the API."""
    client = Api(stack)
    person = {"name": "Ada", "email": EMAIL, "password": PASSWORD}
    assert client("POST", "/auth/register", person)[0] == 202
    refused, _ = client("POST", "/auth/token", {"email": EMAIL, "password": PASSWORD})
    assert refused == 403, "no log-in before confirmation"
    text = stack.postbox.wait(EMAIL, "onfirm").get_body(("plain",)).get_content()
    token = re.search(r"/confirm/(\S+)", text)[1]
    assert client("POST", "/auth/confirm", {"token": token})[0] in {200, 204}
    status, tokens = client("POST", "/auth/token", {"email": EMAIL, "password": PASSWORD})
    assert status == 200 and tokens["token_type"] == "Bearer"
    client.token = tokens["access_token"]
    return client


def finished(api: Api, run_id: int, seconds: float = 60) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        run = api("GET", f"/runs/{run_id}")[1]
        return run if run["ended_at"] else None

    return wait_for(f"end of run {run_id}", look, seconds)


def test_the_payloads_of_the_documentation_run_by_themselves(api: Api, stack: Stack):
    shop = f"{stack.demo_url}/api-visitor-1/"
    flow = {"name": "Test EBS", "url": shop, "browser": "chrome", "scheduling": "* * * * *"}
    status, made = api("POST", "/flows", flow)
    assert status == 201
    steps = [
        {"number": 1, "action": "click", "selector_xpath": "//input[@type='search']"},
        {
            "number": 2,
            "action": "tapping",
            "selector_xpath": "//input[@type='search']",
            "content": "Name",
        },
    ]
    assert api("POST", f"/flows/{made['id']}/steps", steps)[0] == 201
    assert api("PATCH", f"/flows/{made['id']}", {"active": True})[0] == 200

    status, asked = api("POST", f"/flows/{made['id']}/runs")
    assert status == 202
    instant = finished(api, asked["id"])
    assert (instant["state"], instant["verdict"], instant["trigger"]) == ("passed", None, "api")
    assert [step["action"] for step in instant["steps"]][-2:] == ["click", "type"]
    assert all(step["screenshot"] for step in instant["steps"])
    picture = api.screenshot(instant["steps"][-1]["screenshot"])
    assert picture.startswith(b"\x89PNG")

    def scheduled() -> dict[str, Any] | None:
        found = api("GET", f"/runs?flow_id={made['id']}&trigger=schedule&state=passed")[1]["items"]
        return found[0] if found else None

    # A moment that meets the instant run is skipped, so it may take the one after it.
    by_itself = wait_for("scheduled run that passed", scheduled, 130)
    assert finished(api, by_itself["id"])["state"] == "passed"
    assert api("PATCH", f"/flows/{made['id']}", {"active": False})[0] == 200


def test_a_broken_step_is_named_in_the_answer_and_in_the_mail(api: Api, stack: Stack):
    flow = {
        "name": "Broken on purpose",
        "url": f"{stack.demo_url}/api-visitor-2/",
        "browser": "chrome",
        "scheduling": None,
        "step_timeout_seconds": 1,
    }
    _, made = api("POST", "/flows", flow)
    steps = [
        {"number": 1, "action": "assert_visible", "locators": [{"by": "css", "value": "h1"}]},
        {
            "number": 2,
            "name": "Press the button that is not there",
            "action": "click",
            "locators": [{"by": "id", "value": "nowhere"}],
        },
        {"number": 3, "action": "wait", "content": "1"},
    ]
    assert api("POST", f"/flows/{made['id']}/steps", steps)[0] == 201
    run = finished(api, api("POST", f"/flows/{made['id']}/runs")[1]["id"])
    assert run["state"] == "failed" and run["failed_step"] == 2
    assert [step["state"] for step in run["steps"]][-3:] == ["passed", "failed", "skipped"]
    assert "nowhere" in run["error"]
    mail = stack.postbox.wait(EMAIL, "Broken on purpose")
    text = mail.get_body(("plain",)).get_content()
    assert "step 2" in text.lower() and "Press the button that is not there" in text
    assert f"{stack.url}/runs/{run['id']}" in text
    assert [part for part in mail.walk() if part.get_content_type() == "image/png"]


def test_the_operator_plays_a_flow_and_reads_its_exit_code(api: Api, stack: Stack):
    flow = {
        "name": "From the command line",
        "url": f"{stack.demo_url}/api-visitor-3/",
        "browser": "chrome",
        "scheduling": None,
    }
    _, made = api("POST", "/flows", flow)
    title = {"number": 1, "action": "assert_title", "content": "Wick"}
    api("POST", f"/flows/{made['id']}/steps", title)
    good = stack.flask("run-flow", str(made["id"]), "--wait", "--json")
    assert (good.returncode, json.loads(good.stdout)["state"]) == (0, "passed"), good.stderr
    api(
        "PUT",
        f"/flows/{made['id']}/steps",
        [{**title, "content": "Nothing like it", "timeout_seconds": 1}],
    )
    assert stack.flask("run-flow", str(made["id"]), "--wait").returncode == 1

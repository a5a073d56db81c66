"""The containers take the steps that the tests take, and the compose file is well formed."""

import json
import re
from importlib.resources import files

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from webapp.supervision.commands import PROCESSES


@pytest.fixture
def compose(checkout):
    return YAML(typ="safe").load((checkout / "docker-compose.yml").read_text())


def test_the_compose_file_follows_the_specification(compose):
    vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(vendored.read_text())

    assert [error.message for error in Draft7Validator(schema).iter_errors(compose)] == []


def test_every_process_of_the_supervisor_is_a_service(compose):
    ours = {name: service for name, service in compose["services"].items() if "build" in service}

    assert set(ours) == {*PROCESSES, "migrate"}
    for name, service in ours.items():
        assert service["command"] == [name]


def test_services_are_restarted_and_judged(compose):
    for name, service in compose["services"].items():
        assert service.get("restart"), name
        is_a_task = name == "migrate"
        has_its_own = name in {"mail", "grid-chrome", "grid-firefox"}  # their images bring one
        assert is_a_task or has_its_own or "healthcheck" in service, name


@pytest.mark.parametrize("name", ["worker", "grid-chrome", "grid-firefox"])
def test_browsers_have_memory_and_somebody_who_buries_them(compose, name):
    assert compose["services"][name]["init"] is True
    assert compose["services"][name]["shm_size"].endswith("gb")


def test_what_is_not_always_wanted_is_a_profile(compose):
    profiles = {name: service.get("profiles") for name, service in compose["services"].items()}

    assert {name for name, value in profiles.items() if value} == {
        "demo", "mail", "selenium-hub", "grid-chrome", "grid-firefox",
    }  # fmt: skip


def test_only_chosen_ports_are_published_and_only_on_loopback(compose):
    for service in compose["services"].values():
        for port in service.get("ports", []):
            assert re.match(r"\$\{PUBLISH\w*:-127\.0\.0\.1:\d+\}:\d+$", port)


def test_the_image_takes_its_packages_from_the_install_script_alone(checkout):
    steps = (checkout / "Dockerfile").read_text()

    assert "RUN bin/install run" in steps
    assert not re.search(r"apt-get|apt |pip install", steps)

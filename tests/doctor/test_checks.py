"""The doctor: what it finds on a machine, and the command that it advises."""

import contextlib
import json
import os
import socket
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from redis import Redis
from rq import Worker

from webapp import clock, create_app
from webapp.config import Config
from webapp.doctor import CHECKS, State, examine
from webapp.doctor.checks import Check
from webapp.queues import LIGHT_QUEUES, RUN_QUEUES, open_queues
from webapp.schedules.metronome import SIGN_OF_LIFE
from webapp.supervision.locking import take_lock
from webapp.supervision.starting import migrate

QUICK = [name for name in CHECKS if name not in {"browser", "more browsers"}]


def machine(tmp_path, **settings) -> Config:
    """A config on an empty folder, with nothing running."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    gone = f"unix://{tmp_path}/gone.sock"
    return Config.from_env({"VAR": str(tmp_path), "REDIS_URL": gone, "PORT": port, **settings})


def look(config, name):
    ((_, finding),) = examine(config, [name])
    return finding


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_says_what_it_proves(name):
    assert CHECKS[name].name == name
    assert CHECKS[name].proves[0].islower() and not CHECKS[name].proves.endswith(".")


@pytest.mark.parametrize("name", QUICK)
def test_on_an_empty_machine_everything_that_is_not_well_has_a_remedy(tmp_path, name):
    finding = look(machine(tmp_path), name)

    assert finding.sentence
    assert (finding.state is State.OK) == (finding.remedy == "")


def test_a_check_that_breaks_is_a_problem_and_the_others_go_on(tmp_path, monkeypatch):
    broken = Check("python", "…", lambda config: 1 / 0)
    monkeypatch.setitem(CHECKS, "python", broken)

    (_, first), (_, second) = examine(machine(tmp_path), ["python", "time zones"])

    assert first.state is State.PROBLEM and "division by zero" in first.sentence
    assert second.state is State.OK


class TestTheDatabase:
    def test_that_is_not_there_yet_is_made_by_the_first_start(self, tmp_path):
        finding = look(machine(tmp_path), "database")

        assert (finding.state, finding.remedy) == (State.WARNING, "make run")
        assert not (tmp_path / "lamplighter.db").exists()

    def test_is_well_after_the_migration(self, tmp_path):
        config = machine(tmp_path)
        migrate(config)

        assert look(config, "database").state is State.OK

    def test_without_tables_is_migrated_by_the_advised_command(self, tmp_path):
        (tmp_path / "lamplighter.db").touch()

        finding = look(machine(tmp_path), "database")

        assert finding.state is State.PROBLEM and "revision none instead of" in finding.sentence
        assert finding.remedy == "flask --app webapp db upgrade"

    def test_that_does_not_answer_is_a_problem_without_its_password(self, tmp_path):
        url = "postgresql://lamp:oil-secret@127.0.0.1:1/none"

        finding = look(machine(tmp_path, DATABASE_URL=url), "database")

        assert finding.state is State.PROBLEM and "does not answer" in finding.sentence
        assert "oil-secret" not in finding.sentence


@pytest.fixture
def redis(redis_url):
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
        yield redis
        redis.flushdb()


class TestRedis:
    def test_that_answers_is_well(self, tmp_path, redis_url):
        assert look(machine(tmp_path, REDIS_URL=redis_url), "redis").state is State.OK

    def test_that_does_not_answer_is_a_problem(self, tmp_path):
        finding = look(machine(tmp_path), "redis")

        assert (finding.state, finding.remedy) == (State.PROBLEM, "make run")


class TestWorkersAndClock:
    def test_nobody_works_on_an_empty_redis(self, tmp_path, redis_url, redis):
        finding = look(machine(tmp_path, REDIS_URL=redis_url), "workers")

        assert finding.state is State.PROBLEM and "Nobody plays runs" in finding.sentence

    def test_both_kinds_of_workers_are_needed(self, tmp_path, redis_url, redis):
        config = machine(tmp_path, REDIS_URL=redis_url)
        worker(redis, RUN_QUEUES)
        assert "Nobody sends mail" in look(config, "workers").sentence

        worker(redis, LIGHT_QUEUES)
        assert look(config, "workers").state is State.OK

    def test_a_killed_worker_of_this_host_does_not_count(self, tmp_path, redis_url, redis):
        worker(redis, RUN_QUEUES + LIGHT_QUEUES, pid=2**22 + 1)

        assert look(machine(tmp_path, REDIS_URL=redis_url), "workers").state is State.PROBLEM

    @pytest.mark.parametrize(("age", "state"), [(1, State.OK), (60, State.PROBLEM)])
    def test_the_clock_is_judged_by_its_last_tick(self, tmp_path, redis_url, redis, age, state):
        redis.set(SIGN_OF_LIFE, (clock.now() - timedelta(seconds=age)).isoformat())

        assert look(machine(tmp_path, REDIS_URL=redis_url), "clock").state is state

    def test_a_clock_that_never_ticked_is_a_problem(self, tmp_path, redis_url, redis):
        assert "never ticked" in look(machine(tmp_path, REDIS_URL=redis_url), "clock").sentence


def worker(redis, names, pid=None):
    queues = open_queues(redis)
    one = Worker([queues[name] for name in names], connection=redis)
    one.pid = pid or os.getpid()
    one.register_birth()


class TestMail:
    def test_without_a_server_goes_to_the_outbox_page(self, tmp_path):
        assert look(machine(tmp_path), "mail").state is State.OK

    def test_without_a_server_is_a_warning_where_others_can_come(self, tmp_path):
        assert look(machine(tmp_path, HOST="0.0.0.0"), "mail").state is State.WARNING

    def test_with_a_server_that_answers_is_well(self, tmp_path):
        smtp = Controller(object(), hostname="127.0.0.1", port=free_port())
        smtp.start()
        try:
            config = machine(tmp_path, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(smtp.port))
            assert look(config, "mail").state is State.OK
        finally:
            smtp.stop()

    def test_with_a_server_that_refuses_is_a_problem(self, tmp_path):
        config = machine(tmp_path, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(free_port()))

        finding = look(config, "mail")

        assert finding.state is State.PROBLEM and "does not take mail" in finding.sentence


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_at(var, port):
    """The data folder as `make run` on that port keeps it."""
    (var / "run").mkdir()
    address = f"http://127.0.0.1:{port}"
    lock = take_lock(var / "run" / "lock", address)
    yield address
    os.close(lock)


class TestTheWebServer:
    def test_that_is_not_started_is_a_warning(self, tmp_path):
        finding = look(machine(tmp_path), "web")

        assert (finding.state, finding.remedy) == (State.WARNING, "make run")

    def test_that_is_another_program_is_a_problem(self, tmp_path):
        class Other(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_error(404)

            def log_message(self, *_words):
                pass

        with HTTPServer(("127.0.0.1", 0), Other) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            finding = look(machine(tmp_path, PORT=str(server.server_port)), "web")
            server.shutdown()

        assert finding.state is State.PROBLEM and "PORT=8123" in finding.remedy

    def test_that_make_run_started_on_another_port_is_found_by_its_folder(self, tmp_path):
        class Ours(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"status": "alive"}')

            def log_message(self, *_words):
                pass

        with HTTPServer(("127.0.0.1", 0), Ours) as server, running_at(tmp_path, server.server_port):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            finding = look(machine(tmp_path), "web")
            server.shutdown()

        assert finding.state is State.OK
        assert f"http://127.0.0.1:{server.server_port} answers" in finding.sentence

    def test_that_runs_and_does_not_answer_is_a_problem_with_its_log(self, tmp_path):
        with running_at(tmp_path, free_port()) as address:
            finding = look(machine(tmp_path), "web")

        assert finding.state is State.PROBLEM
        assert f"process {os.getpid()}" in finding.sentence and address in finding.sentence
        assert str(tmp_path / "log" / "web.log") in finding.remedy

    def test_that_was_killed_is_not_looked_for(self, tmp_path):
        with running_at(tmp_path, free_port()):
            pass
        lock = json.dumps({"pid": 2**22 + 1, "address": "http://127.0.0.1:1"})
        (tmp_path / "run" / "lock").write_text(lock)

        finding = look(machine(tmp_path), "web")

        assert (finding.state, finding.remedy) == (State.WARNING, "make run")


class TestTheFolder:
    def test_keys_that_others_may_read_are_a_problem(self, tmp_path):
        config = machine(tmp_path)
        assert look(config, "keys").state is State.OK

        (tmp_path / "secret_key").chmod(0o644)

        finding = look(config, "keys")
        assert finding.remedy == f"chmod 600 {tmp_path}/secret_key"

    def test_little_space_is_said(self, tmp_path, monkeypatch):
        monkeypatch.setattr("webapp.doctor.machine.LITTLE_SPACE", 2**60)

        finding = look(machine(tmp_path), "folder")

        assert finding.state is State.WARNING and "GB free" in finding.sentence


class TestTheBrowser:
    def test_that_is_not_there_is_named_with_its_setting(self, tmp_path):
        finding = look(machine(tmp_path, CHROME_BINARY="/nowhere/chrome"), "browser")

        assert finding.state is State.PROBLEM and "CHROME_BINARY" in finding.sentence

    def test_has_to_fit_its_driver(self, tmp_path):
        browser, driver = (
            program(tmp_path / name, f"echo {words}")
            for name, words in (("browser", "Chromium 150.0.1"), ("driver", "ChromeDriver 149.0.1"))
        )

        config = machine(tmp_path, CHROME_BINARY=browser, CHROMEDRIVER=driver)

        words = look(config, "browser").sentence
        assert f"{browser} is version 150, but {driver} is version 149" in words

    def test_that_does_not_start_is_a_problem_with_what_to_try(self, tmp_path):
        browser = program(tmp_path / "browser", "echo Chromium 150.0.1")
        driver = program(tmp_path / "driver", "echo ChromeDriver 150.0.1")

        finding = look(machine(tmp_path, CHROME_BINARY=browser, CHROMEDRIVER=driver), "browser")

        assert finding.state is State.PROBLEM and "does not start" in finding.sentence
        assert browser in finding.remedy or "user namespaces" in finding.remedy

    def test_that_cannot_find_localhost_is_told_its_address(self, tmp_path, monkeypatch):
        def nowhere(*_arguments):
            raise socket.gaierror

        monkeypatch.setattr("webapp.doctor.browsers.socket.getaddrinfo", nowhere)
        browser = program(tmp_path / "browser", "echo Chromium 150.0.1")
        driver = program(tmp_path / "driver", "echo ChromeDriver 150.0.1")

        finding = look(machine(tmp_path, CHROME_BINARY=browser, CHROMEDRIVER=driver), "browser")

        assert finding.remedy == "echo 127.0.0.1 localhost >>/etc/hosts"

    @pytest.mark.browser
    def test_is_really_started(self, tmp_path):
        finding = look(machine(tmp_path), "browser")

        assert finding.state is State.OK and "started in" in finding.sentence


def program(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


class TestTheCommand:
    def run(self, config, *arguments):
        return create_app(config).test_cli_runner().invoke(args=["doctor", *arguments])

    def test_ends_with_1_when_something_is_a_problem(self, tmp_path):
        done = self.run(machine(tmp_path), "--only", "python", "--only", "redis")

        assert done.exit_code == 1
        first, second, remedy = done.output.splitlines()
        assert first.startswith("✓ python") and f"{sys.version_info.major}." in first
        assert second.startswith("✗ redis") and remedy.endswith("→ make run")

    def test_ends_with_0_when_there_are_only_warnings(self, tmp_path):
        assert self.run(machine(tmp_path), "--only", "web").exit_code == 0

    def test_gives_its_findings_to_programs(self, tmp_path):
        done = self.run(machine(tmp_path), "--json", "--only", "time zones")

        assert '"state": "ok"' in done.output and '"proves"' in done.output

    def test_names_its_checks_to_who_misspells_one(self, tmp_path):
        done = self.run(machine(tmp_path), "--only", "pyton")

        assert done.exit_code == 2 and "pyton is no check. Known are python" in done.output

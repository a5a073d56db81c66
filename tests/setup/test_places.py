"""Where sockets, lock and configuration are, and who may touch them."""

import os
import stat
from configparser import ConfigParser

import pytest

from webapp.config import Config
from webapp.supervision.commands import redis_settings
from webapp.supervision.locking import take_lock
from webapp.supervision.places import CannotStart, places_in
from webapp.supervision.supervisor_conf import supervisor_conf

SECTIONS = {"worker": "group:runs", "demo": "group:pages", "redis": "program:redis"}


def test_sockets_are_in_the_data_folder_where_its_path_is_short(tmp_path):
    var = tmp_path if len(str(tmp_path)) < 80 else type(tmp_path)("/tmp/short")

    assert places_in(var, {}).redis_socket == var / "run" / "redis.sock"


def test_sockets_are_in_a_short_place_where_it_is_not(tmp_path):
    var = tmp_path / ("x" * 100)

    place = places_in(var, {"XDG_RUNTIME_DIR": str(tmp_path)[:1]}).sockets
    other = places_in(var / "other", {}).sockets

    assert len(f"{place}/supervisor.sock") < 104
    assert place != other
    assert place.name == places_in(var, {}).sockets.name  # found again at the next start


def test_the_folders_are_for_their_owner_alone(tmp_path):
    places = places_in(tmp_path / "var", {})
    places.make()

    for folder in (places.run, places.sockets, places.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_told_with_the_setting_that_names_it(tmp_path):
    (tmp_path / "run").touch()

    with pytest.raises(CannotStart, match=r"VAR should be .*/run cannot be made \(File exists\)"):
        places_in(tmp_path, {}).make()


def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path):
    places = places_in(tmp_path / ("x" * 100), {})
    places.sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(CannotStart, match="should be a folder of the user"):
            places.make()
    finally:
        places.sockets.unlink()


def test_redis_listens_on_no_port(tmp_path):
    settings = redis_settings(places_in(tmp_path, {})).splitlines()

    assert "port 0" in settings and "unixsocketperm 700" in settings
    assert "appendonly yes" in settings


def test_the_supervisor_listens_on_no_port_and_starts_as_many_workers_as_wanted(tmp_path):
    config = Config.from_env({"VAR": str(tmp_path), "WORKERS": "3"})

    conf = supervisor_conf(config, places_in(tmp_path, {}), with_redis=False)

    assert "inet_http_server" not in conf
    assert "process_name = worker-%(process_num)d\nnumprocs = 3" in conf
    assert "process_name = light-%(process_num)d\nnumprocs = 2" in conf
    assert "[program:redis]" not in conf


def test_who_plays_runs_ends_before_what_runs_need(tmp_path):
    config = Config.from_env({"VAR": str(tmp_path)})

    conf = ConfigParser(interpolation=None)
    conf.read_string(supervisor_conf(config, places_in(tmp_path, {}), with_redis=True))

    priority = {name: conf.getint(section, "priority") for name, section in SECTIONS.items()}
    assert priority["worker"] > priority["demo"] > priority["redis"]  # the highest ends first


def test_a_path_that_supervisord_would_cut_short_is_refused(tmp_path):
    config = Config.from_env({"VAR": str(tmp_path / "a #b")})

    with pytest.raises(CannotStart, match="would see a comment"):
        supervisor_conf(config, places_in(config.var, {}), with_redis=True)


def test_the_lock_names_its_holder_to_who_comes_second(tmp_path):
    held = take_lock(tmp_path / "lock", "http://127.0.0.1:8000")

    with pytest.raises(CannotStart, match=rf"at http://127.0.0.1:8000 \(process {os.getpid()}\)"):
        take_lock(tmp_path / "lock", "http://127.0.0.1:9000")

    os.close(held)
    os.close(take_lock(tmp_path / "lock", "http://127.0.0.1:9000"))

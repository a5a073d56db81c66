"""Settings: the file `.env`, the file `.env.example`, the words for what is wrong."""

import errno

import pytest

from webapp.config import Config, ConfigError, environment
from webapp.supervision.env_example import env_example


def test_the_example_file_is_written_out_of_the_settings(checkout):
    found = (checkout / ".env.example").read_text()

    assert found == env_example(), "to write it anew: make settings"


def test_the_example_file_with_every_line_switched_on_can_be_used(checkout, tmp_path):
    file = tmp_path / ".env"
    lines = (checkout / ".env.example").read_text().splitlines()
    on = (
        line[1:] if line.startswith("#") and "=" in line.split(" ")[0] else line for line in lines
    )
    file.write_text("\n".join(on))

    config = Config.from_env(environment(file, {"VAR": str(tmp_path / "var")}))

    assert config.port == 8000 and config.ratelimit_enabled is True


@pytest.mark.parametrize(
    ("var", "found"),
    [
        ("file", "“{var}”, which is a file, or lies in one"),
        ("file/var", "“{var}”, which is a file, or lies in one"),
        ("/proc/xx", "“/proc/xx”, which cannot be made (No such file or directory)"),
    ],
)
def test_a_data_folder_that_cannot_be_is_told_as_the_setting_it_is(tmp_path, var, found):
    (tmp_path / "file").touch()
    place = tmp_path / var

    with pytest.raises(ConfigError) as refused:
        Config.from_env({"VAR": str(place)})

    assert str(refused.value) == (
        "VAR should be a folder that Lamplighter may write, but is "
        f"{found.format(var=place)}. Example: VAR=/var/lib/lamplighter"
    )


def test_a_data_folder_that_takes_no_files_is_told_as_well(tmp_path, monkeypatch):
    def refuse(path, *_mode):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("webapp.config.os.open", refuse)

    with pytest.raises(ConfigError, match=r"VAR should be .*secret_key.* \(Permission denied\)"):
        Config.from_env({"VAR": str(tmp_path)})


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("PORT=1\nHOST=here\n")

    assert environment(tmp_path / ".env", {"PORT": "2"}) == {"PORT": "2", "HOST": "here"}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=a b", "a b"),
        ("export NAME=a", "a"),
        ('NAME="a b "', "a b "),
        ("NAME='a=b#c'", "a=b#c"),
        ("  NAME = a ", "a"),
        ("NAME=", ""),
        ("# NAME=a\n\nNAME=b", "b"),
    ],
)
def test_the_file_is_read_as_people_write_it(tmp_path, line, value):
    (tmp_path / ".env").write_text(line)

    assert environment(tmp_path / ".env", {}) == {"NAME": value}


@pytest.mark.parametrize("line", ["words", "MY NAME=a", "=a", "1A=b"])
def test_a_line_that_is_no_setting_is_named_by_its_number(tmp_path, line):
    (tmp_path / ".env").write_text(f"# one\n{line}\n")

    with pytest.raises(ConfigError, match=r"Line 2 of .*\.env should be NAME=value"):
        environment(tmp_path / ".env", {})

"""What cannot be started is said in one sentence, with what to do."""

import socket

import pytest

pytestmark = pytest.mark.browser  # whole starts, as in test_start_and_stop.py


def test_a_taken_port_is_named_with_the_way_to_another(lamplighter):
    one = lamplighter()
    with socket.socket() as other:
        other.bind(("127.0.0.1", one.port))
        other.listen()
        said = one.refused()

    assert f"Port {one.port} of 127.0.0.1 cannot be used: another program listens there." in said
    assert "make run PORT=8123" in said
    assert not (one.var / "run").exists()


def test_a_setting_that_cannot_be_used_is_named_with_an_example(lamplighter):
    said = lamplighter(WEB_THREADS="many").refused()

    assert "WEB_THREADS should be a whole number" in said and "Example: WEB_THREADS=600" in said


def test_the_file_env_is_read_and_its_mistakes_are_named(lamplighter):
    one = lamplighter()
    (one.checkout / ".env").write_text("# mine\nLOG_LEVEL=LOUD\n")
    assert "LOG_LEVEL should be one of" in one.refused()

    (one.checkout / ".env").write_text("just words\n")
    assert "Line 1 of" in one.refused()


def test_a_data_folder_that_cannot_be_made_is_named(lamplighter, tmp_path):
    (tmp_path / "file").write_text("")
    said = lamplighter(tmp_path / "file" / "var").refused()

    assert "VAR should be a folder" in said and str(tmp_path / "file") in said


def test_a_database_that_does_not_answer_is_said(lamplighter):
    url = "postgresql://nobody@127.0.0.1:1/none"

    said = lamplighter(DATABASE_URL=url).refused()

    assert "The database does not answer" in said and "DATABASE_URL" in said

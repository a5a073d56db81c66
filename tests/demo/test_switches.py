"""The switches: each breaks what it says, in one shop only, and all are mended at once."""

import sqlite3
import time

import pytest

from tests.demo.conftest import SHOP
from webapp.demo import shop as shop_module
from webapp.demo.shop import create_shop
from webapp.demo.switches import HEALTHY, KEPT_SECONDS, MOST_SHOPS, SwitchBoard, Switches

ALL = {
    "slow_page": "7",
    "missing_button": "on",
    "wrong_total": "on",
    "server_error": "on",
    "javascript_error": "on",
}


@pytest.fixture
def naps(monkeypatch):
    seconds = []
    monkeypatch.setattr(shop_module.time, "sleep", seconds.append)
    return seconds


def test_slow_page_makes_the_search_take_so_long(visitor, switch, naps):
    switch(slow_page="7")
    assert visitor.get(f"{SHOP}/search?q=lantern").status_code == 200
    visitor.get(f"{SHOP}/")
    assert naps == [7]


def test_too_many_slow_pages_at_once_are_refused_instead_of_eating_every_thread(
    visitor, switch, naps, monkeypatch
):
    switch(slow_page="7")
    taken = shop_module.threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(shop_module, "SLEEPERS", taken)
    answer = visitor.get(f"{SHOP}/search?q=lantern")
    assert answer.status_code == 503
    assert "Too many slow pages" in answer.text


def test_missing_button_takes_the_way_to_checkout_away(buyer, switch):
    assert 'id="to-checkout"' in buyer.get(f"{SHOP}/basket").text
    switch(missing_button="on")
    assert 'id="to-checkout"' not in buyer.get(f"{SHOP}/basket").text


def test_wrong_total_adds_the_shipping_twice(buyer, switch):
    switch(wrong_total="on")
    assert 'id="total">€48.70<' in buyer.get(f"{SHOP}/checkout").text


@pytest.mark.parametrize("method", ["get", "post"])
def test_server_error_answers_500_at_checkout_and_nowhere_else(buyer, switch, method):
    switch(server_error="on")
    answer = getattr(buyer, method)(f"{SHOP}/checkout")
    assert answer.status_code == 500
    assert "The till is on fire" in answer.text
    assert buyer.get(f"{SHOP}/basket").status_code == 200


def test_javascript_error_leaves_out_what_the_script_needs(buyer, switch):
    assert 'id="till"' in buyer.get(f"{SHOP}/checkout").text
    switch(javascript_error="on")
    page = buyer.get(f"{SHOP}/checkout").text
    assert 'id="till"' not in page and 'id="place-order"' in page


def test_one_click_mends_everything(visitor, switch):
    switch(**ALL)
    assert "Broken on purpose" in visitor.get(f"{SHOP}/").text
    switch(mend="everything")
    assert "Broken on purpose" not in visitor.get(f"{SHOP}/").text


def test_switching_one_leaves_the_others_as_they_are(shop, switch):
    switch(wrong_total="on")
    switch(missing_button="on")
    switch(wrong_total="off")
    assert shop.extensions["switches"].of(SHOP[1:]) == Switches(missing_button=True)


def test_nobody_breaks_another_shop(visitor, switch):
    switch(**ALL)
    other = visitor.get("/shop-of-bob/switches").text
    assert "Broken on purpose" not in other and "Mend: " not in other


def test_switches_survive_a_restart(config, switch):
    switch(slow_page="12", wrong_total="on")
    again = create_shop(config).extensions["switches"].of(SHOP[1:])
    assert again == Switches(slow_page=12, wrong_total=True)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"slow_page": "61"}, "slow_page takes whole seconds from 0 to 60; found “61”."),
        ({"slow_page": "-1"}, "slow_page takes whole seconds"),
        ({"slow_page": "9" * 5000}, "slow_page takes whole seconds"),
        ({"slow_page": "²"}, "slow_page takes whole seconds"),
        ({"wrong_total": "yes<b>"}, "wrong_total takes on or off; found “yes&lt;b&gt;”."),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_changes_nothing(shop, visitor, form, sentence):
    answer = visitor.post(f"{SHOP}/switches", data={"missing_button": "on"} | form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert shop.extensions["switches"].of(SHOP[1:]) == HEALTHY


@pytest.fixture
def board(tmp_path):
    return SwitchBoard(tmp_path / "demo" / "switches.db")


def rows_of(board):
    with sqlite3.connect(board.file) as rows:
        count = rows.execute("SELECT count(*) FROM shops").fetchone()[0]
    rows.close()
    return count


def test_a_shop_that_nobody_touches_mends_itself_and_is_forgotten(board, monkeypatch):
    board.change("shop-of-alice", ALL)
    later = time.time() + KEPT_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert board.of("shop-of-alice") == HEALTHY
    board.change("shop-of-bob", {"wrong_total": "on"})
    assert rows_of(board) == 1


def test_the_file_is_bounded_and_the_oldest_go_first(board, monkeypatch):
    monkeypatch.setattr("webapp.demo.switches.MOST_SHOPS", 3)
    assert MOST_SHOPS >= 1000
    for number in range(6):
        board.change(f"shop-number-{number}", {"wrong_total": "on"})
    assert rows_of(board) == 3
    assert board.of("shop-number-0") == HEALTHY and board.of("shop-number-5") != HEALTHY


def test_a_mended_shop_keeps_no_row(board):
    board.change("shop-of-alice", {"wrong_total": "on"})
    board.change("shop-of-alice", {"wrong_total": "off"})
    assert rows_of(board) == 0

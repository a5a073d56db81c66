"""A healthy shop: what a visitor can do in it, and what it does not let happen."""

import re

import pytest

from tests.demo.conftest import SHOP
from webapp.demo.shop import create_shop
from webapp.demo.stock import STOCK


def test_the_front_door_gives_every_visitor_a_shop_of_their_own(visitor):
    first, second = (visitor.get("/").headers["Location"] for _ in range(2))
    assert first != second
    assert visitor.get(first).status_code == 200


def test_the_home_page_shows_everything_and_the_way_to_the_switches(visitor):
    page = visitor.get(f"{SHOP}/").text
    assert all(product.slug in page for product in STOCK)
    assert "This is a demo shop that you may break" in page
    assert f'href="{SHOP}/switches"' in page


def test_a_purchase_from_search_to_order_number(visitor):
    assert "Harbour lantern" in visitor.get(f"{SHOP}/search?q=LANTERN brass").text
    assert "Add to basket" in visitor.get(f"{SHOP}/products/harbour-lantern").text
    visitor.post(f"{SHOP}/basket", data={"product": "harbour-lantern", "add": "1"})
    assert visitor.get(f"{SHOP}/checkout").headers["Location"] == f"{SHOP}/login?next=checkout"
    login = {"username": "ada", "password": "wick-and-wax", "next": "checkout"}
    assert visitor.post(f"{SHOP}/login", data=login).headers["Location"] == f"{SHOP}/checkout"
    assert 'id="total">€43.80<' in visitor.get(f"{SHOP}/checkout").text
    page = visitor.post(f"{SHOP}/checkout", follow_redirects=True).text
    assert "Thank you" in page and re.search(r"WW-\d{6}", page) and "€43.80" in page
    assert "nothing in it yet" in visitor.get(f"{SHOP}/basket").text


def test_the_log_in_page_shows_the_demo_user_and_refuses_others(visitor):
    page = visitor.get(f"{SHOP}/login").text
    assert "ada" in page and "wick-and-wax" in page
    refusal = visitor.post(f"{SHOP}/login", data={"username": "ada", "password": "x"})
    assert refusal.status_code == 401
    assert "do not belong together" in refusal.text


def test_log_out_forgets_the_user(buyer):
    buyer.post(f"{SHOP}/logout")
    assert buyer.get(f"{SHOP}/checkout").headers["Location"].startswith(f"{SHOP}/login")


def test_the_count_in_the_basket_can_be_changed_up_to_nine_and_down_to_none(buyer):
    for asked, kept in [("3", "€116.70"), ("999999", "€350.10")]:
        buyer.post(f"{SHOP}/basket", data={"product": "harbour-lantern", "count": asked})
        assert f'id="subtotal">{kept}<' in buyer.get(f"{SHOP}/basket").text
    buyer.post(f"{SHOP}/basket", data={"product": "harbour-lantern", "count": "0"})
    assert "nothing in it yet" in buyer.get(f"{SHOP}/basket").text


@pytest.mark.parametrize("count", ["-1", "many", "", "1e9"])
def test_a_count_that_is_no_count_is_refused(buyer, count):
    answer = buyer.post(f"{SHOP}/basket", data={"product": "harbour-lantern", "count": count})
    assert answer.status_code == 400
    assert "whole number from 0 to 9" in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_product_that_is_not_sold_answers_404(visitor, method):
    if method == "get":
        answer = visitor.get(f"{SHOP}/products/moon-rock")
    else:
        answer = visitor.post(f"{SHOP}/basket", data={"product": "moon-rock", "add": "1"})
    assert answer.status_code == 404
    assert "We do not sell that" in answer.text


def test_what_is_searched_is_shown_as_text(visitor):
    page = visitor.get(f"{SHOP}/search", query_string={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_long_search_is_cut(visitor):
    page = visitor.get(f"{SHOP}/search", query_string={"q": "x" * 5000}).text
    assert "x" * 100 in page and "x" * 101 not in page


def test_an_order_without_a_basket_goes_back_to_the_basket(visitor):
    visitor.post(f"{SHOP}/login", data={"username": "ada", "password": "wick-and-wax"})
    assert visitor.post(f"{SHOP}/checkout").headers["Location"] == f"{SHOP}/basket"
    assert visitor.get(f"{SHOP}/thank-you").headers["Location"] == f"{SHOP}/"


@pytest.mark.parametrize("token", ["short", "UPPERCASE", "a" * 41, "under_score", "8%20spaces"])
def test_a_token_of_another_form_is_not_a_shop(visitor, token):
    answer = visitor.get(f"/{token}/")
    assert answer.status_code == 404
    assert "8 to 40 small letters" in answer.text


def test_a_large_body_is_refused(visitor):
    answer = visitor.post(f"{SHOP}/login", data={"username": "x" * 20_000})
    assert answer.status_code == 413
    assert "<title>" in answer.text


def test_the_cookie_stays_small_however_many_shops_are_visited(visitor):
    for number in range(30):
        for product in STOCK:
            data = {"product": product.slug, "add": "1"}
            visitor.post(f"/shop-number-{number}/basket", data=data)
    assert len(visitor.get_cookie("wick_and_wax").value) < 3000
    assert 'id="basket-count">12<' in visitor.get("/shop-number-29/").text
    assert 'id="basket-count">0<' in visitor.get("/shop-number-3/").text


def test_baskets_of_two_shops_do_not_mix(buyer):
    assert 'id="basket-count">1<' in buyer.get(f"{SHOP}/").text
    assert 'id="basket-count">0<' in buyer.get("/shop-of-bob/").text


def test_its_cookie_is_neither_named_nor_signed_like_the_applications(config, visitor):
    app = create_shop(config)
    assert app.config["SESSION_COOKIE_NAME"] != "session"
    assert app.config["SECRET_KEY"] != config.secret_key


PAGES = ["/", "/search?q=a", "/products/tea-lights", "/login", "/basket", "/switches", "/nowhere"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_no_code_or_style_of_their_own_and_need_no_internet(buyer, path):
    answer = buyer.get(SHOP + path)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src)|https?://", answer.text)
    assert "<title>" in answer.text and 'lang="en"' in answer.text


def test_pictures_of_all_products_are_there(visitor):
    for product in STOCK:
        with visitor.get(f"/assets/demo/img/{product.slug}.svg") as answer:
            assert answer.status_code == 200


def test_it_says_that_it_is_up(visitor):
    assert visitor.get("/healthz").text == "ok"

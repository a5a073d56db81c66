"""Wick & Wax, an application of its own: each token in the URL is a shop with its own faults."""

import hashlib
import re
import secrets
import threading
import time
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from webapp.config import Config
from webapp.demo import stock
from webapp.demo.switches import HEALTHY, SLOWEST_SECONDS, SwitchBoard, SwitchInvalid
from webapp.demo.visitor import Visitor

USER, PASSWORD = "ada", "wick-and-wax"  # shown on the log-in page
TOKEN = re.compile(r"[a-z0-9-]{8,40}")
LONGEST_QUERY = 100
SLEEPERS = threading.BoundedSemaphore(16)  # slow pages at once; they must not eat every thread
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

bp = Blueprint("shop", __name__, url_prefix="/<token>")


def create_shop(config: Config) -> Flask:
    app = Flask(
        __name__,
        template_folder="../../templates",
        static_folder="../../static",
        static_url_path="/assets",
    )
    key = hashlib.sha256(f"demo shop {config.secret_key}".encode()).hexdigest()
    app.config.update(
        SECRET_KEY=key,
        # Cookies do not know ports: the application on the same host must not read this one.
        SESSION_COOKIE_NAME="wick_and_wax",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=16 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["price"] = stock.price
    app.extensions["switches"] = SwitchBoard(config.var / "demo" / "switches.db")
    app.register_blueprint(bp)
    app.add_url_rule("/", view_func=new_shop)
    app.add_url_rule("/healthz", view_func=healthz)
    app.register_error_handler(HTTPException, _sorry)
    app.context_processor(_furniture)
    app.after_request(_guard)
    return app


def new_shop() -> Response:
    """A shop of one's own, with a token that nobody else will guess."""
    return redirect(url_for("shop.home", token=f"wick-{secrets.token_hex(6)}"), code=303)


def healthz() -> str:
    return "ok"


@bp.url_value_preprocessor
def _enter(endpoint: str | None, values: dict[str, Any] | None) -> None:
    token = (values or {}).pop("token", "")
    if not TOKEN.fullmatch(token):
        abort(404, "A shop's token has 8 to 40 small letters, digits and hyphens.")
    g.token, g.visitor = token, Visitor(session, token)
    g.switches = current_app.extensions["switches"].of(token)


@bp.url_defaults
def _stay(endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("token", g.get("token"))


def _furniture() -> dict[str, Any]:
    """What every page shows; an error page outside of any shop has no visitor."""
    return {
        "token": g.get("token"),
        "visitor": g.get("visitor"),
        "switches": g.get("switches", HEALTHY),
        "shipping": stock.SHIPPING,
    }


@bp.get("/")
def home() -> str:
    return render_template("demo/home.html", products=stock.STOCK)


@bp.get("/search")
def search() -> str:
    _dawdle(g.switches.slow_page)
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    return render_template("demo/search.html", query=query, products=stock.search(query))


@bp.get("/products/<slug>")
def product(slug: str) -> str:
    return render_template("demo/product.html", product=_product(slug))


@bp.route("/login", methods=["GET", "POST"])
def login() -> Response | tuple[str, int]:
    if request.method == "GET":
        return _login_page(failed=False)
    name, password = request.form.get("username", ""), request.form.get("password", "")
    if (name.strip().lower(), password) != (USER, PASSWORD):
        return _login_page(failed=True)
    g.visitor.remember(known=True)
    return _to("checkout" if request.form.get("next") == "checkout" else "home")


@bp.post("/logout")
def logout() -> Response:
    g.visitor.remember(known=False)
    return _to("home")


@bp.get("/basket")
def basket() -> str:
    return render_template("demo/basket.html", most=stock.MOST_OF_ONE)


@bp.post("/basket")
def put() -> Response:
    """`add` puts one more in; otherwise `count` is how many there shall be."""
    slug = _product(request.form.get("product", "")).slug
    if "add" in request.form:
        count = g.visitor.count_of(slug) + 1
    else:
        count = request.form.get("count", type=int, default=-1)
        if count < 0:
            abort(400, f"The count is a whole number from 0 to {stock.MOST_OF_ONE}.")
    g.visitor.put(slug, count)
    return _to("basket")


@bp.route("/checkout", methods=["GET", "POST"])
def checkout() -> Response | str:
    if g.switches.server_error:
        abort(500, "The till is on fire. (This is the fault that was switched on.)")
    if not g.visitor.is_known:
        return _to("login", next="checkout")
    if not g.visitor.basket.lines:
        return _to("basket")
    total = g.visitor.basket.total(wrong=g.switches.wrong_total)
    if request.method == "GET":
        return render_template("demo/checkout.html", total=total)
    order = {"number": f"WW-{secrets.randbelow(900_000) + 100_000}", "total": stock.price(total)}
    g.visitor.remember(basket={}, order=order)
    return _to("thank_you")


@bp.get("/thank-you")
def thank_you() -> Response | str:
    if not g.visitor.order:
        return _to("home")
    return render_template("demo/thank_you.html", order=g.visitor.order)


@bp.get("/switches")
def switches() -> str:
    return render_template("demo/switches.html", error="", slowest=SLOWEST_SECONDS)


@bp.post("/switches")
def switch() -> Response | tuple[str, int]:
    """`mend` mends everything; otherwise each switch that the form names is set."""
    board: SwitchBoard = current_app.extensions["switches"]
    if "mend" in request.form:
        board.mend(g.token)
        return _to("switches")
    try:
        board.change(g.token, request.form)
    except SwitchInvalid as error:
        page = render_template("demo/switches.html", error=str(error), slowest=SLOWEST_SECONDS)
        return page, 422
    return _to("switches")


def _to(page: str, **values: Any) -> Response:
    return redirect(url_for(f"shop.{page}", **values), code=303)


def _product(slug: str) -> stock.Product:
    if slug not in stock.BY_SLUG:
        abort(404, "We do not sell that, or do no longer.")
    return stock.BY_SLUG[slug]


def _login_page(failed: bool) -> tuple[str, int]:
    wanted = request.values.get("next", "")
    page = render_template(
        "demo/login.html", failed=failed, user=USER, password=PASSWORD, wanted=wanted
    )
    return page, 401 if failed else 200


def _dawdle(seconds: int) -> None:
    if not seconds:
        return
    if not SLEEPERS.acquire(blocking=False):
        abort(503, "Too many slow pages are being served at once; try again in a minute.")
    try:
        time.sleep(seconds)
    finally:
        SLEEPERS.release()


def _sorry(error: HTTPException) -> tuple[str, int]:
    """An error page in the shop's dress; outside of a shop it has no links into one."""
    code = error.code or 500
    if error.description == NotFound.description:
        error.description = "There is nothing at this address, not even a match."
    return render_template("demo/sorry.html", code=code, sentence=error.description), code


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if not request.path.startswith("/assets/"):
        response.headers["Cache-Control"] = "no-store"
    return response

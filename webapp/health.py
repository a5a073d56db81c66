"""Is the web process alive? For load balancers, and for whoever starts it."""

from flask import Blueprint

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> dict[str, str]:
    """200 as soon as the web process serves; touches neither database nor Redis."""
    return {"status": "alive"}

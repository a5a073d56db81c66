"""The blueprint of the API: it never takes the session cookie, so it needs no CSRF token."""

from flask import Blueprint

from webapp.extensions import csrf

PREFIX = "/api/v1"

bp = Blueprint("api", __name__, url_prefix=PREFIX)
csrf.exempt(bp)

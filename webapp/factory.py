"""The factory, the only module that knows all others."""

import importlib
import logging
from importlib.util import find_spec
from typing import Any

from flask import Flask, Response, request
from jinja2 import StrictUndefined
from redis import Redis
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import error_pages, extensions, models, queues, wording
from webapp.artifacts.store import FolderStore
from webapp.config import Config
from webapp.mailing.post import post
from webapp.notifications.jobs import judge_soon
from webapp.runs.signals import run_ended

# Every edge that has routes; each module has a blueprint called `bp`.
EDGES = (
    "accounts.routes",
    "mailing.routes",
    "artifacts.routes",
    "flows.routes",
    "imports.routes",
    "exports.routes",
    "live.routes",
    "runs.routes",
    "reports.routes",
    "api",
    "health",
    "cli",
    "cli_flows",
)
# A Redis that hangs must not hang pages and runs: what it should hear, upkeep tells it later.
WAIT_FOR_REDIS = {"socket_connect_timeout": 2, "socket_timeout": 5}
READS_ONLY = {"GET", "HEAD", "OPTIONS"}
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def create_app(config: Config | None = None, **overrides: Any) -> Flask:
    """The application; `overrides` are Flask's own settings, for tests."""
    config = config or Config.from_env()
    logging.basicConfig(level=config.log_level)
    app = Flask("webapp", template_folder="../templates", static_folder="../static")
    app.config.from_mapping(_flask_settings(config))
    app.config.from_mapping(overrides)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if count := config.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    _open_stores(app, config)
    _tie_extensions(app)
    _register_edges(app)
    app.before_request(_say_what_it_does)
    app.after_request(_guard)
    return app


def _flask_settings(config: Config) -> dict[str, Any]:
    return {
        "LAMPLIGHTER": config,
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(config),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.base_url.startswith("https://"),
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SECURE": config.base_url.startswith("https://"),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form left open over night works
        "RATELIMIT_ENABLED": config.ratelimit_enabled,
        # The limits library knows a Unix socket by another name than redis-py does.
        "RATELIMIT_STORAGE_URI": config.redis_url.replace("unix://", "redis+unix://", 1),
        "RATELIMIT_STORAGE_OPTIONS": WAIT_FOR_REDIS,
        # Without Redis the limits are kept by each process: log-in still works, and is limited.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "MAIL_SERVER": config.mail_server or "localhost",
        "MAIL_PORT": config.mail_port,
        "MAIL_USERNAME": config.mail_username or None,
        "MAIL_PASSWORD": config.mail_password or None,
        "MAIL_USE_TLS": config.mail_use_tls,
        "MAIL_USE_SSL": config.mail_use_ssl,
        "MAIL_DEFAULT_SENDER": config.mail_default_sender,
    }


def _engine_options(config: Config) -> dict[str, Any]:
    quiet = {"hide_parameters": True}  # values in the text of an error: tokens, hashes, addresses
    if config.database_url.startswith("sqlite"):
        return {**quiet, "connect_args": {"timeout": extensions.BUSY_SECONDS}}
    return {**quiet, "pool_pre_ping": True, "pool_size": 10, "max_overflow": config.web_threads}


def _open_stores(app: Flask, config: Config) -> None:
    redis = Redis.from_url(config.redis_url, **WAIT_FOR_REDIS, health_check_interval=30)
    app.extensions["redis"] = redis
    app.extensions["queues"] = queues.open_queues(redis)
    app.extensions["store"] = FolderStore(config.var / "artifacts")
    app.extensions["post"] = post  # accounts stand before mailing, and are handed it


def _tie_extensions(app: Flask) -> None:
    assert models.__all__  # every table is known before the mapper is configured
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, render_as_batch=True, compare_type=True)
    extensions.login.init_app(app)
    extensions.smtp.init_app(app)
    extensions.htmx.init_app(app)
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    wording.init_app(app)
    error_pages.init_app(app)
    run_ended.connect(judge_soon)


def _register_edges(app: Flask) -> None:
    for edge in EDGES:
        if find_spec(f"webapp.{edge}") is not None:
            module = importlib.import_module(f"webapp.{edge}")
            if hasattr(module, "bp"):
                app.register_blueprint(module.bp)


def _say_what_it_does() -> None:
    if request.method in READS_ONLY:
        extensions.reading()


def _guard(response: Response) -> Response:
    """Headers that every answer carries; an edge that needs another policy sets it itself."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    return response

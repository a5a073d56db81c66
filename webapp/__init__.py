"""Lamplighter. The factory is loaded when it is called: the demo shop and the front do without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Config


def create_app(config: Config | None = None, **overrides: Any) -> Flask:
    """The application; `overrides` are Flask's own settings, for tests."""
    from webapp import factory

    return factory.create_app(config, **overrides)

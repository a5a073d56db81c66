"""The HTTP API under /api/v1: JSON in, JSON or problem+json out."""

from webapp.api import (
    artifacts,
    auth,
    bearer,
    exports,
    files,
    flows,
    healings,
    imports,
    openapi,
    reports,
    runs,
    steps,
)
from webapp.api.blueprint import bp

# Importing the modules ties their views to the blueprint.
VIEWS = (
    artifacts,
    auth,
    bearer,
    exports,
    files,
    flows,
    healings,
    imports,
    openapi,
    reports,
    runs,
    steps,
)

__all__ = ["VIEWS", "bp"]

"""A small web server with deliberately awkward pages, for tests that drive a real browser."""

from tests.site.server import Site

__all__ = ["Site"]

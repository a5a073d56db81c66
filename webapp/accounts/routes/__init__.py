"""The pages of accounts, in two halves: before one is logged in, and after."""

from webapp.accounts.routes import account, entering
from webapp.accounts.routes.blueprint import bp

__all__ = ["account", "bp", "entering"]

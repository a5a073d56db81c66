"""What the shop remembers of a visitor in a signed cookie: log-in, basket and last order."""

from collections.abc import MutableMapping
from typing import Any

from webapp.demo.stock import BY_SLUG, MOST_OF_ONE, Basket

MOST_SHOPS = 4  # shops whose baskets one browser remembers; a cookie holds 4 kB


class Visitor:
    """One browser in one shop."""

    def __init__(self, session: MutableMapping[str, Any], token: str) -> None:
        self.session, self.token = session, token
        self.notes: dict[str, Any] = dict(session.get(token, {}))

    @property
    def is_known(self) -> bool:
        return bool(self.notes.get("known"))

    @property
    def basket(self) -> Basket:
        return Basket.of(self.notes.get("basket", {}))

    @property
    def order(self) -> dict[str, str] | None:
        order: dict[str, str] | None = self.notes.get("order")
        return order

    def remember(self, **notes: Any) -> None:
        self.notes |= notes
        others = [key for key in self.session if not key.startswith("_") and key != self.token]
        for key in others[: max(0, len(others) - MOST_SHOPS + 1)]:
            del self.session[key]
        self.session[self.token] = self.notes

    def put(self, slug: str, count: int) -> None:
        """Have so many of a product in the basket; none takes it out."""
        counts = {line.product.slug: line.count for line in self.basket.lines}
        counts[slug] = min(count, MOST_OF_ONE)
        self.remember(basket={slug: n for slug, n in counts.items() if n > 0 and slug in BY_SLUG})

    def count_of(self, slug: str) -> int:
        return sum(line.count for line in self.basket.lines if line.product.slug == slug)

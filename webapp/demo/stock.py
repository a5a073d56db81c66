"""What Wick & Wax sells, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass

SHIPPING = 490  # cents
MOST_OF_ONE = 9


@dataclass(frozen=True)
class Product:
    slug: str
    name: str
    kind: str
    cents: int
    line: str
    about: str
    facts: tuple[str, ...]

    def matches(self, words: list[str]) -> bool:
        text = f"{self.name} {self.kind} {self.line} {self.about}".lower()
        return all(word in text for word in words)


STOCK = (
    Product(
        "harbour-lantern",
        "Harbour lantern",
        "Lamps",
        3890,
        "Brass and glass, for wind from any side",
        "The lantern that hangs at the end of the pier. Four panes, a ring to carry it by, and a "
        "door that closes with a click you will come to like.",
        ("32 cm high", "Solid brass, hand polished", "Takes candles up to 6 cm wide"),
    ),
    Product(
        "taper-candles",
        "Taper candles, a pair",
        "Candles",
        1250,
        "Dipped thirty times each",
        "One oxblood, one honey. They burn upright and slowly, and leave nothing on the tablecloth "
        "but light.",
        ("28 cm high", "Burns for 9 hours", "Rapeseed wax, cotton wick"),
    ),
    Product(
        "mushroom-lamp",
        "Mushroom lamp",
        "Lamps",
        7900,
        "A small red roof for a bedside",
        "Blown glass over a pale stem. It dims with a touch and has never frightened a child.",
        ("26 cm high", "Dims in three steps", "LED, 4 W, warm white"),
    ),
    Product(
        "beeswax-pillar",
        "Beeswax pillar",
        "Candles",
        1890,
        "Smells of summer, burns until winter",
        "Pure wax from keepers along the river, pressed into honeycomb and left to rest for a "
        "month.",
        ("12 cm high", "Burns for 70 hours", "Nothing but beeswax"),
    ),
    Product(
        "keepers-oil-lamp",
        "Keeper’s oil lamp",
        "Lamps",
        6450,
        "For evenings when the power is out",
        "A teal font, a tall chimney and a wheel that raises the flame by a hair. Trim the wick "
        "and it will outlive us.",
        ("38 cm high", "Holds 0.4 l of lamp oil", "Spare wick in the box"),
    ),
    Product(
        "cedar-jar",
        "Cedar & smoke jar",
        "Candles",
        2400,
        "A walk in the woods, with the lid off",
        "Cedar, a little birch tar, and the end of a bonfire. Poured in small lots, because the "
        "pot is small.",
        ("220 g", "Burns for 45 hours", "The jar makes a good glass"),
    ),
    Product(
        "draughtsman-lamp",
        "Draughtsman’s lamp",
        "Lamps",
        11900,
        "Light exactly where the pencil is",
        "Two springs, three joints and a shade in brick red. It stays where you put it, which is "
        "all one asks of a lamp.",
        ("Reaches 70 cm", "E27, up to 40 W", "Steel and brass"),
    ),
    Product(
        "tea-lights",
        "Tea lights, a dozen",
        "Candles",
        590,
        "For jars, boats and birthdays",
        "Twelve small flames in cups that can be filled again.",
        ("Twelve pieces", "Burn for 4 hours each", "Cups of recycled tin"),
    ),
    Product(
        "paper-moon",
        "Paper moon",
        "Lamps",
        4450,
        "A full moon on any night",
        "Rice paper over bamboo rings. It folds flat for moving house and opens like a concertina.",
        ("45 cm wide", "Cord of 2 m included", "LED, 7 W"),
    ),
    Product(
        "chamberstick",
        "Chamberstick",
        "Candles",
        2990,
        "To carry up the stairs",
        "A brass dish with a ring for one finger. The candle is included; the creaking stairs are "
        "yours.",
        ("17 cm wide", "Solid brass", "Candle included"),
    ),
    Product(
        "willow-floor-lamp",
        "Willow floor lamp",
        "Lamps",
        18900,
        "Leans over your reading chair",
        "One long bow of steel with a mustard shade at its end. Heavy at the foot, light at the "
        "top.",
        ("165 cm high", "E27, up to 60 W", "Foot switch"),
    ),
    Product(
        "garden-string-lights",
        "Garden string lights",
        "Lamps",
        3250,
        "Ten bulbs and a warm evening",
        "Hang them once and leave them: they do not mind the rain, and moths do not mind them.",
        ("8 m, ten bulbs", "For outdoors, IP65", "Plug included"),
    ),
)
BY_SLUG = {product.slug: product for product in STOCK}


@dataclass(frozen=True)
class Line:
    product: Product
    count: int

    @property
    def cents(self) -> int:
        return self.product.cents * self.count


@dataclass(frozen=True)
class Basket:
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Basket":
        return cls(tuple(Line(BY_SLUG[slug], n) for slug, n in counts.items() if slug in BY_SLUG))

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def subtotal(self) -> int:
        return sum(line.cents for line in self.lines)

    def total(self, wrong: bool = False) -> int:
        """What is to be paid; a wrong total adds the shipping twice."""
        return self.subtotal + SHIPPING * (2 if wrong else 1)


def search(query: str) -> list[Product]:
    words = query.lower().split()
    return [product for product in STOCK if product.matches(words)] if words else []


def price(cents: int) -> str:
    return f"€{cents // 100:,}.{cents % 100:02}"

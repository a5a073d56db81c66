"""How the text of an environment variable becomes a setting; ValueError says what it should be."""

from collections.abc import Callable
from urllib.parse import urlsplit


def text(raw: str) -> str:
    return raw.strip()


def flag(raw: str) -> bool:
    word = raw.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("yes or no")


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        if not raw.strip().isascii() or not raw.strip().isdigit() or not low <= int(raw) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(raw)

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        word = raw.strip()
        if word not in words:
            raise ValueError("one of " + ", ".join(words))
        return word

    return parse


def address(raw: str) -> str:
    url = raw.strip().rstrip("/")
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc):
        raise ValueError("an address that starts with http:// or https://")
    return url


def database(raw: str) -> str:
    url = raw.strip()
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("a sqlite:/// or postgresql:// address")
    return url

"""What is broken in whose shop; kept in a file, so that a restart mends nothing by accident."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

SLOWEST_SECONDS = 60
KEPT_SECONDS = 30 * 24 * 3600  # a shop that nobody touched for so long mends itself
MOST_SHOPS = 10_000


class SwitchInvalid(ValueError):
    """A switch was given something that it cannot be set to."""


@dataclass(frozen=True)
class Switches:
    """Everything off is a shop that works."""

    slow_page: int = 0  # seconds that the search takes
    missing_button: bool = False
    wrong_total: bool = False
    server_error: bool = False
    javascript_error: bool = False

    def changed(self, form: Mapping[str, str]) -> "Switches":
        """The same with the switches that the form names; the others stay as they are."""
        values = asdict(self)
        for one in fields(self):
            if one.name in form:
                read = _seconds if one.name == "slow_page" else _on
                values[one.name] = read(one.name, form[one.name])
        return Switches(**values)

    @property
    def broken(self) -> list[str]:
        return [one.name for one in fields(self) if getattr(self, one.name)]


HEALTHY = Switches()


def _seconds(name: str, raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or not 0 <= int(raw[:9]) <= SLOWEST_SECONDS:
        raise SwitchInvalid(
            f"{name} takes whole seconds from 0 to {SLOWEST_SECONDS}; found “{raw[:40]}”."
        )
    return int(raw[:9])


def _on(name: str, raw: str) -> bool:
    if raw not in {"on", "off"}:
        raise SwitchInvalid(f"{name} takes on or off; found “{raw[:40]}”.")
    return raw == "on"


class SwitchBoard:
    """The switches of every shop; a shop without a row is healthy."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as rows:
            rows.execute(
                "CREATE TABLE IF NOT EXISTS shops (token TEXT PRIMARY KEY, slow_page INT,"
                " missing_button INT, wrong_total INT, server_error INT, javascript_error INT,"
                " changed_at REAL)"
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, timeout=10)) as connection, connection:
            yield connection

    def of(self, token: str) -> Switches:
        with self._open() as rows:
            row = rows.execute(
                "SELECT slow_page, missing_button, wrong_total, server_error, javascript_error"
                " FROM shops WHERE token = ? AND changed_at > ?",
                (token, time.time() - KEPT_SECONDS),
            ).fetchone()
        return Switches(row[0], *map(bool, row[1:])) if row else HEALTHY

    def change(self, token: str, form: Mapping[str, str]) -> Switches:
        """Set what the form names; raises SwitchInvalid and changes nothing if it cannot."""
        switches = self.of(token).changed(form)
        with self._open() as rows:
            rows.execute("DELETE FROM shops WHERE token = ?", (token,))
            if switches != HEALTHY:
                values = (token, *asdict(switches).values(), time.time())
                rows.execute("INSERT INTO shops VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            self._forget_old(rows)
        return switches

    def mend(self, token: str) -> None:
        with self._open() as rows:
            rows.execute("DELETE FROM shops WHERE token = ?", (token,))

    def _forget_old(self, rows: sqlite3.Connection) -> None:
        rows.execute("DELETE FROM shops WHERE changed_at <= ?", (time.time() - KEPT_SECONDS,))
        rows.execute(
            "DELETE FROM shops WHERE token IN"
            " (SELECT token FROM shops ORDER BY changed_at DESC LIMIT -1 OFFSET ?)",
            (MOST_SHOPS,),
        )

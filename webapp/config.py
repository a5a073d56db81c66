"""Every setting once: its name, type, default and a sentence; nonsense is refused at start."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from click import ClickException
from cryptography.fernet import Fernet

from webapp.setting_types import address, database, flag, one_of, text, whole


class ConfigError(ClickException):
    """A setting cannot be used; the message names it, what was found and an example.

    A ClickException, so that `flask …` says it without a traceback.
    """


def _setting(
    default: Any,
    parse: Callable[[str], Any],
    sentence: str,
    example: str = "",
    secret: bool = False,
) -> Any:
    """A dataclass field that carries what `.env.example` and the error messages say about it."""
    about = {"parse": parse, "sentence": sentence, "example": example, "secret": secret}
    return field(default=default, metadata=about)


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings; the environment variable of each is its name in capitals."""

    var: Path = _setting(
        Path("var"),
        lambda raw: Path(raw.strip()),
        "Folder for everything that Lamplighter writes.",
        "/var/lib/lamplighter",
    )
    database_url: str = _setting(
        "",
        database,
        "Where the truth is kept; empty means the SQLite file lamplighter.db under VAR.",
        "postgresql://lamplighter:secret@db/lamplighter",
        secret=True,
    )
    redis_url: str = _setting(
        "",
        text,
        "Redis for queues and live events; empty means the address in VAR/redis.url.",
        "redis://redis:6379/0",
        secret=True,
    )
    secret_key: str = _setting(
        "",
        text,
        "Signs sessions, mail links and tokens; empty means a key made once in VAR/secret_key.",
        "64 random hexadecimal digits",
        secret=True,
    )
    secret_keys: str = _setting(
        "",
        text,
        "Keys that encrypt secret step values, newest first, comma separated; "
        "empty means VAR/secret_keys.",
        "one line of `flask --app webapp new-key`",
        secret=True,
    )
    host: str = _setting("127.0.0.1", text, "Address that the web server listens on.", "0.0.0.0")
    port: int = _setting(8000, whole(1, 65535), "Port that the web server listens on.", "8123")
    base_url: str = _setting(
        "",
        address,
        "Address under which people reach Lamplighter, for links in mails; "
        "empty means http://HOST:PORT.",
        "https://lamplighter.example.org",
    )
    demo_port: int = _setting(
        0, whole(0, 65535), "Port of the demo shop; 0 means PORT + 1.", "8124"
    )
    demo_url: str = _setting(
        "",
        address,
        "Address of the demo shop as browsers reach it; empty means http://127.0.0.1:DEMO_PORT.",
        "http://demo:8001",
    )
    mail_server: str = _setting(
        "", text, "SMTP server; empty means that mails go to the outbox page.", "smtp.example.org"
    )
    mail_port: int = _setting(25, whole(1, 65535), "Port of the SMTP server.", "587")
    mail_username: str = _setting("", text, "User name for the SMTP server.", "lamplighter")
    mail_password: str = _setting(
        "", text, "Password for the SMTP server.", "a long password", secret=True
    )
    mail_use_tls: bool = _setting(False, flag, "Use STARTTLS with the SMTP server.", "yes")
    mail_use_ssl: bool = _setting(False, flag, "Use TLS from the first byte (port 465).", "yes")
    mail_default_sender: str = _setting(
        "lamplighter@localhost", text, "From address of every mail.", "lamplighter@example.org"
    )
    registration: str = _setting(
        "open",
        one_of("open", "invite", "closed"),
        "Who may register: open (everyone), invite or closed (the operator creates users).",
        "closed",
    )
    allow_private_networks: bool = _setting(
        True,
        flag,
        "Whether flows may visit private and loopback addresses; say no on a shared server.",
        "no",
    )
    allow_scripts: bool = _setting(
        True,
        flag,
        "Whether steps may run JavaScript that their authors wrote, in the pages they visit.",
        "no",
    )
    trusted_proxies: int = _setting(
        0,
        whole(0, 9),
        "How many reverse proxies in front of the web server are to be believed.",
        "1",
    )
    ratelimit_enabled: bool = _setting(True, flag, "Limit how often forms may be tried.", "yes")
    workers: int = _setting(1, whole(1, 64), "How many runs may play at once on this host.", "2")
    web_threads: int = _setting(
        64, whole(4, 2000), "Threads of the web server; each live page holds one.", "600"
    )
    chrome_binary: str = _setting(
        "",
        text,
        "Chromium headless shell; empty means the first one found.",
        "/usr/lib/chromium/chromium-headless-shell",
    )
    chromedriver: str = _setting(
        "", text, "chromedriver; empty means the first one found.", "/usr/bin/chromedriver"
    )
    firefox_binary: str = _setting(
        "", text, "Firefox; empty means the first one found.", "/usr/bin/firefox-esr"
    )
    geckodriver: str = _setting(
        "", text, "geckodriver; empty means the first one found.", "/usr/local/bin/geckodriver"
    )
    log_level: str = _setting(
        "INFO", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "How much is logged.", "DEBUG"
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the environment and `.env`; raises ConfigError for a value that cannot be used."""
        source = environment() if environ is None else environ
        values = {
            one.name: value for one in fields(cls) if (value := _read(one, source)) is not None
        }
        return cls(**values).completed()

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """Our services as `host:port`, loopback as 127.0.0.1; no browser may visit them."""
        web = {f"127.0.0.1:{self.port}"}
        for url in (self.database_url, self.redis_url):
            parts = urlsplit(url)
            if parts.hostname and parts.port:
                here = parts.hostname in {"localhost", "::1"}
                web.add(f"{'127.0.0.1' if here else parts.hostname}:{parts.port}")
        return tuple(sorted(web))

    def completed(self) -> "Config":
        """The same with every empty default filled in; makes VAR and its key files when missing."""
        var = self.var.absolute()
        demo_port = self.demo_port or (self.port + 1 if self.port < 65535 else self.port - 1)
        shown_host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host
        filled = {
            "var": var,
            "database_url": self.database_url or f"sqlite:///{var / 'lamplighter.db'}",
            **self._kept_in(var),
            "base_url": self.base_url or f"http://{shown_host}:{self.port}",
            "demo_port": demo_port,
            "demo_url": self.demo_url or f"http://127.0.0.1:{demo_port}",
        }
        config = Config(**{**{one.name: getattr(self, one.name) for one in fields(self)}, **filled})
        config._check_together()
        return config

    def _kept_in(self, var: Path) -> dict[str, str]:
        """The settings that files under VAR stand in for; makes the folder and its key files."""
        try:
            var.mkdir(parents=True, exist_ok=True)
            return {
                "redis_url": self.redis_url or _redis_of(var),
                "secret_key": self.secret_key or _kept(var / "secret_key", secrets.token_hex),
                "secret_keys": self.secret_keys
                or _kept(var / "secret_keys", lambda: Fernet.generate_key().decode()),
            }
        except OSError as error:
            raise ConfigError(
                "VAR should be a folder that Lamplighter may write, but is "
                f"{_what_is_wrong_with(var, error)}. Example: VAR=/var/lib/lamplighter"
            ) from error

    def _check_together(self) -> None:
        for key in self.secret_keys.split(","):
            try:
                Fernet(key.strip())
            except ValueError as error:
                raise ConfigError(
                    "SECRET_KEYS holds something that is no Fernet key. "
                    "Make one with `flask --app webapp new-key`."
                ) from error
        if self.mail_use_tls and self.mail_use_ssl:
            raise ConfigError(
                "MAIL_USE_TLS and MAIL_USE_SSL are both on. Use MAIL_USE_TLS with port 587, "
                "or MAIL_USE_SSL with port 465."
            )


def _what_is_wrong_with(var: Path, error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"“{var}”, which is a file, or lies in one"
    if not var.is_dir():
        return f"“{var}”, which cannot be made ({error.strerror})"
    return f"“{var}”, where {error.filename or 'a file'} cannot be used ({error.strerror})"


def environment(
    file: Path = Path(__file__).parents[1] / ".env", environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment, and what it leaves open from the file `.env` in the checkout."""
    settings: dict[str, str] = {}
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise ConfigError(
                f"Line {number} of {file} should be NAME=value, but is “{text[:20]}…”."
            )
        settings[name.strip()] = _unquoted(value.strip())
    return settings | dict(environ)


def setting_names() -> set[str]:
    """Every name that the environment may set."""
    names = {one.name.upper() for one in fields(Config)}
    return names | {f"{one.name.upper()}_FILE" for one in fields(Config) if one.metadata["secret"]}


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _read(one: Any, source: Mapping[str, str]) -> Any:
    """The parsed value of a setting, or None when the environment does not name it."""
    name = one.name.upper()
    raw = source.get(name)
    path = source.get(f"{name}_FILE")
    if path and one.metadata["secret"]:
        try:
            raw = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(
                f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
            ) from error
    if raw is None or raw == "":
        return None
    try:
        return one.metadata["parse"](raw)
    except ValueError as error:
        found = "a value that is not shown" if one.metadata["secret"] else f"“{raw[:80]}”"
        raise ConfigError(
            f"{name} should be {error}, but is {found}. Example: {name}={one.metadata['example']}"
        ) from error


def _redis_of(var: Path) -> str:
    file = var / "redis.url"
    return file.read_text(encoding="utf-8").strip() if file.exists() else "redis://127.0.0.1:6379/0"


def _kept(file: Path, make: Callable[[], str]) -> str:
    """The content of a key file, made once; two processes that start together agree on one key."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(make())
        try:
            os.link(draft, file)  # fails when another process was quicker: its key is kept
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="utf-8").strip()

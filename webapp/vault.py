"""Seal and open the secrets that are kept in the database (MultiFernet: the newest key seals)."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app

from webapp.config import Config


class SecretLost(Exception):
    """A sealed value cannot be opened with the keys of this installation."""


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The plain value; raises SecretLost when the key that sealed it is gone."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SecretLost(
            "A secret value was encrypted with a key that is not here any more. Type the value "
            "again, or put the old key back into SECRET_KEYS (or VAR/secret_keys)."
        ) from error


def _keys() -> MultiFernet:
    config: Config = current_app.config["LAMPLIGHTER"]
    return MultiFernet([Fernet(key.strip()) for key in config.secret_keys.split(",")])

"""API keys: made once, shown once, kept as a hash."""

import hashlib
import secrets

from sqlalchemy import Select, delete, func, select

from webapp.accounts.access import project_of
from webapp.accounts.details import DetailsRefused, cleaned_name
from webapp.accounts.models import ApiKey, User
from webapp.extensions import db

MARK = "lamp_"
SHOWN_LENGTH = len(MARK) + 6
MOST = 50


def create_key(user: User, name: str) -> tuple[ApiKey, str]:
    """A new key and its text, which is never to be seen again. Commits; raises DetailsRefused."""
    try:
        name = cleaned_name(name)
    except ValueError as error:
        raise DetailsRefused([("name", str(error))]) from error
    if (db.session.scalar(select(func.count()).where(ApiKey.user_id == user.id)) or 0) >= MOST:
        raise DetailsRefused([("name", f"You have {MOST} keys. Revoke one that is not used.")])
    text = MARK + secrets.token_urlsafe(32)
    key = ApiKey(
        project_id=project_of(user).id, user_id=user.id, name=name,
        prefix=text[:SHOWN_LENGTH], key_hash=hash_of(text),
    )  # fmt: skip
    db.session.add(key)
    db.session.commit()
    return key, text


def keys_of(user: User) -> Select[ApiKey]:
    return select(ApiKey).where(ApiKey.user_id == user.id).order_by(ApiKey.id.desc())


def revoke(key: ApiKey) -> None:
    """Commits. No error when somebody else was quicker."""
    db.session.execute(delete(ApiKey).where(ApiKey.id == key.id))
    db.session.commit()


def hash_of(text: str) -> str:
    """A key is 32 random bytes: one round of SHA-256 is enough, nobody guesses it."""
    return hashlib.sha256(text.encode()).hexdigest()

"""Write `.env.example` out of the settings: `python -m webapp.supervision.env_example`."""

import textwrap
from dataclasses import fields

from webapp.config import Config

HEAD = """\
# Copy this file to .env and change what you need; the environment wins over it.
# A secret may also be read from a file: SECRET_KEY_FILE=/run/secrets/key, and so on.
"""
COMPOSE = """\

# Only for docker-compose.yml: passwords of its own database and its own Redis. Make each with
# `openssl rand -hex 32`.
#POSTGRES_PASSWORD=
#REDIS_PASSWORD=

# Only for docker-compose.yml: where this machine offers the pages.
#PUBLISH=127.0.0.1:8000
"""


def env_example() -> str:
    """Every setting with its sentence, its default and an example, all switched off by a #."""
    entries = []
    for one in fields(Config):
        words = f"{one.metadata['sentence']} Example: {one.metadata['example']}"
        entries += ["", *(f"# {line}" for line in textwrap.wrap(words, 96))]
        entries.append(f"#{one.name.upper()}={_shown(one.default)}")
    return HEAD + "\n".join(entries) + "\n" + COMPOSE


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return str(default)


if __name__ == "__main__":
    print(env_example(), end="")

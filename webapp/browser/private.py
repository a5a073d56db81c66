"""Which values are kept out of messages though nobody has marked them as secret."""

import re

NOT_SHOWN = "it looks like a key to something, so it is not shown"
# Names under which sites keep what lets their visitors in.
NAMES = re.compile(
    r"sess(ion)?|(?<![a-z])sid(?![a-z])|auth|token|jwt|csrf|xsrf|secret|passw|credential"
    r"|api.?key|asp\.?net",
    re.IGNORECASE,
)
# A JSON Web Token, wherever it is kept.
TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]{4,}\.[\w-]*")


def is_private(name: str, value: str) -> bool:
    """Whether a value, kept under a name, would open something to whoever reads it."""
    return bool(NAMES.search(name) or TOKEN.search(value))

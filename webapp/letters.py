"""Characters that no name may hold: nobody sees them, and they change how the others are read."""

import re

# Control characters, halves of characters, private ones, and those that turn the direction of
# reading, which make “Delete” of what is stored as something else.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)


def hidden_sign(text: str, what: str) -> str:
    """A sentence about the first such character in a text; empty if there is none."""
    found = HIDDEN.search(text)
    if found is None:
        return ""
    return f"The {what} has an invisible character (U+{ord(found[0]):04X}) in it."


def without_hidden(text: str) -> str:
    """The text as it may be shown: names that are kept from former times may hold some."""
    return HIDDEN.sub("", text)

"""Hash and check passwords, and refuse those that are guessed first."""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 10
GREATEST_LENGTH = 200

# 19 MiB and two passes: OWASP's figure for servers. The semaphore keeps a storm of log-ins from
# taking that much memory for each thread at once.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = BoundedSemaphore(4)
# Verified for addresses that nobody has, so that the answer takes as long as for the others.
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$g2gXG0D/MXoFodlyOAASJQ$"
    "aN22wvY2hB97Ax6r6rclyJvN5WufSyA1u5AdeyeM94g"
)

# The most common ones of ten characters or more in published leaks, and what people type next.
COMMON = frozenset(
    """
    1234567890 0123456789 12345678910 123456789a 1234567890a 9876543210 0987654321 1122334455
    1234512345 1029384756 123123123123 qwertyuiop qwerty12345 qwerty123456 qwertyqwerty
    1qaz2wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y qwe123qwe123 asdfghjkl1 asdfghjkl; zxcvbnm123 qazwsxedcrfv
    password12 password123 password1234 password12345 passwordpassword mypassword p@ssword123
    passw0rd123 p@ssw0rd12 p@ssw0rd123 administrator admin12345 admin123456 adminadmin letmein123
    letmeinletmein welcome123 welcome1234 iloveyou12 iloveyou123 iloveyouso sunshine123 football12
    football123 basketball superman123 princess123 changeme123 changemenow abcdefghij abcd123456
    abc1234567 aa12345678 a123456789 samsung123 liverpool1 manchester starwars123 lamplighter
    lamplighter1 correcthorsebatterystaple
    """.split()  # noqa: SIM905  a list of quoted words is harder to read
)


def hashed(password: str) -> str:
    with AT_ONCE:
        return HASHER.hash(_same_for_all_keyboards(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash; None (nobody's) takes as long and is False."""
    try:
        with AT_ONCE:
            HASHER.verify(password_hash or NOBODYS_HASH, _same_for_all_keyboards(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def are_same(one: str, other: str) -> bool:
    return _same_for_all_keyboards(one) == _same_for_all_keyboards(other)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return HASHER.check_needs_rehash(password_hash)


def problem_with(password: str, name: str, email: str) -> str | None:
    """Why this password is refused, as a sentence; None when it is good."""
    length = len(password)
    if length < LEAST_LENGTH:
        return (
            f"Use at least {LEAST_LENGTH} characters; this has {length}. "
            "A few words in a row are easy to remember and hard to guess."
        )
    if length > GREATEST_LENGTH:
        return f"Use at most {GREATEST_LENGTH} characters; this has {length:,}."
    folded = password.strip().lower()
    owned = {name.strip().lower(), email.strip().lower(), email.strip().lower().partition("@")[0]}
    if folded in owned - {""}:
        return "Your name or e-mail address is the first thing that somebody would try."
    if folded in COMMON:
        return "This password is on every list of common passwords. Choose another."
    if len(set(folded)) < 4:
        return "This repeats the same few characters. Choose something harder to guess."
    return None


def _same_for_all_keyboards(password: str) -> str:
    """ä is one character on some systems and two on others."""
    return unicodedata.normalize("NFKC", password)

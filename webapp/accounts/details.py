"""What a name, an address, a zone and a password must be like; said in sentences."""

from functools import cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from webapp.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from webapp.accounts.passwords import problem_with
from webapp.letters import hidden_sign


class DetailsRefused(Exception):
    """Something that was typed cannot be used: `errors` are pairs of field and sentence."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _, sentence in errors))
        self.errors = errors


def cleaned_name(name: str, what: str = "name") -> str:
    """The name without blanks around and doubled inside; raises ValueError with a sentence."""
    clean = " ".join(name.split())
    if not clean:
        raise ValueError(f"Type a {what}.")
    if len(clean) > NAME_LENGTH:
        raise ValueError(f"Use at most {NAME_LENGTH} characters; this has {len(clean):,}.")
    if sentence := hidden_sign(clean, what):
        raise ValueError(sentence)
    return clean


def cleaned_email(email: str) -> str:
    """The address as it is kept; raises ValueError with a sentence."""
    typed = email.strip()
    if not typed:
        raise ValueError("Type an e-mail address.")
    if len(typed) > EMAIL_LENGTH:
        raise ValueError(f"Use at most {EMAIL_LENGTH} characters; this has {len(typed):,}.")
    try:
        # Addresses inside a company (alice@mail.local) are addresses too.
        checked = validate_email(typed, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise ValueError(f"“{typed[:80]}” is no e-mail address: {error}") from error
    if not checked.local_part.isascii():
        raise ValueError("The part before the @ may have only the letters a–z, digits and signs.")
    if "." not in checked.domain and checked.domain != "localhost":
        raise ValueError(f"“{checked.domain}” is no domain. Example: alice@example.org")
    return str(checked.normalized)


def checked_email(email: str) -> str:
    """The address as it is kept; raises DetailsRefused."""
    try:
        return cleaned_email(email)
    except ValueError as error:
        raise DetailsRefused([("email", str(error))]) from error


@cache
def time_zones() -> tuple[str, ...]:
    """All names of the time zone database, with UTC first. Old names too: browsers report them."""
    named = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return ("UTC", *sorted(named))


def checked_zone(zone: str) -> str:
    if zone not in time_zones():
        raise ValueError(f"“{zone[:60]}” is no time zone. Examples: Europe/Berlin, UTC")
    return zone


def checked(name: str, email: str, password: str, time_zone: str) -> tuple[str, str, str]:
    """Name, address and zone as they are kept; raises DetailsRefused with everything wrong."""
    errors: list[tuple[str, str]] = []
    kept = {"name": "", "email": "", "time_zone": ""}
    for field, check, typed in (
        ("name", cleaned_name, name),
        ("email", cleaned_email, email),
        ("time_zone", checked_zone, time_zone),
    ):
        try:
            kept[field] = check(typed)
        except ValueError as error:
            errors.append((field, str(error)))
    if sentence := problem_with(password, name, email):
        errors.append(("password", sentence))
    if errors:
        raise DetailsRefused(errors)
    return kept["name"], kept["email"], kept["time_zone"]

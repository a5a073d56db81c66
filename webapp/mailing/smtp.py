"""The way to the SMTP server, with a time limit, and its refusals in words."""

import smtplib
import socket
import ssl

from flask import current_app
from flask_mail import BadHeaderError, Connection

from webapp.config import Config
from webapp.mailing.envelope import Envelope

TIMEOUT_SECONDS = 15


class DeliveryFailed(Exception):
    """The mail was not taken; the message says why. `permanent`: trying again cannot help."""

    def __init__(self, message: str, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Line(Connection):
    """Flask-Mail's connection with a time limit, certificates that are checked, a quiet end."""

    def configure_host(self) -> smtplib.SMTP:
        host: smtplib.SMTP
        server, port = self.mail.server, self.mail.port or 25
        if self.mail.use_ssl:
            trusted = ssl.create_default_context()
            host = smtplib.SMTP_SSL(server, port, timeout=TIMEOUT_SECONDS, context=trusted)
        else:
            host = smtplib.SMTP(server, port, timeout=TIMEOUT_SECONDS)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, *_: object) -> None:
        # The server has answered for the mail already: a line that breaks while we say good-bye
        # must not make us send it twice.
        if self.host is not None:
            try:
                self.host.quit()
            except (smtplib.SMTPException, OSError):
                self.host.close()


def send(envelope: Envelope) -> None:
    """Hand the mail to the server; raises DeliveryFailed when it does not take it."""
    config: Config = current_app.config["LAMPLIGHTER"]
    place = f"{config.mail_server}:{config.mail_port}"
    try:
        with Line(current_app.extensions["mail"]) as line:
            line.send(envelope)
    except smtplib.SMTPException as error:
        raise _refusal(error, place) from error
    except ssl.SSLError as error:
        raise DeliveryFailed(
            f"The certificate or the encryption of the mail server {place} was refused: "
            f"{error.reason or error}. Check MAIL_USE_TLS, MAIL_USE_SSL and MAIL_PORT; a private "
            "authority can be trusted by SSL_CERT_FILE."
        ) from error
    except OSError as error:
        raise DeliveryFailed(_no_way_to(place, error)) from error
    except (ValueError, BadHeaderError) as error:  # an address or a header that mail cannot carry
        raise DeliveryFailed(f"The mail cannot be written: {error}", permanent=True) from error


def _refusal(error: smtplib.SMTPException, place: str) -> DeliveryFailed:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return DeliveryFailed(
            f"The mail server {place} refuses MAIL_USERNAME and MAIL_PASSWORD: {_said(error)}"
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        address, (code, said) = next(iter(error.recipients.items()))
        return DeliveryFailed(
            f"The mail server {place} refuses the address {address}: {code} {_plain(said)}",
            permanent=500 <= code < 600,
        )
    if isinstance(error, smtplib.SMTPSenderRefused):
        return DeliveryFailed(
            f"The mail server {place} refuses the sender {error.sender} (MAIL_DEFAULT_SENDER): "
            f"{_said(error)}"
        )
    if isinstance(error, smtplib.SMTPDataError):
        refused_for_good = 500 <= error.smtp_code < 600
        return DeliveryFailed(
            f"The mail server {place} does not take the mail: {_said(error)}", refused_for_good
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return DeliveryFailed(
            f"The mail server {place} cannot do what the settings ask for: {error} "
            "Check MAIL_USE_TLS, MAIL_USERNAME and MAIL_PORT."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return DeliveryFailed(f"The mail server {place} answered: {_said(error)}")
    if isinstance(error.__context__, TimeoutError):  # smtplib calls a silent server disconnected
        return DeliveryFailed(_no_way_to(place, error.__context__))
    return DeliveryFailed(f"The mail server {place} broke off: {error}")


def _no_way_to(place: str, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"There is no mail server called {place}: its name does not resolve."
    if isinstance(error, TimeoutError):
        return f"The mail server {place} did not answer within {TIMEOUT_SECONDS} seconds."
    if isinstance(error, ConnectionRefusedError):
        return f"The mail server {place} refuses the connection. Is it running, and on that port?"
    return f"The mail server {place} cannot be reached: {error.strerror or error}."


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_plain(error.smtp_error)}"


def _plain(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:500]

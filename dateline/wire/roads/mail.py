"""E-mail, by the agency's own mail server (DATELINE_EMAIL_URL).

In the format `email` the message is the release itself; any other format goes as an attachment. A
message to each address by itself, so that one refused address is not lost among those taken.
"""

import re
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage as Message
from email.policy import SMTP
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.wire.roads import naming
from dateline.wire.roads.parcel import (
    BadDestination,
    Field,
    Ground,
    Options,
    Parcel,
    RoadError,
    Send,
)

FIELDS = (
    Field(
        "to",
        gettext_lazy("addresses"),
        gettext_lazy("One on each line. With the format E-mail the release is the message itself."),
        required=True,
        lines=3,
    ),
)


def check(options: Options) -> None:
    if not addresses(options):
        raise BadDestination(_("Write at least one address."), field="to")
    for address in addresses(options):
        try:
            validate_email(address)
            address.encode("ascii")
        except (ValidationError, UnicodeEncodeError) as error:
            raise BadDestination(
                _("“%(word)s” is no e-mail address.") % {"word": address}, field="to"
            ) from error


def addresses(options: Options) -> list[str]:
    return [each for each in re.split(r"[\s,;]+", options.get("to", "")) if each]


@contextmanager
def opened(options: Options, secrets: Mapping[str, object], ground: Ground) -> Iterator[Send]:
    connection = get_connection()

    def send(parcel: Parcel) -> str:
        to = addresses(options)
        data = message(parcel, to, from_email=ground.from_email)
        try:
            for address in to:
                connection.send_messages([_Made(data, address, ground.from_email)])
        except (smtplib.SMTPException, OSError) as error:
            raise RoadError(_said(error)) from error
        return ", ".join(to)

    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise RoadError(f"The agency's mail server: {_said(error)}") from error
    try:
        yield send
    finally:
        connection.close()


def message(parcel: Parcel, to: list[str], *, from_email: str) -> bytes:
    """The message as it is sent, in seven bits."""
    if parcel.content_type.startswith("message/rfc822"):
        return f"To: {', '.join(to)}\r\n".encode() + parcel.body
    made = Message(policy=SMTP.clone(cte_type="7bit"))
    made["To"] = ", ".join(to)
    made["From"] = from_email
    made["Subject"] = " ".join(parcel.headline.split()) or parcel.kind.upper()
    made["Message-ID"] = f"<{parcel.message_id}@{from_email.rpartition('@')[2].rstrip('>')}>"
    made["Date"] = parcel.at
    made["Dateline-Guid"], made["Dateline-Version"] = parcel.guid, str(parcel.version)
    made["Dateline-Kind"] = parcel.kind
    made.set_content(f"{parcel.headline}\n")
    main, _slash, sub = parcel.content_type.partition(";")[0].partition("/")
    made.add_attachment(
        parcel.body, maintype=main, subtype=sub, filename=naming.name_of({}, parcel.names)
    )
    return made.as_bytes()


class _Made(EmailMessage):
    """A message whose bytes are made already, as Django's mail connections take it."""

    def __init__(self, data: bytes, address: str, from_email: str) -> None:
        super().__init__(from_email=from_email, to=[address])
        self._data = data

    def message(self, *_: Any, **__: Any) -> Any:
        return _Bytes(self._data)


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def as_bytes(self, *_: Any, **__: Any) -> bytes:
        return self._data

    def get_charset(self) -> None:
        return None


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"{code} {_text(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said if isinstance(said, str) else said.decode("utf-8", "replace")

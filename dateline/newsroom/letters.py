"""Letters: e-mail that leaves in order, at least once, and is not lost when a mail server is.

A letter is a row, written in the transaction of what it tells. `run()` works the rows off. An
address that refuses is tried again, ever later, and holds up only letters to itself; a server that
is away holds up all of them and costs none a try. `Message-ID` is the same at each try, so that a
letter sent twice is known for one.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, connections, models
from django.utils import timezone

logger = logging.getLogger(__name__)

PAUSE_S = 2.0
"""Between two looks for letters."""

AWAY_PAUSE_S = 15.0
"""When the mail server is away."""

A_ROUND = 50

RETRIES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)
)
"""How long after each refusal a letter is tried again; then it is given up."""

CLAIM = timedelta(minutes=5)
"""How long a letter that is being sent is left to whoever took it: past that, they are gone."""


class Letter(models.Model):
    """An e-mail to be sent, or sent."""

    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    key = models.CharField(max_length=80, unique=True)
    written_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="newsroom_letters_waiting",
            ),
            models.Index(
                fields=["to", "id"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="newsroom_letters_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class ServerAway(Exception):
    """The mail server cannot be reached, or takes nothing from us now."""


def write(*, to: str, subject: str, text: str, key: str) -> Letter:
    """Add a letter in the transaction at hand. The same key again is the same letter."""
    one_line = " ".join(subject.split())[:300]
    letter, _created = Letter.objects.get_or_create(
        key=key, defaults={"to": to, "subject": one_line, "text": text}
    )
    return letter


def run(stop: Event) -> None:
    """Send what is due until `stop` is set. A failure is logged and does not end the loop."""
    while not stop.is_set():
        pause_s = PAUSE_S
        try:
            send_due(timezone.now())
        except ServerAway as away:
            logger.warning("The mail server takes no letters now: %s", away)
            pause_s = AWAY_PAUSE_S
        except DatabaseError:
            logger.exception("Letters could not reach the newsroom's database")
            connections.close_all()
            pause_s = AWAY_PAUSE_S
        stop.wait(pause_s)
    connections.close_all()


def send_due(now: datetime) -> int:
    """Send the letters that are due, oldest first; return how many left. Raises ServerAway."""
    return sum(_send(letter, now) for letter in due(now)[:A_ROUND])


def due(now: datetime) -> models.QuerySet[Letter]:
    """Of each address the oldest that waits, if its time has come: order is kept by that."""
    waiting = Letter.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    before = waiting.filter(to=models.OuterRef("to"), pk__lt=models.OuterRef("pk"))
    return waiting.filter(~models.Exists(before), due_at__lte=now).order_by("pk")


def _send(letter: Letter, now: datetime) -> bool:
    if not _claim(letter, now):
        return False
    try:
        _message(letter).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as refusal:
        _refused(letter, refusal, now)
        return False
    except (OSError, smtplib.SMTPException) as away:
        Letter.objects.filter(pk=letter.pk).update(due_at=now, fault=_short(away))
        raise ServerAway(_short(away)) from away
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), fault="")
    return True


def _claim(letter: Letter, now: datetime) -> bool:
    """Take it, unless another process just did: whoever changes its row sends it."""
    taken = Letter.objects.filter(pk=letter.pk, due_at=letter.due_at, sent_at=None)
    return taken.update(due_at=now + CLAIM) == 1


def _refused(letter: Letter, refusal: Exception, now: datetime) -> None:
    changes: dict[str, Any] = {"tries": letter.tries + 1, "fault": _short(refusal)}
    if letter.tries < len(RETRIES):
        changes["due_at"] = now + RETRIES[letter.tries]
    else:
        changes["given_up_at"] = now
        logger.error("A letter to %s was given up: %s", letter.to, _short(refusal))
    Letter.objects.filter(pk=letter.pk).update(**changes)


def _message(letter: Letter) -> EmailMessage:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return EmailMessage(
        letter.subject,
        letter.text,
        to=[letter.to],
        headers={
            "Message-ID": f"<{letter.key}@{host}>",
            # A machine wrote it: no answers of absent people, please (RFC 3834).
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


@dataclass(frozen=True, slots=True)
class Waiting:
    """For the operator: letters that wait, and since when the oldest does."""

    count: int
    since: datetime | None


def waiting() -> Waiting:
    found = Letter.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    oldest = found.order_by("pk").values_list("written_at", flat=True).first()
    return Waiting(found.count(), oldest)

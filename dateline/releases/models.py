"""The log's tables: a one-row head, rows, bodies by hash, and followers' cursors.

Rows are never edited or deleted: triggers in migration 0002 refuse it, whoever asks. A body can be
struck (its bytes removed, its hash and the reason kept), and nothing else about it can change.
"""

from django.db import models

from dateline.items import Audience, Kind


class Head(models.Model):
    """The newest serial. One row; its lock orders the commits of all writers."""

    serial = models.BigIntegerField(default=0)


class Body(models.Model):
    """The canonical bytes of a document, by their SHA-256. `data` is null once struck."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    data = models.BinaryField(null=True)
    struck_at = models.DateTimeField(null=True)
    struck_reason = models.TextField(default="", blank=True)

    class Meta:
        verbose_name_plural = "bodies"


class Release(models.Model):
    """A row of the log."""

    serial = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    audience = models.CharField(max_length=7, choices=[(a.value, a.value) for a in Audience])
    document_type = models.CharField(max_length=8)
    guid = models.CharField(max_length=255)
    version = models.PositiveIntegerField()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, db_index=False)
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            # Two releases of one version are one too many: the second writer is told so.
            models.UniqueConstraint(
                fields=["guid", "version", "audience"], name="releases_once_per_version"
            )
        ]


class Cursor(models.Model):
    """How far a follower has come. Lives in the database that the follower writes to."""

    follower = models.CharField(max_length=60, primary_key=True)
    serial = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

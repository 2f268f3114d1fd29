"""The archive's tables: stories, the topics they stand under, documents that shape the site.

Each list a page shows is one range of one index here, newest first, whose cost does not grow with
the archive or with the page number.
"""

from django.db import models

PUBLIC = "public"
"""The database alias of the public archive, and its follower's name."""


class ArchivedStory(models.Model):
    """The newest public version of a story; or, with `gone_at` set, what remains of one that was
    killed or is withheld: the status of the Item in `data` says which of the two."""

    number = models.BigIntegerField(primary_key=True)
    guid = models.CharField(max_length=255)
    serial = models.BigIntegerField()
    version = models.PositiveIntegerField()
    edition = models.CharField(max_length=20)
    section = models.CharField(max_length=80)
    slug = models.CharField(max_length=100)
    translation_key = models.CharField(max_length=36)
    first_released_at = models.DateTimeField()
    headline = models.TextField()
    urgency = models.PositiveSmallIntegerField()
    corrected = models.BooleanField(default=False)
    gone_at = models.DateTimeField(null=True)
    # The number of the older story that this one was written anew from.
    evolved_from = models.BigIntegerField(null=True)
    # Last, and apart from the columns that lists read: SQLite then leaves its pages alone.
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guid"], name="archive_guid")]
        indexes = [
            models.Index(
                fields=["edition", "-first_released_at", "-number"],
                condition=models.Q(gone_at=None),
                name="archive_latest",
            ),
            models.Index(
                fields=["edition", "section", "-first_released_at", "-number"],
                condition=models.Q(gone_at=None),
                name="archive_section",
            ),
            models.Index(fields=["translation_key"], name="archive_translations"),
            models.Index(
                fields=["edition", "-gone_at"],
                condition=models.Q(gone_at__isnull=False),
                name="archive_gone",
            ),
            models.Index(
                fields=["evolved_from"],
                condition=models.Q(evolved_from__isnull=False),
                name="archive_rewrites",
            ),
        ]


class ArchivedTopic(models.Model):
    """A story stands under a topic, or under a person, place or organisation that it names.

    `topic` is the slug, after merges and renames, or an entity's heading (`people/ada-brook`): one
    table and one kind of list for all. Gone when the story is killed or loses the topic.
    """

    edition = models.CharField(max_length=20)
    topic = models.CharField(max_length=80)
    first_released_at = models.DateTimeField()
    story = models.ForeignKey(
        ArchivedStory, on_delete=models.CASCADE, db_column="number", db_constraint=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["edition", "topic", "-first_released_at", "-story"], name="archive_topic"
            )
        ]


class ArchivedCorrection(models.Model):
    """A correction of a story that readers have: a line of its edition's list of corrections."""

    edition = models.CharField(max_length=20)
    at = models.DateTimeField()
    story = models.ForeignKey(
        ArchivedStory, on_delete=models.CASCADE, db_column="number", db_constraint=False
    )
    note = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["edition", "-at", "-story"], name="archive_corrections")
        ]


class ArchivedDocument(models.Model):
    """The newest version of a document that shapes the site: edition, section, topic, page, picks.

    `key` is the slug, heading, code or place that pages find it by. `leads_to` is the slug of the
    topic that a merged or renamed one leads to, and null in all others.
    """

    guid = models.CharField(max_length=255, primary_key=True)
    serial = models.BigIntegerField()
    version = models.PositiveIntegerField()
    document_type = models.CharField(max_length=8)
    edition = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    live = models.BooleanField()
    leads_to = models.CharField(max_length=80, null=True)
    data = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["document_type", "edition", "key"], name="archive_document"),
            models.Index(
                fields=["edition", "key"],
                condition=models.Q(leads_to__isnull=False),
                name="archive_leads_on",
            ),
        ]


class ArchivedChange(models.Model):
    """What one release changed: the newest few thousand, for whoever keeps pages (`changes.py`).

    `tags` are separated by spaces; `number` is the story's, or 0.
    """

    serial = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    document_type = models.CharField(max_length=8)
    edition = models.CharField(max_length=20)
    number = models.BigIntegerField()
    tags = models.TextField()


class StoryReads(models.Model):
    """How much a story is read now. `score` grows with each read and needs no decay of its own:
    see `reading.py`. Kept by the web workers, so it is the one table here that the log can't make.
    """

    number = models.BigIntegerField(primary_key=True)
    edition = models.CharField(max_length=20)
    score = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["edition", "-score"], name="archive_reads")]

"""Story: what reporters and editors work on.

Drafts, revisions, workflow and locks are Wagtail's. Releasing and killing are ours: `publish()`
and `unpublish()` change the story and add its row to the log in one transaction, and `save()`
refuses to make a story live, or not live, by any other way.
"""

from collections.abc import Sequence
from typing import Any, cast

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)

from dateline.errors import DatelineError
from dateline.items import ORDINARY, Byline, EntityRef, Ref
from dateline.newsroom import references
from dateline.newsroom.blocks import BodyBlock
from dateline.newsroom.documents import (
    LONGEST_DELAY_MIN,
    Edition,
    Section,
    Topic,
    new_guid,
)
from dateline.newsroom.embargo import Why
from dateline.newsroom.entities import Entity, in_order
from dateline.newsroom.preview import preview
from dateline.newsroom.release import KillAction, ReleaseAction
from dateline.newsroom.subjects import COLUMN_LENGTH


class ReleaseBypassed(DatelineError):
    """Code tried to make a story live, or not live, without a row in the log."""

    code = "release-bypassed"


class StillReleased(DatelineError):
    """A story that was ever released cannot be deleted."""

    code = "still-released"


RELEASE_STATE = (
    "live",
    "live_revision_id",
    "version",
    "killed_at",
    "withheld_at",
    "first_published_at",
    "held_until",
    "public_version",
)
"""Fields that say what was released. Only `release.py` changes them."""


OF_THE_STORY = (
    "guid",
    "version",
    "corrections",
    "killed_at",
    "kill_reason",
    "withheld_at",
    "withhold_reason",
    "withheld_revision_id",
    "held_until",
    "held_why",
    "public_version",
    "embargo_lifted",
    "evolved_from_id",
    "created_by",
    "translated_from",
    "desk_id",
    "assignee_id",
    "due_at",
)
"""Fields that belong to the story and not to a revision of it: bringing one back keeps them."""


class SearchTextField(models.TextField):  # type: ignore[type-arg]
    """What the list's search box looks through: the words of the newest draft, in small letters.

    A field, so that it is filled on every way into the table, `bulk_create` too, and a draft is
    found the moment it is saved. A search index of Wagtail's is filled by signals, which those ways
    leave out, and knows nothing of a released story's draft.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default": "", "editable": False, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        story = cast("Story", model_instance)
        text = search_text(story.headline, story.slugline, story.summary, story.bylines)
        setattr(model_instance, self.attname, text)
        return text


def search_text(headline: str, slugline: str, summary: str, bylines: str) -> str:
    # Case is folded here: SQLite's own comparison knows the case of Latin letters only.
    words = f"{headline} {slugline} {summary} {bylines}"
    return " ".join(words.split()).casefold()


class StoryQuerySet(models.QuerySet["Story"]):
    def matching(self, query: str) -> "StoryQuerySet":
        """Stories with every one of these words, or parts of words, in any case."""
        found = self
        for word in query.casefold().split()[:8]:
            found = found.filter(search_text__contains=word)
        return found

    def update(self, **kwargs: Any) -> int:
        touched = {name.removesuffix("_id") for name in kwargs} & {
            name.removesuffix("_id") for name in RELEASE_STATE
        }
        if touched:
            raise ReleaseBypassed(
                f"Changing {', '.join(sorted(touched))} needs a release: "
                "call publish() or unpublish() on the story."
            )
        return super().update(**kwargs)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        if any((story.live or story.version) and not story.releasing for story in objs):
            raise ReleaseBypassed("Stories are created as drafts; use incoming.release_many().")
        return super().bulk_create(objs, *args, **kwargs)


class Story(
    WorkflowMixin,
    PreviewableMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
    ClusterableModel,
):
    """A story: private until released, and then the source of its Item."""

    class Genre(models.TextChoices):
        """IPTC genres that a wire uses; the value is the name in the genre NewsCodes."""

        CURRENT = "Current", _("Current")
        ANALYSIS = "Analysis", _("Analysis")
        BACKGROUND = "Background", _("Background")
        FEATURE = "Feature", _("Feature")
        FORECAST = "Forecast", _("Forecast")
        INTERVIEW = "Interview", _("Interview")
        OPINION = "Opinion", _("Opinion")
        PRESS_RELEASE = "Press Release", _("Press release")
        PROFILE = "Profile", _("Profile")
        SUMMARY = "Summary", _("Summary")

    class Urgency(models.IntegerChoices):
        """IPTC urgency, 1 (most) to 8 (least); 9 is for the agency's own use."""

        FLASH = 1, _("1 flash")
        BULLETIN = 2, _("2 bulletin")
        URGENT = 3, _("3 urgent")
        HIGH = 4, _("4 high")
        ORDINARY = 5, _("5 ordinary")
        LOW = 6, _("6 low")
        LOWER = 7, _("7 lower")
        LEAST = 8, _("8 least")

    # True while `release.py` or `incoming.py` is at work on this object, so that it may save.
    releasing = False

    # A story begins as a draft; Wagtail's own default is live.
    live = models.BooleanField(_("live"), default=False, editable=False)

    guid = models.CharField(max_length=255, unique=True, editable=False, default=new_guid)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    corrections = models.JSONField(default=list, editable=False)
    killed_at = models.DateTimeField(null=True, editable=False)
    kill_reason = models.CharField(max_length=500, blank=True, editable=False)

    # Nullable, as is all that was added later: a column of a million stories comes at once so.
    withheld_at = models.DateTimeField(null=True, editable=False)
    withhold_reason = models.CharField(
        max_length=500, null=True, editable=False
    )
    # What readers had; protected, as purging old revisions must not take what is to come back.
    withheld_revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    evolved_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="rewrites"
    )

    # While clients have what readers do not: until when, why, and the version that readers have (0:
    # none). Null in `public_version`: readers have what clients have. `embargo.py` changes them.
    held_until = models.DateTimeField(null=True, editable=False)
    held_why = models.CharField(max_length=15, choices=Why.choices, null=True, editable=False)
    public_version = models.PositiveIntegerField(null=True, editable=False)
    # The embargo that was lifted before its time, which drafts may still carry.
    embargo_lifted = models.DateTimeField(null=True, editable=False)

    # Before the body: SQLite reads a row from its start, and the body fills pages of its own.
    search_text = SearchTextField()
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("section")
    )
    slugline = models.CharField(
        _("slugline"),
        max_length=60,
        blank=True,
        help_text=_("A word or two that name the story in the newsroom: grain-export"),
    )
    headline = models.CharField(_("headline"), max_length=200)
    summary = models.TextField(_("summary"), max_length=500, blank=True)
    place = models.CharField(
        _("place"), max_length=80, blank=True, help_text=_("Where the reporter is (dateline)")
    )
    dateline_date = models.DateField(
        _("day"), null=True, blank=True, help_text=_("Left empty, the day of release")
    )
    bylines = models.CharField(
        _("byline"),
        max_length=250,
        blank=True,
        help_text=_("Names with commas between; a role in brackets: Ivan Sad, Olha Lis (photo)"),
    )
    body = StreamField(BodyBlock(), blank=False, verbose_name=_("text"))
    urgency = models.PositiveSmallIntegerField(
        _("urgency"),
        choices=Urgency.choices,
        default=ORDINARY,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    genre = models.CharField(
        _("genre"), max_length=20, choices=Genre.choices, default=Genre.CURRENT
    )
    # Codes of Media Topics with spaces between. Null in stories from before there were any: to fill
    # it in would write every row of the table.
    subjects = models.CharField(_("subjects"), max_length=COLUMN_LENGTH, null=True, blank=True)
    ednote = models.CharField(
        _("note to editors"), max_length=500, blank=True, help_text=_("For clients, not readers")
    )
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("Clients get it at once, with this time; readers at this time"),
    )
    clients_first_minutes = models.PositiveSmallIntegerField(
        _("clients first, minutes"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_DELAY_MIN)],
        help_text=_("Left empty, as its section has it; 0: readers get it together with clients"),
    )
    picture = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead picture"),
    )
    picture_alt = models.CharField(
        _("what it shows"),
        max_length=250,
        blank=True,
        help_text=_("For readers who cannot see it (alt text)"),
    )
    picture_caption = models.CharField(_("caption"), max_length=500, blank=True)
    picture_credit = models.CharField(_("credit"), max_length=120, blank=True)
    correction_note = models.CharField(
        _("correction"),
        max_length=500,
        blank=True,
        help_text=_(
            "What was wrong and is now right, for readers. Filled in, the next release of this "
            "story is a correction, and the note stands above its text."
        ),
    )
    translated_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("translated from"),
    )
    # The version of the source that this text is a translation of, and when it was released.
    follows_version = models.PositiveIntegerField(null=True, editable=False)
    follows_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    # Where it lies, whose it is to do, and by when: `desks.place()` changes them. Their indexes are
    # of the stories that have them, which are few beside a million that came from elsewhere.
    desk = models.ForeignKey(
        "newsroom.Desk",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("desk"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("to be done by"),
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True, db_index=True)

    objects = models.Manager.from_queryset(StoryQuerySet)()

    # modelcluster's: managers when read, lists when set
    story_topics: Any
    story_entities: Any

    # Not copied when a translation or a copy is begun: they belong to this story alone.
    exclude_fields_in_copy = [
        "guid",
        "version",
        "live",
        "live_revision",
        "latest_revision",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "go_live_at",
        "expire_at",
        "expired",
        "corrections",
        "correction_note",
        "killed_at",
        "kill_reason",
        "withheld_at",
        "withhold_reason",
        "withheld_revision",
        "evolved_from",
        "held_until",
        "held_why",
        "public_version",
        "embargo_lifted",
        "locked",
        "locked_at",
        "locked_by",
        "desk",
        "assignee",
        "due_at",
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ["-updated_at"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = [
            models.Index(fields=["-last_published_at"], name="newsroom_released"),
            # The scheduler asks twice a second: without it, half a core at a million stories.
            models.Index(
                fields=["expire_at"],
                condition=models.Q(expire_at__isnull=False),
                name="newsroom_expiring",
            ),
            models.Index(
                fields=["held_until"],
                condition=models.Q(held_until__isnull=False),
                name="newsroom_held",
            ),
            # For the list's filters: each gives its page in order without a look at the rest.
            models.Index(fields=["locale", "-updated_at"], name="newsroom_locale"),
            models.Index(fields=["urgency", "-updated_at"], name="newsroom_urgency"),
            models.Index(fields=["section", "-updated_at"], name="newsroom_section_list"),
            models.Index(
                fields=["live", "has_unpublished_changes", "-updated_at"], name="newsroom_state"
            ),
            models.Index(
                fields=["-updated_at"],
                condition=models.Q(live=False, killed_at=None, withheld_at=None),
                name="newsroom_drafts",
            ),
            # A board's columns, each in its order. The columns of states that pass hold few.
            models.Index(
                fields=["desk", "live", "-updated_at"],
                condition=models.Q(desk__isnull=False),
                name="newsroom_on_desk",
            ),
            models.Index(
                fields=["desk", "-updated_at"],
                condition=models.Q(
                    desk__isnull=False, live=True, has_unpublished_changes=True
                ),
                name="newsroom_desk_changed",
            ),
            models.Index(
                fields=["desk", "-last_published_at"],
                condition=models.Q(desk__isnull=False, live=True),
                name="newsroom_desk_released",
            ),
            models.Index(
                fields=["desk", "-killed_at"],
                condition=models.Q(desk__isnull=False, killed_at__isnull=False),
                name="newsroom_desk_killed",
            ),
            models.Index(
                fields=["assignee", "-updated_at"],
                condition=models.Q(assignee__isnull=False),
                name="newsroom_assignee",
            ),
            models.Index(
                fields=["-updated_at"],
                condition=models.Q(withheld_at__isnull=False),
                name="newsroom_withheld",
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.slugline or str(_("(no headline yet)"))

    @property
    def edition(self) -> Edition:
        """The edition this story is in: that of its locale."""
        return self.locale.edition

    @property
    def released(self) -> bool:
        """Was it ever released? True of a killed story too."""
        return self.version > 0

    def get_workflow(self) -> Any:
        """That of its desk; a story on none is reviewed by any editor."""
        if self.desk:
            return self.desk.workflow
        if not hasattr(self, "_default_workflow"):
            self._default_workflow = super().get_workflow()
        return self._default_workflow

    def topic_refs(self) -> tuple[Ref, ...]:
        """Its topics, in the editor's order. Of one merged since, the one it was merged into."""
        rows = list(self.story_topics.all())
        unread = [each for each in rows if not StoryTopic.topic.is_cached(each)]
        topics = Topic.objects.select_related("merged_into").in_bulk([e.topic_id for e in unread])
        for each in unread:
            each.topic = topics[each.topic_id]
        found = (each.topic.current().ref() for each in rows)
        return tuple({ref.slug: ref for ref in found}.values())

    def entity_refs(self) -> tuple[EntityRef, ...]:
        """The people, places and organisations it names, in this order of kinds."""
        return tuple(
            entity.ref() for entity in in_order(each.entity for each in self.story_entities.all())
        )

    def set_entities(self, entities: Sequence[Entity]) -> None:
        """Say that the story names these, in this order."""
        self.story_entities = [
            StoryEntity(entity=entity, sort_order=order)
            for order, entity in enumerate(dict.fromkeys(entities))
        ]

    def set_topics(self, names: list[str], *, make: bool = True) -> None:
        """Put the story under these topics, in this order; new ones are made.

        With `make=False` new ones are made only when the story or a revision of it is saved, so
        that a preview leaves nothing behind.
        """
        found: dict[str, Topic] = {}
        for name in names:
            topic = Topic.named(name, edition=self.edition, make=make)
            found.setdefault(topic.slug, topic)
        self.story_topics = [
            StoryTopic(topic=topic, sort_order=order) for order, topic in enumerate(found.values())
        ]

    def byline_names(self) -> tuple[Byline, ...]:
        """The byline taken apart: `Ivan Sad, Olha Lis (photo)` is two names, one with a role."""
        found = []
        for part in self.bylines.split(","):
            name, _bracket, role = part.strip().partition("(")
            if name.strip():
                found.append(Byline(name=name.strip(), role=role.strip(" )")))
        return tuple(found)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> Any:
        """Release a revision, or schedule it if its time is to come. One row, or no change.

        `released_at` (aware) releases it under a time of the past, for stories brought in from
        elsewhere. Raises NotReleasable, StoryKilled or AlreadyReleased; the draft is kept.
        """
        skip = kwargs.pop("skip_permission_checks", False)
        return ReleaseAction(revision, user=user, **kwargs).execute(skip_permission_checks=skip)

    def unpublish(self, set_expired: bool = False, commit: bool = True, **kwargs: Any) -> None:
        """Kill the released story: one row, or no change. `reason` goes to clients and readers."""
        KillAction(self, set_expired=set_expired, commit=commit, **kwargs).execute()

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        # One transaction with a lock on the row: else a release that commits between the look and
        # the write would be undone by a draft that knows nothing of it.
        with transaction.atomic():
            self._refuse_bypass(fields)
            if fields is None:
                self._make_topics()
            elif "latest_revision" in fields:
                # A new draft of a released story: it is the newest change, and found by its words.
                kwargs["update_fields"] = [*fields, "updated_at", "search_text"]
            super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        self._make_topics()
        return super().save_revision(*args, **kwargs)

    def draft_content(self) -> dict[str, Any]:
        """What a revision of it would hold: its fields, topics and all, as they are in memory."""
        self._make_topics()
        content: dict[str, Any] = self.serializable_data()
        return content

    @classmethod
    def from_serializable_data(
        cls, data: Any, check_fks: bool = True, strict_fks: bool = False
    ) -> "Story":
        """As modelcluster's, which asks for each thing pointed at by itself, and fails where a
        protected one was deleted since: what is gone is left out of what a version held."""
        story: Story = super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)
        if check_fks:
            references.resolve(story)
        return story

    def with_content_json(self, content: Any) -> "Story":
        """As Wagtail's, and what was released stays a matter of the story, not of a revision."""
        story = super().with_content_json(content)
        for name in OF_THE_STORY:
            setattr(story, name, getattr(self, name))
        story.last_published_at = self.last_published_at
        return story

    def copy_for_translation(self, locale: Any, exclude_fields: list[str] | None = None) -> "Story":
        """A draft in another edition: same section and topics there, as far as they exist."""
        story: Story = super().copy_for_translation(locale, exclude_fields)
        story.translated_from = self
        story.follows_version = self.version or None
        story.follows_at = self.last_published_at if self.version else None
        story.section = Section.objects.filter(
            edition__locale=locale, slug=self.section.slug if self.section else ""
        ).first()
        slugs = [ref.slug for ref in self.topic_refs()]
        topics = Topic.objects.filter(edition__locale=locale, slug__in=slugs)
        there = {topic.slug: topic for topic in topics}
        story.story_topics = [
            StoryTopic(topic=there[slug], sort_order=order)
            for order, slug in enumerate(slugs)
            if slug in there
        ]
        keys = [each.entity.translation_key for each in self.story_entities.all()]
        kin = Entity.objects.filter(edition__locale=locale, translation_key__in=keys)
        story.set_entities(sorted(kin, key=lambda each: keys.index(each.translation_key)))
        return story

    def is_previewable(self) -> bool:
        return True

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The reader's page of this draft, by the same Item and the same templates."""
        return preview(self)

    def _make_topics(self) -> None:
        """Save the topics that `set_topics(make=False)` left unsaved, and leave those that were
        merged since the draft was written for the ones they were merged into."""
        rows = getattr(self, "_cluster_related_objects", {}).get("story_topics", ())
        for each in rows:
            if each.topic.pk is None:
                each.topic = Topic.named(each.topic.name, edition=self.edition)
            each.topic = each.topic.current()
        first = {each.topic.pk: each for each in reversed(rows)}
        if len(first) < len(rows):
            self.story_topics = [each for each in rows if first[each.topic.pk] is each]

    def _refuse_bypass(self, update_fields: list[str] | None) -> None:
        if self.releasing:
            return
        names = RELEASE_STATE if update_fields is None else set(RELEASE_STATE) & set(update_fields)
        if not names:
            return
        locked = Story.objects.select_for_update().filter(pk=self.pk)
        stored = locked.values(*names).first() if self.pk else None
        stored = stored or {"live": False, "version": 0}
        changed = [n for n in names if n in stored and stored[n] != getattr(self, n)]
        if changed:
            raise ReleaseBypassed(
                f"Changing {', '.join(changed)} needs a release: "
                "call publish() or unpublish() on the story."
            )


class StoryTopic(Orderable):
    """A story stands under a topic, in the editor's order: the first one leads More about."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="story_topics")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        # As expressions, which makes it an index: a constraint of plain fields has SQLite write
        # the whole table anew.
        constraints = [
            models.UniqueConstraint("story", "topic", name="newsroom_story_topic_once")
        ]


class StoryEntity(Orderable):
    """A story names a person, a place or an organisation."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="story_entities")
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint("story", "entity", name="newsroom_story_entity_once")
        ]


@receiver(pre_delete, sender=Story)
def keep_what_was_released(instance: Story, **kwargs: Any) -> None:
    """Whatever deletes it, one story or many, from a screen or by code."""
    if instance.released:
        raise StillReleased(
            f"“{instance}” was released, so it cannot be deleted. Kill it instead: readers and "
            "clients are then told, and the record stays."
        )


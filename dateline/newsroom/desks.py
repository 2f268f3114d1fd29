"""Desks: who works where, who may approve there, and a number that grows when a board changes.

A story lies on one desk or on none, has one person who is to do it, and a time by which. These are
facts of the story and not of a draft of it: `place()` writes them past all revisions. `touched()`
is a hint for boards that are open; what it misses, they see at their next full look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections, models, router, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, Workflow

from dateline.newsroom import notices
from dateline.newsroom.documents import Edition, slug_form

if TYPE_CHECKING:
    from dateline.newsroom.story import Story

MAY_APPROVE = "newsroom.publish_story"
"""Without this right nobody approves or releases, whatever their part on a desk."""

RUNS_ALL_DESKS = "newsroom.change_desk"
"""Whoever may change desks is at home on each of them: chief editors."""


class DeskRole(models.TextChoices):
    """What a member does on a desk. The rights themselves are those of the person's group."""

    REPORTER = "reporter", _("reporter")
    EDITOR = "editor", _("editor")
    CHIEF_EDITOR = "chief-editor", _("chief editor")
    PICTURE_EDITOR = "picture-editor", _("picture editor")


APPROVING = (DeskRole.EDITOR, DeskRole.CHIEF_EDITOR)


class DeskQuerySet(models.QuerySet["Desk"]):
    def for_user(self, user: Any) -> DeskQuerySet:
        """The desks that a person works on, their own first; all for those who run all."""
        if user.is_superuser or user.has_perm(RUNS_ALL_DESKS):
            return self
        return self.filter(members__user=user)


class Desk(ClusterableModel):
    """A desk of the newsroom: Politics, Economy, Night."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(
        _("in addresses"), max_length=40, unique=True, validators=[slug_form], allow_unicode=False
    )
    edition = models.ForeignKey(
        Edition,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("edition"),
        help_text=_("Left empty, the desk works for all of them."),
    )
    template = models.ForeignKey(
        "newsroom.StoryTemplate",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("template of a new story"),
    )
    workflow = models.ForeignKey(
        Workflow,
        on_delete=models.PROTECT,
        blank=True,
        related_name="+",
        verbose_name=_("workflow"),
        help_text=_("Left empty: one approval makes a story ready, another person releases it."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # Grows with every change of what the board shows.
    board_version = models.PositiveBigIntegerField(default=0, editable=False)

    objects = models.Manager.from_queryset(DeskQuerySet)()

    class Meta:
        ordering = ["order", "name", "pk"]
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._choose_workflow()
        super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._choose_workflow()
        super().full_clean(*args, **kwargs)

    def _choose_workflow(self) -> None:
        # Here, because reviewing asks this module who may approve.
        from dateline.newsroom.reviewing import desk_workflow

        if self.workflow_id is None:
            self.workflow = desk_workflow()


class DeskMember(Orderable):
    """A person on a desk."""

    desk = ParentalKey(Desk, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="desks",
        verbose_name=_("who"),
    )
    role = models.CharField(
        _("as"), max_length=20, choices=DeskRole.choices, default=DeskRole.REPORTER
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["desk", "user"], name="newsroom_one_seat_a_desk")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


def may_approve(user: Any, desk: Desk | None) -> bool:
    """May this person approve and release on this desk? A story on none is any editor's."""
    if not user.is_active or not user.has_perm(MAY_APPROVE):
        return False
    if user.is_superuser or desk is None or user.has_perm(RUNS_ALL_DESKS):
        return True
    return _role_on(desk, user) in APPROVING


def may_work_on(user: Any, desk: Desk | None) -> bool:
    """May this person change a story of the desk while it is reviewed? Also picture editors."""
    return may_approve(user, desk) or (
        desk is not None and _role_on(desk, user) == DeskRole.PICTURE_EDITOR
    )


def own_desk(user: Any, edition: Edition | None = None) -> Desk | None:
    """The desk on which a person's new story begins: the first they work on, in this edition."""
    own = Desk.objects.filter(members__user=user)
    if edition is not None:
        own = own.filter(Q(edition=edition) | Q(edition=None))
    return own.select_related("workflow").first()


def people(desk: Desk | None = None) -> QuerySet[Any]:
    """Everybody who has a right to stories, with a desk those of the desk first, by name."""
    found = get_user_model().objects.with_perm("newsroom.change_story")
    if desk is None:
        return found.order_by("first_name", "last_name", "username")
    of_desk = DeskMember.objects.filter(desk=desk, user=models.OuterRef("pk"))
    return found.annotate(of_desk=models.Exists(of_desk)).order_by(
        "-of_desk", "first_name", "last_name", "username"
    )


def _role_on(desk: Desk, user: Any) -> str | None:
    """Asked several times in a request: kept on the user object, which is of one request."""
    if not hasattr(user, "_desk_roles"):
        user._desk_roles = dict(DeskMember.objects.filter(user=user).values_list("desk", "role"))
    return user._desk_roles.get(desk.pk)


# --- where a story lies, who is to do it, by when ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a story lies, whose it is to do, and by when."""

    desk: Desk | None
    assignee: Any
    due_at: datetime | None

    @classmethod
    def of(cls, story: Story) -> Placing:
        return cls(story.desk, story.assignee, story.due_at)


def place(story: Story, placing: Placing, *, by: Any = None) -> None:
    """Lay a saved story on a desk, give it to a person, with a time. At once, also for a released
    story whose draft waits. The person who is given it finds a notice."""
    with transaction.atomic():
        rows = type(story).objects.filter(pk=story.pk)
        before = rows.values("desk", "assignee").get()
        rows.update(
            desk=placing.desk,
            assignee=placing.assignee,
            due_at=placing.due_at,
            updated_at=timezone.now(),
        )
        story.desk, story.assignee = placing.desk, placing.assignee
        story.due_at = placing.due_at
        touched(before["desk"], placing.desk.pk if placing.desk else None)
        if placing.assignee is not None and placing.assignee.pk != before["assignee"]:
            notices.assigned(story, by=by)


# --- boards that are open ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Touch:
    """What is to be done once the transaction at hand is committed."""

    desk: int

    def __call__(self) -> None:
        Desk.objects.filter(pk=self.desk).update(board_version=F("board_version") + 1)


def touched(*desks: int | None) -> None:
    """Tell open boards of these desks that something changed, once it is committed.

    After the commit and not in it: on PostgreSQL the desk's row would stay locked until then, and
    fifty editors who save would wait for each other.
    """
    using = router.db_for_write(Desk)
    connection = connections[using]
    for desk in filter(None, set(desks)):
        touch = _Touch(desk)
        if all(waiting[1] != touch for waiting in connection.run_on_commit):
            transaction.on_commit(touch, using=using)


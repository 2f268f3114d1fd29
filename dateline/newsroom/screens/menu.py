"""The buttons under the story form, in the desk's words: each kind of change by its name, and only
those that make sense for the story as it is.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState
from wagtail.snippets.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    PublishMenuItem,
    SubmitForModerationMenuItem,
    UnpublishMenuItem,
    WorkflowMenuItem,
)

from dateline.newsroom.reviewing import DeskTask, Stage


class ReleaseMenuItem(PublishMenuItem):
    """A first release; of a story that was released, an update."""

    template_name = "newsroom/menu/release.html"
    change = "update"

    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        story = parent_context.get("instance")
        context["released"] = story is not None and story.released
        context["withheld"] = story is not None and story.withheld_at is not None
        context["change"] = self.change
        return context


class CorrectionMenuItem(ReleaseMenuItem):
    """The same, and it asks for the note to readers."""

    icon_name = "warning"
    change = "correction"


class ChangeMenuItem(ActionMenuItem):
    """A link to the screen of one kind of change."""

    def __init__(self, change: str, label: Any, *, icon_name: str, order: int) -> None:
        super().__init__(order)
        self.change = change
        self.name = f"action-{change}"
        self.label = label
        self.icon_name = icon_name

    def get_url(self, parent_context: Any) -> str:
        story = parent_context["instance"]
        return reverse(f"wagtailsnippets_newsroom_story:{self.change}", args=[story.pk])


OF_RELEASED: tuple[ActionMenuItem, ...] = (
    CorrectionMenuItem(order=32),
    ChangeMenuItem("withhold", _("Withhold"), icon_name="no-view", order=34),
    ChangeMenuItem("unpublish", _("Kill"), icon_name="cross", order=36),
    ChangeMenuItem("rewrite", _("Rewrite"), icon_name="copy", order=38),
)
"""What can be done with a story that readers have, beside updating it."""

OF_HELD = (ChangeMenuItem("lift", _("Lift the embargo"), icon_name="view", order=29),)
"""Of a story that clients have and readers do not."""

OF_WITHHELD: tuple[ActionMenuItem, ...] = (
    ChangeMenuItem("restore", _("Restore"), icon_name="undo", order=29),
    CorrectionMenuItem(order=32),
    ChangeMenuItem("unpublish", _("Kill"), icon_name="cross", order=36),
)


class SendToDeskMenuItem(SubmitForModerationMenuItem):
    """Wagtail's, under the desk's name, also when the desk asked for changes."""

    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        story = parent_context.get("instance")
        state = story.current_workflow_state if story else None
        again = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        context["label"] = _("Send to the desk again") if again else _("Send to the desk")
        return context


OURS: dict[type[ActionMenuItem], type[ActionMenuItem]] = {
    PublishMenuItem: ReleaseMenuItem,
    SubmitForModerationMenuItem: SendToDeskMenuItem,
}

LAST = ("approve", Stage.READY)

WORKFLOW_LABELS = {
    ("approve", False): _("Approve and release"),
    ("approve", True): _("Approve and release, with a comment"),
    ("reject", True): _("Ask for changes"),
}


def in_our_words(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Rename the menu's items in place, and put each kind of change where it makes sense.

    A killed story keeps only what saves its draft. In review, approving is how it is released.
    """
    story = context.get("instance")
    killed = story is not None and story.killed_at is not None
    step = _desk_step(story)
    approves = any(_approves(item) for item in items)
    may_release = any(isinstance(item, PublishMenuItem) for item in items)
    kept = [
        _in_our_words(item, step)
        for item in items
        if not isinstance(item, UnpublishMenuItem)
        and not (killed and (_releases(item) or _approves(item)))
        and not (approves and isinstance(item, PublishMenuItem))
    ]
    if story is not None and may_release:
        kept += OF_RELEASED if story.live else OF_WITHHELD if story.withheld_at else ()
        kept += OF_HELD if story.live and story.held_until else ()
    items[:] = sorted(kept, key=lambda item: item.order)


def _releases(item: ActionMenuItem) -> bool:
    return isinstance(item, (PublishMenuItem, SubmitForModerationMenuItem))


def _approves(item: ActionMenuItem) -> bool:
    return isinstance(item, WorkflowMenuItem) and item.name == "approve"


def _in_our_words(item: ActionMenuItem, step: DeskTask | None) -> ActionMenuItem:
    if isinstance(item, WorkflowMenuItem) and step is None:
        item.label = WORKFLOW_LABELS.get((item.name, item.launch_modal), item.label)
    elif isinstance(item, WorkflowMenuItem) and step and (item.name, step.stage) == LAST:
        # Wagtail adds "and Publish" to the last step's own word, which says that already.
        item.label = _("Release")
    elif isinstance(item, CancelWorkflowMenuItem):
        item.label = _("Take back from the desk")
    ours = OURS.get(type(item))
    return ours(order=item.order) if ours else item


def _desk_step(story: Any) -> DeskTask | None:
    """The step of its desk's review that a story is at; its buttons have names already."""
    step = story.current_workflow_task if story is not None and story.pk else None
    return step if isinstance(step, DeskTask) else None

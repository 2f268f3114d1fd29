"""The buttons under the story form, in the desk's words, and those that a killed story loses."""

from typing import Any

from django.http import HttpRequest
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


class ReleaseMenuItem(PublishMenuItem):
    template_name = "newsroom/menu/release.html"

    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        story = parent_context.get("instance")
        context["released"] = story is not None and story.released
        return context


class KillMenuItem(UnpublishMenuItem):
    label = _("Kill")
    icon_name = "cross"


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
    UnpublishMenuItem: KillMenuItem,
    SubmitForModerationMenuItem: SendToDeskMenuItem,
}

WORKFLOW_LABELS = {
    ("approve", False): _("Approve and release"),
    ("approve", True): _("Approve and release, with a comment"),
    ("reject", True): _("Ask for changes"),
}


def in_our_words(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Rename the menu's items in place; a killed story keeps only those that save its draft."""
    story = context.get("instance")
    killed = story is not None and story.killed_at is not None
    kept = []
    for item in items:
        if killed and isinstance(item, (PublishMenuItem, SubmitForModerationMenuItem)):
            continue
        if isinstance(item, WorkflowMenuItem):
            if killed and item.name == "approve":
                continue
            item.label = WORKFLOW_LABELS.get((item.name, item.launch_modal), item.label)
        elif isinstance(item, CancelWorkflowMenuItem):
            item.label = _("Take back from the desk")
        ours = OURS.get(type(item))
        kept.append(ours(order=item.order) if ours else item)
    items[:] = kept

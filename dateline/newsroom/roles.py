"""Who may do what: the groups of the newsroom, and the workflow that a story goes through.

`set_up()` makes them, and may be called again at any time: it adds what is missing and takes
away rights that a role no longer has. An administrator is Django's superuser.
"""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from dateline.newsroom.reviewing import desk_workflow
from dateline.newsroom.story import Story

REPORTER = "Reporters"
EDITOR = "Editors"
CHIEF_EDITOR = "Chief editors"
PICTURE_EDITOR = "Picture editors"
CLIENT_MANAGER = "Client managers"

_WRITE = ["wagtailadmin.access_admin", "newsroom.add_story", "newsroom.change_story"]
_RELEASE = ["newsroom.publish_story", "newsroom.lock_story", "newsroom.unlock_story"]
_TOPICS = [
    "newsroom.add_topic", "newsroom.change_topic", "newsroom.add_entity", "newsroom.change_entity",
]
_TRANSLATE = ["simple_translation.submit_translation"]
_SHAPE = [
    f"newsroom.{action}_{model}"
    for model in ("section", "standingpage", "picklist")
    for action in ("add", "change")
]

_DESKS = [
    f"newsroom.{action}_{model}"
    for model in ("desk", "storytemplate")
    for action in ("add", "change")
]

_CLIENTS = [
    f"wire.{action}_{model}"
    for model in ("client", "product", "token", "destination")
    for action in ("add", "change", "view")
]

RIGHTS: dict[str, list[str]] = {
    REPORTER: [*_WRITE, *_TRANSLATE],
    EDITOR: [
        *_WRITE, *_TRANSLATE, *_RELEASE, *_TOPICS, "newsroom.delete_story",
        "newsroom.add_picklist", "newsroom.change_picklist",
    ],
    CHIEF_EDITOR: [
        *_WRITE, *_TRANSLATE, *_RELEASE, *_TOPICS, *_SHAPE, *_DESKS,
        "newsroom.delete_storytemplate",
        "newsroom.delete_story", "newsroom.change_edition", "newsroom.view_trailentry",
    ],
    PICTURE_EDITOR: ["wagtailadmin.access_admin", "newsroom.change_story"],
    # No right to stories: what clients receive is the wire's.
    CLIENT_MANAGER: ["wagtailadmin.access_admin", *_CLIENTS],
}
"""The rights of each role, the least that its work needs."""

PICTURE_RIGHTS: dict[str, list[str]] = {
    REPORTER: ["add_image", "choose_image"],
    EDITOR: ["add_image", "choose_image", "change_image"],
    CHIEF_EDITOR: ["add_image", "choose_image", "change_image", "delete_image"],
    PICTURE_EDITOR: ["add_image", "choose_image", "change_image", "delete_image"],
    CLIENT_MANAGER: [],
}

WORKFLOW = "Desk"


@transaction.atomic
def set_up() -> None:
    """Make the groups with their rights, and the workflow: a story is approved by an editor."""
    root = Collection.get_first_root_node()
    for name, rights in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(rights))
        _set_picture_rights(group, root)
    _set_up_workflow()
    desk_workflow()


def _set_picture_rights(group: Group, root: Collection) -> None:
    # Only what differs is changed: each change is a row of the trail.
    wanted = Permission.objects.filter(
        content_type__app_label="wagtailimages", codename__in=PICTURE_RIGHTS[group.name]
    )
    held = GroupCollectionPermission.objects.filter(group=group)
    held.exclude(collection=root, permission__in=wanted).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=permission
        )


def _permissions(rights: list[str]) -> list[Permission]:
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    return [found[right] for right in rights]


def _set_up_workflow() -> None:
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW)
    if created:
        task = GroupApprovalTask.objects.create(name="Editor's approval")
        task.groups.set(Group.objects.filter(name__in=[EDITOR, CHIEF_EDITOR]))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(Story), defaults={"workflow": workflow}
    )

"""What the trail learns by itself: sign-ins, and who got or lost which rights.

Django's own signals are the one place where all screens, commands and scripts pass by: there is no
method of ours around a user's groups. They are sent inside the transaction that changes, and a row
that cannot be added undoes the change.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.http import HttpRequest
from wagtail.models import GroupCollectionPermission, ModelLogEntry

from dateline.newsroom import trail
from dateline.newsroom.story import Story
from dateline.newsroom.trail import Act

WATCHED = ("is_active", "is_superuser", "is_staff", "username", "email")
"""Facts of a person recorded with their values when they change. Of a password only that it did."""


def watch() -> None:
    """Listen from now on. Called once, when the application is ready."""
    user = get_user_model()
    user_logged_in.connect(_signed_in, dispatch_uid="trail")
    user_logged_out.connect(_signed_out, dispatch_uid="trail")
    user_login_failed.connect(_sign_in_failed, dispatch_uid="trail")
    post_save.connect(_done_by_wagtail, sender=ModelLogEntry, dispatch_uid="trail")
    pre_save.connect(_before_a_person_changes, sender=user, dispatch_uid="trail")
    post_save.connect(_person_changed, sender=user, dispatch_uid="trail")
    post_delete.connect(_person_deleted, sender=user, dispatch_uid="trail")
    for through in (
        user.groups.through,
        user.user_permissions.through,
        Group.permissions.through,
    ):
        m2m_changed.connect(_rights_changed, sender=through, dispatch_uid=f"trail {through}")
    for signal, did in ((post_save, "given"), (post_delete, "taken")):
        signal.connect(
            _COLLECTION_RIGHT[did], sender=GroupCollectionPermission, dispatch_uid="trail"
        )


def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    trail.record(Act.SIGN_IN, by=user, address=_address(request))


def _signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        trail.record(Act.SIGN_OUT, by=user, address=_address(request))


def _sign_in_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    # In `about`, not as the person: whoever typed that name has not shown to be them.
    tried = str(credentials.get(get_user_model().USERNAME_FIELD, ""))
    trail.record(Act.SIGN_IN_FAILED, by="", about=tried, address=_address(request))


def _done_by_wagtail(instance: ModelLogEntry, created: bool, **_: Any) -> None:
    """Taking a story off the schedule is Wagtail's own act, which it notes in its own log."""
    if not created or instance.action != "wagtail.schedule.cancel":
        return
    story = Story.objects.filter(pk=instance.object_id).first()
    trail.record(Act.UNSCHEDULE, by=instance.user, story=story, about=instance.label)


def _before_a_person_changes(instance: Any, raw: bool = False, **_: Any) -> None:
    instance._before = None
    if instance.pk and not raw:
        stored = type(instance)._base_manager.filter(pk=instance.pk)
        instance._before = stored.values(*WATCHED, "password").first()


def _person_changed(instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
    if raw:
        return
    before = instance._before or {}
    notes = [
        f"{name}: {before[name]} → {getattr(instance, name)}"
        for name in WATCHED
        if name in before and before[name] != getattr(instance, name)
    ]
    if before and before["password"] != instance.password:
        notes.append("password changed")
    if created:
        notes = ["added", *(["is_superuser: True"] if instance.is_superuser else [])]
    if notes:
        trail.record(Act.PERSON, about=instance.get_username(), note="; ".join(notes))


def _person_deleted(instance: Any, **_: Any) -> None:
    trail.record(Act.PERSON, about=instance.get_username(), note="deleted")


_SAID = {"post_add": "given", "post_remove": "taken", "pre_clear": "all taken"}


def _rights_changed(
    instance: Any, action: str, reverse: bool, model: Any, pk_set: set[Any] | None, **_: Any
) -> None:
    if action not in _SAID or (pk_set is not None and not pk_set):
        return
    others = _names(model, pk_set)
    note = f"{_SAID[action]}: {', '.join(others)}" if others else _SAID[action]
    trail.record(Act.RIGHTS, about=_named(instance), note=note)


def _names(model: Any, keys: set[Any] | None) -> list[str]:
    if keys is None:
        return []
    found = model._default_manager.filter(pk__in=keys)
    if model is Permission:
        found = found.select_related("content_type")
    return sorted(_named(each) for each in found)


def _named(instance: Any) -> str:
    if isinstance(instance, Permission):
        return f"{instance.content_type.app_label}.{instance.codename}"
    return str(instance)


def _collection_right(did: str) -> Any:
    def changed(instance: GroupCollectionPermission, raw: bool = False, **_: Any) -> None:
        right = f"{_named(instance.permission)} in {instance.collection.name}"
        trail.record(Act.RIGHTS, about=str(instance.group), note=f"{did}: {right}")

    return changed


_COLLECTION_RIGHT = {did: _collection_right(did) for did in ("given", "taken")}
"""Kept here, as signals hold their receivers weakly."""


def _address(request: HttpRequest | None) -> str:
    """The network address asked from: what the farthest proxy we believe says, else the peer."""
    if request is None:
        return ""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.PROXIES and forwarded:
        said = forwarded.split(",")
        return said[-min(settings.PROXIES, len(said))].strip()
    return str(request.META.get("REMOTE_ADDR", ""))

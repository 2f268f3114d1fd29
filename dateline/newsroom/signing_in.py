"""Who is signed in, read with what every screen asks of them next."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q
from wagtail.permission_policies.pages import PagePermissionPolicy


class StaffBackend(ModelBackend):
    """Django's own, which saves each screen three questions to the database."""

    def get_user(self, user_id: Any) -> Any:
        users = get_user_model()._default_manager.select_related("wagtail_userprofile")
        user = users.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        # Wagtail asks whose pages a person may edit for its menu and its search. There are none.
        setattr(user, PagePermissionPolicy.permission_cache_name, [])
        return user

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """A person's own rights and those of their groups: one question in the place of two."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            rights = Permission.objects.order_by()
            if not user_obj.is_superuser:
                rights = rights.filter(Q(user=user_obj) | Q(group__user=user_obj)).distinct()
            names = rights.values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{room}.{name}" for room, name in names}
        found: set[str] = user_obj._perm_cache
        return found

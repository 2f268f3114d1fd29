"""Which tables live in which database.

The archive's tables, and a cursor beside them, live in `public`, and the wire's in `wire`;
everything else lives in `default`, the newsroom's database.
"""

from typing import Any

from django.db.models import Model

ARCHIVES = {"archive": "public", "wire": "wire"}
"""App label of each room with a follower of its own, and the alias of its database."""


class ArchiveRouter:
    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return ARCHIVES.get(model._meta.app_label)

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if app_label in ARCHIVES:
            return db == ARCHIVES[app_label]
        if app_label == "releases" and model_name == "cursor":
            return True
        return db not in ARCHIVES.values()

"""The Django app of the platform itself."""

from __future__ import annotations

from django.db.models.signals import post_migrate

from linyin.lake import include_messages, load_messages
from linyin.platform import rooms
from linyin.platform.roles import roles

__all__ = ["PlatformConfig"]


class PlatformConfig(rooms.RoomConfig):
    """People, grants, audit trail, jobs, documents."""

    name = "linyin.platform"
    label = "platform"
    declarations = (
        "administration", "machine", "choosers", "chores", "derived", "work.checks", "api",
        "tokens", "hooks",
    )  # fmt: skip

    def ready(self) -> None:
        """Take in the texts and roles of added rooms; what is wrong with them stops the start.

        Django's own permissions, four a model, are not made: grants are kept by node and role.
        """
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        for room in rooms.added_rooms():
            include_messages(rooms.folder_of(room))
            load_messages()
            roles()
        super().ready()

"""The Django app of the platform itself."""

from __future__ import annotations

from linyin.platform import rooms

__all__ = ["PlatformConfig"]


class PlatformConfig(rooms.RoomConfig):
    """People, grants, audit trail, jobs, documents."""

    name = "linyin.platform"
    label = "platform"
    declarations = (
        "administration", "machine", "choosers", "chores", "derived", "work.checks", "api",
        "tokens", "hooks",
    )  # fmt: skip

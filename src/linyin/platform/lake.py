"""The workspace's lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from linyin.lake import Lake

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["workspace_lake"]


def workspace_lake(actor: Actor | None = None) -> Lake:  # noqa: ARG001 - the register will tell who
    """Open the workspace's lake."""
    return Lake(settings.WORKSPACE.lake_url)

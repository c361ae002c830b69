"""Routes of the rules: what holds, and a change of all of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from linyin.inventory.web.models import Settings
from linyin.inventory.web.rules.actions import change_rules
from linyin.platform.api import Text, actor_of, answer, routes

__all__ = ["RulesOut"]


class RulesIn(Schema):
    """New rules: all of them."""

    config: dict[str, Any] = Field(description="Section → key → value, as `linyin.toml` has them.")
    version: int = Field(ge=0, le=2_147_483_647, description="Of the rules that were seen.")
    reason: Annotated[Text, Field(min_length=1)]


class RulesOut(Schema):
    """What the reporter has decided."""

    config: dict[str, Any] = Field(description="Section → key → value, as `linyin.toml` has them.")
    version: int
    changed_at: datetime | None


@routes.get("/rules", response=RulesOut, tags=["runs"], summary="What the reporter has decided")
def rules(request: HttpRequest) -> HttpResponse:
    """Return the rules that runs follow from now on."""
    if not actor_of(request).may("organization.view"):
        raise PermissionDenied("organization.view")
    return _answer(Settings.now())


@routes.put("/rules", response=RulesOut, tags=["runs"], summary="Change what was decided")
def put_rules(request: HttpRequest, stated: RulesIn) -> HttpResponse:
    """Change the rules; runs that are there keep theirs."""
    changed = change_rules(
        actor_of(request), Settings.now(), config=stated.config, version=stated.version,
        reason=stated.reason,
    )  # fmt: skip
    return _answer(changed)


def _answer(settings: Settings) -> HttpResponse:
    return answer(
        {
            "config": settings.config,
            "version": settings.version,
            "changed_at": settings.changed_at if settings.pk else None,
        }
    )

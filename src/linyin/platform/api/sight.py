"""Who gains and loses sight by a request: told by a dry run, and seen before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from ninja import Schema
from pydantic import ConfigDict, Field

from linyin.platform.api.answers import answer
from linyin.platform.api.problems import ApiProblem
from linyin.platform.sight import SightChange, sight_digest

__all__ = ["SightAsked", "SightOut", "look_first"]


class SightAsked(Schema):
    """How a request that changes who sees what is meant."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(False, description="Only tell who gains and loses sight.")
    seen: str = Field(
        "",
        description="`digest` of the dry run that was looked at; without it, or if the change "
        "would do anything else by now, the answer is 409 and nothing is done.",
        max_length=64,
        pattern="^[0-9a-f]*$",
    )


class SightChangeOut(Schema):
    """What a person gains or loses in a role."""

    person: str
    role: str
    gains: bool
    nodes: list[str] = Field(description="Codes of the nodes.")


class SightOut(Schema):
    """Who would gain and lose sight of what."""

    digest: str = Field(description="Names what is told here, for `seen`.")
    changes: list[SightChangeOut]


def look_first(
    changes: Sequence[SightChange], asked: SightAsked, *, always: bool = False
) -> HttpResponse | None:
    """Return the answer to a dry run; None if the caller has seen these very changes.

    Parameters
    ----------
    always
        Also where nobody gains or loses sight.

    Raises
    ------
    ApiProblem
        409 with what would happen, if the caller has not seen it.

    """
    told = {
        "digest": sight_digest(changes),
        "changes": [
            {"person": c.person, "role": c.role, "gains": c.gains, "nodes": list(c.nodes)}
            for c in changes
        ],
    }
    if asked.dry_run:
        return answer(told)
    if asked.seen == told["digest"] or not (changes or always):
        return None
    code = "preview-changed" if asked.seen else "preview-needed"
    raise ApiProblem(409, code, "seen", preview=told)

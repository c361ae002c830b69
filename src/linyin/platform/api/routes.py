"""Where rooms add routes, and who calls them."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema

from linyin.platform.actor import Actor

__all__ = ["actor_of", "routes", "routes_of", "with_signature"]

routes: Final = Router()
"""Routes beside those of resources; they come first."""


@cache
def routes_of(resource: str) -> Router:
    """Return the router of a resource, so that a room adds to its addresses."""
    return Router(tags=[resource])


def actor_of(request: HttpRequest) -> Actor:
    """Return who calls."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def with_signature(view: Any, name: str, about: str, **parameters: Any) -> Any:
    """Give a view that is made for a resource the name and the types that ninja reads.

    A body whose fields all have defaults may be left out.
    """
    from inspect import Parameter, Signature

    kind = Parameter.POSITIONAL_OR_KEYWORD
    stated = [
        Parameter(n, kind, annotation=t | None if _is_free(t) else t,
                  default=None if _is_free(t) else Parameter.empty)
        for n, t in parameters.items()
    ]  # fmt: skip
    view.__signature__ = Signature([Parameter("request", kind), *stated])
    view.__name__, view.__doc__ = name, about
    return view


def _is_free(kind: Any) -> bool:
    """Whether a type is that of a body of which nothing has to be stated."""
    is_body = isinstance(kind, type) and issubclass(kind, Schema)
    return is_body and not any(field.is_required() for field in kind.model_fields.values())

"""Where rooms add routes, and who calls them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from ninja import Router

from linyin.platform.actor import Actor

__all__ = ["actor_of", "routes", "with_signature"]

routes: Final = Router()
"""Routes beside those of resources; they come first."""


def actor_of(request: HttpRequest) -> Actor:
    """Return who calls."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def with_signature(view: Any, name: str, about: str, **parameters: Any) -> Any:
    """Give a view that is made for a resource the name and the types that ninja reads."""
    from inspect import Parameter, Signature

    kind = Parameter.POSITIONAL_OR_KEYWORD
    stated = [Parameter(n, kind, annotation=parameter) for n, parameter in parameters.items()]
    view.__signature__ = Signature([Parameter("request", kind), *stated])
    view.__name__, view.__doc__ = name, about
    return view

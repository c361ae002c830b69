"""The API put together: every resource, the rooms' routes, one document that describes it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from linyin.platform.api.callers import SessionAuth, TokenAuth
from linyin.platform.api.docs import about, docs
from linyin.platform.api.problems import MEDIA_TYPE, ApiProblem, Problem, problem_of
from linyin.platform.api.resource_routes import resource_router
from linyin.platform.api.routes import routes
from linyin.platform.resources import RESOURCES

__all__ = ["api", "api_urls"]

_STATUSES: Final = {
    401: "Nobody has signed in.",
    403: "Not permitted.",
    404: "Not there, or not for the caller.",
    405: "The address does not take this method.",
    409: "The state of things forbids it: stale, in use, the key at work.",
    413: "Too large.",
    422: "Something stated is wrong.",
    429: "Too many calls.",
    503: "Busy; try again.",
}


_TOLD_ELSEWHERE: Final = {"jobs": ("get",)}
"""Resource → routes that are written by hand."""


class LinyinAPI(NinjaAPI):
    """The API; every operation documents problems and idempotency keys alike."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the OpenAPI document of an address; it is put together once."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return self._documents(prefix)

    @cache  # noqa: B019 - there is one API in a process
    def _documents(self, prefix: str) -> OpenAPISchema:
        made = super().get_openapi_schema(path_prefix=prefix)
        made["components"]["schemas"] |= _problem_types()
        for methods in made["paths"].values():
            for method, operation in methods.items():
                operation["responses"] = {str(s): r for s, r in operation["responses"].items()}
                operation["responses"] |= {str(s): _problem(t) for s, t in _STATUSES.items()}
                if method != "get":
                    operation.setdefault("parameters", []).append(_IDEMPOTENCY)
        return made

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Return the problem of whatever went wrong."""
        return problem_of(request, exc)


_IDEMPOTENCY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Names the request, so that sending it again within 24 hours does no more.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}


def _problem_types() -> dict[str, Any]:
    schema = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}", mode="serialization"
    )
    return {**schema.pop("$defs", {}), "Problem": schema}


@cache
def api() -> LinyinAPI:
    """Return the API of all resources and rooms."""
    from linyin.platform.api import documents as _documents  # noqa: F401 - its routes
    from linyin.platform.api import explaining as _explaining  # noqa: F401 - its routes
    from linyin.platform.api import own as _own  # noqa: F401 - its routes

    made = LinyinAPI(
        title="Linyin",
        version="1",
        description=about("en"),
        docs_url=None,
        urls_namespace="api",
        auth=[TokenAuth(), SessionAuth()],
    )
    made.add_router("", routes)
    for resource in RESOURCES.values():
        without = _TOLD_ELSEWHERE.get(resource.name, ())
        made.add_router(f"/{resource.name}", resource_router(resource, without))
    return made


def api_urls() -> list[URLPattern | URLResolver]:
    """Return the addresses of the API and of the page that describes it."""
    return [
        path("api/v1/docs", docs, name="api-docs"),
        path("api/v1/", api().urls),
        re_path(r"^api/", _nowhere),
    ]


def _nowhere(request: HttpRequest) -> HttpResponse:
    return problem_of(request, ApiProblem(404, "not-found"))


_nowhere.csrf_exempt = True  # type: ignore[attr-defined]

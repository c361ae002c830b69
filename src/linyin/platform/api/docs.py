"""The page that describes the API, from its own document: no script, nothing from elsewhere."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linyin.platform.resources import RESOURCES
from linyin.platform.signin import signed_in
from linyin.platform.words import Lang, say, words

__all__ = ["about", "docs"]

_ROOT: Final = "/api/v1"
_PARAGRAPHS: Final = 7


@signed_in
def docs(request: HttpRequest) -> HttpResponse:
    """Show every route: what it is, what it asks, what it answers."""
    from linyin.platform.api.build import api

    document = api().get_openapi_schema()
    schemas = document["components"]["schemas"]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["api"])[0]
            groups.setdefault((tag, _called(tag)), []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": _summary(method.upper(), path, operation["operationId"]),
                    "parameters": operation.get("parameters", []),
                    "body": _fields(operation.get("requestBody"), schemas),
                    "answers": [s for s in operation["responses"] if s < "300"],
                    "row": _answer(operation, schemas),
                }
            )
    context = {"groups": groups, "about": about().split("\n\n")}
    return render(request, "platform/api/docs.html", context)


def about(language: Lang | None = None) -> str:
    """Return what holds for all routes, in paragraphs of Markdown."""
    numbers = range(1, _PARAGRAPHS + 1)
    return "\n\n".join(say(f"api.about.{number}", language) for number in numbers)


def _called(tag: str) -> str:
    """Return what a group of routes is called: as the list of its records, or by its own name."""
    return say(f"{tag}.title") if tag in RESOURCES else say(f"api.{tag}")


def _summary(method: str, path: str, name: str) -> str:
    """Return what a route does, in the reader's language.

    Routes written by hand have words of their own, `api.<METHOD path>`; those of a resource are
    called by their action or by what is done to a record.
    """
    own = f"api.{method} {path.removeprefix(_ROOT)}"
    if own in words():
        return say(own)
    resource, _, verb = name.rpartition("-")
    if action := next(
        (a for a in RESOURCES[resource].actions if a.name.endswith(f".{verb}")), None
    ):
        return say(f"action.{action.name}")
    return say(f"api.{verb}", resource=say(f"{resource}.title"))


def _answer(operation: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    for status, response in operation["responses"].items():
        if status < "300" and response.get("content", {}).get("application/json"):
            return _fields(response, schemas)
    return []


def _fields(holder: dict[str, Any] | None, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of a body: name, type, whether it is required, what it is."""
    content = (holder or {}).get("content", {}).get("application/json")
    if not content:
        return []
    schema = content["schema"].get("anyOf", [content["schema"]])[0]
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "type": _type(field),
            "is_required": name in required,
            "about": field.get("description", ""),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _type(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in field:
        return " | ".join(_type(part) for part in field["anyOf"])
    if "enum" in field:
        return " | ".join(f"\u201c{value}\u201d" for value in field["enum"])
    if field.get("type") == "array":
        return f"[{_type(field.get('items', {}))}]"
    return str(field.get("format") or field.get("type") or "any")

"""The page that describes the API, from its own document: no script, nothing from elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linyin.platform.signin import signed_in

__all__ = ["docs"]


@signed_in
def docs(request: HttpRequest) -> HttpResponse:
    """Show every route: what it is, what it asks, what it answers."""
    from linyin.platform.api.build import api

    document = api().get_openapi_schema()
    schemas = document["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["api"])[0]
            groups.setdefault(tag, []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation["summary"],
                    "parameters": operation.get("parameters", []),
                    "body": _fields(operation.get("requestBody"), schemas),
                    "answers": [s for s in operation["responses"] if s < "300"],
                    "row": _answer(operation, schemas),
                }
            )
    context = {"groups": groups, "about": document["info"]["description"].split("\n\n")}
    return render(request, "platform/api/docs.html", context)


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

"""The page on which a file of records is taken in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linyin.lake import BadInput, Finding, errors_in, render_finding, render_where
from linyin.platform import parts
from linyin.platform.actor import who_asks
from linyin.platform.numbers import number
from linyin.platform.resources.forms import record_form
from linyin.platform.resources.intake import LIMITS, take_in
from linyin.platform.signin import signed_in
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources.resource import Resource

__all__ = ["intake_page"]

KINDS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
SHOWN: Final = 100


def intake_page(resource: Resource) -> Callable[..., HttpResponse]:
    """Return the view that takes in a file of a resource's records."""

    @signed_in
    def page(request: HttpRequest) -> HttpResponse:
        actor = who_asks(request)
        if not resource.reach(actor) or not actor.may(resource.edit):
            raise PermissionDenied
        wrong: list[Finding] = []
        if request.method == "POST":
            try:
                made = _taken(actor, resource, request.FILES.get("file"))
            except BadInput as bad:
                wrong = list(errors_in(bad.findings))
            else:
                messages.success(request, say("intake.done", count=number(len(made))))
                return redirect(f"{resource.name}-list")
        title = say(f"{resource.name}.title")
        context = {
            "title": say("intake.title", title=title),
            "crumbs": [(title, reverse(f"{resource.name}-list"))],
            "drop": parts.FileDrop(
                "file", say("intake.file"), say("intake.file.help", rows=number(LIMITS.rows)),
                ",".join(KINDS), is_required=True,
            ),
            "notices": [_refused(len(wrong))] if wrong else [],
            "findings": [_shown(finding) for finding in wrong[:SHOWN]],
            "more_findings": max(0, len(wrong) - SHOWN),
            "columns": _columns(resource, actor),
            "cancel": reverse(f"{resource.name}-list"),
        }  # fmt: skip
        status = 422 if wrong else 200
        return render(request, "platform/resources/intake.html", context, status=status)

    return page


def _taken(actor: Actor, resource: Resource, upload: object) -> list[object]:
    """Keep an uploaded file for as long as it is read."""
    if not isinstance(upload, UploadedFile) or not upload.size:
        name = upload.name if isinstance(upload, UploadedFile) else ""
        raise BadInput([Finding("document-empty", "error", fields={"name": name or "–"})])
    name = Path(str(upload.name)).name
    if not name.lower().endswith(KINDS):
        fields = {"file": name, "expected": ", ".join(KINDS)}
        raise BadInput([Finding("intake-kind", "error", fields=fields)])
    if upload.size > LIMITS.file_bytes:
        fields = {"name": name, "limit": str(LIMITS.file_bytes >> 20)}
        raise BadInput([Finding("document-large", "error", fields=fields)])
    with tempfile.TemporaryDirectory(prefix="linyin-intake-") as folder:
        path = Path(folder) / name
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return list(take_in(actor, resource, path))


def _refused(count: int) -> parts.Notice:
    told = say("intake.refused", count=number(count))
    return parts.Notice(told, say("intake.refused.help"), "bad")


def _shown(finding: Finding) -> parts.Finding:
    text, at = render_finding(finding, lang()), render_where(finding.at, lang())
    title = text.removeprefix(at).lstrip(":： ") if at else text
    return parts.Finding(finding.severity, title, at=at, status="")


def _columns(resource: Resource, actor: Actor) -> parts.Table:
    """Return what the file's columns are called, and which it must have."""
    rows = [
        parts.Row([name, str(field.label), say("yes") if field.required else say("no")])
        for name, field in record_form(resource, actor)().fields.items()
    ]
    columns = [
        parts.Column(say("intake.header")),
        parts.Column(say("intake.label"), is_wide=True),
        parts.Column(say("intake.required")),
    ]
    return parts.Table(say("intake.columns"), columns, rows, is_dense=True)

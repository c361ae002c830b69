"""The page on which a file of records is brought in: sent, looked at, committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from linyin.lake import BadInput, Finding, errors_in
from linyin.platform import parts
from linyin.platform.looking import counts_shown, findings_shown, verdict
from linyin.platform.numbers import number
from linyin.platform.receiving import Kept, keep_upload, kept_as
from linyin.platform.resources.forms import record_form
from linyin.platform.resources.intake import (
    KINDS,
    LIMITS,
    ChangedSince,
    Intake,
    read_records,
    take_in,
    weigh,
)
from linyin.platform.resources.intake_table import SHOWN_CHANGES, intake_table
from linyin.platform.words import enumerated, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources.resource import Resource

__all__ = ["intake_page"]

_SALT: Final = "linyin.intake"
_SECONDS_KEPT: Final = 24 * 3600


def intake_page(request: HttpRequest, resource: Resource, actor: Actor) -> HttpResponse:
    """Ask for a file of a resource's records, show what it would do, or do it."""
    return _Page(request, resource, actor).answer()


class _Page:
    """One request to bring in a file."""

    def __init__(self, request: HttpRequest, resource: Resource, actor: Actor) -> None:
        self.request, self.resource, self.actor = request, resource, actor

    def answer(self) -> HttpResponse:
        """Ask for a file, show what it would do, or do it."""
        if self.request.method != "POST":
            return self._shown()
        try:
            if "kept" in self.request.POST:
                return self._committed(self._again())
            return self._looked_at(keep_upload(self.request.FILES.get("file"), LIMITS, KINDS))
        except BadInput as bad:
            return self._refused(bad.findings)

    def _looked_at(self, kept: Kept) -> HttpResponse:
        """Show what a file would do; one that can't be committed is not kept."""
        try:
            intake = weigh(self.actor, self.resource, read_records(self.resource, kept))
        except BaseException:
            kept.forget()
            raise
        if intake.errors:
            kept.forget()
        return self._look(intake, kept, [])

    def _committed(self, kept: Kept) -> HttpResponse:
        """Do what was looked at; if it would do something else by now, show that."""
        file = read_records(self.resource, kept)
        stated = self.request.POST
        try:
            done = take_in(
                self.actor, self.resource, file, seen=stated.get("seen", "-"),
                reason=stated.get("reason", ""),
            )  # fmt: skip
        except ChangedSince as changed:
            notice = parts.Notice(say("intake.changed"), say("intake.changed.help"), "warning")
            return self._look(changed.intake, kept, [notice], 409)
        kept.forget()
        counts: dict[str, Any] = {name: number(count) for name, count in done.counts.items()}
        messages.success(self.request, say("intake.done", **counts))
        return redirect(f"{self.resource.name}-list")

    def _again(self) -> Kept:
        """Return the file that was looked at before."""
        try:
            told = signing.loads(self.request.POST["kept"], salt=_SALT, max_age=_SECONDS_KEPT)
        except signing.BadSignature:
            told = {}
        kept = kept_as(str(told.get("token", "")))
        mine = {"resource": self.resource.name, "person": self.actor.who}
        if kept is None or mine.items() - told.items():
            raise BadInput([Finding("intake-gone", "error")])
        return kept

    def _look(
        self, intake: Intake, kept: Kept, notices: list[parts.Notice], status: int = 200
    ) -> HttpResponse:
        errors = len(intake.errors)
        if not errors and intake.left_out:
            text = say("intake.left_out", columns=enumerated(intake.left_out))
            notices.append(parts.Notice(text, tone="neutral"))
        told = {
            "token": kept.token, "resource": self.resource.name, "person": self.actor.who,
        }  # fmt: skip
        changing = [row for row in intake.rows if row.act != "unchanged"]
        return self._shown(
            422 if errors else status,
            notices=[*notices, verdict(errors, "intake.errors.help")],
            counts=None if errors else counts_shown(intake.counts),
            changes=None if errors else intake_table(self.resource, changing),
            more_changes=0 if errors else max(0, len(changing) - SHOWN_CHANGES),
            may_commit=bool(changing) and not errors,
            stated=[("kept", signing.dumps(told, salt=_SALT)), ("seen", intake.digest)],
            **findings_shown(intake.findings),
        )

    def _refused(self, findings: tuple[Finding, ...]) -> HttpResponse:
        """Say why a file can't be brought in at all."""
        wrong = errors_in(findings)
        notices = [verdict(len(wrong), "intake.errors.help")]
        return self._shown(422, notices=notices, **findings_shown(wrong))

    def _shown(self, status: int = 200, **more: Any) -> HttpResponse:
        title = say(f"{self.resource.name}.title")
        is_look = bool(more.get("may_commit"))
        address = reverse(f"{self.resource.name}-import")
        context = {
            "title": say("intake.title", title=title),
            "steps": _steps(is_look=is_look),
            "crumbs": [
                *self.resource.above,
                (title, reverse(f"{self.resource.name}-list")),
            ],
            "drop": parts.FileDrop(
                "file", say("intake.file"), say("intake.file.help", rows=number(LIMITS.rows)),
                ",".join(KINDS), is_required=True,
            ),
            "columns": self._columns(),
            "back": say("intake.another" if is_look else "record.cancel"),
            "back_url": address if is_look else reverse(f"{self.resource.name}-list"),
            **more,
        }  # fmt: skip
        return render(self.request, "platform/resources/intake.html", context, status=status)

    def _columns(self) -> parts.Table:
        """Return what the file's columns are called, and which a new record must have."""
        identity = set(self.resource.identity)
        rows = [
            parts.Row([
                str(field.label), format_html("<code>{}</code>", name),
                say("yes") if field.required else say("no"),
                say("yes") if name in identity else say("no"),
            ])
            for name, field in record_form(self.resource, self.actor)().fields.items()
        ]  # fmt: skip
        columns = [
            parts.Column(say("intake.label"), is_wide=True),
            parts.Column(say("intake.header")),
            parts.Column(say("intake.required")),
            parts.Column(say("intake.identity")),
        ]
        return parts.Table(say("intake.columns"), columns, rows, is_dense=True)


def _steps(*, is_look: bool) -> parts.Steps:
    upload: parts.StepState = "done" if is_look else "now"
    look: parts.StepState = "now" if is_look else "next"
    return parts.Steps(
        [
            parts.Step(say("look.step.upload"), upload),
            parts.Step(say("look.step.look"), look),
            parts.Step(say("look.step.commit")),
        ]
    )

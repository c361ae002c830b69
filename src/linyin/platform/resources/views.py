"""The pages of a resource: list, record, form, removal, actions, file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from linyin.lake import BadInput
from linyin.platform.actor import who_asks
from linyin.platform.cutting import cut
from linyin.platform.findings import finding_text
from linyin.platform.history import timeline_of
from linyin.platform.models import Job
from linyin.platform.numbers import number
from linyin.platform.parts import Button, Empty, Notice
from linyin.platform.refusals import tell_form
from linyin.platform.resources.asked import Listing, asked_of, record_href
from linyin.platform.resources.differences import (
    edit_differences,
    removal_differences,
    seen_version,
)
from linyin.platform.resources.display import Display
from linyin.platform.resources.exporting import has_many_rows, request_export
from linyin.platform.resources.files import FILE_KINDS, rows_file
from linyin.platform.resources.forms import action_form, initial_values, record_form
from linyin.platform.resources.intake_pages import intake_page
from linyin.platform.resources.preview import Preview, look_before, sight_by
from linyin.platform.resources.records import require_reach
from linyin.platform.shell import Scope
from linyin.platform.signin import signed_in, takes
from linyin.platform.stale import Stale
from linyin.platform.words import lang, lazy_say, say, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm, ModelForm

    from linyin.platform.actions import Action
    from linyin.platform.actor import Actor
    from linyin.platform.models.record import Record
    from linyin.platform.parts import Part, Timeline
    from linyin.platform.resources.columns import Column
    from linyin.platform.resources.resource import Resource

__all__ = ["ResourceViews"]

_TITLE = 120
_LONG = 90


class ResourceViews:
    """The pages of one resource."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource

    @signed_in
    def rows(self, request: HttpRequest) -> HttpResponse:
        """Show the rows that the reader reaches."""
        actor = self._reader(request)
        resource = self.resource
        query = Scope.of(request).query
        new = self._new(actor, query)
        listing = Listing(
            request,
            resource.name,
            resource.rows,
            resource.columns,
            resource.filters,
            resource.reach(actor),
            record_href(resource.opens or f"{resource.name}-record", query),
            has_search=bool(resource.search),
            empty=Empty(say(f"{resource.name}.empty"), button=new),
            is_named=resource.is_named,
        )
        context = {
            "resource": resource, "table": listing.table, "filters": listing.filters, "new": new,
            "address": request.GET.urlencode(),
            "may_import": resource.is_importable and actor.may(resource.edit),
            "crumbs": self.resource.above,
        }  # fmt: skip
        return render(request, "platform/resources/list.html", context)

    @signed_in
    def record(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show one row, what happened to it, and what can be done."""
        actor = self._reader(request)
        row, notices = self._row(actor, key)
        resource = self.resource
        record = resource.record(actor, key)
        display = Display.of(resource, [row], actor.tree, actor)
        context = {
            "resource": resource,
            "row": row,
            "title": cut(
                (resource.called(row) if resource.called else "")
                or (str(record) if record and resource.is_editable else "")
                or display.text(resource.title_of(row, lang()), row)
                or resource.titled(row),
                _TITLE,
            ),
            "facts": [
                (say(f"{resource.name}.{c.name}"), _fact(actor, display, c, row))
                for c in resource.columns
                if c.shown
            ],
            "actions": [a for a in resource.actions_for(actor, record) if self._has_page(a, key)]
            if record
            else [],
            "parts": list(resource.parts(actor, record)) if record and resource.parts else [],
            "opens": say(opens if (opens := f"{resource.name}.open") in words() else "record.open"),
            "may_edit": bool(
                record and resource.is_editable and resource.update.is_allowed(actor, record)
            ),
            "timeline": timeline_of(record) if record is not None else self._past(actor, row),
            "buttons": list(resource.buttons(actor, row)) if resource.buttons else [],
            "crumbs": self._crumbs(),
            "notices": notices,
        }
        return render(request, "platform/resources/record.html", context)

    @signed_in
    @takes("GET", "POST")
    def create(self, request: HttpRequest) -> HttpResponse:
        """Make a record."""
        actor = self._editor(request)
        made = record_form(self.resource, actor)
        form = made(request.POST or None, initial=initial_values(made, request.GET))
        if self._is_foreseen(request):
            return self._foreseen(request, form)
        preview: Preview | None = None
        if request.method == "POST" and form.is_valid():
            preview = self._preview(request, form.instance)
            record = preview is None and self._done(
                form, lambda: self.resource.create(actor, values=form.cleaned_data)
            )
            if record:
                messages.success(request, say("record.made", record=record))
                return redirect(f"{self.resource.name}-record", key=record.pk)
        return self._form(request, form, None, preview=preview)

    @signed_in
    @takes("GET", "POST")
    def edit(self, request: HttpRequest, key: str) -> HttpResponse:
        """Change a record; what somebody else has changed meanwhile is shown, not lost."""
        actor = self._editor(request)
        record = self._record(actor, key)
        form = record_form(self.resource, actor)(request.POST or None, instance=record)
        if self._is_foreseen(request):
            return self._foreseen(request, form)
        changed: list[dict[str, str]] = []
        is_stale = False
        preview: Preview | None = None
        if request.method == "POST" and form.is_valid():
            preview = self._preview(request, form.instance)
            record.version = seen_version(request)
            try:
                saved = preview is None and self._done(
                    form,
                    lambda: self.resource.update(
                        actor,
                        self._record(actor, key),
                        values=form.cleaned_data,
                        version=seen_version(request),
                        reason=request.POST.get("reason", ""),
                    ),
                )
            except Stale as stale:
                fresh, is_stale = stale.record, True
                changed = edit_differences(form, {n: getattr(fresh, n) for n in form.fields})
                record.version = stale.record.version
            else:
                if saved:
                    messages.success(request, say("record.saved", record=saved))
                    return redirect(f"{self.resource.name}-record", key=key)
        return self._form(
            request, form, record, changed=changed, is_stale=is_stale, preview=preview,
            status=409 if is_stale else None,
        )  # fmt: skip

    def _is_foreseen(self, request: HttpRequest) -> bool:
        """Whether a form that is being filled in asks what its record would come to."""
        return "foresee" in request.GET and request.method == "POST"

    def _foreseen(self, request: HttpRequest, form: ModelForm[Any]) -> HttpResponse:
        """Tell what the record would come to by what is right so far; nothing is stored."""
        form.is_valid()
        for name in form.errors.keys() & form.fields.keys():
            setattr(form.instance, name, None)
        told = self.resource.foresees
        parts = told(who_asks(request), form.instance) if told else ()
        return render(request, "platform/resources/foreseen.html", {"parts": list(parts)})

    @signed_in
    @takes("GET", "POST")
    def delete(self, request: HttpRequest, key: str) -> HttpResponse:
        """Ask, then remove a record."""
        actor = self._editor(request)
        record = self._record(actor, key)
        notices: list[Notice] = []
        preview: Preview | None = None
        stale: Stale | None = None
        follows = f"{self.resource.name}.delete"
        if request.method == "POST":
            preview = self._preview(request, record, is_removed=True)
        if request.method == "POST" and preview is None:
            try:
                self.resource.delete(
                    actor, record, version=seen_version(request),
                    reason=request.POST.get("reason", ""),
                )  # fmt: skip
            except Stale as error:
                stale = error
            except BadInput as bad:
                notices = [Notice(finding_text(f), tone="bad") for f in bad.findings]
            else:
                messages.success(request, say("record.removed", record=record))
                return redirect(f"{self.resource.name}-list")
        context = {
            "resource": self.resource, "record": record, "notices": notices, "preview": preview,
            "stale": stale, "crumbs": self._crumbs(record),
            "version": _shown_version(request, stale.record if stale else record, stale),
            "changed": removal_differences(stale.record, stale.stated) if stale else [],
            "follows": say(follows) if follows in words() else "",
        }  # fmt: skip
        status = 409 if notices or stale else 200
        return render(request, "platform/resources/delete.html", context, status=status)

    def _has_page(self, action: Action, key: str) -> bool:
        """Whether a form can be made from an action, or its room has a page of its own for it."""
        address = reverse(f"{self.resource.name}-act", args=[key, action.name])
        return action.is_plain or not hasattr(resolve(address).func, "__func__")

    @signed_in
    @takes("GET", "POST")
    def act(self, request: HttpRequest, key: str, name: str) -> HttpResponse:
        """Do one of the resource's actions to a record."""
        actor = self._reader(request)
        record = self._record(actor, key)
        action = next((a for a in self.resource.actions if a.name == name), None)
        if action is None or not action.is_plain:
            raise Http404
        if not action.is_allowed(actor, record):
            raise PermissionDenied
        shown = {"version": getattr(record, "version", None)}
        form = action_form(action, self.resource)(request.POST or None, initial=shown)
        is_stale = False
        changed: list[dict[str, str]] = []
        if request.method == "POST" and form.is_valid():
            done = None
            try:
                done = self._done(form, lambda: (action(actor, record, **form.cleaned_data),))
            except Stale as stale:
                is_stale, changed = True, removal_differences(stale.record, stale.stated)
                form.data = {**request.POST.dict(), "version": str(stale.record.version)}
            if done is not None:
                messages.success(request, say(f"action.{action.name}.done", record=record))
                return redirect(self._next(request, key, *done))
        status = 409 if is_stale else None
        return self._form(
            request, form, record, action=action, changed=changed, is_stale=is_stale, status=status
        )

    @signed_in
    @takes("GET", "POST")
    def file(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """Give the rows of a list as a file, as it is filtered and ordered; a job writes many."""
        actor = self._reader(request)
        resource = self.resource
        if kind not in FILE_KINDS:
            raise Http404
        query = asked_of(request, resource.columns, resource.filters)
        if request.method == "POST":
            job = request_export(actor, resource, request.GET, kind)
            return redirect("jobs-record", key=job.pk)
        nodes = resource.reach(actor)
        if not has_many_rows(resource, nodes, query):
            return rows_file(resource, resource.rows.every(nodes, query), kind)
        context = {
            "title": say("export.title", list=say(f"{resource.name}.title")),
            "lead": say("export.many", rows=number(resource.rows.count(nodes, query, 10**9))),
            "send": Button(say("export.write", kind=kind.upper()), icon="download", tone="primary"),
            "cancel": reverse(f"{resource.name}-list") + f"?{request.GET.urlencode()}",
            "crumbs": self._crumbs(),
        }
        return render(request, "platform/form_page.html", context)

    @signed_in
    @takes("GET", "POST")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """Bring in a file of records: sent, looked at, committed."""
        return intake_page(request, self.resource, self._editor(request))

    def _new(self, actor: Actor, query: str) -> Button | None:
        """Return the button that makes a record, if the reader may."""
        resource = self.resource
        permission = resource.new_permission or resource.edit or resource.view
        makes = resource.is_editable or resource.makes
        route = resource.new or (f"{resource.name}-create" if makes else "")
        if not route or not actor.may(permission):
            return None
        href = reverse(route) + (f"?{query}" if query else "")
        return Button(say(f"{resource.name}.new"), href, "plus", "primary")

    def _past(self, actor: Actor, row: Any) -> Timeline | None:
        """Return what happened to a row of no model."""
        return self.resource.past(actor, row) if self.resource.past else None

    def _reader(self, request: HttpRequest) -> Actor:
        actor = who_asks(request)
        if not self.resource.reach(actor):
            raise PermissionDenied
        return actor

    def _editor(self, request: HttpRequest) -> Actor:
        actor = self._reader(request)
        if not self.resource.edit or not actor.may(self.resource.edit):
            raise PermissionDenied
        return actor

    def _row(self, actor: Actor, key: str) -> tuple[Any, list[Notice]]:
        """Return a row with what is to be told of it: that it is only there in its history."""
        row = self.resource.row(actor, key)
        if row is not None:
            return row, []
        gone = self.resource.gone(actor, key) if self.resource.gone else None
        if gone is None:
            raise Http404
        return gone[0], [gone[1]]

    def _record(self, actor: Actor, key: str) -> Record:
        record: Record | None = self.resource.record(actor, key)
        if record is None:
            raise Http404
        return record

    def _done(self, form: BaseForm, act: Any) -> Any:
        """Do it, or put what is wrong beside its field."""
        try:
            return act()
        except BadInput as bad:
            tell_form(bad, form)
        except ValidationError as error:
            form.add_error(None, error)
        return None

    def _form(
        self,
        request: HttpRequest,
        form: BaseForm,
        record: Record | None,
        *,
        action: Action | None = None,
        changed: Any = (),
        is_stale: bool = False,
        preview: Preview | None = None,
        status: int | None = None,
    ) -> HttpResponse:
        context = {
            "resource": self.resource, "form": form, "record": record, "action": action,
            "notices": list(self.resource.tells(who_asks(request), action, record))
            if action and self.resource.tells else [],
            "changed": changed, "stale": is_stale, "preview": preview,
            "crumbs": self._crumbs(record), "about": _about(action),
            "is_closed": action is not None and not form.is_bound
            and not self.resource.fits(action, record),
            "is_foreseen": self.resource.foresees is not None and action is None,
        }  # fmt: skip
        wrong = 422 if form.is_bound and form.errors else 200
        return render(request, "platform/resources/form.html", context, status=status or wrong)

    def _preview(
        self, request: HttpRequest, record: Record, *, is_removed: bool = False
    ) -> Preview | None:
        """Return who gains and loses sight by a record, if it decides that and nobody looked."""
        if self.resource.sight_day is None:
            return None
        require_reach(who_asks(request), self.resource, record)
        changes = sight_by(self.resource, record, is_removed=is_removed)
        return None if changes is None else look_before(request, changes)

    def _crumbs(self, record: Record | None = None) -> list[tuple[Any, str]]:
        name = self.resource.name
        crumbs = [*self.resource.above, (lazy_say(f"{name}.title"), reverse(f"{name}-list"))]
        if record is not None:
            crumbs.append((str(record), reverse(f"{name}-record", args=[record.pk])))
        return crumbs

    def _next(self, request: HttpRequest, key: str, done: Any) -> str:
        """Return where one goes after an action: as asked for, else to its job or the record."""
        asked = request.POST.get("next", "")
        if asked and url_has_allowed_host_and_scheme(asked, {request.get_host()}):
            return asked
        if isinstance(done, Job):
            return reverse("jobs-record", args=[done.pk])
        return reverse(f"{self.resource.name}-record", args=[key])


def _shown_version(request: HttpRequest, record: Record, stale: Stale | None) -> int:
    """Return what a form carries: what was seen first, until a difference is shown."""
    return seen_version(request) if request.method == "POST" and not stale else record.version


def _about(action: Action | None) -> str:
    """Return what an action does, for whoever is about to do it."""
    key = f"action.{action.name}.help" if action is not None else ""
    return say(key) if key in words() else ""


def _fact(actor: Actor, display: Display, column: Column, row: Mapping[str, Any]) -> str | Part:
    value = row.get(column.name)
    way = column.leads(actor, str(value)) if column.leads and value else None
    told = display.fact(column, row) if way is None else way
    is_long = isinstance(told, str) and len(told) > _LONG and "<pre" not in told
    return format_html('<span class="long">{}</span>', told) if is_long else told

"""The routes of every resource: list, record, file, new, change, removal, actions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Path, Query, Router, Schema

from linyin.platform.api.answers import answer, job_answer
from linyin.platform.api.idempotency import writes
from linyin.platform.api.intake import IntakeAsked, IntakeOut, bring_in
from linyin.platform.api.listing import page_answer, query_of, require_known
from linyin.platform.api.routes import actor_of, routes_of, with_signature
from linyin.platform.api.schemas import (
    JobOut,
    Key,
    RemovalAsked,
    action_schema,
    change_schema,
    new_schema,
    page_schema,
    query_schema,
    row_schema,
)
from linyin.platform.api.sight import SightAsked, SightOut, look_first
from linyin.platform.api.spooling import FILE_BODY
from linyin.platform.api.stated import action_values, record_values
from linyin.platform.api.values import has_version, json_row
from linyin.platform.models import Job
from linyin.platform.resources.files import FILE_KINDS, rows_file
from linyin.platform.resources.preview import sight_by
from linyin.platform.resources.records import require_reach
from linyin.platform.stale import Stale, read_again, require_seen

if TYPE_CHECKING:
    from linyin.platform.actions import Action
    from linyin.platform.actor import Actor
    from linyin.platform.models.record import Record
    from linyin.platform.resources.resource import Resource

__all__ = ["action_view", "resource_router"]

_ASKED: Final[Any] = Query(...)  # type: ignore[type-arg]
_PART: Final[Any] = Path(...)  # type: ignore[type-arg]


def resource_router(resource: Resource, without: Collection[str] = ()) -> Router:
    """Return the routes of a resource, without those that are named."""
    return _Routes(resource, without).router()


class _Routes:
    def __init__(self, resource: Resource, without: Collection[str]) -> None:
        self.resource, self.without = resource, without
        self.row = row_schema(resource)
        self.base = f"/api/v1/{resource.name}"

    def router(self) -> Router:
        resource, name = self.resource, self.resource.name
        router = routes_of(name)
        page = page_schema(resource, self.row)
        asked: Any = Annotated[query_schema(resource), _ASKED]
        plain: Any = Annotated[query_schema(resource, paged=False), _ASKED]
        key: Any = Annotated[Key, _PART]
        kind: Any = Annotated[Literal[tuple(FILE_KINDS)], _PART]
        self._add(router, "GET", "", "list", f"List {name}", self.list, page, asked=asked)
        self._add(router, "GET", "/file.{kind}", "file", f"{name} as a file", self.file, None,
                  kind=kind, asked=plain)  # fmt: skip
        if resource.is_importable:
            brought: Any = Annotated[IntakeAsked, _ASKED]
            self._add(router, "POST", "/import", "import", f"Bring in a file of {name}",
                      self.bring_in, IntakeOut, extra=FILE_BODY, asked=brought)  # fmt: skip
        self._add(router, "GET", "/{key}", "get", f"One of {name}", self.get, self.row, key=key)
        if resource.is_editable:
            new, change = new_schema(resource), change_schema(resource)
            sight, told = self._sight(resource.sight_day is not None)
            changed = self.row | SightOut if sight else self.row
            create = writes(self.create, lake=resource.create.takes_long)
            update = writes(self.update, lake=resource.update.takes_long)
            self._add(router, "POST", "", "create", f"Add to {name}", create,
                      {201: self.row, **told}, stated=new, **sight)  # fmt: skip
            self._add(router, "PATCH", "/{key}", "update", f"Change one of {name}",
                      update, changed, key=key, stated=change, **sight)  # fmt: skip
            seen: Any = Annotated[RemovalAsked, _ASKED]
            delete = writes(self.delete, lake=bool(resource.guards))
            self._add(router, "DELETE", "/{key}", "delete", f"Remove one of {name}", delete,
                      {204: None, **told}, key=key, removal=seen, **sight)  # fmt: skip
        for action in resource.actions:
            self._add_action(router, action, key)
        operations = router.path_operations  # a room may have added to `/{key}` before
        if "/{key}" in operations:
            operations["/{key}"] = operations.pop("/{key}")
        return router

    def _add(
        self,
        router: Router,
        method: str,
        path: str,
        verb: str,
        about: str,
        view: Callable[..., Any],
        response: Any,
        extra: dict[str, Any] | None = None,
        **parameters: Any,
    ) -> None:
        name = f"{self.resource.name}-{verb}"
        if verb in self.without or _has(router, path, method):
            return

        def called(request: HttpRequest, **given: Any) -> Any:
            return view(request, **given)

        if verb == "file":
            contents: dict[str, Any] = {
                media.partition(";")[0]: {} for media in FILE_KINDS.values()
            }
            extra = {"responses": {200: {"content": contents}}}
        router.add_api_operation(
            path,
            [method],
            with_signature(called, name.replace("-", "_"), about, **parameters),
            response={200: None} if response is None else response,
            operation_id=name,
            summary=about,
            openapi_extra=extra,
        )

    @staticmethod
    def _sight(is_decided: bool) -> tuple[dict[str, Any], dict[int, Any]]:
        """Return what is asked and answered beside, where a route decides who sees what."""
        asked: Any = Annotated[SightAsked, _ASKED]
        return ({"sight": asked}, {200: SightOut}) if is_decided else ({}, {})

    def _add_action(self, router: Router, action: Action, key: Any) -> None:
        asked = action_schema(action, is_versioned=has_version(self.resource))
        verb = action.name.partition(".")[2]
        about = (action.__doc__ or verb).strip().partition("\n")[0]
        sight, _ = self._sight(action.name in self.resource.sights)
        parameters = {"key": key} | ({"stated": asked} if asked else {}) | sight
        done = self.row | SightOut if sight else self.row
        gone = {200: done, 202: JobOut, 204: None}
        self._add(router, "POST", f"/{{key}}/{verb}", verb, about,
                  writes(self._acting(action), lake=action.takes_long), gone,
                  **parameters)  # fmt: skip

    def list(self, request: HttpRequest, asked: Schema) -> HttpResponse:
        """Return a page."""
        actor = self._reader(request)
        require_known(request, asked)
        rows, reach = self.resource.rows, self.resource.reach(actor)
        return page_answer(self.resource, rows, reach, asked.model_dump(), self.base, actor.tree)

    def file(self, request: HttpRequest, kind: str, asked: Schema) -> HttpResponseBase:
        """Return all rows as a file."""
        actor = self._reader(request)
        require_known(request, asked)
        query = query_of(asked.model_dump(), actor.tree)
        rows = self.resource.rows.every(self.resource.reach(actor), query)
        return rows_file(self.resource, rows, kind)

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Return one row."""
        return self._answer(self._reader(request), key)

    def create(
        self, request: HttpRequest, stated: Schema, sight: SightAsked | None = None
    ) -> HttpResponse:
        """Make a record."""
        actor = self._editor(request)
        values = record_values(self.resource, actor, stated.model_dump(exclude_unset=True))
        with nullcontext() if sight is None else transaction.atomic():
            if sight is not None:
                record = self._model(**values)
                if told := self._looked(actor, record, sight):
                    return told
            made = self.resource.create(actor, values=values)
        return self._answer(actor, str(made.pk), 201)

    def update(
        self, request: HttpRequest, key: str, stated: Schema, sight: SightAsked | None = None
    ) -> HttpResponse:
        """Change a record."""
        actor = self._editor(request)
        fields = stated.model_dump(exclude_unset=True)
        version, reason = fields.pop("version"), fields.pop("reason", "")
        record = self._record(actor, key)
        if not self.resource.update.is_allowed(actor, record):
            raise PermissionDenied
        values = record_values(self.resource, actor, fields, record)
        with nullcontext() if sight is None else transaction.atomic():
            fresh = self._record(actor, key)
            if sight is not None:
                if fresh.version != version:
                    raise Stale(fresh, values)
                if told := self._looked(actor, fresh.changed(values), sight):
                    return told
            self.resource.update(actor, fresh, values=values, version=version, reason=reason)
        return self._answer(actor, key)

    def delete(
        self,
        request: HttpRequest,
        key: str,
        removal: RemovalAsked,
        sight: SightAsked | None = None,
    ) -> HttpResponse:
        """Remove a record that is as it was seen."""
        actor = self._editor(request)
        with transaction.atomic():
            record = self._record(actor, key)
            if not self.resource.delete.is_allowed(actor, record):
                raise PermissionDenied
            read_again(record)
            require_seen(record, removal.version)
            if sight is not None and (told := self._looked(actor, record, sight, is_removed=True)):
                return told
            self.resource.delete(actor, record, version=removal.version, reason=removal.reason)
        return answer(status=204)

    def _looked(
        self, actor: Actor, record: Record, sight: SightAsked, *, is_removed: bool = False
    ) -> HttpResponse | None:
        """Return the answer to a dry run of a change that decides who sees what."""
        require_reach(actor, self.resource, record)
        changes = sight_by(self.resource, record, is_removed=is_removed)
        return look_first(changes or [], sight)

    def bring_in(self, request: HttpRequest, asked: IntakeAsked) -> HttpResponse:
        """Tell what a file would do, or do it."""
        return bring_in(request, self._editor(request), self.resource, asked)

    def _acting(self, action: Action) -> Callable[..., HttpResponse]:
        def act(
            request: HttpRequest,
            key: str,
            stated: Schema | None = None,
            sight: SightAsked | None = None,
        ) -> HttpResponse:
            actor = self._reader(request)
            record = self._record(actor, key)
            if not action.is_allowed(actor, record):
                raise PermissionDenied
            values = action_values(action, actor, stated)
            if sight is None:
                done = action(actor, record, **values)
            else:
                with transaction.atomic():
                    changes = self.resource.sights[action.name](record, **values)
                    if told := look_first(changes, sight, always=True):
                        return told
                    done = action(actor, record, **values)
            if isinstance(done, Job):
                return job_answer(done)
            if self.resource.row(actor, key) is None:
                return answer(status=204)
            return self._answer(actor, key)

        return act

    def _reader(self, request: HttpRequest) -> Actor:
        actor = actor_of(request)
        if not self.resource.reach(actor):
            raise PermissionDenied
        return actor

    def _editor(self, request: HttpRequest) -> Actor:
        actor = self._reader(request)
        if not actor.may(self.resource.edit):
            raise PermissionDenied
        return actor

    @property
    def _model(self) -> type[Any]:
        if self.resource.model is None:
            raise ValueError(f"{self.resource.name} has no model")
        return self.resource.model

    def _record(self, actor: Actor, key: str) -> Record:
        record: Record | None = self.resource.record(actor, key)
        if record is None:
            raise Http404
        return record

    def _answer(self, actor: Actor, key: str, status: int = 200) -> HttpResponse:
        row = self.resource.row(actor, key)
        if row is None:
            raise Http404
        place = f"{self.base}/{quote(key, safe='~')}" if status == 201 else ""
        return answer(json_row(self.resource, row), status, location=place)


def _has(router: Router, path: str, method: str) -> bool:
    """Whether a room has written the route by hand."""
    known = router.path_operations.get(path)
    return known is not None and any(method in one.methods for one in known.operations)


def action_view(action: Action, about: str) -> Any:
    """Return the view of an action that has no subject; it answers with its job."""
    asked = action_schema(action)

    def act(request: HttpRequest, stated: Any = None) -> HttpResponse:
        actor = actor_of(request)
        if not actor.may(action.permission):
            raise PermissionDenied
        done = action(actor, **action_values(action, actor, stated))
        return job_answer(done) if isinstance(done, Job) else answer(status=204)

    parameters = {"stated": asked} if asked else {}
    name = action.name.replace(".", "_")
    return writes(with_signature(act, name, about, **parameters), lake=action.takes_long)

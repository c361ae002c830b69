"""What must hold of the organization's records before they are kept.

Whatever the reader of files calls an error is refused in a form too. What was wrong before does
not stand in the way of a change that makes it no worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from typing import Final

from django.db import transaction

from linyin.lake import Finding, Where, errors_in, load_schema, sheet_from_arrow
from linyin.organization import Metrics, Organization
from linyin.organization.web.models import Allocation, Metric, Node, Standing
from linyin.organization.web.statement import metrics_table, organization_table
from linyin.platform.words import say

__all__ = [
    "check_last_standing",
    "check_metric",
    "check_node",
    "check_span",
    "check_standing",
    "new_errors",
]

_FIELDS: Final = {"from": "begin", "to": "end"}
_SPANS: Final = {
    "opened": "nodes.opened", "closed": "nodes.closed",
    "from": "standings.begin", "to": "standings.end",
}  # fmt: skip
_RULED: Final = ("kind", "opened", "closed")


def check_node(node: Node) -> Iterator[Finding]:
    """Check that a node keeps its code and stands somewhere, and that its days make sense."""
    stored = Node.objects.filter(pk=node.pk).first()
    if stored is None:
        yield Finding("node-without-place", "error", Where(column="code"))
    elif stored.code != node.code:
        fields = {"code": stored.code, "value": node.code}
        yield Finding("node-code-stays", "error", Where(column="code"), fields)
    elif any(getattr(stored, name) != getattr(node, name) for name in _RULED):
        yield from _tried(copy(node).save)


def check_span(record: Metric | Allocation) -> Iterator[Finding]:
    """Check that what holds for a span of days holds for at least one."""
    if record.begin and record.end and record.end <= record.begin:
        stem = "metrics" if isinstance(record, Metric) else "allocations"
        fields = {
            "first": say(f"{stem}.begin"), "begin": str(record.begin),
            "after": say(f"{stem}.end"), "end": str(record.end),
        }  # fmt: skip
        yield Finding("organization-span-empty", "error", Where(column="end"), fields)


def check_metric(metric: Metric) -> Iterator[Finding]:
    """Check a metric as the reader of files does, beside those of the same node, name and item."""
    wrong = list(check_span(metric))
    if wrong or not (metric.begin and metric.end):
        yield from wrong
        return
    alike = Metric.objects.filter(node=metric.node, metric=metric.metric, item=metric.item)
    told = metrics_table([*alike.exclude(pk=metric.pk), metric])
    table, found = load_schema("organization", "metrics").validate(
        sheet_from_arrow(told, "metrics")
    )
    if not errors_in(found):
        found = [*found, *Metrics.from_rows(table.to_pylist())[1]]
    last = told.num_rows
    yield from (_of_form(finding) for finding in errors_in(found) if finding.at.row == last)


def check_standing(standing: Standing) -> Iterator[Finding]:
    """Check the organization as it would be with a standing, and that its node keeps one."""
    stored = Standing.objects.select_related("node").filter(pk=standing.pk).first()
    if stored is not None and stored.node_id != standing.node_id:
        yield from check_last_standing(stored)
    yield from _tried(copy(standing).save)


def check_last_standing(standing: Standing) -> Iterator[Finding]:
    """Refuse to remove the only standing of a node: nobody would see the node any more."""
    if not standing.node.standings.exclude(pk=standing.pk).exists():
        fields = {"node": str(standing.node)}
        yield Finding("standing-last", "error", fields=fields)


def new_errors(change: Callable[[], object]) -> list[Finding]:
    """Make a change of the records and return the errors of the organization that it brings."""
    before = {_key(finding) for finding in _errors()}
    change()
    return [finding for finding in _errors() if _key(finding) not in before]


def _tried(change: Callable[[], object]) -> list[Finding]:
    """Return what a change would bring; it is taken back."""
    with transaction.atomic():
        found = new_errors(change)
        transaction.set_rollback(True)
    return found


def _errors() -> list[Finding]:
    sheet = sheet_from_arrow(organization_table(), "organization")
    table, found = load_schema("organization", "organization").validate(sheet)
    if not errors_in(found):
        found = [*found, *Organization.from_rows(table.to_pylist())[1]]
    return [_of_form(finding) for finding in errors_in(found)]


def _of_form(finding: Finding) -> Finding:
    """Return a finding about columns of a file as one about fields of a form."""
    fields = dict(finding.fields)
    for name in ("first", "after"):
        if fields.get(name) in _SPANS:
            fields[name] = say(_SPANS[str(fields[name])])
    column = _FIELDS.get(finding.at.column, finding.at.column)
    return replace(finding, at=Where(column=column), fields=fields)


def _key(finding: Finding) -> tuple[str, str, frozenset[tuple[str, object]]]:
    return finding.code, finding.at.column, frozenset(finding.fields.items())

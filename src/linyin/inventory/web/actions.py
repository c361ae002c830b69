"""What people do with inventories: calculate, lock, approve through the levels, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from linyin.inventory import Inventory, parse_config, publish_bundle
from linyin.inventory.web.baseyear import assessed_at, require_assessable
from linyin.inventory.web.events import RUN_APPROVED, RUN_PUBLISHED, tell_of_run
from linyin.inventory.web.figures import published_beside
from linyin.inventory.web.models import RunFinding, RunRecord, Settings
from linyin.inventory.web.records import stated_config
from linyin.ledger import ACTIVITIES
from linyin.organization.web.models import Node
from linyin.platform.actions import action, refused, require, the_person
from linyin.platform.audit import record_event
from linyin.platform.grants import people_who_may, visible_to
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Approval, Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from linyin.platform.actor import Actor
    from linyin.platform.models import Person
    from linyin.platform.tree import Tree

__all__ = [
    "approve_run",
    "approvers_of",
    "assess_base_year",
    "deciders_of",
    "levels_now",
    "lock_run",
    "may_decide",
    "next_level",
    "next_levels",
    "publish_run",
    "reopen_finding",
    "request_report",
    "request_runs",
    "return_run",
    "settle_finding",
    "unlock_run",
]


@action("inventory.run")
def request_runs(
    actor: Actor,
    *,
    node: Node,
    years: list[int],
    approach: str = "",
    gwp: str = "",
    standard: str = "",
    reason: str = "",
    restates: int = 0,
    structure_of: int = 0,
) -> Job:
    """Ask for runs of a node; a job calculates them.

    A restatement is of one published run in reach, of the same node and year, and says why.
    """
    from linyin.platform.jobs import enqueue

    require(years, "run-without-year")
    require(ACTIVITIES in workspace_lake(actor).tables(), "run-without-activities")
    if restates:
        approach = _restated(actor, restates, node, years, approach, reason).approach
    arguments = {
        "node": node.code, "years": sorted(set(years)), "approach": approach, "gwp": gwp,
        "standard": standard, "reason": reason, "restates": restates,
        "structure_of": structure_of,
    }  # fmt: skip
    key = "-".join(str(part) for part in (actor.who, *arguments.values()))
    return enqueue(actor, "inventory.calculate", arguments, key=key, node=node.code)


def _restated(
    actor: Actor, key: int, node: Node, years: list[int], approach: str, reason: str
) -> RunRecord:
    old = visible_to(actor, RunRecord, "inventory.view").filter(pk=key).first()
    if old is None:
        raise refused("restates-unknown")
    require(old.state == "published", "restates-not-published", run=old.name, state=old.state)
    same = (old.node_id, [old.year]) == (node.pk, sorted(set(years)))
    require(
        same and approach in ("", old.approach), "restates-another", run=old.name,
        node=old.node.code, year=old.year, approach=old.approach,
    )  # fmt: skip
    require(reason.strip(), "restates-without-reason")
    return old


@action("inventory.run")
def assess_base_year(actor: Actor, run: RunRecord) -> Job:
    """Ask how far the base year has moved, seen from a run; a job finds it out."""
    from linyin.platform.jobs import enqueue

    require_assessable(run)
    return enqueue(actor, "inventory.assess", {"run": run.pk}, node=run.node.code)


@action("inventory.view")
def request_report(actor: Actor, run: RunRecord, *, kind: str, language: str) -> Job:
    """Ask for a report of a run; a job writes it."""
    from linyin.platform.jobs import enqueue

    arguments = {"run": run.pk, "kind": kind, "language": language, "state": run.state}
    about = f"{run.state}-{run.opinions.count()}-{assessed_at(run)}"
    key = f"{run.entries_hash[:32]}-{about}-{language}-{kind}"
    return enqueue(actor, "inventory.report", arguments, key=key, node=run.node.code)


@action("inventory.lock")
def lock_run(actor: Actor, run: RunRecord, *, comment: str = "") -> RunRecord:  # noqa: ARG001
    """Lock a run: from now on it is approved or returned, not replaced."""
    require(run.state == "draft", "run-not-draft", run=run.name, state=run.state)
    _require_alone(run)
    errors = run.findings.filter(severity="error", state="open").count()
    require(not errors, "run-errors-open", run=run.name, errors=errors)
    run.state, run.locked_by, run.levels = "locked", actor.person, levels_now()
    if run.prepared_by is None:
        run.prepared_by = actor.person
    run.version += 1
    run.save()
    return run


@action("inventory.lock", takes_away=True)
def unlock_run(actor: Actor, run: RunRecord, *, comment: str) -> RunRecord:  # noqa: ARG001
    """Take a lock back, with the approvals that rest on it."""
    require(run.state in ("locked", "approved"), "run-not-locked", run=run.name, state=run.state)
    _approvals(run).delete()
    run.state = "draft"
    run.version += 1
    run.save()
    return run


@action("inventory.view")
def approve_run(actor: Actor, run: RunRecord, *, comment: str = "") -> RunRecord:
    """Approve a locked run at the next level; nobody approves twice, nor what they prepared."""
    level = _may_decide(actor, run)
    _decide(actor, run, level, comment, is_granted=True)
    if level == run.levels[-1]:
        run.state = "approved"
    run.version += 1
    run.save()
    if run.state == "approved":
        tell_of_run(actor, RUN_APPROVED, run)
    return run


@action("inventory.view", takes_away=True)
def return_run(actor: Actor, run: RunRecord, *, comment: str) -> RunRecord:
    """Return a locked run to whoever prepared it, and say why."""
    level = _may_decide(actor, run)
    _approvals(run).delete()
    _decide(actor, run, level, comment, is_granted=False)
    run.state = "draft"
    run.version += 1
    run.save()
    return run


@action("inventory.run")
def settle_finding(actor: Actor, finding: RunFinding, *, comment: str) -> RunFinding:
    """Work a finding off: say what was done about it, or why it stands.

    Errors are closed by somebody else than whoever calculated the run.
    """
    require(finding.state == "open", "finding-not-open")
    _require_workable(finding)
    own = finding.severity == "error" and finding.run.prepared_by == the_person(actor)
    require(not own, "finding-four-eyes", person=str(actor.person))
    finding.state, finding.comment, finding.settled_by = "closed", comment, actor.person
    finding.version += 1
    finding.save()
    return finding


@action("inventory.run")
def reopen_finding(actor: Actor, finding: RunFinding, *, comment: str) -> RunFinding:
    """Open a finding again."""
    require(finding.state == "closed", "finding-open")
    _require_workable(finding)
    finding.state, finding.comment, finding.settled_by = "open", comment, actor.person
    finding.version += 1
    finding.save()
    return finding


def _require_workable(finding: RunFinding) -> None:
    run = finding.run
    is_open = run.state not in ("published", "superseded")
    require(is_open, "finding-of-published", run=run.name)


def _require_whole(actor: Actor, run: RunRecord, **_: object) -> None:  # noqa: ARG001
    """Hold a bundle against its manifest, which reads all of it."""
    if run.state == "approved":
        Inventory(run.path).verify()


@action("inventory.publish", first=_require_whole)
def publish_run(actor: Actor, run: RunRecord, *, comment: str = "") -> RunRecord:  # noqa: ARG001
    """Publish an approved run: it never changes again."""
    require(run.state == "approved", "run-not-approved", run=run.name, state=run.state)
    _require_alone(run)
    last, prepared_by = _approvals(run).filter(is_granted=True).last(), run.prepared_by
    if last is None or prepared_by is None:
        raise refused("run-not-approved", run=run.name, state=run.state)
    publish_bundle(
        run.path,
        prepared_by=f"{prepared_by.name} <{prepared_by.email}>",
        approved_by=f"{last.person.name} <{last.person.email}>",
        authenticated=True,
        is_verified=True,
    )
    run.state, run.published_at = "published", timezone.now()
    run.version += 1
    run.save()
    old = run.restates
    if old is not None and old.state == "published":
        old.state = "superseded"
        old.version += 1
        old.save()
        record_event(
            actor, "inventory.supersede", subject=old._meta.label_lower, key=str(old.pk),
            node=old.node.code, before={"state": "published"},
            after={"state": old.state, "by": run.name}, reason=run.reason,
        )  # fmt: skip
    tell_of_run(actor, RUN_PUBLISHED, run)
    return run


def _require_alone(run: RunRecord) -> None:
    """Refuse a second public word on the same year that does not restate the first.

    The node is locked, so that of two that are published at once the second sees the first.
    """
    Node.objects.select_for_update().get(pk=run.node_id)
    if (other := published_beside(run)) is not None:
        raise refused("run-beside-published", other=other.name)


def levels_now() -> list[str]:
    """Return the levels at which the rules want a run to be approved."""
    read, _ = parse_config(stated_config(Settings.now().config), "")
    return list(read.approval_levels)


def next_level(run: RunRecord) -> str:
    """Return the level at which a locked run is to be approved next, '' if none is."""
    return next_levels([run]).get(run.pk, "")


def next_levels(runs: Iterable[RunRecord]) -> dict[int, str]:
    """Return key of a run → level at which it is to be approved next; only of those that wait."""
    locked = {str(run.pk): run for run in runs if run.state == "locked"}
    if not locked:
        return {}
    label = RunRecord._meta.label_lower
    granted = Approval.objects.filter(subject=label, key__in=locked, is_granted=True)
    done = set(granted.values_list("key", "level"))
    waiting = {
        run.pk: next((level for level in run.levels if (key, level) not in done), "")
        for key, run in locked.items()
    }
    return {pk: level for pk, level in waiting.items() if level}


def may_decide(actor: Actor, run: RunRecord) -> bool:
    """Whether a run waits for a decision that is the actor's to take."""
    level = next_level(run)
    if not level or not actor.may(f"inventory.approve_{level}", run.node.code):
        return False
    return _is_free(actor.person, run)


def deciders_of(run: RunRecord, level: str, tree: Tree) -> list[Person]:
    """Return who can decide about a run at a level: neither its preparers nor who has decided."""
    able = people_who_may(f"inventory.approve_{level}", run.node.code, tree)
    return [person for person in able if _is_free(person, run)]


def _is_free(person: Person | None, run: RunRecord) -> bool:
    decided = set(_approvals(run).values_list("person_id", flat=True))
    return person is not None and not run.is_prepared_by(person) and person.pk not in decided


def _may_decide(actor: Actor, run: RunRecord) -> str:
    from django.core.exceptions import PermissionDenied

    level = next_level(run)
    require(level, "run-not-locked", run=run.name, state=run.state)
    if not actor.may(f"inventory.approve_{level}", run.node.code):
        raise PermissionDenied(level)
    person = the_person(actor)
    require(_is_free(person, run), "approval-four-eyes", person=str(person))
    return level


def _decide(actor: Actor, run: RunRecord, level: str, comment: str, *, is_granted: bool) -> None:
    Approval.objects.create(
        subject=run._meta.label_lower, key=str(run.pk), level=level, person=the_person(actor),
        is_granted=is_granted, comment=comment,
    )  # fmt: skip


def approvers_of(run: RunRecord) -> list[str]:
    """Return the names of who has approved a run, level by level."""
    granted = _approvals(run).filter(is_granted=True).select_related("person")
    return list(dict.fromkeys(approval.person.name for approval in granted))


def _approvals(run: RunRecord) -> QuerySet[Approval]:
    return Approval.objects.filter(subject=run._meta.label_lower, key=str(run.pk)).order_by("at")

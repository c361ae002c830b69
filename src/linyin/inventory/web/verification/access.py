"""Who reaches what of a verification: verifiers their own engagements and nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from linyin.inventory import Inventory
from linyin.inventory.web.models import RunFinding, RunRecord
from linyin.inventory.web.verification.models import (
    Engagement,
    Opinion,
    Sample,
    SampleItem,
    VerificationFinding,
)
from linyin.platform.actions import require, the_person
from linyin.platform.grants import Guest, is_shared, share
from linyin.platform.models import Approval, Document

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linyin.platform.actor import Actor
    from linyin.platform.models import Person

__all__ = ["engaged", "has_worked_on", "is_verifier", "require_verifier"]


def engaged(guest: Guest) -> QuerySet[Engagement]:
    """Return the open engagements of a verifier that their grants cover."""
    return Engagement.objects.filter(
        verifiers=guest.person, state="open", node__code__in=guest.nodes
    )


@share(Engagement)
def _engagements(guest: Guest) -> Q:
    return Q(pk__in=engaged(guest).values("pk"))


@share(Sample)
@share(VerificationFinding)
@share(Opinion)
def _papers(guest: Guest) -> Q:
    return Q(engagement__in=engaged(guest).values("pk"))


@share(SampleItem)
def _items(guest: Guest) -> Q:
    return Q(sample__engagement__in=engaged(guest).values("pk"))


@share(RunRecord)
def _runs(guest: Guest) -> Q:
    return Q(pk__in=_engaged_runs(guest).values("pk"))


@share(RunFinding)
def _run_findings(guest: Guest) -> Q:
    return Q(run__in=_engaged_runs(guest).values("pk"))


@share(Document)
def _documents(guest: Guest) -> Q:
    """Return the evidence of the runs.

    A file of which the rows state no hash is known by its name, on the run's node, below or above.
    """
    found = Q(pk__in=[])
    for run in _engaged_runs(guest).select_related("node"):
        digests, names = _evidence(str(run.path), run.entries_hash)
        found |= Q(sha256__in=digests)
        node, tree = run.node.code, guest.tree
        near = {*tree.subtree(node), *tree.path_to(node)}
        found |= Q(name__in=names, node__code__in=near)
    return found


def _engaged_runs(guest: Guest) -> QuerySet[RunRecord]:
    return RunRecord.objects.filter(engagements__in=engaged(guest).values("pk")).distinct()


@lru_cache(maxsize=64)
def _evidence(path: str, _entries_hash: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the hashes of a run's evidence, and the names of files of which it knows no hash."""
    rows = (
        Inventory(path)
        .query(
            "SELECT DISTINCT lower(evidence_sha256) AS sha256, evidence_file AS name "
            "FROM activities SEMI JOIN entries USING (source, external_id) "
            "WHERE evidence_sha256 IS NOT NULL OR evidence_file IS NOT NULL"
        )
        .to_pylist()
    )
    digests = frozenset(row["sha256"] for row in rows if row["sha256"])
    return digests, frozenset(row["name"] for row in rows if not row["sha256"])


def is_verifier(actor: Actor, engagement: Engagement) -> bool:
    """Whether the actor is one of an open engagement's verifiers."""
    return is_shared(actor, engagement, "inventory.verify")


def require_verifier(actor: Actor, engagement: Engagement, run: RunRecord | None = None) -> Person:
    """Return who verifies, independent of the run.

    Raises
    ------
    django.core.exceptions.PermissionDenied
        If the actor is no verifier of the engagement.
    BadInput
        If the run is not one of the engagement's, or the actor has prepared or approved it.

    """
    if not is_verifier(actor, engagement):
        raise PermissionDenied(engagement.name)
    person = the_person(actor)
    if run is not None:
        is_engaged = engagement.runs.filter(pk=run.pk).exists()
        require(
            is_engaged, "verification-run-not-engaged", run=run.name, engagement=engagement.name
        )
        require(not has_worked_on(person, run), "verification-not-independent", person=str(person))
    return person


def has_worked_on(person: Person, run: RunRecord) -> bool:
    """Whether somebody has prepared a run or decided about it."""
    decided = Approval.objects.filter(
        subject=run._meta.label_lower, key=str(run.pk), person=person
    ).exists()
    return decided or run.is_prepared_by(person)

"""What people do in a verification: engage, tick, find, answer, close, state an opinion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from linyin.inventory import Inventory, is_candidate
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.verification.access import require_verifier
from linyin.inventory.web.verification.models import (
    Engagement,
    Opinion,
    SampleItem,
    VerificationFinding,
)
from linyin.inventory.web.verification.progress import RunProgress
from linyin.inventory.web.verification.stated import one_of, stated, wrong
from linyin.lake import BadInput
from linyin.organization.web.models import Node
from linyin.platform.actions import action, require
from linyin.platform.audit import record_event
from linyin.platform.models import Grant, Person
from linyin.platform.roles import roles
from linyin.platform.stale import require_seen

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = [
    "answer_matter",
    "change_engagement",
    "close_engagement",
    "close_matter",
    "invite_verifier",
    "open_engagement",
    "raise_matter",
    "return_matter",
    "state_opinion",
    "tick_item",
]

MG_PER_TONNE: Final = 10**9


@action("verification.manage")
def open_engagement(
    actor: Actor,
    *,
    node: Node,
    values: Mapping[str, Any],
    verifiers: Sequence[Person],
    runs: Sequence[RunRecord],
) -> Engagement:
    """Engage verifiers on runs of a node and what is below it."""
    engagement = Engagement(node=node, **values)
    engagement.save()
    _engage(actor, engagement, verifiers, runs)
    return engagement


@action("verification.manage")
def change_engagement(
    actor: Actor,
    engagement: Engagement,
    *,
    values: Mapping[str, Any],
    verifiers: Sequence[Person],
    runs: Sequence[RunRecord],
    version: int,
) -> Engagement:
    """Change what was agreed; its node stays, and a run that samples were drawn from too."""
    asked = {**values, "verifiers": list(verifiers), "runs": list(runs)}
    require_seen(engagement, version, asked)
    require(engagement.state == "open", "verification-closed", engagement=engagement.name)
    for name, value in values.items():
        setattr(engagement, name, value)
    engagement.version += 1
    engagement.save()
    _engage(actor, engagement, verifiers, runs)
    return engagement


@action("verification.manage", takes_away=True)
def close_engagement(actor: Actor, engagement: Engagement, *, comment: str) -> Engagement:  # noqa: ARG001
    """End an engagement: its verifiers no longer see anything."""
    require(engagement.state == "open", "verification-closed", engagement=engagement.name)
    engagement.state = "closed"
    engagement.version += 1
    engagement.save()
    return engagement


@action("verification.manage")
def invite_verifier(
    actor: Actor, engagement: Engagement, *, email: str, name: str, language: str = "en"
) -> Engagement:
    """Let an outsider verify: known from another engagement, or new with a link to sign in."""
    require(engagement.state == "open", "verification-closed", engagement=engagement.name)
    person = Person.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        person = Person.objects.create_user(email.strip(), name=name.strip(), language=language)
    _require_outsider(person)
    Grant.objects.get_or_create(person=person, role="verifier", node=engagement.node)
    verifiers = [*engagement.verifiers.exclude(pk=person.pk), person]
    engagement.version += 1
    engagement.save()
    _engage(actor, engagement, verifiers, list(engagement.runs.all()))
    return engagement


@action("inventory.verify")
def tick_item(
    actor: Actor, item: SampleItem, *, version: int, verdict: str,
    difference_t: Decimal | None = None, note: str = "",
) -> SampleItem:  # fmt: skip
    """Say what following a drawn entry to its evidence has shown.

    Parameters
    ----------
    difference_t
        Booked less found, for a misstated entry: below zero if too little was booked. [t CO2e]

    """
    engagement, run = item.sample.engagement, item.sample.run
    person = require_verifier(actor, engagement, run)
    stated = engagement.opinions.filter(run=run).exists()
    require(not stated, "verification-opinion-stated", run=run.name)
    one_of("verdict", verdict, SampleItem.VERDICTS)
    is_misstated = verdict == "misstated"
    difference_mg = _milligrams(difference_t) if is_misstated else None
    said = {"verdict": verdict, "difference_mg": difference_mg, "note": note.strip()}
    require_seen(item, version, said)
    if is_misstated and not difference_t:
        raise wrong("difference_t", "verification-difference-missing")
    if difference_t and not is_misstated:
        raise wrong("difference_t", "verification-difference-unasked")
    if difference_mg is not None and difference_mg > item.weight_mg:
        raise wrong("difference_t", "verification-difference-above")
    if verdict != "verified" and not note.strip():
        raise wrong("note", "verification-note-missing")
    item.verdict, item.note = verdict, note.strip()
    item.difference_mg = difference_mg
    item.ticked_by, item.ticked_at = person, timezone.now()
    item.version += 1
    item.save()
    return item


def _require_known(
    actor: Actor, engagement: Engagement, *, run: RunRecord, entry: str = "", **_: object
) -> None:
    """Look an entry that is named up in the run's bundle."""
    require_verifier(actor, engagement, run)
    if entry and not is_candidate(Inventory(run.path), entry):
        raise wrong("entry", "verification-entry-unknown", entry=entry, run=run.name)


@action("inventory.verify", first=_require_known)
def raise_matter(
    actor: Actor,
    engagement: Engagement,
    *,
    run: RunRecord,
    kind: str,
    severity: str,
    text: str,
    entry: str = "",
    amount_t: Decimal | None = None,
) -> VerificationFinding:
    """Record a finding about a run or one of its entries.

    Parameters
    ----------
    amount_t
        Booked less found. [t CO2e]

    """
    person = require_verifier(actor, engagement, run)
    one_of("kind", kind, VerificationFinding.KINDS)
    one_of("severity", severity, VerificationFinding.SEVERITIES)
    stated("text", text)
    finding = VerificationFinding(
        engagement=engagement, run=run, kind=kind, severity=severity, text=text.strip(),
        entry=entry, amount_mg=_milligrams(amount_t), raised_by=person,
    )  # fmt: skip
    finding.save()
    return finding


@action("verification.manage")
def answer_matter(
    actor: Actor, finding: VerificationFinding, *, comment: str
) -> VerificationFinding:
    """Answer a verifier's finding: what was corrected, or why it stands."""
    require(finding.state == "open", "verification-finding-not-open", finding=str(finding))
    finding.state, finding.answer, finding.answered_by = "answered", comment, actor.person
    return _kept(finding)


@action("inventory.verify")
def return_matter(
    actor: Actor, finding: VerificationFinding, *, comment: str
) -> VerificationFinding:
    """Open a finding again whose answer does not settle it."""
    require_verifier(actor, finding.engagement, finding.run)
    require(finding.state != "open", "verification-finding-open", finding=str(finding))
    finding.state, finding.conclusion = "open", comment
    return _kept(finding)


@action("inventory.verify")
def close_matter(
    actor: Actor, finding: VerificationFinding, *, comment: str
) -> VerificationFinding:
    """Close a finding; only its verifiers do."""
    person = require_verifier(actor, finding.engagement, finding.run)
    require(finding.state != "closed", "verification-finding-closed", finding=str(finding))
    finding.state, finding.conclusion, finding.closed_by = "closed", comment, person
    return _kept(finding)


@action("inventory.verify")
def state_opinion(
    actor: Actor, engagement: Engagement, *, run: RunRecord, kind: str, text: str
) -> Opinion:
    """State an opinion on a locked run, once every drawn entry is followed.

    No material finding may be open; the level of assurance and the materiality are those agreed.
    """
    person = require_verifier(actor, engagement, run)
    one_of("kind", kind, Opinion.KINDS)
    stated("text", text)
    progress = RunProgress.of(engagement, run)
    if progress.obstacle is not None:
        raise BadInput([progress.obstacle])
    opinion = Opinion(
        engagement=engagement, run=run, kind=kind, level=engagement.level,
        materiality_pct=engagement.materiality_pct, coverage=round(Decimal(progress.coverage), 4),
        text=text.strip(), run_hash=run.entries_hash, stated_by=person,
    )  # fmt: skip
    opinion.save()
    return opinion


def _engage(
    actor: Actor, engagement: Engagement, verifiers: Sequence[Person], runs: Sequence[RunRecord]
) -> None:
    """Set who verifies what, and tell the audit trail, which reads no lists from records."""
    below = actor.tree.subtree(engagement.node.code)
    outside = [run.name for run in runs if run.node.code not in below]
    if outside:
        raise wrong("runs", "verification-run-outside", runs=", ".join(outside),
                     node=engagement.node.code)  # fmt: skip
    for person in verifiers:
        _require_outsider(person)
    begun = engagement.runs.filter(samples__engagement=engagement).exclude(
        pk__in=[run.pk for run in runs]
    )
    require(not begun.exists(), "verification-run-sampled", run=str(begun.first()))
    before = _agreed(engagement)
    engagement.verifiers.set(verifiers)
    engagement.runs.set(runs)
    after = _agreed(engagement)
    if before != after:
        record_event(
            actor, "inventory.engage", subject=engagement._meta.label_lower,
            key=str(engagement.pk), node=engagement.node.code, before=before, after=after,
        )  # fmt: skip


def _require_outsider(person: Person) -> None:
    """Refuse who works for the enterprise: nobody verifies their own house."""
    inside = [g.role for g in person.grants.all() if not roles()[g.role].is_guest]
    if inside:
        raise wrong("verifiers", "verification-person-inside", person=str(person))


def _agreed(engagement: Engagement) -> dict[str, str]:
    people = engagement.verifiers.order_by("name")
    runs = engagement.runs.order_by("name")
    return {
        "verifiers": ", ".join(str(p) for p in people),
        "runs": ", ".join(run.name for run in runs),
    }


def _kept(finding: VerificationFinding) -> VerificationFinding:
    finding.version += 1
    finding.save()
    return finding


def _milligrams(tonnes: Decimal | None) -> int | None:
    return None if tonnes is None else int((tonnes * MG_PER_TONNE).to_integral_value())

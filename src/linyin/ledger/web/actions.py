"""What people do with own factors: prove, submit, approve with four eyes, revise, withdraw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from linyin.lake import BadInput
from linyin.ledger.web.factor_check import check_factor
from linyin.ledger.web.factor_models import OwnFactor
from linyin.platform.actions import action, require, snapshot, the_person
from linyin.platform.audit import record_event
from linyin.platform.grants import visible_to
from linyin.platform.models import Approval, AuditEvent, Document

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = [
    "approve_factor",
    "attach_evidence",
    "reject_factor",
    "revise_factor",
    "submit_factor",
    "withdraw_factor",
]

_REVISION = re.compile(r"-r(\d+)$")


@action("factors.propose")
def attach_evidence(actor: Actor, factor: OwnFactor, *, sha256: str) -> OwnFactor:
    """Name the document that states an open factor's value."""
    require(factor.state in factor.OPEN, "factor-not-open", factor=factor.factor_id)
    document = visible_to(actor, Document, "documents.view").filter(sha256=sha256.lower()).first()
    require(document is not None, "factor-document-unknown", value=sha256[:16])
    factor.evidence_sha256 = sha256.lower()
    return _changed(factor)


@action("factors.propose")
def submit_factor(actor: Actor, factor: OwnFactor, *, comment: str = "") -> OwnFactor:  # noqa: ARG001 - goes into the audit trail
    """Put an open factor before a second person; it needs the document that states its value."""
    require(factor.state in factor.OPEN, "factor-not-open", factor=factor.factor_id)
    has_document = Document.objects.filter(sha256=factor.evidence_sha256).exists()
    require(has_document and factor.evidence != "remembered", "factor-without-evidence",
            factor=factor.factor_id)  # fmt: skip
    wrong = list(check_factor(factor))
    if wrong:
        raise BadInput(wrong)
    factor.proposed_by = the_person(actor)
    factor.state = "proposed"
    return _changed(factor)


@action("factors.approve")
def approve_factor(actor: Actor, factor: OwnFactor, *, comment: str = "") -> OwnFactor:
    """Approve a proposed factor in the place of what it revises; its writers can't."""
    require(factor.state == "proposed", "factor-not-proposed", factor=factor.factor_id)
    person = the_person(actor)
    require(person != factor.proposed_by and not _has_written(person, factor),
            "approval-four-eyes", person=str(person))  # fmt: skip
    old = factor.revises
    if old is not None and old.state == "approved":
        before = snapshot(old)
        old.state = "withdrawn"
        _changed(old)
        record_event(
            actor, "ledger.withdraw_factor", subject=old._meta.label_lower, key=str(old.pk),
            node=old.grant_node, before=before, after=snapshot(old), reason=factor.factor_id,
        )  # fmt: skip
    return _decided(actor, factor, "approved", comment)


@action("factors.approve")
def reject_factor(actor: Actor, factor: OwnFactor, *, comment: str) -> OwnFactor:
    """Give a proposed factor back and say what is to be mended."""
    require(factor.state == "proposed", "factor-not-proposed", factor=factor.factor_id)
    require(comment.strip(), "factor-without-comment")
    return _decided(actor, factor, "rejected", comment)


@action("factors.propose")
def revise_factor(actor: Actor, factor: OwnFactor, *, reason: str) -> OwnFactor:
    """Begin the next version of an approved factor, which stays in use until that is approved."""
    require(factor.state == "approved", "factor-not-approved", factor=factor.factor_id)
    require(reason.strip(), "factor-without-comment")
    begun = factor.revisions.filter(state__in=(*factor.OPEN, "proposed")).first()
    require(begun is None, "factor-revision-begun", factor=str(begun))
    next_id = _next_id(factor.factor_id)
    require(not OwnFactor.objects.filter(factor_id=next_id).exists(),
            "factor-id-taken", value=next_id)  # fmt: skip
    made = factor.again(next_id)
    made.save()
    record_event(
        actor, "ledger.create_own-factors", subject=made._meta.label_lower, key=str(made.pk),
        node=made.grant_node, after=snapshot(made), reason=reason,
    )  # fmt: skip
    return made


@action("factors.approve", takes_away=True)
def withdraw_factor(actor: Actor, factor: OwnFactor, *, comment: str) -> OwnFactor:
    """Take an approved factor out of use; runs that used it keep it in their bundles."""
    require(factor.state == "approved", "factor-not-approved", factor=factor.factor_id)
    require(comment.strip(), "factor-without-comment")
    return _decided(actor, factor, "withdrawn", comment)


def _has_written(person: Any, factor: OwnFactor) -> bool:
    """Whether the person has made or changed it, as the audit trail knows."""
    wrote = ("ledger.create_own-factors", "ledger.update_own-factors", "ledger.attach_evidence")
    return AuditEvent.objects.filter(
        subject=factor._meta.label_lower, key=str(factor.pk), person=person, action__in=wrote
    ).exists()


def _decided(actor: Actor, factor: OwnFactor, state: str, comment: str) -> OwnFactor:
    factor.state = state
    Approval.objects.create(
        subject=factor._meta.label_lower, key=str(factor.pk), level="factor",
        person=the_person(actor), is_granted=state == "approved", comment=comment,
    )  # fmt: skip
    return _changed(factor)


def _changed(factor: OwnFactor) -> OwnFactor:
    factor.version += 1
    factor.save()
    return factor


def _next_id(factor_id: str) -> str:
    found = _REVISION.search(factor_id)
    return f"{_REVISION.sub('', factor_id)}-r{int(found[1]) + 1 if found else 2}"

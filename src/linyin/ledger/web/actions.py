"""What people do with the enterprise's own factors: propose, approve with four eyes, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linyin.ledger.web.models import OwnFactor
from linyin.platform.actions import action, require, the_person
from linyin.platform.models import Approval

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["approve_factor", "reject_factor", "withdraw_factor"]


@action("factors.approve")
def approve_factor(actor: Actor, factor: OwnFactor, *, comment: str = "") -> OwnFactor:
    """Approve a proposed factor; whoever proposed it can't."""
    require(factor.state == "proposed", "factor-not-proposed", factor=factor.factor_id)
    person = the_person(actor)
    require(person != factor.proposed_by, "approval-four-eyes", person=str(person))
    return _decided(actor, factor, "approved", comment)


@action("factors.approve")
def reject_factor(actor: Actor, factor: OwnFactor, *, comment: str) -> OwnFactor:
    """Reject a proposed factor and say why."""
    require(factor.state == "proposed", "factor-not-proposed", factor=factor.factor_id)
    return _decided(actor, factor, "rejected", comment)


@action("factors.approve")
def withdraw_factor(actor: Actor, factor: OwnFactor, *, comment: str) -> OwnFactor:
    """Take an approved factor out of use; runs that used it keep it in their bundles."""
    require(factor.state == "approved", "factor-not-approved", factor=factor.factor_id)
    return _decided(actor, factor, "withdrawn", comment)


def _decided(actor: Actor, factor: OwnFactor, state: str, comment: str) -> OwnFactor:
    factor.state = state
    factor.row = {**factor.row, "status": "approved" if state == "approved" else "draft"}
    factor.version += 1
    factor.save()
    Approval.objects.create(
        subject=factor._meta.label_lower, key=str(factor.pk), level="factor",
        person=the_person(actor),
        is_granted=state == "approved", comment=comment,
    )  # fmt: skip
    return factor

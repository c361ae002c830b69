"""When a run is calculated anew: its verification goes on with the new one, its papers stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linyin.inventory.web.verification.models import Opinion, Sample, VerificationFinding

if TYPE_CHECKING:
    from linyin.inventory.web.models import RunRecord

__all__ = ["hand_over"]


def hand_over(old: RunRecord, new: RunRecord) -> bool:
    """Engage the verifiers of a replaced draft on its successor.

    Returns
    -------
    bool
        Whether the old run is part of a verifier's papers (drawn from, found fault with, stated
        on) and so has to stay; it is then superseded.

    """
    for engagement in old.engagements.filter(state="open"):
        engagement.runs.add(new)
    papers = (Sample, VerificationFinding, Opinion)
    is_kept = any(paper.objects.filter(run=old).exists() for paper in papers)
    if is_kept:
        old.state = "superseded"
        old.version += 1
        old.save()
    return is_kept

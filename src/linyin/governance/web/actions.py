"""What people do: record decisions and correct them, plan a year, finish its steps."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from linyin.governance import plan_of_year
from linyin.governance.web.models import Body, Decision, Member, Milestone
from linyin.organization.web.models import Node
from linyin.platform.actions import action, refused, require, snapshot
from linyin.platform.audit import record_event
from linyin.platform.grants import visible_to
from linyin.platform.models import Document
from linyin.platform.resources.named import named_record

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.tree import Tree

__all__ = [
    "correct_decision",
    "finish_milestone",
    "plan_year",
    "record_decision",
    "reopen_milestone",
]


@action("governance.edit")
def record_decision(
    actor: Actor,
    body: Body,
    *,
    decided_on: date,
    heading: str,
    text: str,
    way: str = "consent",
    result: str = "adopted",
    votes_for: int = 0,
    votes_against: int = 0,
    abstained: int = 0,
    about: str = "",
    documents: list[str] = [],  # noqa: B006 - never changed
) -> Decision:
    """Record what a body has decided; its number is the body's next of that year.

    Parameters
    ----------
    actor, body
        Who records it, and whose decision it is.
    decided_on
        When the body decided: not in the future, and while the body existed.
    heading, text
        What was decided, in a line and in full.
    way, result
        How it came about, and what came of it: values of :class:`Decision`.
    votes_for, votes_against, abstained
        Of a decision by votes; together no more than the body had voting members that day.
    about
        The record that it decides on: `<resource>/<key>`, or the address of its page.
    documents
        sha256 of documents that belong to it.

    Raises
    ------
    BadInput
        If one of these does not hold; nothing is recorded.

    """
    stated = _stated(
        actor, body, decided_on, heading, text, way, result,
        (votes_for, votes_against, abstained), about,
    )  # fmt: skip
    return _keep(actor, Decision(body=body, **stated), documents)


@action("governance.edit")
def correct_decision(
    actor: Actor,
    decision: Decision,
    *,
    decided_on: date,
    heading: str,
    text: str,
    way: str = "consent",
    result: str = "adopted",
    votes_for: int = 0,
    votes_against: int = 0,
    abstained: int = 0,
    about: str = "",
    documents: list[str] = [],  # noqa: B006 - never changed
) -> Decision:
    """Record a decision in the place of an earlier one of the same body, which stays as it is.

    Raises
    ------
    BadInput
        If the earlier one is already corrected, is younger, or the new one does not hold.

    """
    is_corrected = Decision.objects.filter(corrects=decision).exists()
    require(not is_corrected, "decision-corrected", number=decision.number)
    is_later = decided_on >= decision.decided_on
    require(is_later, "decision-before", number=decision.number,
            day=decision.decided_on.isoformat())  # fmt: skip
    stated = _stated(
        actor, decision.body, decided_on, heading, text, way, result,
        (votes_for, votes_against, abstained), about,
    )  # fmt: skip
    return _keep(actor, Decision(body=decision.body, corrects=decision, **stated), documents)


def _stated(
    actor: Actor,
    body: Body,
    decided_on: date,
    heading: str,
    text: str,
    way: str,
    result: str,
    votes: tuple[int, int, int],
    about: str,
) -> dict[str, Any]:
    require(heading.strip() and text.strip(), "decision-without-text")
    require(way in Decision.WAYS, "decision-way", value=way, expected=", ".join(Decision.WAYS))
    expected = ", ".join(Decision.RESULTS)
    require(result in Decision.RESULTS, "decision-result", value=result, expected=expected)
    require(decided_on <= localdate(), "decision-future", day=decided_on.isoformat())
    begun = body.begin is None or body.begin <= decided_on
    require(begun and (body.end is None or decided_on < body.end), "decision-body-away",
            body=str(body), day=decided_on.isoformat())  # fmt: skip
    if way == "votes":
        _require_votes(body, decided_on, votes)
    counted: tuple[int | None, ...] = votes if way == "votes" else (None, None, None)
    return {
        "decided_on": decided_on, "heading": heading.strip(), "text": text.strip(), "way": way,
        "result": result, "votes_for": counted[0], "votes_against": counted[1],
        "abstained": counted[2], "about": _about(actor, about),
    }  # fmt: skip


def _require_votes(body: Body, day: date, votes: tuple[int, int, int]) -> None:
    require(min(votes) >= 0 and votes[0] + votes[1] > 0, "decision-without-votes")
    members = body.members_on(day).filter(role__in=Member.VOTING).count()
    require(sum(votes) <= members, "decision-votes-many", votes=sum(votes), members=members,
            body=str(body))  # fmt: skip


def _about(actor: Actor, text: str) -> str:
    """Return what a decision is about; it must be a record that the actor sees."""
    if not text.strip():
        return ""
    found = named_record(text)
    if found is None or not actor.may(found[0].view) or found[0].row(actor, found[1]) is None:
        raise refused("decision-about", value=text.strip())
    return f"{found[0].name}/{found[1]}"


def _keep(actor: Actor, decision: Decision, sha256s: list[str]) -> Decision:
    wanted = set(sha256s)
    seen = visible_to(actor, Document, "documents.view").filter(sha256__in=wanted)
    own_last = sorted(seen, key=lambda document: document.node_id == decision.body.node_id)
    documents = {document.sha256: document for document in own_last}
    unknown = wanted - documents.keys()
    require(not unknown, "decision-document", value=", ".join(sorted(unknown)))
    year = decision.decided_on.year
    # The body is locked, so that two who record at once get two numbers.
    body = Body.objects.select_for_update().get(pk=decision.body_id)
    taken = body.decisions.filter(number__startswith=f"{year}-").values_list("number", flat=True)
    last = max((int(number.rpartition("-")[2]) for number in taken), default=0)
    decision.number = f"{year}-{last + 1:02}"
    decision.recorded_by = actor.person
    decision.save()
    decision.documents.set(documents.values())
    record_event(
        actor, "governance.create_decision", subject=decision._meta.label_lower,
        key=str(decision.pk), node=decision.grant_node,
        after=snapshot(decision) | {"documents": sorted(wanted)},
    )  # fmt: skip
    return decision


@action("governance.edit")
def plan_year(
    actor: Actor,
    *,
    node: Node,
    year: int,
    last_day: date | None = None,
) -> list[Milestone]:
    """Give an inventory year of a node the steps of the template that it does not have yet.

    Parameters
    ----------
    actor, node
        Who plans, and whose inventory.
    year
        The inventory year.
    last_day
        Its last day, where the fiscal year is not the calendar's.

    Returns
    -------
    list of Milestone
        Those that were made, each with the body of its kind: the node's, else the next above.

    """
    require(1990 <= year <= 2200, "year-unknown", year=year)
    last = last_day or date(year, 12, 31)
    require(last.year in (year, year + 1), "year-ends-elsewhere", year=year, day=last.isoformat())
    there = set(Milestone.objects.filter(node=node, year=year).values_list("kind", flat=True))
    bodies = _bodies_of(node, actor.tree)
    end = date.fromordinal(last.toordinal() + 1)
    made = [
        Milestone(
            node=node, year=year, kind=step.kind, begin=step.begin, due=step.due,
            body=bodies.get(step.body),
        )
        for step in plan_of_year(end) if step.kind not in there
    ]  # fmt: skip
    for milestone in made:
        milestone.save()
    return made


def _bodies_of(node: Node, tree: Tree) -> dict[str, Body]:
    """Return kind → the body that answers for a node: its own, else that of the next above it."""
    bodies: dict[str, Body] = {}
    for code in reversed(tree.path_to(node.code)):
        for body in Body.objects.filter(node__code=code).order_by("code"):
            bodies.setdefault(body.kind, body)
    return bodies


@action("governance.edit")
def finish_milestone(
    actor: Actor,  # noqa: ARG001
    milestone: Milestone,
    *,
    done_on: date | None = None,
    note: str = "",
) -> Milestone:
    """Say that a step is done, today or on an earlier day."""
    require(milestone.done_on is None, "milestone-done", day=str(milestone.done_on))
    day = done_on or localdate()
    require(day <= localdate(), "milestone-future", day=day.isoformat())
    milestone.done_on = day
    milestone.note = note.strip() or milestone.note
    milestone.version += 1
    milestone.save()
    return milestone


@action("governance.edit")
def reopen_milestone(actor: Actor, milestone: Milestone, *, reason: str) -> Milestone:  # noqa: ARG001
    """Say that a step is not done after all."""
    require(milestone.done_on is not None, "milestone-open")
    milestone.done_on = None
    milestone.version += 1
    milestone.save()
    return milestone

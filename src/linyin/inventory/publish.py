"""Publishing: a run that two people stand for, and that never changes again."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from linyin.inventory.inventory import Inventory
from linyin.lake import BadInput, Finding, Where
from linyin.ledger import write_publication

__all__ = ["publish"]

_DRAFTS: Final = {"factor-draft": "factor", "gwp-draft": "value"}
"""Finding about a draft → its field that names the draft."""


def publish(
    bundle: Path | str,
    *,
    prepared_by: str,
    approved_by: str,
    authenticated: bool = False,
    is_verified: bool = False,
) -> Inventory:
    """Publish a bundle: from now on its state, preparer and approver are on record.

    `authenticated` says that both have signed in and that their approvals are kept, where it is
    also kept whether the bundle is published: one that whoever keeps it knows nothing of, because
    the machine died before, is written anew. `is_verified` says that the caller has just held
    the bundle against its manifest.

    Raises
    ------
    BadInput
        If one person would do both, a draft factor or GWP is used that nobody waived by name, the
        run is published already.
    linyin.ledger.BundleError
        If the bundle is not what its manifest says.

    """
    inventory = Inventory(bundle)
    if not is_verified:
        inventory.verify()
    where = Where(inventory.path.name)
    wrong: list[Finding] = []
    people = {"prepared_by": prepared_by.strip(), "approved_by": approved_by.strip()}
    if not all(people.values()) or len({_same_person(name) for name in people.values()}) < 2:
        wrong.append(Finding("publish-four-eyes", "error", where, people))
    is_published = inventory.run["state"] == "published"
    if is_published and not (authenticated and inventory.run.get("authenticated")):
        by = {"approved_by": str(inventory.run["approved_by"])}
        wrong.append(Finding("publish-twice", "error", where, by))
    wrong += [
        Finding("publish-draft", "error", where, {"draft": f.fields[_DRAFTS[f.code]]})
        for f in inventory.findings
        if f.code in _DRAFTS
    ]
    if wrong:
        raise BadInput(wrong)
    record: dict[str, object] = {
        **people,
        "authenticated": authenticated,
        "published": datetime.now(UTC).isoformat(timespec="seconds"),
        "content": inventory.manifest.content,
    }
    write_publication(inventory.path, record)
    return Inventory(inventory.path)


def _same_person(name: str) -> str:
    """Fold what two spellings of one name may differ by: width, case, blanks, invisible signs."""
    shown = (c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return "".join("".join(shown).casefold().split())

"""`linyin audit verify`: whether any event of the audit trail was altered or is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from linyin.cli.command import Answer, command, option
from linyin.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["verify"]

_SHOWN: Final = 20


@command("verify", key="audit.verify")
@workspace_option
@option("--end", default="", help="option.end")
def verify(session: Session, folder: Path, end: str) -> Answer:
    """Verify the chain of the audit trail."""
    from linyin.lake import BadInput, Finding, Where

    if end and not re.fullmatch("[0-9a-f]{64}", end):
        at = Where(column="--end")
        raise BadInput([Finding("audit-end-unreadable", "error", at, {"value": end})])
    opened(folder)
    from linyin.platform.audit import last_event
    from linyin.platform.audit import verify as faults_of_chain

    last = last_event()
    faults = list(faults_of_chain(end))
    data = {
        "ok": not faults,
        "events": last.number,
        "end": last.hash if last.number else "",
        "faults": [{"number": fault.number, "kind": fault.kind} for fault in faults],
    }
    view = [
        session.say(f"audit.verify.{fault.kind}", number=fault.number) for fault in faults[:_SHOWN]
    ]
    if len(faults) > _SHOWN:
        view.append(session.say("audit.verify.more", number=len(faults) - _SHOWN))
    whole = "broken" if faults else "holds" if last.number else "empty"
    view.append(session.say(f"audit.verify.{whole}", number=last.number, hash=last.hash))
    return Answer(data, view, code=1 if faults else 0)

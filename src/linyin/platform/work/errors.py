"""What went wrong, as findings that people can read; a traceback goes to the log only."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError

from linyin.lake import Finding, LakeBusy
from linyin.platform.work.storage import storage_finding

__all__ = ["findings_of", "may_pass"]


def may_pass(error: Exception) -> bool:
    """Whether the same work may succeed a little later: not on a disk that is full."""
    away = OperationalError | InterfaceError
    passes = isinstance(error, LakeBusy | away) or isinstance(error.__cause__, away)
    return passes and "disk is full" not in str(error)


def findings_of(error: Exception) -> tuple[Finding, ...] | None:
    """Return what a person can mend, or None for an error that is the program's own.

    Errors of the libraries carry their findings: as `findings`, as `finding`, or as `finding()`.
    """
    several = getattr(error, "findings", None)
    if isinstance(several, Iterable):
        return tuple(several)
    one = getattr(error, "finding", None)
    if callable(one):
        one = one()
    if isinstance(one, Finding):
        return (one,)
    if isinstance(error, ValidationError):
        return tuple(
            Finding("job-refused", "error", fields={"problem": text}) for text in error.messages
        )
    if isinstance(error, PermissionDenied):
        return (Finding("job-not-allowed", "error"),)
    if may_pass(error):
        return (Finding("job-database-away", "error"),)
    stuck = storage_finding(error)
    return None if stuck is None else (stuck,)

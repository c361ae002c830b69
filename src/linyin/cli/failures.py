"""Errors that a user can mend, whatever room they come from, as findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linyin.lake import Finding

__all__ = ["Failure", "failure_of", "is_interrupt"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command could not answer."""

    findings: tuple[Finding, ...]


def failure_of(error: Exception) -> Failure | None:
    """Return what a user must mend, or None for an error that is the program's own."""
    from linyin.inventory import DecompositionError, SamplingError
    from linyin.lake import BadInput, Finding, LakeError, Where
    from linyin.ledger import BundleError, LedgerError, UncertaintyError

    match error:
        case BadInput() | BundleError():
            return Failure(tuple(error.findings))
        case LakeError():
            return Failure((error.finding,))
        case LedgerError():
            return Failure((error.finding(),))
        case SamplingError():
            fields = {"problem": str(error)}
            return Failure((Finding("sampling-refused", "error", Where(), fields),))
        case OSError() if error.filename:
            code, at = _os_code(error), Where(str(error.filename))
            return Failure((Finding(code, "error", at, {"problem": error.strerror or ""}),))
        case FileExistsError():
            return Failure((Finding("folder-in-use", "error", fields={"problem": str(error)}),))
        case DecompositionError():
            problem = {"problem": str(error)}
            return Failure((Finding("diff-refused", "error", fields=problem),))
        case UncertaintyError():
            problem = {"problem": str(error)}
            return Failure((Finding("uncertainty-refused", "error", fields=problem),))
    return None


def _os_code(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "path-missing"
    return "path-exists" if isinstance(error, FileExistsError) else "path-unusable"


def is_interrupt(error: Exception) -> bool:
    """Whether an engine turned Ctrl-C into an error of its own."""
    import duckdb

    if isinstance(error, RuntimeError) and str(error) == "Query interrupted":
        return True
    return isinstance(error, duckdb.InterruptException)

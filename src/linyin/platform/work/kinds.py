"""Kinds of jobs: functions that rooms declare with `@job`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Concatenate, Final

from linyin.platform.work.context import JobContext

__all__ = ["JobKind", "job", "kinds"]

type JobFunction[**P] = Callable[Concatenate[JobContext, P], Any]

ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class JobKind:
    """What is known of a kind of job.

    Attributes
    ----------
    function
        Called as `function(context, **arguments)`; what it returns is JSON.
    attempts
        How often it is begun before it counts as failed.
    every
        How often it is asked for by itself; None = only when somebody asks.
    is_awaited
        Whether somebody sits before the page that shows what it finds: it goes before others.

    """

    name: str
    function: Callable[..., Any]
    attempts: int
    every: timedelta | None
    is_awaited: bool = False

    @property
    def priority(self) -> int:
        """In the queue: what somebody waits for, what somebody has asked for, what comes anyway."""
        return 10 if self.is_awaited else 0 if self.every is None else -10


_KINDS: dict[str, JobKind] = {}


def job[**P](
    name: str,
    *,
    attempts: int = ATTEMPTS,
    every: timedelta | None = None,
    is_awaited: bool = False,
) -> Callable[[JobFunction[P]], JobFunction[P]]:
    """Declare a kind of job: `@job("import-file")` over `(context, **arguments) -> JSON value`.

    **The contract.** A worker may be killed between any two lines of the function. Then another
    begins it again from its first line, with the same arguments. So that nothing is done twice:

    - SQL that must happen once goes through `context.once`: its effect and the note that it has
      happened are one transaction;
    - anything else (a file, the lake, a mail) goes through `context.keep` and may be repeated
      without harm: post revisions with a fixed source and external ids (what is there already is
      no news), write a file under its hash or by rename, never append;
    - every loop calls `context.checkpoint()` or `context.step()`, which end a job that was
      cancelled or that another worker has taken up.

    Parameters
    ----------
    name
        Name of the kind; in `words.csv` it is `job.<name>`.
    attempts
        How often it is begun before it counts as failed. Only death of the worker, a database
        that went away and a busy lake are tried again; other errors would come again.
    every
        How often the workers ask for it by themselves.
    is_awaited
        Whether somebody sits before the page that shows what it finds.

    Raises
    ------
    ValueError
        If another function has the name.

    """

    def declare(function: JobFunction[P]) -> JobFunction[P]:
        known = _KINDS.get(name)
        if known is not None and known.function is not function:
            raise ValueError(f"two kinds of job are called {name}")
        _KINDS[name] = JobKind(name, function, attempts, every, is_awaited)
        return function

    return declare


def kinds() -> Mapping[str, JobKind]:
    """Return all kinds by name."""
    return _KINDS

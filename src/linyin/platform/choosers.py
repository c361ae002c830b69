"""The context in the header: which part of the organization; rooms add year and run."""

from __future__ import annotations

from django.utils import timezone

from linyin.platform.parts import Chip, Notice
from linyin.platform.shell import CHOOSERS, WATCHES, Page
from linyin.platform.words import lang, say
from linyin.platform.work.beat import worker_seen_at

__all__ = ["node_chip", "worker_notice"]

SILENT_SECONDS = 30
BEGUN = timezone.now()
"""When this process began to serve."""


def node_chip(page: Page) -> Chip | None:
    """Offer the nodes that the reader reaches."""
    codes = frozenset().union(*page.actor.reach.values()) if page.actor.reach else frozenset()
    options = page.actor.tree.options(codes, lang())
    if not options:
        return None
    chosen = page.scope.node
    shown = page.node_shown or chosen or (options[0][0] if len(options) == 1 else "")
    label = next((name.strip() for code, name in options if code == shown), "")
    choices = [(say("shell.any_node"), page.address(node="", run=""), not chosen, 0)]
    for code, name in options:
        depth = len(name) - len(name.lstrip("\u2003"))
        choices.append((name.strip(), page.address(node=code, run=""), code == chosen, depth))
    return Chip("node", label, choices)


def worker_notice(page: Page) -> Notice | None:
    """Warn when no worker has been seen for half a minute.

    Where none was ever seen, or the last one was stopped in order, since the server began.
    """
    if page.actor.person is None:
        return None
    silent = timezone.now() - (worker_seen_at() or BEGUN)
    if silent.total_seconds() <= SILENT_SECONDS:
        return None
    starts = page.actor.may("jobs.manage")
    told = say("worker.silent.start" if starts else "worker.silent.help")
    return Notice(say("worker.silent"), told, "warning")


CHOOSERS.append(node_chip)
WATCHES.append(worker_notice)

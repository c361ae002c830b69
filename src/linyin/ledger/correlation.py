"""Correlation groups that a row names for its inputs.

plans               all inputs of the row err with those of other rows of `plans`
lifetime:fleet-5y   the lifetime does; the other inputs are as if nothing were named
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from linyin.ledger.contexts import inputs
from linyin.ledger.faults import LedgerError

__all__ = ["input_groups"]


@lru_cache(maxsize=4096)
def input_groups(text: str) -> Mapping[str, str]:
    """Read the groups that a row names: input → group; '' → group of all others.

    Parameters
    ----------
    text : str
        Parts such as `lifetime:fleet-5y`, or one bare name, space separated.

    Raises
    ------
    LedgerError
        `correlation-group-broken` if a part names no input, no group or what another part does.

    """
    groups: dict[str, str] = {}
    for part in text.split():
        name, colon, group = part.partition(":")
        if not colon:
            name, group = "", name
        if not group or name in groups or (colon and name not in inputs()):
            raise LedgerError("correlation-group-broken", part=part, value=text)
        groups[name] = group
    return groups

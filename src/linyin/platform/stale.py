"""What was seen of a record, and what is there by the time somebody acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

if TYPE_CHECKING:
    from django.db import models

    from linyin.platform.models.record import Record

__all__ = ["Stale", "Versioned", "read_again", "require_seen"]


class Versioned(Protocol):
    """What can be seen at one version and be another when somebody acts on it."""

    @property
    def version(self) -> int:
        """Number that every change raises."""


class Stale(Exception):
    """Somebody else has changed the record since the form was shown.

    Attributes
    ----------
    record
        As it is now.
    stated
        What the form or the request states, by field; where it states none, what was there at
        the version that it saw.

    """

    def __init__(self, record: Any, stated: Mapping[str, Any]) -> None:
        super().__init__(f"{record} has changed")
        self.record, self.stated = record, dict(stated)


def read_again(record: models.Model) -> None:
    """Lock a record until the transaction ends, and bring it to what is stored.

    Raises
    ------
    django.http.Http404
        If somebody has removed it.

    """
    stored = type(record)._base_manager.select_for_update()
    try:
        record.refresh_from_db(from_queryset=stored)
    except ObjectDoesNotExist as gone:
        raise Http404 from gone


def require_seen(record: Record, version: int, stated: Mapping[str, Any] | None = None) -> None:
    """Refuse what rests on another version of a record than is there.

    Parameters
    ----------
    record
        Locked, as it is stored.
    version
        Of what was seen.
    stated
        What would be written over it, by field; none to remove it or to do something to it.

    Raises
    ------
    Stale
        If somebody has changed it since.

    """
    from linyin.platform.history import values_at

    if record.version != version:
        raise Stale(record, values_at(record, version) if stated is None else stated)

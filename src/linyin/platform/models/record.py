"""What every record has: a version that tells a stale edit from a fresh one, and a node."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any, ClassVar, Self

from django.db import models

__all__ = ["Record", "owner_path"]


def owner_path(model: type[models.Model]) -> str:
    """Return the lookup of the person to whom a model's rows belong, '' if they belong to nodes."""
    path: str = getattr(model, "OWNER_PATH", "")
    return path


class Record(models.Model):
    """A row that people maintain.

    Attributes
    ----------
    NODE_PATH
        Lookup of the code of the node it belongs to; grants on that node (or above it) decide
        who sees and changes it. Empty: it belongs to the whole organization.
    OWNER_PATH
        Lookup of the key of the person it belongs to: nobody else sees or changes it. Empty: it
        belongs to a node.
    version
        Counts the changes; a form sends back the one it showed.

    """

    NODE_PATH: ClassVar[str] = "node__code"
    OWNER_PATH: ClassVar[str] = ""

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True

    @property
    def grant_node(self) -> str:
        """Code of the node that grants are asked of; empty = the whole organization."""
        found: object = self
        for step in filter(None, self.NODE_PATH.split("__")):
            found = getattr(found, step)
        return found if isinstance(found, str) else ""

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return a copy as it would be with other values, stored nowhere."""
        made = copy(self)
        for name, value in values.items():
            setattr(made, name, value)
        return made

    def nodes_to_reach(self) -> Collection[str]:
        """Return the codes of the nodes that whoever keeps it must reach; '' = all of them."""
        return {self.grant_node}

    def is_owned_by(self, person: Any) -> bool:
        """Whether it belongs to a person."""
        owner = getattr(self, self.OWNER_PATH) if self.OWNER_PATH else None
        return owner is not None and person is not None and owner == person.pk

"""Who acts: a person through a channel, with what they are granted today."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linyin.platform.grants import Guest
    from linyin.platform.models import Grant, Person
    from linyin.platform.tasks import Task
    from linyin.platform.tree import Tree

__all__ = ["Actor", "Channel", "who_asks"]

type Channel = Literal["web", "api", "cli", "job"]


@dataclass(frozen=True)
class Actor:
    """A person (None: nobody has signed in) who acts through a channel.

    Attributes
    ----------
    scopes
        Permissions that a token is confined to; None = all of the person's.
    is_operator
        The owner of the machine at the command line: may do everything, and is audited as such.

    """

    person: Person | None
    channel: Channel
    scopes: frozenset[str] | None = None
    is_operator: bool = False

    @cached_property
    def tree(self) -> Tree:
        """Today's tree of the organization, read once."""
        from linyin.platform.tree import Tree

        return Tree()

    @cached_property
    def grants(self) -> list[Grant]:
        """What the person is granted; nothing if nobody has signed in or they are gone."""
        if self.is_operator or self.person is None or not self.person.is_active:
            return []
        return list(self.person.grants.select_related("node"))

    @cached_property
    def guest(self) -> Guest | None:
        """The person as a guest, if they are one."""
        from linyin.platform.grants import guest_of

        return guest_of(self)

    @cached_property
    def reach(self) -> dict[str, frozenset[str]]:
        """Permission → codes of the nodes on which it is granted today."""
        from linyin.platform.grants import reach_of

        found = reach_of(self)
        if self.scopes is None:
            return found
        return {name: nodes for name, nodes in found.items() if name in self.scopes}

    @cached_property
    def as_guest(self) -> frozenset[str]:
        """Permissions that hold on records which are shared with the actor, on no node."""
        from linyin.platform.grants import guest_permissions_of

        found = guest_permissions_of(self)
        return found if self.scopes is None else found & self.scopes

    @property
    def permissions(self) -> frozenset[str]:
        """Everything that the actor may do somewhere."""
        return self.as_guest.union(self.reach)

    def nodes(self, permission: str) -> frozenset[str]:
        """Return the codes of the nodes on which the actor has a permission."""
        return self.reach.get(permission, frozenset())

    def may(self, permission: str, node: str | None = None) -> bool:
        """Whether the actor has a permission on a node; anywhere, if only as a guest, if None."""
        if node is None:
            return permission in self.permissions
        return node in self.nodes(permission)

    def may_everywhere(self, permission: str) -> bool:
        """Whether the actor has a permission on a root of the tree: on the whole organization."""
        return bool(self.nodes(permission) & set(self.tree.below.get("", ())))

    @cached_property
    def tasks(self) -> list[Task]:
        """What waits for the actor, the most pressing first."""
        from linyin.platform.tasks import tasks_of

        return tasks_of(self)

    @property
    def who(self) -> str:
        """How the audit trail names the actor."""
        if self.person is None:
            return "operator" if self.is_operator else "nobody"
        return f"{self.person.name} <{self.person.email}>"


def who_asks(request: HttpRequest) -> Actor:
    """Return who a page is for; the middleware has found out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor

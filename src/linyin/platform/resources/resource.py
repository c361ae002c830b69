"""A resource: one declaration from which lists, records, forms, files, API and tests follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse

from linyin.platform.resources.columns import Column
from linyin.platform.resources.filters import Filter
from linyin.platform.resources.models import ModelSource, key_of
from linyin.platform.sections import MenuPage, add_page, label_of, stand_under
from linyin.platform.words import say

if TYPE_CHECKING:
    from django.db.models import Model
    from django.forms import Widget

    from linyin.lake import Finding
    from linyin.platform.actions import Action
    from linyin.platform.actor import Actor
    from linyin.platform.parts import Button, Notice, Part, Timeline
    from linyin.platform.resources.source import Row, Source
    from linyin.platform.resources.suggested import Offered
    from linyin.platform.sight import SightChange
    from linyin.platform.words import Lang

__all__ = ["RESOURCES", "Check", "RecordPart", "Resource"]

type Check = Callable[[Any], Iterable[Finding]]

RESOURCES: Final[dict[str, Resource]] = {}


@dataclass(frozen=True, slots=True)
class RecordPart:
    """A part of a record's page under a title, which may lead on; and what adds to it."""

    title: str
    part: Part
    href: str = ""
    button: Button | None = None


@dataclass(eq=False)
class Resource:
    """Records of a model, or rows of a lake table.

    Attributes
    ----------
    name
        Plural, in addresses, files and the API. Words: `<name>.title`, `<name>.one`,
        `<name>.empty`, `<name>.<column>`.
    section
        Where it stands in the left bar.
    columns
        What is shown of a row.
    view, edit
        Permissions to see and to change; without `edit` nobody changes it by hand.
    model
        The model; else `source` gives the rows.
    filters, search, order
        How lists are narrowed and ordered.
    fields
        Fields of the form, of imports and of writes by the API.
    title
        Column that names a row.
    is_named
        Whether lists begin with what a record is called as a whole, for records that no column
        names: its head is `<name>.one`.
    called
        What the page of a row is called, where no column and no record says it alone.
    actions
        What can be done to a record beside changing it.
    check
        Findings about a record that is about to be saved.
    check_actor
        Findings about who is about to save a record.
    check_removal
        Findings about a record that is about to be removed.
    guards
        Findings of other rooms about it, which may read the lake: in no transaction.
    check_abroad
        Findings for which others are asked, such as what a name on the network means: in no
        transaction, before `check`.
    rank
        Place in the section's row.
    new, new_permission
        Route of the task that makes one, where it is more than a form, and what it needs.
    under
        Route of the page of the menu that is marked on its pages, where it has none of its own.
    opens
        Route that a row of the list opens, where it is not the record's own page.
    group
        Which pages of the section's row its list stands with, as their tabs.
    makes
        Whether a page of its own, `<name>-create`, makes records, for whoever may `edit`.
    sight_day
        Of records that decide who sees what: the day on whose tree a change is looked at. Who
        gains and loses sight is shown before it is kept.
    sights
        Name of an action → who gains and loses sight by it, given the record and what is asked.
    parts
        Further parts of a record's page.
    foresees
        What a record would come to as its form states it so far, nothing of it stored: told below
        the fields while they are filled in.
    buttons, past
        Of rows of no model: ways to the pages where something is done to one, and what happened
        to it.
    gone
        Of rows of no model: one that was removed and whose history stays, with what its page says
        of that; None if there is no such.
    offers
        Name of an action → whether it fits a record as it stands now: only then has the record's
        page its button.
    tells
        What somebody should know before doing an action to a record: shown above its form.
    identity
        Fields by which a row of a file finds the record that it changes; default: what the model
        says is unique.
    several
        Fields that hold names with commas between them → what to choose from: name and words.
    suggests
        Fields of any text → what is usually written there, and how it is called: forms offer it.
    widgets
        Fields that a form asks otherwise than as a text → by what.
    not_imported
        Why no file makes its records, though people do by a form. Else CSV and XLSX files do.

    """

    name: str
    section: str
    columns: Sequence[Column]
    view: str
    edit: str = ""
    model: type[Model] | None = None
    source: Source | None = None
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()
    order: str = ""
    fields: Sequence[str] = ()
    title: str = ""
    is_named: bool = False
    called: Callable[[Row], str] | None = None
    actions: Sequence[Action] = ()
    check: Check | None = None
    check_actor: Callable[[Actor, Any], Iterable[Finding]] | None = None
    check_removal: Check | None = None
    guards: Sequence[Check] = ()
    check_abroad: Check | None = None
    rank: int = 100
    new: str = ""
    new_permission: str = ""
    opens: str = ""
    in_menu: bool = True
    under: str = ""
    group: str = ""
    makes: bool = False
    sight_day: Callable[[Any], date] | None = None
    sights: Mapping[str, Callable[..., Sequence[SightChange]]] = field(default_factory=dict)
    parts: Callable[[Actor, Any], Iterable[RecordPart]] | None = None
    foresees: Callable[[Actor, Any], Iterable[RecordPart]] | None = None
    buttons: Callable[[Actor, Row], Iterable[Button]] | None = None
    past: Callable[[Actor, Row], Timeline | None] | None = None
    gone: Callable[[Actor, str], tuple[Row, Notice] | None] | None = None
    offers: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)
    tells: Callable[[Actor, Action, Any], Iterable[Notice]] | None = None
    identity: Sequence[str] = ()
    several: Mapping[str, Callable[[], Sequence[tuple[str, str]]]] = field(default_factory=dict)
    suggests: Mapping[str, Offered] = field(default_factory=dict)
    widgets: Mapping[str, Callable[[], Widget]] = field(default_factory=dict)
    not_imported: str = ""

    def __post_init__(self) -> None:
        """Register it; its rows come from the model if it has one.

        Raises
        ------
        ValueError
            If another has its name, or files would make records that must be looked at one by
            one, or that no field tells from others.

        """
        if self.name in RESOURCES:
            raise ValueError(f"two resources are called {self.name}")
        if self.is_importable:
            self.identity = self.identity or _unique_of(self.model, self.fields)
            if not self.identity or self.sight_day is not None:
                raise ValueError(
                    f"{self.name}: say by which fields a row of a file finds its "
                    "record (identity), or why no file makes them (not_imported)"
                )
        RESOURCES[self.name] = self
        if self.in_menu:
            page = MenuPage(
                self.section,
                f"{self.name}.title",
                f"{self.name}-list",
                self.view,
                self.rank,
                self.group,
            )
            add_page(page)
        elif self.under:
            stand_under(f"/{self.section}/{self.name}/", self.under)

    @cached_property
    def rows(self) -> Source:
        """Where its rows come from."""
        if self.source is not None:
            return self.source
        if self.model is None:
            raise ValueError(f"{self.name} has neither a model nor a source")
        return ModelSource(self.model, self.columns, self.filters, self.search, self.order)

    @cached_property
    def listed(self) -> list[Column]:
        """Columns of its lists."""
        return [column for column in self.columns if column.listed]

    @cached_property
    def node_column(self) -> Column | None:
        """The column that says which node a row belongs to."""
        return next((column for column in self.columns if column.kind == "node"), None)

    @property
    def above(self) -> list[tuple[str, str]]:
        """The way back from a list that no page of the menu leads to: words and address."""
        under = "" if self.in_menu else self.under
        return [(say(label_of(under)), reverse(under))] if under else []

    @property
    def is_editable(self) -> bool:
        """Whether people change its records by a form."""
        return bool(self.edit and self.fields and self.model is not None)

    @property
    def is_importable(self) -> bool:
        """Whether files make and change its records."""
        return self.is_editable and not self.not_imported

    def actions_for(self, actor: Actor, record: Any) -> list[Action]:
        """Return what the actor can do to a record as it stands now."""
        return [a for a in self.actions if a.is_allowed(actor, record) and self.fits(a, record)]

    def fits(self, action: Action, record: Any) -> bool:
        """Whether an action can be done to a record as it stands now, by whoever may."""
        return action.name not in self.offers or self.offers[action.name](record)

    def add_action(self, action: Action, offered: Callable[[Any], bool]) -> None:
        """Let a higher room do something to its records; call it when the room starts."""
        self.actions = [*self.actions, action]
        self.offers = {**self.offers, action.name: offered}

    def add_guard(self, check: Check) -> None:
        """Let a higher room keep records that it needs; call it when the room starts."""
        self.guards = [*self.guards, check]

    def suggest(self, **offered: Offered) -> None:
        """Let a higher room offer what is written into fields; call it when the room starts."""
        self.suggests = {**self.suggests, **offered}

    def reach(self, actor: Actor) -> frozenset[str]:
        """Return whose rows the actor may see: nodes, the actor's own, those shared with them."""
        from linyin.platform.grants import reach_keys

        return reach_keys(actor, self.model, self.view)

    def title_of(self, row: Row, language: Lang) -> Column:
        """Return the column that names a row: of `name_en` and `name_zh` the reader's own."""
        columns = {column.name: column for column in self.columns}
        other = f"{self.title.removesuffix('_en')}_{language}"
        if self.title.endswith("_en") and other in columns and row.get(other):
            return columns[other]
        return columns.get(self.title, self.columns[0])

    def titled(self, row: Row) -> str:
        """Return what a row is called."""
        return str(row.get(self.title or self.columns[0].name) or row["pk"])

    def row(self, actor: Actor, key: str) -> Row | None:
        """Return a row that the actor may see."""
        return self.rows.get(self.reach(actor), key)

    def record(self, actor: Actor, key: str) -> Any:
        """Return a record that the actor may see."""
        from linyin.platform.grants import visible_to

        if self.model is None or (pk := key_of(self.model, key)) is None:
            return None
        return visible_to(actor, self.model, self.view).filter(pk=pk).first()

    @cached_property
    def create(self) -> Action:
        """The action that makes a record."""
        from linyin.platform.resources.records import create_action

        return create_action(self)

    @cached_property
    def update(self) -> Action:
        """The action that changes a record."""
        from linyin.platform.resources.records import update_action

        return update_action(self)

    @cached_property
    def delete(self) -> Action:
        """The action that removes a record."""
        from linyin.platform.resources.records import delete_action

        return delete_action(self)


def _unique_of(model: type[Model] | None, fields: Sequence[str]) -> tuple[str, ...]:
    """Return fields whose values no two records share, by what the model says."""
    from django.db.models import UniqueConstraint

    if model is None:
        return ()
    for column in model._meta.concrete_fields:
        if column.unique and column.name in fields:
            return (column.name,)
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and set(constraint.fields) <= set(fields):
            return tuple(constraint.fields)
    return ()

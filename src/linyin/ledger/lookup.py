"""Asking the catalogue once for each distinct question, and saying what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from linyin.lake import Severity, Value
from linyin.ledger.catalog import Catalog, Factor
from linyin.ledger.choose import Choice, Query, choose
from linyin.ledger.contexts import Context
from linyin.ledger.faults import LedgerError
from linyin.ledger.gwp import Gwp
from linyin.ledger.multipliers import Multipliers, of_factor, warmings
from linyin.ledger.no_factor import NoFactor, misfits, no_factor
from linyin.ledger.reference import ReferenceTables
from linyin.ledger.runs import Run
from linyin.ledger.units import Unit

__all__ = ["Lookup", "Note"]


@dataclass(slots=True)
class Note:
    """What was found about some contexts; their rows are looked up afterwards, once.

    Attributes
    ----------
    each
        Field that may differ from context to context.
    contexts
        Number of a context → its values of that field.

    """

    code: str
    severity: Severity
    fields: Mapping[str, Value]
    each: str
    contexts: dict[int, set[str]]

    def about(self, context: Context, value: str) -> None:
        """Say that a context is concerned too, with its value of the field `each`."""
        self.contexts.setdefault(context.context, set()).add(value)


class Lookup:
    """Answers of a catalogue, remembered; findings, one for each cause and context."""

    def __init__(
        self, catalog: Catalog, reference: ReferenceTables, *, like: Lookup | None = None
    ) -> None:
        self.catalog, self.reference = catalog, reference
        self._choices: dict[Query, Choice] = like._choices if like else {}
        self._multipliers: dict[tuple[str, Unit, str, int], Multipliers] = (
            like._multipliers if like else {}
        )
        self._missing: dict[tuple[Query, str], NoFactor] = like._missing if like else {}
        self._misfits: dict[Query, str] = like._misfits if like else {}
        self._gwp_drafts: dict[tuple[str, str], Sequence[Gwp]] = like._gwp_drafts if like else {}
        self._notes: dict[tuple[str, int, str], Note] = {}
        self._heard: list[tuple[Note, str]] = []
        self._is_mild = False
        self.used: dict[str, Factor] = {}

    @contextmanager
    def hearing(self) -> Iterator[list[tuple[Note, str]]]:
        """Collect the notes that are made meanwhile, each with the context's value of `each`."""
        heard: list[tuple[Note, str]] = []
        self._heard = heard
        try:
            yield heard
        finally:
            self._heard = []

    @contextmanager
    def mild(self) -> Iterator[None]:
        """Make errors warnings meanwhile: what is worked out stands beside the figure itself."""
        self._is_mild = True
        try:
            yield
        finally:
            self._is_mild = False

    @property
    def notes(self) -> list[Note]:
        """What was found so far, in the order of the contexts."""
        return sorted(self._notes.values(), key=lambda note: (min(note.contexts), note.code))

    def report(
        self, code: str, context: Context, about: str, *, each: str = "item", **fields: Value
    ) -> None:
        """Note a warning once for what it is about, with every context that it is found in.

        Parameters
        ----------
        code, context
        about : str
            What tells two warnings of one code apart.
        each : str
            Field that differs from context to context: the finding lists its values.
        **fields
            What the message is filled with.

        """
        self._note((code, -1, about), "warning", context, fields, each)

    def ask(self, code: str, context: Context, about: str, **fields: Value) -> None:
        """Note a question once for what it is about, with every context that it is found in."""
        self._note((code, -1, about), "question", context, fields)

    def fail(self, code: str, context: Context, about: str = "", **fields: Value) -> None:
        """Note an error about a context, once for each code and what it is about."""
        self._note((code, context.context, about), "error", context, fields)

    def lack(self, fault: LedgerError, context: Context) -> None:
        """Note an error once for what the folder lacks, with every item that needs it."""
        fields = {**fault.fields, "item": ""}
        key = (fault.code, -1, str(fault))
        self._note(key, "error", context, fields, value=context.item or "-")

    def _note(
        self,
        key: tuple[str, int, str],
        severity: Severity,
        context: Context,
        fields: dict[str, Value],
        each: str = "item",
        value: str | None = None,
    ) -> None:
        if self._is_mild and severity == "error":
            severity, key = "warning", (key[0], -1, key[2])
        told: dict[str, Value] = {"item": context.item, **fields}
        if key not in self._notes:
            self._notes[key] = Note(key[0], severity, told, each, {})
        note, value = self._notes[key], str(told[each]) if value is None else value
        note.about(context, value)
        self._heard.append((note, value))

    def choose(self, query: Query) -> Choice:
        """Choose a factor; the same question has the same answer."""
        if query not in self._choices:
            self._choices[query] = choose(self.catalog, query)
        return self._choices[query]

    def winner(self, query: Query) -> Factor | None:
        """Return the factor for a query, over a bridge where it takes one; None = none."""
        return self._answer(query)[0].winner

    def factor(
        self, query: Query, context: Context, run: Run, near: str, *, quiet: bool = False
    ) -> Factor | None:
        """Return the winner and note what a reader must know about it.

        Parameters
        ----------
        query, context, run
        near : str
            Place that the question is about.
        quiet : bool
            A missing factor is a warning: the leg is an addition, not the figure itself.

        """
        choice, draft = self._answer(query)
        factor = choice.winner
        if factor is None:
            self._explain(choice, context, near, quiet=quiet)
            return None
        if draft and draft not in run.policies.drafts:
            self.report("factor-draft", context, draft, factor=draft)
        self.use(factor, context, run)
        distance = abs(factor.data_year - query.year)
        if distance > run.policies.factor_age_limit:
            self.report(
                "factor-old",
                context,
                factor.factor_id,
                factor=factor.factor_id,
                data_year=factor.data_year,
                year=query.year,
            )
        if choice.decided_by == "later":
            other = choice.ranked[1][1]
            fields: dict[str, Value] = {"factor": factor.factor_id, "data_year": factor.data_year}
            fields |= {"other": other.factor_id, "other_year": other.data_year}
            about = f"{factor.factor_id} {query.year}"
            self.ask("factor-year-tied", context, about, year=query.year, **fields)
        origin = factor.stands_in_from
        if origin and origin not in query.places:
            stands_in = {"factor": factor.factor_id, "pack": factor.pack, "origin": origin}
            self.ask("factor-stands-in", context, factor.pack, **stands_in)
        return factor

    def _answer(self, query: Query) -> tuple[Choice, str]:
        """Choose a factor, beyond a bridge where none is per the unit; name a draft crossed."""
        choice = self.choose(query)
        if choice.ranked:
            return choice, ""
        bridge = self.reference.bridges.find(query.item, query.unit, query.year)
        if bridge is None:
            return choice, ""
        return self.choose(replace(query, unit=bridge.to)), bridge.draft

    def use(self, factor: Factor, context: Context, run: Run) -> None:
        """Record that a factor is used; note if it, or the GWP of one of its gases, is a draft."""
        self.used[factor.factor_id] = factor
        waived = run.policies.drafts
        if factor.status != "approved" and factor.factor_id not in waived:
            self.report("factor-draft", context, factor.factor_id, factor=factor.factor_id)
        for value in self.gwp_drafts(factor, run.gwp):
            if value.name not in waived:
                fields = {"gas": value.gas, "gwp_set": value.gwp_set, "value": value.name}
                self.report("gwp-draft", context, value.name, **fields)

    def gwp_drafts(self, factor: Factor, gwp_set: str) -> Sequence[Gwp]:
        """Return the values of a GWP set that a factor needs and that are only remembered."""
        key = (factor.factor_id, gwp_set)
        if key not in self._gwp_drafts:
            used = warmings(factor, gwp_set, self.reference.gwp).values()
            self._gwp_drafts[key] = [value for value in used if value.status != "approved"]
        return self._gwp_drafts[key]

    def _explain(self, choice: Choice, context: Context, near: str, *, quiet: bool) -> None:
        query = choice.query
        if not quiet or choice.tied:
            if (query, near) not in self._missing:
                self._missing[query, near] = no_factor(choice, self.catalog, near)
            missing = self._missing[query, near]
            self.fail(missing.code, context, missing.about, **missing.fields)
            return
        if query not in self._misfits:
            self._misfits[query] = misfits(query, self.catalog)
        boundary = "/".join(query.boundaries)
        self.report(
            "upstream-factor-missing",
            context,
            " ".join(
                (boundary, query.item, query.technology, query.unit.code, *query.places[-2:-1])
            ),
            technology=query.technology or "-",
            unit=query.unit.code,
            place=near,
            year=query.year,
            boundary=boundary,
            reasons=self._misfits[query],
        )

    def multipliers(self, factor: Factor, unit: Unit, gwp_set: str, year: int) -> Multipliers:
        """Return milligrams of each gas per one `unit` of an amount.

        Raises
        ------
        LedgerError
            If the GWP set has no value for a gas of the factor.

        """
        key = (factor.factor_id, unit, gwp_set, year)
        if key not in self._multipliers:
            per_unit = self.reference.bridges.convert(factor.item, unit, factor.unit, year)
            self._multipliers[key] = of_factor(factor, gwp_set, self.reference.gwp).scaled(per_unit)
        return self._multipliers[key]

    def rebased(self, factor: Factor, context: Context, run: Run) -> None:
        """Note that a factor given only as CO2e stands on another GWP set than the run."""
        if "co2e" in factor.masses and factor.gwp_set != run.gwp:
            self.report(
                "gwp-unknown" if factor.gwp_set == "unknown" else "gwp-rebased",
                context,
                f"{factor.pack} {factor.gwp_set}",
                factor=factor.factor_id,
                pack=factor.pack,
                publisher_set=factor.gwp_set,
                run_set=run.gwp,
            )

    def error(self, fault: LedgerError, context: Context) -> None:
        """Note an error that some part of the ledger raised."""
        self._note((fault.code, context.context, str(fault)), "error", context, fault.fields)

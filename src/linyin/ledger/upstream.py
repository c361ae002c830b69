"""Upstream: the supply chain of fuel and power, and what is lost on the grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from linyin.ledger.catalog import Factor
from linyin.ledger.choose import Query
from linyin.ledger.contexts import amount_unit
from linyin.ledger.legs import Leg
from linyin.ledger.lines import OPERATIONAL_LINES
from linyin.ledger.lookup import Lookup
from linyin.ledger.questions import question
from linyin.ledger.runs import Run
from linyin.ledger.slots import Slot
from linyin.ledger.spend import Step

__all__ = ["Upstream"]

CHAIN_LINES: Final = frozenset({"3.4", "3.6", "3.7", "3.9"})


class Upstream:
    """Adds the legs of category 3.3, and those of the fuel that transport burns."""

    def __init__(self, run: Run, lookup: Lookup) -> None:
        self.run, self.lookup = run, lookup
        roles = ("reported", "alternative") if run.alternatives_rule > 1 else ("reported",)
        self._chained = roles if run.policies.chain_upstream else ()

    def of(self, main: Leg, slot: Slot) -> Iterator[Leg]:
        """Yield the legs of the supply chain and of the losses that go with a leg."""
        if main.role == "reported" and main.line in OPERATIONAL_LINES:
            line = "3.3"
        elif main.role in self._chained and main.line in CHAIN_LINES:
            line = main.line
        else:
            return
        context, unit = main.context, main.unit
        uses = (main.method.upstream,)
        asked = question(
            self.run, self.lookup.catalog, context, main.method, unit, slot.places, slot.year
        )
        query = replace(
            asked,
            uses=uses if main.factor is None else tuple(dict.fromkeys((*uses, main.factor.use))),
            boundaries=("upstream",),
            bases=("average", "supplier") if asked.supplier or asked.product else ("average",),
        )
        chain = replace(main, line=line, scope2_method="", instrument="")
        upstream = self.lookup.factor(query, context, self.run, slot.place, quiet=True)
        if upstream is not None:
            yield self._on_chain(chain, upstream, slot)
        if context.source_type == "electricity" and line == "3.3":
            yield from self._losses(chain, query, slot)

    def _on_chain(self, chain: Leg, factor: Factor, slot: Slot) -> Leg:
        per_unit = self.lookup.multipliers(factor, chain.unit, self.run.gwp, slot.year)
        self.lookup.rebased(factor, chain.context, self.run)
        scale = amount_unit(chain.context.unit, chain.context.inputs)[1]
        bridges = self.lookup.reference.bridges
        return replace(
            chain,
            factor=factor,
            boundary=factor.boundary,
            steps=bridges.steps(chain.context.item, chain.unit, factor.unit, slot.year),
            multipliers=per_unit.scaled(scale * slot.position.share),
        )

    def _losses(self, chain: Leg, upstream: Query, slot: Slot) -> Iterator[Leg]:
        """Grid losses: a factor for them, else the generation factor times lost ÷ delivered."""
        stated = self.lookup.winner(replace(upstream, boundaries=("losses",)))
        if stated is not None:
            self.lookup.use(stated, chain.context, self.run)
            yield self._on_chain(chain, stated, slot)
            return
        rate = self.lookup.reference.losses.find(slot.places, slot.year)
        if rate is None:
            country = slot.places[-2] if len(slot.places) > 1 else slot.places[0]
            self.lookup.report("loss-rate-missing", chain.context, "", each="place", place=country)
            return
        per_delivered = rate.value / (1 - rate.value)
        step = Step("lost ÷ delivered", per_delivered, "", rate.source)
        yield replace(
            chain,
            boundary="losses",
            steps=(*chain.steps, step),
            multipliers=chain.multipliers.scaled(per_delivered),
        )

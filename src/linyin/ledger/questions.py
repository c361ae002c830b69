"""The question that a method puts to the catalogue about a context."""

from __future__ import annotations

from linyin.ledger.catalog import Catalog
from linyin.ledger.choose import Query
from linyin.ledger.contexts import Context
from linyin.ledger.methods import Method
from linyin.ledger.runs import Run
from linyin.ledger.units import Unit

__all__ = ["owners_of", "question"]


def owners_of(context: Context, catalog: Catalog) -> tuple[str, str]:
    """Return a context's supplier and product, each '' where it has no factor of its own."""
    supplier, product, item = context.counterparty, context.product, context.item
    return (
        supplier if (supplier, item) in catalog.suppliers else "",
        product if (product, item) in catalog.products else "",
    )


def question(
    run: Run,
    catalog: Catalog,
    context: Context,
    method: Method,
    unit: Unit,
    places: tuple[str, ...],
    year: int,
    *,
    beside: bool = False,
) -> Query:
    """Put the question of a method to the catalogue; places without factors don't matter.

    A method that stands beside another keeps to its own basis: average data are then not those
    of the supplier or the product.
    """
    own = not beside and catalog.has_specific(context.counterparty, context.product, context.item)
    supplier, product = owners_of(context, catalog)
    if beside and "supplier" not in method.bases:
        supplier = product = ""
    return Query(
        item=context.item,
        uses=method.uses,
        unit=unit,
        boundaries=method.boundaries,
        bases=(*method.bases, "supplier") if own else method.bases,
        places=tuple(place for place in places if place in catalog.places),
        year=year,
        pin=run.pin,
        technology=context.technology,
        default_technology=method.technology,
        supplier=supplier,
        product=product,
    )

"""What forms offer where a code of the ledger is written: items, units, places, methods."""

from __future__ import annotations

from linyin.ledger.web.factor_resources import own_factors
from linyin.ledger.web.grid_resources import lines
from linyin.ledger.web.offers import countries, items, methods, places, technologies, units
from linyin.ledger.web.resources import instruments, rates
from linyin.organization.web.resources import allocations, metrics, standings

instruments.suggest(market=places, unit=units)
rates.suggest(item=items)
lines.suggest(item=items, unit=units, place=places, method=methods, technology=technologies)
own_factors.suggest(item=items, unit=units, place=places, technology=technologies)
standings.suggest(country=countries, place=places)
allocations.suggest(item=items, unit=units)
metrics.suggest(item=items, unit=units)

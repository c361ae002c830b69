"""List pages ask no more queries than is kept in `queries.csv`, and the same for more rows.

After a change that is meant to ask more, or asks fewer: `make queries`.
"""

from __future__ import annotations

from queries import kept


def test_no_list_page_asks_more_than_is_kept(counted):
    known = kept()
    asked = {page: by_size["50"] for page, by_size in counted.items()}

    assert set(asked) == set(known)
    assert {page: n for page, n in asked.items() if n > known[page]} == {}


def test_queries_do_not_grow_with_rows(counted):
    grown = {page: by_size for page, by_size in counted.items() if len(set(by_size.values())) > 1}

    assert grown == {}

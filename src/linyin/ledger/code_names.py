"""What the codes in findings are called on pages and in reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, cast

from linyin.ledger.names import item_name
from linyin.ledger.source_types import load as load_source_types
from linyin.ledger.technology_names import technology_name

if TYPE_CHECKING:
    from linyin.lake import Value

__all__ = ["code_name"]


def code_name(kind: str, code: str, lang: str, fields: Mapping[str, Value]) -> str:
    """Return what a code of a finding is called; one that is not known comes back as it is.

    Parameters
    ----------
    kind : {'item', 'technology', 'source_type'}
        What it is a code of.
    code : str
        As files have it.
    lang : {'en', 'zh'}
        Language.
    fields : mapping
        The finding's; a technology may be of its item.

    """
    language = cast("Literal['en', 'zh']", lang)
    if kind == "item":
        return item_name(code, language)
    if kind == "technology":
        return technology_name(code, language, str(fields.get("item", "")))
    known = load_source_types().get(code)
    if known is None:
        return code
    return known.name_zh if lang == "zh" else known.name_en

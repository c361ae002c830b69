"""Texts of the samples in the reader's language."""

from __future__ import annotations

from typing import Literal

from linyin.platform.words import lang

__all__ = ["State", "long_text", "two"]

type State = Literal["full", "loading", "empty", "error", "long"]


_LONG_EN = (
    "Central heating plant of the eastern production campus, boilers 1 to 4 including the "
    "standby diesel generators that were taken over in the merger"
)
_LONG_ZH = "东部生产园区集中供热站一至四号锅炉（含合并时接收的备用柴油发电机组及其附属储油设施）"


def two(en: str, zh: str) -> str:
    """Return the text in the reader's language."""
    return zh if lang() == "zh" else en


def long_text() -> str:
    """Return a text that is as long as texts get."""
    return two(_LONG_EN, _LONG_ZH)

"""The colours of reports and charts, one fixed colour for each meaning, in one place."""

from __future__ import annotations

from typing import Final

__all__ = ["BOOKS", "INK", "SCOPE2", "SCOPES", "SEVERITIES", "STATUS"]

SCOPES: Final = {1: "#c2410c", 2: "#0d8a94", 3: "#1e3a6e"}
SCOPE2: Final = {"location": "#0d8a94", "market": "#7c5cbf"}
BOOKS: Final = {
    "actual": "#334155",
    "plan": "#6b7280",
    "savings": "#15803d",
    "instruments": "#7c5cbf",
    "avoided": "#b45309",
}
CHANGE: Final = {"up": "#c2410c", "down": "#15803d", "level": "#334155"}
SEVERITIES: Final = {"error": "#b91c1c", "warning": "#b45309", "question": "#1d4ed8"}
STATUS: Final = {"good": "#15803d", "bad": "#b91c1c", "neutral": "#4b5563"}
INK: Final = {
    "text": "#1c2430",
    "muted": "#5b6472",
    "rest": "#7d8694",
    "line": "#d5dae1",
    "tint": "#f3f5f8",
    "brand": "#14432f",
    "brand_tint": "#e9f1ec",
    "paper": "#ffffff",
}

"""What is wrong, where, and how bad: the one type that every check of the house returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["SEVERITIES", "BadInput", "Finding", "Severity", "Value", "Where", "errors", "ordered"]

type Severity = Literal["error", "warning", "question"]
type Value = str | int | Decimal | Fraction

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "question")
TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Where:
    """A place in somebody's input; what is not known stays empty.

    Attributes
    ----------
    file, sheet, column
        Names as the user wrote them; '' = not known.
    row
        The row as a spreadsheet numbers it: the first row of the file is 1, header included.

    """

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the place as a JSON-ready mapping."""
        return {"file": self.file, "sheet": self.sheet, "row": self.row, "column": self.column}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Where:
        """Read back what `to_dict` wrote."""
        row = data.get("row")
        return cls(
            file=str(data.get("file", "")),
            sheet=str(data.get("sheet", "")),
            row=None if row is None else int(str(row)),
            column=str(data.get("column", "")),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found.

    Attributes
    ----------
    code
        Row of the room's `messages.csv` that holds the text.
    severity
        `error` stops, `warning` is told, `question` asks a person to decide.
    at
        The place.
    fields
        What the text's `{placeholders}` are filled with; copied and frozen.

    """

    code: str
    severity: Severity
    at: Where = Where()
    fields: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity is {self.severity!r}, not one of {', '.join(SEVERITIES)}")
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))

    def __hash__(self) -> int:
        return hash((self.code, self.severity, self.at, frozenset(self.fields.items())))

    def __reduce__(self) -> tuple[type[Finding], tuple[object, ...]]:
        return (Finding, (self.code, self.severity, self.at, dict(self.fields)))

    def to_dict(self) -> dict[str, object]:
        """Return the finding as a JSON-ready mapping; exact numbers become strings."""
        fields = {
            name: value if isinstance(value, str | int) else str(value)
            for name, value in sorted(self.fields.items())
        }
        return {
            "code": self.code,
            "severity": self.severity,
            "at": self.at.to_dict(),
            "fields": fields,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Finding:
        """Read back what `to_dict` wrote; numbers that became strings stay strings."""
        at, fields, severity = data.get("at", {}), data.get("fields", {}), data["severity"]
        if not isinstance(at, Mapping) or not isinstance(fields, Mapping):
            raise TypeError("a finding's 'at' and 'fields' are mappings")
        if severity not in SEVERITIES:
            raise ValueError(f"severity is {severity!r}, not one of {', '.join(SEVERITIES)}")
        return cls(
            str(data["code"]),
            severity,
            Where.from_dict(at),
            {str(k): v if isinstance(v, int) else str(v) for k, v in fields.items()},
        )

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Key of the stable order: file, sheet, row, column, gravity, code, fields."""
        at = self.at
        row = -1 if at.row is None else at.row
        fields = tuple((name, str(value)) for name, value in sorted(self.fields.items()))
        gravity = SEVERITIES.index(self.severity)
        return (at.file, at.sheet, row, at.column, gravity, self.code, fields)

    def __lt__(self, other: Finding) -> bool:
        return self.sort_key < other.sort_key


class BadInput(Exception):
    """Input that cannot be used; carries every finding, not only the first.

    As a string it is the texts that the command line prints; :meth:`text` speaks Chinese too.

    Attributes
    ----------
    findings
        In their stable order.

    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = ordered(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return self.text()

    def text(self, lang: str = "en", *, limit: int = TOLD) -> str:
        """Return the findings in words, as the command line prints them, one a line.

        Parameters
        ----------
        lang : str
            `en` or `zh`.
        limit : int
            How many findings at most; a last line counts the others.

        Raises
        ------
        ValueError
            The language is another one.

        """
        from linyin.lake.messages import render

        told = [render(finding, lang) for finding in self.findings[:limit]]
        if rest := len(self.findings) - len(told):
            told.append(f"……另有 {rest:,} 条" if lang == "zh" else f"… and {rest:,} more")
        return "\n".join(told)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `findings` without repeats in their stable order, whatever order they came in."""
    return tuple(sorted(set(findings)))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return only the findings that stop, in their stable order."""
    return ordered(f for f in findings if f.severity == "error")

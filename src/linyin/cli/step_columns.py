"""The columns of a list of steps; a step that has not begun shows its name only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Task

__all__ = ["columns"]

_WIDE: Final = 100


class _Begun(ProgressColumn):
    """Another column, once the step has begun."""

    def __init__(self, column: ProgressColumn) -> None:
        super().__init__()
        self.column = column

    def render(self, task: Task) -> RenderableType:
        """Return the cell of a step."""
        return self.column(task) if task.started else Text(" ")


class _Title(ProgressColumn):
    """The name of a step, dim until it begins."""

    def render(self, task: Task) -> RenderableType:
        """Return the cell of a step."""
        return Text(task.description, style="" if task.started else "dim")


def columns(width: int) -> list[ProgressColumn]:
    """Return mark, name, bar, note and time for a terminal of a width."""
    bar = BarColumn(bar_width=40 if width >= _WIDE else 20)
    return [
        _Begun(SpinnerColumn(finished_text="[green]✓")),
        _Title(),
        _Begun(bar),
        TextColumn("{task.fields[note]}", style="dim", markup=False),
        _Begun(TimeElapsedColumn()),
    ]

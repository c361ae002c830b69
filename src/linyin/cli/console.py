"""A console on which no text steers the terminal, whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from linyin.lake import visible_text

__all__ = ["SafeConsole"]


class SafeConsole(Console):
    """Writes control and bidirectional characters of texts out; rich's own controls stay."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the segments of a renderable, each with a text that can only be read."""
        for segment in super().render(renderable, options):
            if segment.control is None and not segment.text.isprintable():
                yield Segment(visible_text(segment.text), segment.style)
            else:
                yield segment

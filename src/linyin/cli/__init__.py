"""The command line: `linyin`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line of this process and exit with its code."""
    from linyin.cli.app import app

    app.main()

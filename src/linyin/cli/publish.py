"""`linyin publish`: two people stand for a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["publish"]


@command("publish")
@argument("bundle", type=click.Path(path_type=Path))
@option("--prepared-by", required=True, help="option.prepared_by")
@option("--approved-by", required=True, help="option.approved_by")
def publish(session: Session, bundle: Path, prepared_by: str, approved_by: str) -> Answer:
    """Publish a bundle."""
    from rich.text import Text

    from linyin.inventory import publish_bundle

    inventory = publish_bundle(bundle, prepared_by=prepared_by, approved_by=approved_by)
    fields = inventory.run
    names = ("run_id", "year", "state", "prepared_by", "approved_by", "authenticated", "published")
    data = {"ok": True, "bundle": str(bundle), **{name: fields[name] for name in names}}
    data["content"] = inventory.manifest.content
    words = session.say(
        "publish.done",
        name=fields[f"name_{session.lang}"],
        year=fields["year"],
        prepared_by=fields["prepared_by"],
        approved_by=fields["approved_by"],
    )
    return Answer(data, [Text(words, style="green")])

"""The writer of tests/lake, whose lake has its register in SQL: tests start it."""

from __future__ import annotations

import sys
from pathlib import Path

from linyin.platform.bootstrap import start

sys.path.insert(0, str(Path(__file__).parent.parent / "lake"))


def opened(_=None):
    from linyin.platform.actor import Actor
    from linyin.platform.lake import workspace_lake

    return workspace_lake(Actor(None, "cli", is_operator=True))


def prepare():
    import writer

    opened().create("facts", writer.SCHEMA)
    writer.write(opened(), 1)


def look():
    """Print what a reader sees: before the sweep, after it, after the next write."""
    import duckdb
    import writer

    from linyin.platform.audit import verify
    from linyin.platform.models import AuditEvent

    def see():
        lake = opened()
        found = duckdb.sql(
            "SELECT batch, count(*), count(DISTINCT row) "
            f"FROM {lake.scan('facts')} GROUP BY batch ORDER BY 1"
        ).fetchall()
        is_open = any(batch.state == "open" for batch in lake.register.batches())
        writer.say(repr((found, is_open, AuditEvent.objects.count(), list(verify()))))

    see()
    opened().sweep()
    see()
    writer.write(opened(), 2)
    see()


def main():
    import writer

    from linyin.platform.register import SqlRegister

    if sys.argv[1] == "prepare":
        prepare()
    elif sys.argv[1] == "look":
        look()
    else:
        writer.Register, writer.Lake = SqlRegister, opened
        writer.main()


if __name__ == "__main__":
    start()
    main()

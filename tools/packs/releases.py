"""releases.csv: what each pack is, its hash, licence and attribution.

A pack is described by a row of an `inputs/attributions*.csv`; one without a row fails. The
order of the rows is the order of preference where all else is equal: `order`, then the name.
`average_of` is the country whose averages a pack offers, also where its rows hold for the world.
"""

from __future__ import annotations

from pathlib import Path

from pack_io import INPUTS, Row, factor_columns, read, sha256, write

COLUMNS = ["pack", "release", "sha256", "rows", "created", "average_of", "licence", "attribution"]


def is_pack(path: Path) -> bool:
    """Tell whether a table has the columns of the factor schema."""
    with path.open(encoding="utf-8") as file:
        return file.readline().rstrip("\n").split(",") == factor_columns()


def rows(out: Path) -> list[Row]:
    """Return a row for each pack of the folder.

    Raises
    ------
    SystemExit
        If a pack has no attribution.

    """
    known = {
        row["pack"]: row for path in sorted(INPUTS.glob("attributions*.csv")) for row in read(path)
    }
    found = []
    for path in sorted(out.glob("*.csv")):
        if not is_pack(path):
            continue
        if path.stem not in known:
            raise SystemExit(f"{path.stem}: describe it in an attributions*.csv")
        counted = {"sha256": sha256(path), "rows": str(len(read(path)))}
        found.append(known[path.stem] | counted)
    found.sort(key=lambda row: (int(row["order"]), row["pack"]))
    return [{column: row.get(column, "") for column in COLUMNS} for row in found]


def build(out: Path) -> None:
    """Write the table."""
    write(out / "releases.csv", COLUMNS, rows(out))

"""Build the packs and tables of the ledger: `python tools/packs/build.py [NAME ...]`.

Reads the folder that LINYIN_TEST_DATA names; ember also reads the npm tarballs in the
folder that LINYIN_EMBER_TARBALLS names.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from pack_io import PACKS

BUILDERS = ("gases", "places", "grids", "ember", "fuels_ipcc", "fuels_tables", "heat", "releases")


def main() -> None:
    """Run the builders that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(BUILDERS)}; default: all")
    parser.add_argument("--out", type=Path, default=PACKS)
    arguments = parser.parse_args()
    for name in arguments.name or BUILDERS:
        import_module(name).build(arguments.out)
        print(name)


if __name__ == "__main__":
    main()

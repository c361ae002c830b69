"""NOTICE: who made the data, fonts and scripts that come with the code, and on what terms."""

from __future__ import annotations

import textwrap
from pathlib import Path

from documentation.text import rows_of

HEAD = """\
Linyin
Copyright 2026 The Linyin authors

The code of Linyin is licensed under the Apache License, Version 2.0 (see LICENSE).
What follows comes with it and is licensed separately, on the terms named.
Made by `make reference` from src/linyin/ledger/packs/releases.csv.
"""
TERMS = {
    "facts": (
        "Facts of public notices and standards",
        "Single figures, arranged for this project; their sources are named row by row.",
    ),
    "OGL-UK-3.0": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "US-public-domain": (
        "Public domain in the United States",
        "A work of the US government; use implies no endorsement.",
    ),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)",
        "https://creativecommons.org/licenses/by-sa/4.0/ - these files, as changed here, are "
        "under the same licence and not under the Apache License. Who passes them on changed "
        "must do so under it.",
    ),
}
TAIL = """\
Other data

GWP values in gwp.csv after the IPCC's Fourth, Fifth and Sixth Assessment Reports, working
group I; each row names its table.
Default values of fuels after the 2006 IPCC Guidelines for National Greenhouse Gas
Inventories and Chinese national standards; each row names its table.

Fonts and scripts

Noto Sans SC, Regular and Bold, subsets (src/linyin/inventory/report/fonts): copyright
2014-2021 Adobe, SIL Open Font License 1.1; its text is in OFL.txt beside them.
Apache ECharts (src/linyin/inventory/report/vendor): copyright 2017-2026 The Apache Software
Foundation, Apache License 2.0. This product includes software developed at The Apache
Software Foundation (https://www.apache.org/).
Tabler, style sheet (src/linyin/platform/static/linyin/vendor): copyright 2018-2026 The Tabler
Authors, copyright 2018-2026 codecalm.net Paweł Kuna, MIT License. Tabler Icons, a choice, beside
it: copyright 2020-2026 Paweł Kuna, MIT License. htmx, beside them: Zero-Clause BSD. Their texts
are in the same folder.
"""


def notice() -> str:
    """Return the text of NOTICE."""
    parts = [HEAD, "Emission factors\n"]
    releases = rows_of("ledger", "packs", "releases.csv")
    for licence in dict.fromkeys(row["licence"] for row in releases):
        name, terms = TERMS[licence]
        parts.append("\n".join([_wrapped(name), _wrapped(terms)]) + "\n")
        of_licence = [row for row in releases if row["licence"] == licence]
        for attribution in dict.fromkeys(row["attribution"] for row in of_licence):
            packs = (row["pack"] for row in of_licence if row["attribution"] == attribution)
            files = ", ".join(f"{pack}.csv" for pack in packs)
            parts.append(_wrapped(f"{attribution} Files: {files}.", "  ") + "\n")
    return "\n".join([*parts, TAIL])


def write(path: Path) -> bool:
    """Write NOTICE; say whether it changed."""
    text = notice()
    if path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, 92, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )

"""The publishers whose own files can be imported, by the name that users give."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Final

from linyin.ledger.importers.imported import FactorImportError, Imported

__all__ = ["PUBLISHERS", "import_factors"]

PUBLISHERS: Final = ("uk-flat", "uk-full", "epa", "ember", "template")
_MODULES: Final = {"epa": "epa_supply_chain"}
_UNDATED: Final = "ember"


def import_factors(
    path: Path | str,
    publisher: str,
    *,
    year: int | None = None,
    published: date | None = None,
) -> Imported:
    """Read a publisher's own file of factors whole.

    Parameters
    ----------
    path : Path or str
        The file as it was published.
    publisher : str
        One of `PUBLISHERS`.
    year, published : int and date, optional
        Year of the data and day of the release, for a file that does not state them (`ember`).

    Returns
    -------
    Imported
        Rows of the factors schema, masses in kg per unit, and what was left out.

    Raises
    ------
    FactorImportError
        If the file is not of the publisher's format, or states a year or day that is given too.
    FileNotFoundError
        If there is no such file.
    KeyError
        If there is no such publisher.
    """
    if publisher not in PUBLISHERS:
        raise KeyError(publisher)
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    name = _MODULES.get(publisher, publisher.replace("-", "_"))
    read = import_module(f"{__package__}.{name}").read
    if publisher == _UNDATED:
        imported: Imported = read(path, year=year, published=published)
    elif year is not None or published is not None:
        raise FactorImportError(path.name, "factors-file-states-dates")
    else:
        imported = read(path)
    return imported

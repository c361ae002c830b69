"""Small sample documents behind rows and factors: bills as PDF, receipts as CSV."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from linyin.demo.rows import Row
from linyin.demo.tables import read

__all__ = ["Documents", "factor_documents", "simple_pdf"]

_NOTICE = "Illustrative document of an invented company: Linyin Communications."


class Documents:
    """Writes the documents that evidence.csv lists, and names them in their rows.

    Parameters
    ----------
    folder : Path
        Folder `evidence` of the enterprise.

    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._wanted = {(row["series"], row["period"]): row for row in read("evidence")}

    def __call__(self, series: str, period: str, row: Row) -> None:
        """Write the document of a row, if it is to have one, and state it in the row."""
        wanted = self._wanted.get((series, period))
        if wanted is None:
            return
        facts = {
            "Document": row["external_id"],
            "Site": row["site"],
            "Period": period,
            "Item": row["item"],
            "Quantity": f"{row['quantity']} {row['unit']}",
        }
        if wanted["kind"] == "pdf":
            lines = [wanted["title"], _NOTICE, *(f"{k}: {v}" for k, v in facts.items())]
            content = simple_pdf(lines)
            row["evidence_page"] = "1"
        else:
            content = _csv([["title", wanted["title"]], ["notice", _NOTICE], *facts.items()])
        row["evidence_file"] = wanted["file"]
        row["evidence_sha256"] = _written(self._folder / wanted["file"], content)


def factor_documents(folder: Path) -> Mapping[str, str]:
    """Write the documents behind the enterprise's own factors.

    Returns
    -------
    mapping
        File → sha256.

    """
    files: dict[str, list[Sequence[str]]] = {}
    for row in read("factors"):
        header = ["factor", "kg", "per", "year", "source"]
        lines = files.setdefault(row["evidence_file"], [["notice", _NOTICE], header])
        value = row["co2e_kg"] or row["co2_kg"]
        lines.append([row["factor_id"], value, row["unit"], row["data_year"], row["source"]])
    return {name: _written(folder / name, _csv(lines)) for name, lines in files.items()}


def simple_pdf(lines: Sequence[str]) -> bytes:
    """Set lines of ASCII text on one A4 page; the same lines give the same bytes.

    Raises
    ------
    UnicodeEncodeError
        If a line holds anything but ASCII, which the page's font does not have.

    References
    ----------
    .. [1] ISO 32000-1:2008, 7.5 (file structure), 9.6.2.2 (standard fonts).

    """
    shown = [f"({_escaped(line)}) Tj T*" for line in lines]
    text = "\n".join(["BT /F1 12 Tf 18 TL 72 760 Td", *shown, "ET"]).encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def _written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()

"""An XLSX from its upload to the preview of what it would change, as a browser has it."""

from __future__ import annotations

import io
import json
import time
from typing import Any, Final
from urllib.parse import urlencode

from web_visitors import Visitor

MAPPING: Final = {
    "Invoice": "external_id", "Site": "site", "Month": "period", "Quantity": "quantity",
    "Unit": "unit", "Supplier": "counterparty", "Note": "description",
}  # fmt: skip
CONSTANTS: Final = {"source_type": "electricity", "item": "electricity"}


def workbook(rows: int, site: str) -> bytes:
    """Write a workbook of invoices of a site, as a purchasing system exports it."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("invoices")
        sheet.write_row(0, 0, ["Invoice", "Site", "Month", "Quantity", "Unit", "Supplier", "Note"])
        for n in range(rows):
            month = f"2024-{1 + n % 12:02}"
            row = [f"I-{n:07}", site, month, 100 + n % 977 / 10, "kWh", f"S-{n % 400}", "monthly"]
            sheet.write_row(n + 1, 0, row)
    return file.getvalue()


def preview(port: int, session: str, site: str, rows: int, source: str) -> dict[str, float]:
    """Send a workbook to the web app and wait for the worker's preview of it.

    Returns
    -------
    dict
        `upload`: until the file is kept and its headers are known; `preview`: from then until what
        would change is shown; `all`. [s]

    """
    visitor, content = Visitor(port, session), workbook(rows, site)
    visitor.get("/inventory/imports/new/")
    began = time.perf_counter()
    asked = urlencode({"node": site, "name": "invoices.xlsx", "source": source})
    record = _call(visitor, f"imports?{asked}", content, "application/octet-stream")
    while not json.loads(visitor.get(f"/api/v1/imports/{record['id']}/mapping")[1])["is_read"]:
        time.sleep(0.05)
    uploaded = time.perf_counter()
    stated = json.dumps({"mapping": MAPPING, "constants": CONSTANTS}).encode()
    job = _call(visitor, f"imports/{record['id']}/check", stated, "application/json")
    while job["state"] in ("waiting", "running"):
        time.sleep(0.05)
        job = json.loads(visitor.get(f"/api/v1/jobs/{job['id']}")[1])
    _, page = visitor.get(f"/inventory/imports/{record['id']}/look/")
    end = time.perf_counter()
    found = json.loads(visitor.get(f"/api/v1/imports/{record['id']}/check")[1])
    counts = found["counts"]
    if counts.get("new") != rows or counts["errors"] or "invoices.xlsx" not in page:
        raise RuntimeError(f"{source}: {job} {counts} {found['findings'][:3]}")
    return {"upload": uploaded - began, "preview": end - uploaded, "all": end - began}


def _call(visitor: Visitor, path: str, body: bytes, media: str) -> dict[str, Any]:
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"Cookie": cookies, "X-CSRFToken": visitor.token, "Content-Type": media}
    visitor.connection.request("POST", f"/api/v1/{path}", body, headers)
    answer = visitor.connection.getresponse()
    told: dict[str, Any] = json.loads(answer.read())
    if answer.status not in (201, 202):
        raise RuntimeError(f"{path}: {answer.status} {told}")
    return told

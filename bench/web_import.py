"""An XLSX from upload to preview: python web_import.py linyin|openpyxl ROWS, as JSON."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path


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


def main(reader: str, rows: int) -> None:
    """Upload, map, check; tell the seconds of each."""
    if reader == "openpyxl":
        sys.path.insert(0, str(Path(__file__).parent / "openpyxl_reader"))
    from linyin.platform.bootstrap import start

    start()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from linyin.inventory.web.imports.actions import check_import, map_import, upload_import
    from linyin.organization.web.models import Node
    from linyin.platform.actor import Actor
    from linyin.platform.models import Person

    actor = Actor(Person.objects.get(email="lin@demo.invalid"), "web")
    site = Node.objects.get(code="NJ-YUHUA")
    content = workbook(rows, site.code)
    mapping = {
        "Invoice": "external_id", "Site": "site", "Month": "period", "Quantity": "quantity",
        "Unit": "unit", "Supplier": "counterparty", "Note": "description",
    }  # fmt: skip
    constants = {"source_type": "electricity", "item": "electricity"}
    began = time.perf_counter()
    upload = SimpleUploadedFile("invoices.xlsx", content)
    record = upload_import(actor, node=site, upload=upload, source=f"bench-{reader}")
    uploaded = time.perf_counter()
    map_import(actor, record, mapping=mapping, constants=constants)
    checked = check_import(actor, record)
    end = time.perf_counter()
    if checked.counts["new"] != rows or checked.counts["errors"]:
        raise SystemExit(f"{reader}: {checked.counts} {checked.findings[:3]}")
    told = {"upload": uploaded - began, "preview": end - uploaded, "all": end - began}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

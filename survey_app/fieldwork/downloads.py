"""Files that leave the program for a spreadsheet: CSV with BOM, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from flask import Response

from survey_app.formats import spreadsheet_safe
from survey_app.tables import Column

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = Iterable[Sequence[object]]


def csv_bytes(rows: Rows) -> bytes:
    """Rows as Excel opens them with Vietnamese letters, no cell of them a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([spreadsheet_safe(cell) for cell in row])
    return out.getvalue().encode("utf-8")


def xlsx_bytes(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook of plain text and numbers: nothing in it is a formula or a link."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            widths: dict[int, int] = {}
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    sheet.write(i, j, cell, bold if i == 0 else None)
                    widths[j] = min(60, max(widths.get(j, 8), len(str(cell)) + 2))
            for j, width in widths.items():
                sheet.set_column(j, j, width)
            sheet.freeze_panes(1, 0)
    return out.getvalue()


def attachment(content: bytes, filename: str) -> Response:
    """A file to be saved, named by its kind."""
    kind = XLSX if filename.endswith(".xlsx") else CSV
    reply = Response(content, content_type=kind)
    reply.headers.set("Content-Disposition", "attachment", filename=filename)
    return reply


def template(
    name: str,
    kind: str,
    columns: Sequence[Column],
    examples: Sequence[Mapping[str, str]],
) -> Response:
    """A file to fill in: headings and rows to learn from, in XLSX also explained."""
    rows = [
        [column.title for column in columns],
        *([example.get(c.id, "") for c in columns] for example in examples),
    ]
    if kind == "csv":
        return attachment(csv_bytes(rows), f"{name}.csv")
    explained = [
        ["Cột", "Bắt buộc", "Giải thích"],
        *([c.title, "Có" if c.required else "Không", c.meaning] for c in columns),
    ]
    book = xlsx_bytes({"Dữ liệu": rows, "Giải thích": explained})
    return attachment(book, f"{name}.xlsx")

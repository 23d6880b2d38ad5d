"""Tables as files for a spreadsheet, and a frozen set as one file to hand on."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from survey_app.formats import spreadsheet_safe
from survey_app.results.sheets import Sheet
from survey_app.results.words import SIMULATED

BYTE_ORDER_MARK = "\ufeff"


def csv_file(sheet: Sheet, notices: Sequence[str]) -> bytes:
    """A table for Excel: it knows the letters by the mark, and runs no cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([notice] for notice in notices)
    writer.writerow(sheet.header)
    writer.writerows([spreadsheet_safe(cell) for cell in row] for row in sheet.rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode("utf-8")


def workbook(sheets: Sequence[Sheet], notices: Sequence[str]) -> bytes:
    """One workbook, a sheet per table; text stays text whatever it begins with."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    decimals = book.add_format({"num_format": "0.00"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.title)
        _print_well(page, notices)
        rows = [*((notice,) for notice in notices), sheet.header]
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                page.write_string(row, column, text, strong)
        for row, values in enumerate(sheet.rows, start=len(rows)):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    page.write_string(row, column, value)
                elif isinstance(value, int):
                    page.write_number(row, column, value)
                elif value is not None:
                    page.write_number(row, column, value, decimals)
        page.freeze_panes(len(rows), 0)
        page.set_column(0, len(sheet.header), 14)
        page.set_column(1, 1, 36)
    book.close()
    return buffer.getvalue()


def _print_well(page: Any, notices: Sequence[str]) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&C" + " – ".join([*notices, "&P/&N"]))


def archive(folder: Path, *, simulated: bool) -> bytes:
    """All files of a frozen set; a simulated one says so by a file of that name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        if simulated:
            text = f"{SIMULATED} – không phải kết quả khảo sát thật.\n"
            file.writestr("DU-LIEU-MO-PHONG.txt", text)
        for path in sorted(folder.iterdir()):
            file.write(path, f"{folder.name}/{path.name}")
    return buffer.getvalue()

"""Rows of the first sheet of an XLSX file: values as last shown, nothing computed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

MAX_UNPACKED = 2 * 1024 * 1024 * 1024
MAX_SHARED_TEXT = 256 * 1024 * 1024
MAX_PARTS = 500
MAX_RATIO = 400
_SMALL = 1024 * 1024
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DAMAGED = "Không mở được tệp Excel: tệp hỏng, có mật khẩu hoặc không phải .xlsx."
_TOO_LARGE = "Tệp Excel khi mở ra quá lớn. Vui lòng lưu thành CSV hoặc chia nhỏ."


class Unreadable(Exception):
    """The file is no usable workbook; ``reason`` says why, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_xlsx(source: BinaryIO) -> bool:
    """Whether the file begins as a ZIP archive does."""
    source.seek(0)
    start = source.read(4)
    source.seek(0)
    return start == b"PK\x03\x04"


def rows(source: BinaryIO) -> Iterator[tuple[int, Sequence[object]]]:
    """Row numbers and cell values.

    Raises
    ------
    Unreadable
        If it is no workbook, damaged, or unpacks to more than any table needs.
    """
    from openpyxl import load_workbook

    _refuse_bombs(source)
    try:
        book = load_workbook(source, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises a dozen kinds for damaged files
        raise Unreadable(_DAMAGED) from error
    try:
        if not book.worksheets:
            raise Unreadable("Tệp Excel không có trang tính nào.")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file claims of its size is not believed
        yield from enumerate(sheet.iter_rows(values_only=True), start=1)
    except (ValueError, KeyError, SyntaxError, BadZipFile, EOFError) as error:
        raise Unreadable(_DAMAGED) from error
    finally:
        book.close()
        source.seek(0)


def _refuse_bombs(source: BinaryIO) -> None:
    try:
        with ZipFile(source) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED:
                raise Unreadable(_TOO_LARGE)
            for part in parts:
                ratio = part.file_size / max(part.compress_size, 1)
                if part.file_size > _SMALL and ratio > MAX_RATIO:
                    raise Unreadable(_TOO_LARGE)
                shared = "sharedStrings" in part.filename
                if shared and part.file_size > MAX_SHARED_TEXT:
                    raise Unreadable(_TOO_LARGE)
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if _DECLARATION.search(opened.read(4096)):
                            raise Unreadable(_DAMAGED)
    except (BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Unreadable(_DAMAGED) from error
    source.seek(0)

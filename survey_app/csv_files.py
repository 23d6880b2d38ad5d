"""Rows of a CSV file in whatever encoding and with whatever separator it came."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

MAX_BYTES = 1024 * 1024 * 1024
SEPARATORS = ";,\t"
_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS = (
    (b"\xd0\xcf\x11\xe0", "Đây là tệp Excel kiểu cũ (.xls) hoặc Word."),
    (b"%PDF", "Đây là tệp PDF."),
    (b"{\\rtf", "Đây là tệp văn bản RTF."),
)
_SAVE_AS = " Vui lòng lưu lại thành .xlsx hoặc CSV (UTF-8) rồi chọn tệp đó."


class Unreadable(Exception):
    """The file is no CSV; ``reason`` says why, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def rows(source: BinaryIO) -> Iterator[tuple[int, Sequence[object]]]:
    """Line numbers and cells.

    Raises
    ------
    Unreadable
        If it is another kind of file, or its letters cannot be made out.
    """
    encoding = _encoding(source)
    source.seek(0)
    text = io.TextIOWrapper(source, encoding=encoding, newline="")
    try:
        separator = _separator(text)
        text.seek(0)
        reader = csv.reader(text, delimiter=separator)
        before = 0
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise Unreadable(
            f"Không đọc được dòng {reader.line_num}: có thể thiếu dấu ngoặc kép."
        ) from error
    except UnicodeError as error:
        raise Unreadable("Không đọc được chữ trong tệp." + _SAVE_AS) from error
    finally:
        text.detach()  # whoever opened the file closes it


def _encoding(source: BinaryIO) -> str:
    """UTF-8 if every byte of the file fits it, else the old Windows one."""
    source.seek(0)
    start = source.read(4096)
    for magic, reason in _OTHER_KINDS:
        if start.startswith(magic):
            raise Unreadable(reason + _SAVE_AS)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    if b"\0" in start:
        return _utf16_without_mark(start)
    source.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = 0
    try:
        while block := source.read(_BLOCK):
            if (size := size + len(block)) > MAX_BYTES:
                raise Unreadable("Tệp lớn hơn 1 GB. Vui lòng chia thành nhiều tệp.")
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1258"
    return "utf-8"


def _utf16_without_mark(start: bytes) -> str:
    zeros = start[1::2].count(0), start[::2].count(0)
    if max(zeros) < len(start) / 4:
        raise Unreadable("Đây không phải tệp CSV hay Excel." + _SAVE_AS)
    return "utf-16-le" if zeros[0] > zeros[1] else "utf-16-be"


def _separator(text: io.TextIOWrapper) -> str:
    """The sign that parts the cells of the widest of the first lines."""
    counts = dict.fromkeys(SEPARATORS, 0)
    for _ in range(20):
        outside = "".join(text.readline(100_000).split('"')[::2])
        for sign in SEPARATORS:
            counts[sign] = max(counts[sign], outside.count(sign))
    return max(SEPARATORS, key=lambda sign: counts[sign])

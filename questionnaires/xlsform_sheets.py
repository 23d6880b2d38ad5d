"""Read the sheets of an XLSForm by the names of their columns, languages told apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from questionnaires.check_ids import RESERVED
from questionnaires.model import Problem
from questionnaires.xlsform import Rows, place_of

LANGUAGES = {"vietnamese": "vi", "tiếng việt": "vi", "english": "en", "khmer": "km"}

_ALIASES = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::required": "required",
    "bind::constraint": "constraint",
    "bind::jr:constraintmsg": "constraint_message",
    "constraining_message": "constraint_message",
    "control::appearance": "appearance",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
    "list name": "list_name",
}
_SHOWN = ("label", "hint", "constraint_message", "required_message", "text")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: plain cells by column, shown texts by language as well."""

    sheet: str
    number: int
    cells: dict[str, str]
    shown: dict[str, dict[str, str]]

    @property
    def where(self) -> str:
        return place_of(self.sheet, self.number)

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def said(self, column: str) -> dict[str, str]:
        """What is shown, by the language name of its column ("" for none)."""
        return self.shown.get(column, {})


@dataclass(slots=True)
class Lines:
    """The rows of one sheet; ``columns`` and ``languages`` as its header names them."""

    rows: list[Line] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def lines_of_sheet(sheet: str, rows: Rows, problems: list[Problem]) -> Lines:
    """Rows under the header of a sheet; a column that stands twice is a problem."""
    if not rows:
        return Lines()
    number, header = rows[0]
    columns = [_column(cell) for cell in header]
    for column in dict.fromkeys(c for c in columns if c[0] and columns.count(c) > 1):
        problems.append(Problem("duplicate_column", place_of(sheet, number), column[0]))
    found = Lines(
        columns=list(dict.fromkeys(name for name, _ in columns if name)),
        languages=list(dict.fromkeys(lang for _, lang in columns if lang)),
    )
    for number, cells in rows[1:]:
        plain: dict[str, str] = {}
        shown: dict[str, dict[str, str]] = {}
        for (name, language), cell in zip(columns, cells, strict=False):
            if not name and cell:
                where = place_of(sheet, number)
                problems.append(Problem("cell_without_column", where, cell[:80]))
            elif name in _SHOWN and cell:
                shown.setdefault(name, {})[language] = cell
            elif cell:
                plain[name] = cell
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            where = place_of(sheet, number)
            problems.append(Problem("cell_without_column", where, cells[-1][:80]))
        found.rows.append(Line(sheet, number, plain, shown))
    return found


def language_code(name: str) -> str:
    """The code of a language from the name XLSForm gives it: "Khmer (km)" is km."""
    if match := re.search(r"\(([A-Za-z]{2,8})[^)]*\)\s*$", name):
        return match[1].lower()
    known = LANGUAGES.get(name.strip().lower())
    return known or identifier(name, "l")


def identifier(name: str, first: str) -> str:
    """A name as an id of ours: small letters a to z, digits, single underscores."""
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    plain = re.sub(r"[^a-z0-9_]", "_", "".join(c for c in plain.lower() if _keeps(c)))
    plain = re.sub(r"__+", "_", plain).strip("_")
    if not plain[:1].isalpha() or plain in RESERVED:
        plain = f"{first}_{plain}".rstrip("_")
    return plain[:32].rstrip("_")


def _keeps(character: str) -> bool:
    return not unicodedata.combining(character)


def _column(header: str) -> tuple[str, str]:
    """The column a header means, and its language ("label::English")."""
    name, colons, language = header.partition("::")
    if not colons and ":" in header and header.split(":")[0].lower() in _SHOWN:
        name, _, language = header.partition(":")
    name = name.strip().lower()
    name = _ALIASES.get(name, name.replace(" ", "_"))
    if name in _SHOWN:
        return name, language.strip()
    whole = re.sub(r"\s*:+\s*", "::", header.strip().lower(), count=1)
    return _ALIASES.get(whole, _ALIASES.get(name, name if not language else whole)), ""

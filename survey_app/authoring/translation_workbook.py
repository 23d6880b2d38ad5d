"""The workbook a translator fills in: every text of a form beside an empty cell."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from questionnaires import DefinitionRejected, Problem, Questionnaire
from questionnaires.toml_text import toml_text
from questionnaires.translations import texts_of
from survey_app.languages import name_of

TEXTS, ABOUT = "ban dich", "thong tin"
HEADER = ("Khóa (không sửa)", "Nguyên văn", "Bản dịch", "Ghi chú của người dịch")
FORM, LANGUAGE = "Mã phiếu", "Ngôn ngữ"


def write(
    questionnaire: Questionnaire, language: str, texts: Mapping[str, str]
) -> bytes:
    """An .xlsx with all originals, and what is translated already."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        fixed = book.add_format({"valign": "top", "text_wrap": True, "locked": True})
        free = book.add_format(
            {"valign": "top", "text_wrap": True, "locked": False, "border": 1}
        )
        sheet = book.add_worksheet(TEXTS)
        for column, width in enumerate((24, 60, 60, 30)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, HEADER[column], bold)
        for row, (key, original) in enumerate(texts_of(questionnaire).items(), start=1):
            sheet.write_string(row, 0, key, fixed)
            sheet.write_string(row, 1, original, fixed)
            sheet.write_string(row, 2, texts.get(key, ""), free)
            sheet.write_string(row, 3, "", free)
        sheet.freeze_panes(1, 1)
        sheet.protect()  # without a password: against slips, not against people
        about = book.add_worksheet(ABOUT)
        about.set_column(0, 1, 24)
        for row, pair in enumerate(
            (
                (FORM, questionnaire.id),
                (LANGUAGE, language),
                ("Tên ngôn ngữ", name_of(language)),
            )
        ):
            about.write_row(row, 0, pair)
    return out.getvalue()


def read(content: bytes, *, reviewed: bool) -> tuple[str, dict[str, int]]:
    """The translation file that a filled workbook makes, and the row of each text.

    Empty cells are left out, so that the judge names them as gaps.

    Raises
    ------
    DefinitionRejected
        If it is not such a workbook, with sheet and row.
    """
    from questionnaires.xlsform import WorkbookRejected, read_sheets

    try:
        sheets = read_sheets(content, (TEXTS, ABOUT))
    except WorkbookRejected as rejected:
        raise DefinitionRejected(rejected.problems) from rejected
    problems = [
        Problem("missing", f"{name}, row 1", name)
        for name in (TEXTS, ABOUT)
        if not sheets.get(name)
    ]
    if problems:
        raise DefinitionRejected(problems)
    about = {cells[0]: (*cells[1:], "")[0] for _, cells in sheets[ABOUT]}
    problems += [
        Problem("missing", f"{ABOUT}, row 1", key)
        for key in (FORM, LANGUAGE)
        if not about.get(key)
    ]
    texts, rows = _texts(sheets[TEXTS], problems)
    if problems:
        raise DefinitionRejected(problems)
    table = {
        "questionnaire": about[FORM],
        "language": about[LANGUAGE],
        "reviewed": reviewed,
        "text": texts,
    }
    return toml_text(table), rows


def _texts(
    sheet: Sequence[tuple[int, list[str]]], problems: list[Problem]
) -> tuple[dict[str, str], dict[str, int]]:
    texts: dict[str, str] = {}
    rows: dict[str, int] = {}
    for number, cells in sheet[1:]:
        key, _, translation = (*cells, "", "", "")[:3]
        if key in rows:
            problems.append(Problem("duplicate_id", f"{TEXTS}, row {number}", key))
        elif key:
            rows[key] = number
            if translation:
                texts[key] = translation
    return texts, rows

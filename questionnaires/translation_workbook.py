"""A translation as a workbook: a translator fills one column, the rest is checked."""

from __future__ import annotations

from questionnaires.model import Problem, Questionnaire
from questionnaires.toml_text import toml_text
from questionnaires.translations import Translation, problems_of_texts, texts_of
from questionnaires.xlsform import (
    WorkbookRejected,
    place_of,
    read_sheets,
    write_sheets,
)

SHEET = "translation"
COLUMNS = ("key", "original", "translation")


def export_translation(
    questionnaire: Questionnaire, language: str, so_far: Translation | None = None
) -> bytes:
    """A workbook with every text of the form beside its translation so far."""
    done = dict(so_far.texts) if so_far else {}
    rows = [[k, text, done.get(k, "")] for k, text in texts_of(questionnaire).items()]
    about = [["questionnaire", questionnaire.id], ["language", language]]
    return write_sheets({SHEET: [COLUMNS, *rows], "about": about})


def import_translation(content: bytes, questionnaire: Questionnaire) -> str:
    """The translation file that a workbook comes to, marked not reviewed.

    Raises
    ------
    WorkbookRejected
        With every gap and fault, by sheet and row: also a text that was translated
        from words the form no longer has.
    """
    sheets = read_sheets(content, (SHEET, "about"))
    about = {row[0]: row[1] for _, row in sheets.get("about", []) if len(row) > 1}
    rows = sheets.get(SHEET, [])
    problems: list[Problem] = []
    if not rows or tuple(rows[0][1][:3]) != COLUMNS:
        problems.append(Problem("no_translation", f"{SHEET}, row 1"))
    if not about.get("language"):
        problems.append(Problem("missing", "about, row 2", "language"))
    if about.get("questionnaire") != questionnaire.id:
        other = about.get("questionnaire", "")
        problems.append(Problem("wrong_questionnaire", "about, row 1", other))
    if problems:
        raise WorkbookRejected(problems)
    texts, places = _texts(rows[1:], questionnaire, problems)
    for problem in problems_of_texts(questionnaire, texts):
        where = places.get(problem.where, f"{SHEET}, row {rows[-1][0] + 1}")
        problems.append(Problem(problem.code, where, problem.detail or problem.where))
    if problems:
        raise WorkbookRejected(problems)
    return toml_text(
        {
            "questionnaire": questionnaire.id,
            "language": about["language"],
            "reviewed": False,
            "text": texts,
        }
    )


def _texts(
    rows: list[tuple[int, list[str]]],
    questionnaire: Questionnaire,
    problems: list[Problem],
) -> tuple[dict[str, str], dict[str, str]]:
    """The translations by key, and where each stands."""
    originals = texts_of(questionnaire)
    texts: dict[str, str] = {}
    places: dict[str, str] = {}
    for number, row in rows:
        key, original, text = (*row, "", "", "")[:3]
        where = place_of(SHEET, number)
        if key in places:
            problems.append(Problem("duplicate_id", where, key))
        elif key in originals and original != originals[key]:
            problems.append(Problem("original_changed", where, originals[key]))
        places[key] = where
        texts[key] = text
    return texts, places

"""Judge a file somebody brings: a definition, an XLSForm workbook or a translation.

Whatever the file holds, the answer is the same: every finding with its place and the
remedy in a sentence, and the questionnaire when there is nothing to find.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

import questionnaires
from questionnaires import Problem, Questionnaire
from questionnaires.check import read_toml
from questionnaires.check_messages import sentence, spoken_place
from questionnaires.translations import (
    Translation,
    check_translation,
    parse_translation,
)

_LINE = re.compile(r"\bline (\d+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem as people read it; ``place`` is where to look, "" for the whole."""

    code: str
    where: str
    line: int
    detail: str
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A definition that was looked at, with its translations, good or bad.

    ``text`` is what would be published; ``questionnaire`` is there when nothing is
    wrong with it. ``notices`` are said and hinder nothing.
    """

    text: str = ""
    questionnaire: Questionnaire | None = None
    findings: tuple[Finding, ...] = ()
    translation_texts: tuple[str, ...] = ()
    translations: tuple[Translation, ...] = ()
    notices: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        return self.questionnaire is not None and not self.findings


def judge(content: bytes, *, filename: str = "", earlier: Sequence[str] = ()) -> Judged:
    """A definition, or an XLSForm by its name or the way it begins."""
    if content.startswith(b"PK") or filename.lower().endswith(".xlsx"):
        return _judge_workbook(content, earlier)
    text = _decoded(content)
    if text is None:
        return Judged(findings=(_not_utf8(),))
    return judge_definition(text, earlier=earlier)


def judge_definition(
    text: str,
    *,
    translation_texts: Sequence[str] = (),
    earlier: Sequence[str] = (),
    places: Mapping[str, str] | None = None,
) -> Judged:
    """A definition and the translations that come with it.

    ``places`` says where each question stood in the file it was made from.
    """
    problems = questionnaires.check(text, earlier=earlier)
    if problems:
        found = tuple(_finding(p, places or {}) for p in problems)
        return Judged(text, None, found, tuple(translation_texts))
    questionnaire = questionnaires.parse(text)
    findings: list[Finding] = []
    translations = []
    for words in translation_texts:
        found = judge_translation(words, questionnaire)
        findings += found
        if not found:
            translations.append(parse_translation(words, questionnaire))
    return Judged(
        text,
        questionnaire,
        tuple(findings),
        tuple(translation_texts),
        tuple(translations),
    )


def judge_translation(text: str, questionnaire: Questionnaire) -> tuple[Finding, ...]:
    """All that is wrong with a translation; the language stands before each place."""
    language = language_of(text)
    return tuple(
        replace(found, place=f"{language}: {found.place}" if language else found.place)
        for found in (_finding(p, {}) for p in check_translation(text, questionnaire))
    )


def language_of(text: str) -> str:
    """The language a translation file names, "" when it cannot be told."""
    try:
        return str(read_toml(text).get("language", ""))
    except (ValueError, RecursionError):
        return ""


def translated_form(text: str) -> str | None:
    """The id of the questionnaire a text translates, None if it is no translation."""
    try:
        source = read_toml(text)
    except (ValueError, RecursionError):
        return None
    if "questionnaire" in source and "id" not in source:
        return str(source["questionnaire"])
    return None


def finding(problem: Problem) -> Finding:
    return _finding(problem, {})


def unknown_form(form_id: str) -> Finding:
    """A translation of a form that is not at hand."""
    return Finding(
        code="unknown_form",
        where="",
        line=0,
        detail=form_id,
        place="",
        sentence=f"Bản dịch này thuộc phiếu “{form_id}”, nhưng không thấy phiếu đó. Xin"
        " đưa cả tệp định nghĩa của phiếu vào lệnh kiểm tra.",
    )


def shipped_definitions() -> list[str]:
    """The texts of the questionnaires that come with the program."""
    return list(_shipped("definitions"))


def shipped_translations() -> list[str]:
    return list(_shipped("translations"))


def _shipped(folder: str) -> Iterator[str]:
    entries = (files("questionnaires") / folder).iterdir()
    for entry in sorted(entries, key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield entry.read_text(encoding="utf-8")


def _judge_workbook(content: bytes, earlier: Sequence[str]) -> Judged:
    from questionnaires.xlsform import WorkbookRejected
    from questionnaires.xlsform_import import import_xlsform

    try:
        imported = import_xlsform(content)
    except WorkbookRejected as rejected:
        return Judged(findings=tuple(finding(p) for p in rejected.problems))
    judged = judge_definition(
        imported.text,
        translation_texts=[text for _, text in imported.translations],
        earlier=earlier,
        places=imported.places,
    )
    return replace(judged, notices=tuple(finding(n) for n in imported.notices))


def _finding(problem: Problem, places: Mapping[str, str]) -> Finding:
    """A problem of an imported form is looked up in the workbook, not in our text."""
    if problem.code == "not_toml" and (found := _LINE.search(problem.detail)):
        problem = replace(problem, line=int(found[1]))
    if places:
        problem = replace(problem, line=0)
    place = spoken_place(problem)
    head = problem.where.split(", ")[0]
    if row := places.get(problem.where) or places.get(head):
        place = f"{place} ({spoken_place(replace(problem, where=row))})"
    return Finding(
        problem.code,
        problem.where,
        problem.line,
        problem.detail,
        place.strip(),
        sentence(problem),
    )


def _decoded(content: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def _not_utf8() -> Finding:
    return Finding(
        code="not_utf8",
        where="",
        line=0,
        detail="",
        place="",
        sentence="Tệp không phải bảng tính .xlsx, cũng không phải văn bản UTF-8. Xin mở"
        " lại bằng chương trình đã tạo ra tệp rồi lưu theo một trong hai dạng đó.",
    )

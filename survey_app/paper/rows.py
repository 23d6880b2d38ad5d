"""The rows of the entry screen: what to type, what it means, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaires import Problem, Question, Questionnaire
from survey_app.collect.remarks import Remark, remarks
from survey_app.paper import keys
from survey_app.paper.keys import ASSISTED, CODE, CONSENT, Choice

SENTENCES = {
    "not_typed": "Chưa nhập.",
    "no_such_key": "Không có ô số {detail}.",
    "code_mistyped": "Mã phiếu thiếu ký tự hoặc gõ nhầm; xin xem lại tờ giấy.",
    "code_unknown": "Đợt này không có mã phiếu đó; xin xem lại hoặc để trống.",
    "code_used": "Mã này đã dùng để gửi một phiếu khác, nên tờ giấy này không được"
    " tính: xin ghi là hỏng, lý do mã đã dùng.",
    "code_of_other_office": "Mã này thuộc {detail}, không phải cơ quan in trên tờ"
    " giấy; nếu người dân đánh giá cơ quan trên giấy, xin để trống mã.",
}
CHOICE_KINDS = ("scale", "single", "multiple")
_EMPTY = "để trống"
_UNCLEAR = "để trống hoặc đánh nhiều ô"


@dataclass(frozen=True, slots=True)
class Row:
    """One field: its name, its words, the keys that can be struck, its problem."""

    name: str
    number: str
    text: str
    choices: tuple[Choice, ...]
    typed: str
    help: str = ""
    sentence: str = ""
    confirm: str = ""
    is_numeric: bool = True
    width: str = "narrow"


def rows(
    questionnaire: Questionnaire,
    typed: Mapping[str, Any],
    problems: Iterable[Problem] = (),
) -> list[Row]:
    """All fields in the order of the paper."""
    told = {p.where: _remark(questionnaire, p) for p in reversed(list(problems))}
    found: list[Row] = []
    for number, question in enumerate(questionnaire.questions, start=1):
        found.append(_row(question, str(number), typed, told.get(question.id)))
        if question.specify:
            found.append(_specify(question, number, typed))
    found += _last(typed, told)
    return found


def row_names(questionnaire: Questionnaire) -> list[str]:
    return [row.name for row in rows(questionnaire, {})]


def spoken(questionnaire: Questionnaire, name: str, typed: Mapping[str, Any]) -> str:
    """What somebody typed into a field, in words, for comparing."""
    value = str(typed.get(name, ""))
    if name in (CONSENT, ASSISTED):
        return {"1": "có đánh dấu", "2": "không đánh dấu", "0": "để trống"}[value]
    question = next((q for q in questionnaire.questions if q.id == name), None)
    if not value:
        return "không nhập"
    return keys.spoken(question, value) if question else value


def _row(
    question: Question, number: str, typed: Mapping[str, Any], remark: Remark | None
) -> Row:
    boxes = question.kind in CHOICE_KINDS
    is_one = question.kind in ("scale", "single")
    empty = Choice(
        keys.EMPTY if boxes else keys.EMPTY_WRITTEN, "", _UNCLEAR if is_one else _EMPTY
    )
    helps = {
        "multiple": "Nhiều ô thì gõ các số cách nhau bằng dấu cách.",
        "date": "Tám chữ số: ngày, tháng, năm; ví dụ 05032026.",
    }
    return Row(
        name=question.id,
        number=number,
        text=question.text,
        choices=(*keys.choices(question), empty),
        typed=str(typed.get(question.id, "")),
        help=helps.get(question.kind, ""),
        sentence=remark.sentence if remark else "",
        confirm=remark.confirm if remark else "",
        is_numeric=question.kind != "text",
        width="wide" if question.kind == "text" else "narrow",
    )


def _specify(question: Question, number: int, typed: Mapping[str, Any]) -> Row:
    assert question.specify is not None
    return Row(
        name=question.specify_id,
        number=f"{number}b",
        text=f"Phần ghi rõ của “{question.specify.label}”, nếu có",
        choices=(),
        typed=str(typed.get(question.specify_id, "")),
        is_numeric=False,
        width="wide",
    )


def _last(typed: Mapping[str, Any], told: Mapping[str, Remark]) -> Iterable[Row]:
    """What stands at the foot of the paper."""
    texts = {
        CONSENT: "Có đánh dấu đồng ý gửi câu trả lời không?",
        ASSISTED: "Có đánh dấu được người khác đọc hoặc viết giúp không?",
        CODE: "Mã phiếu viết trên giấy, nếu có",
    }
    boxes = (Choice("1", "", "có"), Choice("2", "", "không"))
    choices = {CONSENT: boxes, ASSISTED: boxes, CODE: ()}
    for name, text in texts.items():
        remark = told.get(name)
        yield Row(
            name=name,
            number="",
            text=text,
            choices=choices[name],
            typed=str(typed.get(name, "")),
            sentence=remark.sentence if remark else "",
            is_numeric=name != CODE,
            width="code" if name == CODE else "narrow",
        )


def _remark(questionnaire: Questionnaire, problem: Problem) -> Remark:
    if problem.code in SENTENCES:
        sentence = SENTENCES[problem.code].format(detail=problem.detail)
        return Remark(problem.where, sentence)
    return remarks(questionnaire, [problem])[0]

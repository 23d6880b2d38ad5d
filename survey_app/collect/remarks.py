"""What is to be put right on a page, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires import Problem, Question, Questionnaire
from survey_app.collect import ballots

SENTENCES = {
    "required": "Xin chọn một phương án.",
    "one_only": "Chỉ chọn được một phương án.",
    "not_an_option": "Phương án này không có trong phiếu. Xin chọn lại.",
    "exclusive": "Ý “{option}” không chọn chung với ý khác. Xin chọn lại.",
    "not_a_number": "Xin ghi một số nguyên, ví dụ 2.",
    "not_a_date": "Xin ghi ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2026.",
    "out_of_range": "Xin ghi một giá trị {range}.",
    "not_text": "Câu trả lời có ký tự không dùng được. Xin ghi lại.",
    "too_long": "Câu trả lời dài quá ({detail} ký tự). Xin viết ngắn hơn.",
    "no_consent": "Xin đánh dấu đồng ý thì phiếu mới gửi được.",
}
# Where another kind of question needs another sentence.
_BY_KIND = {
    ("required", "multiple"): "Xin chọn ít nhất một ý.",
    ("required", "number"): "Xin ghi một số.",
    ("required", "date"): "Xin ghi ngày.",
    ("required", "text"): "Xin ghi câu trả lời.",
    ("one_only", "number"): "Xin chỉ ghi số, hoặc chỉ chọn một ý bên dưới.",
    ("one_only", "date"): "Xin chỉ ghi ngày, hoặc chỉ chọn một ý bên dưới.",
    ("one_only", "text"): "Xin chỉ ghi câu trả lời, hoặc chỉ chọn một ý bên dưới.",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One problem: where it is, what to do, and the doubt that can be confirmed."""

    where: str
    sentence: str
    confirm: str = ""


def remarks(questionnaire: Questionnaire, problems: list[Problem]) -> list[Remark]:
    """The problems in page order, each with its sentence.

    An unknown kind of problem is an error, never a silent gap on the page.
    """
    return [_remark(questionnaire, problem) for problem in problems]


def _remark(questionnaire: Questionnaire, problem: Problem) -> Remark:
    if problem.where == ballots.CONSENT:
        return Remark(problem.where, SENTENCES[problem.code])
    if problem.code in ("impossible", "unconfirmed"):
        check = next(c for c in questionnaire.checks if c.id == problem.detail)
        confirm = check.id if problem.code == "unconfirmed" else ""
        return Remark(problem.where, check.text, confirm)
    question = questionnaire.question(problem.where)
    sentence = _BY_KIND.get((problem.code, question.kind), SENTENCES[problem.code])
    return Remark(
        problem.where,
        sentence.format(
            detail=problem.detail,
            option=_label(question, problem.detail),
            range=_range(question),
        ),
    )


def _label(question: Question, value: str) -> str:
    labels = {option.id: option.label for option in question.options}
    labels |= {special.value: special.label for special in question.specials}
    return labels.get(value, value)


def _range(question: Question) -> str:
    low, high = (_shown(bound) for bound in (question.minimum, question.maximum))
    if low and high:
        return f"từ {low} đến {high}"
    return f"từ {low} trở lên" if low else f"không quá {high}"


def _shown(bound: int | str | None) -> str:
    if isinstance(bound, str):
        return "/".join(reversed(bound.split("-")))
    return "" if bound is None else str(bound)

"""The sentence before a conditional question, and the words for each problem."""

import pytest

import questionnaires
from questionnaires import Problem
from survey_app.collect import ballots, conditions, remarks
from survey_app.collect.wording import words

FORM = """
id = "form"
title = "Phiếu thử"
audience = "citizen"
language = "vi"
[source]
decision = "Không có"
status = "memory"
[consent]
version = "thu-1"
text = "Xin đồng ý."
[heading.facts]
title = "Thông tin"
[special]
na = "Không áp dụng"
dk = "Không biết"
[scale.s]
satisfied_from = 4
labels = ["Rất tệ", "Tệ", "Thường", "Tốt", "Rất tốt"]
[[factor]]
id = "f"
title = "Yếu tố"
[[factor.criterion]]
id = "seats"
text = "Chỗ ngồi"
scale = "s"
not_applicable = true
[[fact]]
id = "late"
text = "Có trễ không?"
kind = "single"
[[fact.option]]
id = "yes"
code = 1
label = "Trễ hẹn"
[[fact.option]]
id = "no"
code = 2
label = "Đúng hẹn"
[[fact]]
id = "wishes"
text = "Mong muốn gì?"
kind = "multiple"
required = false
[[fact.option]]
id = "fast"
code = 1
label = "Nhanh hơn"
[[fact.option]]
id = "near"
code = 2
label = "Gần hơn"
[[fact.option]]
id = "none"
code = 3
label = "Không có"
exclusive = true
[[fact]]
id = "visits"
text = "Đi mấy lần?"
kind = "number"
dont_know = true
minimum = 1
maximum = 99
[[fact]]
id = "more"
text = "Còn gì nữa?"
kind = "text"
required = false
max_length = 20
show_if = {rule}
"""


def form(rule='["answered", {answer = "late"}]'):
    return questionnaires.parse(FORM.replace("{rule}", rule))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            '["==", {answer = "late"}, "yes"]',
            "Chỉ trả lời nếu ở câu 2 Ông/Bà chọn “Trễ hẹn”.",
        ),
        (
            '["!=", {answer = "late"}, "yes"]',
            "Chỉ trả lời nếu ở câu 2 Ông/Bà không chọn “Trễ hẹn”.",
        ),
        (
            '["in", {answer = "late"}, ["yes", "no"]]',
            "Chỉ trả lời nếu ở câu 2 Ông/Bà chọn “Trễ hẹn” hoặc “Đúng hẹn”.",
        ),
        (
            '["any-in", {answer = "wishes"}, ["fast", "near"]]',
            "Chỉ trả lời nếu ở câu 3 Ông/Bà chọn “Nhanh hơn” hoặc “Gần hơn”.",
        ),
        (
            '["all-in", {answer = "wishes"}, ["fast", "near"]]',
            "Chỉ trả lời nếu ở câu 3 Ông/Bà chỉ chọn trong các ý “Nhanh hơn”,"
            " “Gần hơn”.",
        ),
        (
            '["==", {answer = "seats"}, "na"]',
            "Chỉ trả lời nếu ở câu 1 Ông/Bà chọn “Không áp dụng”.",
        ),
        (
            '[">", {answer = "visits"}, 2]',
            "Chỉ trả lời nếu ở câu 4 Ông/Bà ghi số lớn hơn 2.",
        ),
        (
            '["<", 2, {answer = "visits"}]',
            "Chỉ trả lời nếu ở câu 4 Ông/Bà ghi số lớn hơn 2.",
        ),
        (
            '[">=", ["count", {answer = "wishes"}], 2]',
            "Chỉ trả lời nếu số ý Ông/Bà chọn ở câu 3 từ 2 trở lên.",
        ),
        (
            '["answered", {answer = "wishes"}]',
            "Chỉ trả lời nếu Ông/Bà có trả lời câu 3.",
        ),
        (
            '["and", ["answered", {answer = "late"}], ["or", '
            '["==", {answer = "visits"}, 1], ["answered", {answer = "wishes"}]]]',
            "Chỉ trả lời nếu Ông/Bà có trả lời câu 2 và (ở câu 4 Ông/Bà ghi số 1"
            " hoặc Ông/Bà có trả lời câu 3).",
        ),
        (
            '["not", ["==", {answer = "late"}, "yes"]]',
            "Chỉ trả lời nếu không phải trường hợp ở câu 2 Ông/Bà chọn “Trễ hẹn”.",
        ),
    ],
)
def test_a_condition_is_said_in_words(rule, sentence):
    questionnaire = form(rule)
    numbers = {q.id: n for n, q in enumerate(questionnaire.questions, 1)}

    assert conditions.leads(questionnaire, numbers) == {"more": sentence}


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"visits": ["hai"]}, ["Xin ghi một số nguyên, ví dụ 2."]),
        ({"visits": ["0"]}, ["Xin ghi một giá trị từ 1 đến 99."]),
        ({"visits": []}, ["Xin ghi một số."]),
        ({"visits": ["2", "dk"]}, ["Xin chỉ ghi số, hoặc chỉ chọn một ý bên dưới."]),
        ({"late": ["yes", "no"]}, ["Chỉ chọn được một phương án."]),
        ({"late": []}, ["Xin chọn một phương án."]),
        (
            {"wishes": ["fast", "none"]},
            ["Ý “Không có” không chọn chung với ý khác. Xin chọn lại."],
        ),
        (
            {"more": ["x" * 21]},
            ["Câu trả lời dài quá (21/20 ký tự). Xin viết ngắn hơn."],
        ),
        ({"dong-y": []}, ["Xin đánh dấu đồng ý thì phiếu mới gửi được."]),
        (
            {"seats": ["6"], "visits": ["0"]},
            [
                "Phương án này không có trong phiếu. Xin chọn lại.",
                "Xin ghi một giá trị từ 1 đến 99.",
            ],
        ),
    ],
)
def test_every_problem_has_its_sentence(fields, sentences):
    questionnaire = form()
    good = {
        "seats": ["4"],
        "late": ["no"],
        "visits": ["2"],
        "dong-y": ["thu-1"],
    }

    ballot, problems = ballots.read(questionnaire, good | fields)

    assert ballot is None
    said = remarks.remarks(questionnaire, problems)
    assert [remark.sentence for remark in said] == sentences


def test_every_code_the_reader_of_answers_gives_has_words():
    """Read from its source, so that a new code cannot be forgotten here."""
    import inspect
    import re

    from questionnaires import answers

    given = set(re.findall(r'Problem\(\s*"(\w+)"', inspect.getsource(answers)))

    assert given
    known = set(words("vi").below("remark"))
    assert given <= known | {"impossible", "unconfirmed"}


def test_an_unknown_problem_is_an_error_and_no_gap_on_the_page():
    with pytest.raises(KeyError):
        remarks.remarks(form(), [Problem("never_heard_of", "late")])

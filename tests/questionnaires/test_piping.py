import pytest

from questionnaires.piping import fill, spoken

TEXT = "Cả {answer:visits|những} lần đi lại có cần thiết không?"


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        (
            "Sự phục vụ của {office}",
            {"office": "Sở Nội vụ"},
            "Sự phục vụ của Sở Nội vụ",
        ),
        ("Sự phục vụ của {office}", {}, "Sự phục vụ của cơ quan"),
        ("Sự phục vụ của {office|đơn vị}", {}, "Sự phục vụ của đơn vị"),
        ("Về {procedure}", {"procedure": "cấp {office}"}, "Về cấp {office}"),
        ("Không có chỗ điền", {}, "Không có chỗ điền"),
    ],
)
def test_names_are_filled_in_once(text, names, shown):
    assert fill(text, names=names) == shown


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"visits": 3}, "Cả 3 lần đi lại có cần thiết không?"),
        ({}, "Cả những lần đi lại có cần thiết không?"),
    ],
)
def test_an_earlier_answer_or_its_stand_in_is_shown(careful, answers, shown):
    assert fill(TEXT, names={}, answers=answers, questionnaire=careful) == shown


@pytest.mark.parametrize(
    ("question", "value", "words"),
    [
        ("seats", 5, "Rất hài lòng"),
        ("seats", "na", ""),
        ("promptness", "late", "Trễ hẹn"),
        ("days_late", 10, "10"),
        ("received", "2026-03-02", "02/03/2026"),
        ("wishes", ("faster", "simpler"), "Nhanh hơn, Đơn giản hơn"),
        ("remark", "Tốt", "Tốt"),
    ],
)
def test_an_answer_is_spoken_in_the_words_of_the_form(
    every_kind, question, value, words
):
    assert spoken(every_kind.question(question), value) == words

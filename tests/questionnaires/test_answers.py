import unicodedata

import pytest

from questionnaires import AnswersRejected, Problem, read_answers
from questionnaires.answers import asked_questions, seen_answers

ON_TIME = {
    "seats": ["5"],
    "promptness": ["on_time"],
    "wishes": ["faster", "simpler"],
}
LATE = ON_TIME | {"promptness": ["late"], "days_late": ["10"], "apology": ["yes"]}


def problems_of(questionnaire, sent):
    with pytest.raises(AnswersRejected) as rejected:
        read_answers(questionnaire, sent)
    return rejected.value.problems


def test_every_question_gets_a_code(every_kind):
    assert read_answers(every_kind, ON_TIME) == {
        "seats": 5,
        "signs": -5,
        "promptness": 1,
        "days_late": -4,
        "apology": -4,
        "received": -5,
        "wishes": [1, 3],
        "wishes__text": -4,
        "remark": -5,
    }


def test_a_rule_that_holds_opens_the_next_question(every_kind):
    answers = read_answers(every_kind, LATE)

    assert (answers["days_late"], answers["apology"]) == (10, 2)


def test_an_answer_off_the_route_is_dropped_and_steers_nothing(every_kind):
    """The citizen said "late, ten days", went back and changed to "on time"."""
    answers = read_answers(every_kind, LATE | {"promptness": ["on_time"]})

    assert (answers["days_late"], answers["apology"]) == (-4, -4)


def test_nonsense_off_the_route_is_no_problem(every_kind):
    answers = read_answers(every_kind, ON_TIME | {"days_late": ["many"]})

    assert answers["days_late"] == -4


def test_a_comparison_with_a_special_answer_is_false(every_kind):
    answers = read_answers(every_kind, ON_TIME | {"promptness": ["dk"]})

    assert (answers["promptness"], answers["days_late"]) == (-2, -4)


def test_every_problem_is_reported_at_once_in_page_order(every_kind):
    sent = {
        "signs": ["6"],
        "promptness": ["late"],
        "days_late": ["400"],
        "received": ["31/02/2026"],
        "wishes": ["nothing", "faster"],
        "remark": ["x" * 21],
    }

    assert problems_of(every_kind, sent) == [
        Problem("required", "seats"),
        Problem("not_an_option", "signs", "6"),
        Problem("out_of_range", "days_late", "1..365"),
        Problem("not_a_date", "received", "31/02/2026"),
        Problem("exclusive", "wishes", "nothing"),
        Problem("too_long", "remark", "21/20"),
    ]


@pytest.mark.parametrize(
    "value",
    ["0", "6", "-1", "4.0", "04", "²", "٤", "４", "bốn", "None", "4;5", "1e0", "dk"],
)
def test_only_levels_of_the_scale_are_taken(every_kind, value):
    assert problems_of(every_kind, ON_TIME | {"seats": [value]}) == [
        Problem("not_an_option", "seats", unicodedata.normalize("NFC", value))
    ]


@pytest.mark.parametrize("value", ["", " ", "\t\n", "\u3000"])
def test_blank_is_no_answer(every_kind, value):
    assert problems_of(every_kind, ON_TIME | {"seats": [value]}) == [
        Problem("required", "seats")
    ]


@pytest.mark.parametrize("value", ["1,5", "-1", "1e2", "٣", "NaN", "9999999999", "0x1"])
def test_only_whole_numbers_are_taken(every_kind, value):
    assert problems_of(every_kind, LATE | {"days_late": [value]}) == [
        Problem("not_a_number", "days_late", value)
    ]


@pytest.mark.parametrize("value", ["2026-03-02", "02/03/2026", "2/3/2026"])
def test_a_day_is_taken_as_browsers_and_as_people_write_it(every_kind, value):
    answers = read_answers(every_kind, ON_TIME | {"received": [value]})

    assert answers["received"] == "2026-03-02"


@pytest.mark.parametrize("value", ["2026-13-01", "20260302", "2026-3-2", "1/1/26", "x"])
def test_only_days_are_taken(every_kind, value):
    assert problems_of(every_kind, ON_TIME | {"received": [value]}) == [
        Problem("not_a_date", "received", value)
    ]


def test_a_day_out_of_range_is_refused(every_kind):
    assert problems_of(every_kind, ON_TIME | {"received": ["2025-12-31"]}) == [
        Problem("out_of_range", "received", "2026-01-01..2026-12-31")
    ]


@pytest.mark.parametrize(
    ("question", "value", "code"),
    [("seats", "na", -1), ("promptness", "dk", -2), ("wishes", "ref", -3)],
)
def test_special_answers_have_codes_of_their_own(every_kind, question, value, code):
    answers = read_answers(every_kind, ON_TIME | {question: [value]})

    assert answers[question] == code


def test_a_special_answer_excludes_the_options(every_kind):
    assert problems_of(every_kind, ON_TIME | {"wishes": ["faster", "ref"]}) == [
        Problem("exclusive", "wishes", "ref")
    ]


def test_two_different_answers_to_one_question_are_refused(every_kind):
    assert problems_of(every_kind, ON_TIME | {"seats": ["4", "5"]}) == [
        Problem("one_only", "seats", "4, 5")
    ]


def test_the_same_answer_twice_is_one_answer(every_kind):
    assert read_answers(every_kind, ON_TIME | {"seats": ["4", "4"]})["seats"] == 4


def test_other_please_specify_keeps_its_text(every_kind):
    sent = ON_TIME | {"wishes": ["other"], "wishes__text": ["  Thêm ghế  "]}
    answers = read_answers(every_kind, sent)

    assert (answers["wishes"], answers["wishes__text"]) == ([8], "Thêm ghế")


def test_other_without_a_text_is_left_empty(every_kind):
    answers = read_answers(every_kind, ON_TIME | {"wishes": ["other"]})

    assert answers["wishes__text"] == -5


def test_a_specified_text_without_its_option_is_dropped(every_kind):
    answers = read_answers(every_kind, ON_TIME | {"wishes__text": ["Thêm ghế"]})

    assert answers["wishes__text"] == -4


def test_decomposed_input_is_stored_composed(every_kind):
    sent = ON_TIME | {"remark": [unicodedata.normalize("NFD", "Phục vụ tốt")]}

    assert read_answers(every_kind, sent)["remark"] == "Phục vụ tốt"


def test_length_counts_composed_characters(every_kind):
    sent = ON_TIME | {"remark": [unicodedata.normalize("NFD", "ệ" * 20)]}

    assert read_answers(every_kind, sent)["remark"] == "ệ" * 20


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "\ud800", "a\x7fb", "a\x9fb"])
def test_text_that_is_no_text_is_refused(every_kind, value):
    assert problems_of(every_kind, ON_TIME | {"remark": [value]}) == [
        Problem("not_text", "remark")
    ]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("<b>tốt</b>", "<b>tốt</b>"),
        ("'; DROP TABLE x;--", "'; DROP TABLE x;--"),
        ("=1+1", "=1+1"),
        ("a\r\nb", "a\nb"),
        ("\u202eabc\u202c", "abc"),
        ("ល្អ\u200bណាស់", "ល្អ\u200bណាស់"),
        ("🙂", "🙂"),
    ],
)
def test_strange_text_is_kept_as_text(every_kind, value, kept):
    assert read_answers(every_kind, ON_TIME | {"remark": [value]})["remark"] == kept


def test_unknown_names_are_ignored(every_kind):
    sent = ON_TIME | {"csrf_token": ["abc"], "__proto__": ["x"]}

    assert read_answers(every_kind, sent) == read_answers(every_kind, ON_TIME)


CAREFUL = {
    "polite": ["4"],
    "listens": ["na"],
    "clear": ["4"],
    "lawful": ["5"],
    "general": ["4"],
    "submitted": ["2026-03-02"],
    "received": ["2026-03-09"],
    "visits": ["2"],
    "needed": ["yes"],
    "helped": ["no"],
    "__order": ["7"],
}


def test_a_hard_check_stops_what_cannot_be(careful):
    assert problems_of(careful, CAREFUL | {"received": ["2026-03-01"]}) == [
        Problem("impossible", "received", "order_of_days")
    ]


def test_a_hard_check_cannot_be_confirmed_away(careful):
    sent = CAREFUL | {"received": ["2026-03-01"], "__confirmed": ["order_of_days"]}

    assert problems_of(careful, sent) == [
        Problem("impossible", "received", "order_of_days")
    ]


def test_a_check_over_an_unknown_day_says_nothing(careful):
    sent = CAREFUL | {"submitted": ["dk"], "received": ["2026-03-01"]}

    assert read_answers(careful, sent)["submitted"] == -2


def test_a_soft_check_asks_once(careful):
    assert problems_of(careful, CAREFUL | {"visits": ["21"]}) == [
        Problem("unconfirmed", "visits", "many_visits")
    ]


def test_a_soft_check_is_satisfied_by_a_confirmation(careful):
    sent = CAREFUL | {"visits": ["21"], "__confirmed": ["many_visits"]}

    assert read_answers(careful, sent)["visits"] == 21


@pytest.mark.parametrize(
    ("sent", "kept"), [(["7"], 7), ([], -5), (["x"], -5), (["-1"], -5)]
)
def test_the_order_shown_is_recorded(careful, sent, kept):
    assert read_answers(careful, CAREFUL | {"__order": sent})["__order"] == kept


def test_answers_so_far_tell_the_route_and_what_to_fill_in(every_kind):
    sent = {"promptness": ["late"], "days_late": ["many"], "apology": ["yes"]}

    assert seen_answers(every_kind, sent) == {"promptness": "late"}
    assert asked_questions(every_kind, sent) == (
        "seats",
        "signs",
        "promptness",
        "days_late",
        "received",
        "wishes",
        "remark",
    )

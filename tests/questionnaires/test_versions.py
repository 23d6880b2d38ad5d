from importlib.resources import files

import pytest

from questionnaires import parse
from questionnaires.versions import Difference, comparable_criteria, differences

DEFINITIONS = files("questionnaires") / "definitions"


@pytest.fixture
def text(request):
    path = request.path.parent / "forms" / "valid" / "every_kind.toml"
    return path.read_text(encoding="utf-8")


def shipped(name):
    return parse((DEFINITIONS / f"{name}.toml").read_text(encoding="utf-8"))


def test_a_form_does_not_differ_from_itself(every_kind):
    assert differences(every_kind, every_kind) == ()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            '"Biển chỉ dẫn dễ thấy"',
            '"Biển chỉ dẫn dễ đọc"',
            Difference("signs", "text", "Biển chỉ dẫn dễ thấy", "Biển chỉ dẫn dễ đọc"),
        ),
        (
            "maximum = 365",
            "maximum = 90",
            Difference("days_late", "range", "1..365..", "1..90.."),
        ),
        (
            'label = "Trễ hẹn"',
            'label = "Quá hẹn"',
            Difference("promptness", "option", "2. Trễ hẹn", "2. Quá hẹn"),
        ),
        (
            "code = 8",
            "code = 7",
            Difference("wishes", "option", "8. Khác (ghi rõ)", "7. Khác (ghi rõ)"),
        ),
        ("dont_know = true\n", "", Difference("promptness", "special", "dk", "")),
        (
            "refuse = true",
            "refuse = true\nrequired = false",
            Difference("wishes", "required", "yes", "no"),
        ),
        (
            '[">", { answer = "days_late" }, 7]',
            '[">", { answer = "days_late" }, 5]',
            Difference(
                "apology",
                "route",
                "['>', {'answer': 'days_late'}, 7]",
                "['>', {'answer': 'days_late'}, 5]",
            ),
        ),
        (
            'title = "Người trả lời"',
            'title = "Về Ông/Bà"',
            Difference("profile", "title", "Người trả lời", "Về Ông/Bà"),
        ),
    ],
)
def test_each_change_is_shown(every_kind, text, old, new, found):
    assert differences(every_kind, parse(text.replace(old, new))) == (found,)


def test_questions_added_removed_and_moved_are_shown(every_kind, text):
    start = text.index('[[factor.criterion]]\nid = "signs"')
    end = text.index('[[fact]]\nid = "promptness"')
    later = (
        text[:start]
        + text[end:]
        + text[start:end]
        .replace("[[factor.criterion]]", "[[profile]]")
        .replace('scale = "satisfaction"', 'kind = "number"')
        .replace('"signs"', '"age"')
    )

    assert differences(every_kind, parse(later)) == (
        Difference("signs", "removed", "Biển chỉ dẫn dễ thấy", ""),
        Difference("age", "added", "", "Biển chỉ dẫn dễ thấy"),
    )


def test_a_question_that_changes_places_is_moved(every_kind, text):
    start = text.index('[[factor.criterion]]\nid = "seats"')
    middle = text.index('[[factor.criterion]]\nid = "signs"')
    end = text.index('[[fact]]\nid = "promptness"')
    turned = text[:start] + text[middle:end] + text[start:middle] + text[end:]

    assert differences(every_kind, parse(turned)) == (
        Difference("signs", "moved", "seats", ""),
        Difference("seats", "moved", "", "signs"),
        Difference("promptness", "moved", "signs", "seats"),
    )


def test_the_ward_form_shares_seven_criteria_with_the_national_one():
    pairs = comparable_criteria(shipped("sipas_2640"), shipped("sipas_ward_9"))

    assert pairs == tuple((c, c) for c in ("c1", "c6", "d1", "e1", "e2", "e3", "e4"))


def test_the_two_generations_share_no_line():
    before, after = shipped("sipas_2640"), shipped("sipas_1001_service")

    assert comparable_criteria(before, after) == ()


def test_a_pair_may_be_agreed_on():
    before, after = shipped("sipas_2640"), shipped("sipas_1001_service")

    assert comparable_criteria(before, after, {"c1": "ii_c1"}) == (("c1", "ii_c1"),)


def test_a_pair_on_different_scales_is_refused(every_kind, text):
    other = parse(text.replace('"Bình thường"', '"Không ý kiến"'))

    with pytest.raises(ValueError, match="seats → seats: scales differ"):
        comparable_criteria(every_kind, other, {"seats": "seats"})


def test_a_pair_of_what_does_not_exist_is_refused(every_kind):
    with pytest.raises(KeyError):
        comparable_criteria(every_kind, every_kind, {"seats": "nothing"})

import pytest

from analysis import rules
from analysis.results import Flag, Reason
from survey_app.models import Selection
from survey_app.results import words


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_for_withholding_a_figure_has_a_sentence(reason):
    found = words.reason(reason)

    assert found.short
    assert found.full.endswith(".")


@pytest.mark.parametrize("flag", Flag)
def test_every_flag_has_a_mark_and_a_sentence(flag):
    found = words.flag(flag)

    assert found.short
    assert found.full.endswith(".")


def test_every_way_of_counting_has_words():
    assert set(words.FACTOR_RULES) == set(rules.FACTOR_RULES)
    assert set(words.INDEX_RULES) == set(rules.INDEX_RULES)
    assert set(words.MISSING_PARTS) == set(rules.MISSING_PARTS)
    assert set(words.ROLLUPS) == {None, *rules.ROLLUPS}
    assert set(words.RULE_STATUSES) == set(rules.STATUSES)
    assert set(words.SELECTIONS) == set(Selection)


def test_zero_ballots_and_too_few_are_told_apart():
    assert words.reason(Reason.NO_DATA).short == "chưa có dữ liệu"
    assert words.reason(Reason.TOO_FEW).short == "chưa đủ căn cứ"

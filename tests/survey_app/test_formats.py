from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from survey_app import formats


@pytest.mark.parametrize(
    ("share", "text"), [(0.84054, "84,05 %"), (1.0, "100,00 %"), (None, "–")]
)
def test_shares_read_as_percent_and_a_missing_one_is_no_zero(share, text):
    assert formats.percent(share) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234, 0, "1.234"), (Decimal("20.17"), 2, "20,17"), (-1.5, 1, "−1,5")],
)
def test_numbers_have_points_between_thousands_and_a_decimal_comma(
    value, decimals, text
):
    assert formats.number(value, decimals) == text


def test_days_and_moments_read_as_in_vietnam():
    assert formats.day(date(2026, 3, 2)) == "02/03/2026"
    assert formats.moment(datetime(2026, 3, 1, 18, 5, tzinfo=UTC)) == "01:05 02/03/2026"


def test_a_search_ignores_tone_marks_case_and_how_they_were_typed():
    composed = "Phường Mỹ Đức"

    assert formats.folded(composed) == "phuong my duc"
    assert formats.folded("Phường Mỹ Đức") == "phuong my duc"


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-1", "@x", "\t=1"])
def test_a_cell_that_would_run_in_a_spreadsheet_is_quoted(cell):
    assert formats.spreadsheet_safe(cell) == "'" + cell


def test_numbers_stay_numbers():
    assert formats.spreadsheet_safe(-1) == -1

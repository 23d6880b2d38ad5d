"""Numbers of copies: what one slip of the finger does to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.paper import serials

SERIAL = st.integers(min_value=1, max_value=9_999_999)


@given(SERIAL)
def test_a_printed_number_is_read_back_with_or_without_zeros_and_dash(serial):
    printed = serials.printed(serial)

    assert serials.read(printed) == serial
    assert serials.read(serials.scanned(serial)) == serial
    assert serials.read(printed.replace("-", "").lstrip("0")) == serial


@given(SERIAL, st.integers(0, 20), st.integers(1, 9))
def test_one_wrong_digit_is_found(serial, place, by):
    digits = list(str(serial) + serials.printed(serial)[-1])
    place %= len(digits)
    digits[place] = str((int(digits[place]) + by) % 10)

    try:
        assert serials.read("".join(digits)) != serial
    except serials.Mistyped:
        return
    assert digits[0] == "0"  # a first digit turned to nought leaves a shorter number


@pytest.mark.parametrize("typed", ["", "0", "7", "abc", "12x4", "1" * 20, "٣٤٥"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(serials.Mistyped):
        serials.read(typed)

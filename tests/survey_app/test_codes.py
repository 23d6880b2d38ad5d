from uuid import UUID

import pytest

from survey_app.codes import (
    POSTER_LENGTH,
    SLIP_LENGTH,
    SYMBOLS,
    Mistyped,
    check_symbol,
    code_hash,
    dossier_hash,
    grouped,
    normalise,
    random_code,
    slip_code,
)

SOMEONE = UUID("8b0f6f0e-8a2f-4c4e-9b0a-3d1f3a6c2b10")
KEY = b"k" * 32


def test_a_code_has_ten_symbols_that_nobody_confuses():
    code = slip_code(KEY, SOMEONE, 1)

    assert len(code) == SLIP_LENGTH
    assert set(code) <= set(SYMBOLS)
    assert not set(code) & set("OILU")


def test_a_reprint_gives_the_same_code_and_a_reissue_another():
    assert slip_code(KEY, SOMEONE, 1) == slip_code(KEY, SOMEONE, 1)
    assert slip_code(KEY, SOMEONE, 1) != slip_code(KEY, SOMEONE, 2)


def test_without_the_key_a_code_cannot_be_made():
    assert slip_code(KEY, SOMEONE, 1) != slip_code(b"other" * 8, SOMEONE, 1)


def test_what_people_type_is_understood():
    code = "10" + "A" * 7
    code += check_symbol(code)

    for typed in (code.lower(), f" {grouped(code)} ", "iO" + code[2:], "Lo" + code[2:]):
        assert normalise(typed, length=SLIP_LENGTH) == code


def test_any_single_wrong_symbol_is_noticed():
    code = slip_code(KEY, SOMEONE, 1)
    for place in range(SLIP_LENGTH):
        for symbol in set(SYMBOLS) - {code[place]}:
            wrong = code[:place] + symbol + code[place + 1 :]

            with pytest.raises(Mistyped):
                normalise(wrong, length=SLIP_LENGTH)


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 10, "A" * 11, "mã phiếu", "0\x00"])
def test_what_cannot_be_a_code_is_refused_before_any_search(typed):
    with pytest.raises(Mistyped):
        normalise(typed, length=SLIP_LENGTH)


def test_poster_codes_are_shorter_and_check_themselves():
    code = random_code(POSTER_LENGTH)

    assert len(code) == POSTER_LENGTH
    assert normalise(code, length=POSTER_LENGTH) == code


def test_the_table_keeps_a_hash_that_needs_the_key():
    assert code_hash(KEY, "A" * 10) != code_hash(b"other" * 8, "A" * 10)
    assert "A" * 10 not in code_hash(KEY, "A" * 10)


def test_one_dossier_has_different_hashes_in_two_waves():
    dossier = "H01.30-220105-0001"

    assert dossier_hash(KEY, "W1", dossier) == dossier_hash(KEY, "W1", f" {dossier} ")
    assert dossier_hash(KEY, "W1", dossier) != dossier_hash(KEY, "W2", dossier)

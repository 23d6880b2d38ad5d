"""The hidden mark of a page, and the receipt made of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from survey_app.collect import nonces, receipts

KEY = b"k" * 32


def test_a_sealed_mark_is_read_back_with_its_code(noon):
    nonce = nonces.fresh(noon)

    read = nonces.read(nonces.seal(nonce, key=KEY, code="A"), key=KEY, code="A")

    assert read == nonce


@pytest.mark.parametrize(("key", "code"), [(KEY, "B"), (b"x" * 32, "A")])
def test_a_mark_means_nothing_under_another_code_or_key(noon, key, code):
    sealed = nonces.seal(nonces.fresh(noon), key=KEY, code="A")

    assert nonces.read(sealed, key=key, code=code) is None


def test_no_symbol_of_a_mark_can_be_changed(noon):
    sealed = nonces.seal(nonces.fresh(noon), key=KEY, code="A")

    for place, symbol in enumerate(sealed.rstrip("=")[:-1]):
        other = "A" if symbol != "A" else "B"
        forged = sealed[:place] + other + sealed[place + 1 :]
        assert nonces.read(forged, key=KEY, code="A") is None


@pytest.mark.parametrize("text", ["", "x", "đ", "=" * 60, "A" * 80])
def test_what_is_no_mark_is_none(text):
    assert nonces.read(text, key=KEY, code="A") is None


def test_a_mark_lasts_two_hours(noon):
    nonce = nonces.fresh(noon)

    assert not nonce.is_expired(noon + timedelta(hours=2, seconds=-1))
    assert nonce.is_expired(noon + timedelta(hours=2))


def test_a_renewed_mark_is_another_and_remembers_when_the_page_was_opened(noon):
    nonce = nonces.fresh(noon)
    later = noon + timedelta(hours=3)

    renewed = nonces.renewed(nonce, later)

    assert renewed.id != nonce.id
    assert renewed.opened_at == noon
    assert not renewed.is_expired(later)


def test_a_receipt_finds_the_number_it_was_made_from():
    for _ in range(1000):
        id_ = uuid4()
        lowest, highest = receipts.ids_of(receipts.receipt(id_))

        assert lowest <= id_ <= highest


def test_other_numbers_have_other_receipts():
    id_ = UUID("8b0f6f0e-8a2f-4c4e-9b0a-3d1f3a6c2b10")
    lowest, highest = receipts.ids_of(receipts.receipt(id_))

    assert receipts.receipt(UUID(int=lowest.int - 1)) != receipts.receipt(id_)
    assert receipts.receipt(highest) == receipts.receipt(lowest)


def test_a_receipt_is_twelve_symbols_with_a_check_symbol():
    receipt = receipts.receipt(uuid4())

    assert len(receipt) == 12
    assert receipts.read(receipts.grouped(receipt).lower()) == receipt

import numpy as np
import pytest

from sampling.randomness import generator, ranks, uniform

MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
TWO_64, TWO_128 = 2**64, 2**128


def pcg64(state, increment, size):
    """PCG XSL RR 128/64 as published (O'Neill 2014, sec. 6.3), in plain integers."""
    for _ in range(size):
        state = (state * MULTIPLIER + increment) % TWO_128
        word, turn = (state >> 64) ^ (state % TWO_64), state >> 122
        yield (word >> turn | word << (64 - turn)) % TWO_64


def test_the_random_words_are_those_of_the_published_algorithm():
    start = generator(20260701).bit_generator.state["state"]
    words = list(pcg64(start["state"], start["inc"], 50))

    assert ranks(generator(20260701), 50).tolist() == sorted(
        range(50), key=words.__getitem__
    )
    assert uniform(generator(20260701), 50).tolist() == [
        (word >> 11) / 2**53 for word in words
    ]


def test_a_seed_starts_where_it_always_has():
    assert generator(20260701).bit_generator.state["state"]["state"] == (
        19057461557531042567338413140768825193
    )


def test_numbers_are_spread_evenly():
    counts = np.histogram(uniform(generator(1), 100_000), bins=10, range=(0, 1))[0]

    assert counts == pytest.approx(10_000, abs=4.5 * 95)

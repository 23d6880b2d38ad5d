import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.outcomes import OUTCOMES, UnknownOutcome, rates, rates_by

# One of each letter a different number, so that no two can be mixed up.
COUNTS = {
    "completed": 400,
    "partial": 50,
    "refused": 60,
    "broken_off": 10,
    "withdrawn": 5,
    "not_contacted": 70,
    "not_returned": 30,
    "unable": 20,
    "unknown": 40,
    "out_of_frame": 35,
    "duplicate": 5,
}
I, P, R, NC, O, U, N = 400, 50, 75, 100, 20, 40, 40  # noqa: E741


def test_every_rate_is_the_published_formula():
    e = (I + P + R + NC + O) / (I + P + R + NC + O + N)
    found = rates(COUNTS)

    assert found.eligibility == pytest.approx(e)
    assert {
        name: getattr(found, name)
        for name in found.__dataclass_fields__
        if name not in ("counts", "eligibility")
    } == pytest.approx(
        {
            "rr1": I / (I + P + R + NC + O + U),
            "rr2": (I + P) / (I + P + R + NC + O + U),
            "rr3": I / (I + P + R + NC + O + e * U),
            "rr4": (I + P) / (I + P + R + NC + O + e * U),
            "rr5": I / (I + P + R + NC + O),
            "rr6": (I + P) / (I + P + R + NC + O),
            "contact1": (I + P + R + O) / (I + P + R + O + NC + U),
            "contact2": (I + P + R + O) / (I + P + R + O + NC + e * U),
            "contact3": (I + P + R + O) / (I + P + R + O + NC),
            "cooperation1": I / (I + P + R + O),
            "cooperation2": (I + P) / (I + P + R + O),
            "cooperation3": I / (I + P + R),
            "cooperation4": (I + P) / (I + P + R),
            "refusal1": R / (I + P + R + NC + O + U),
            "refusal2": R / (I + P + R + NC + O + e * U),
            "refusal3": R / (I + P + R + NC + O),
        }
    )


def test_the_share_of_eligible_can_be_given():
    assert rates(COUNTS, eligibility=0).rr3 == rates(COUNTS).rr5
    assert rates(COUNTS, eligibility=1).rr3 == rates(COUNTS).rr1


def test_nobody_drawn_has_no_rates_rather_than_zero():
    nothing = rates({})

    assert nothing.rr1 is nothing.rr6 is nothing.contact1 is None


def test_nobody_resolved_leaves_the_estimated_rates_open():
    found = rates({"unknown": 5})

    assert (found.rr1, found.rr3, found.eligibility) == (0, None, None)


@given(st.dictionaries(st.sampled_from([o.id for o in OUTCOMES]), st.integers(0, 999)))
def test_rates_keep_their_order(counts):
    found = rates(counts)

    for low, high in [("rr1", "rr3"), ("rr3", "rr5"), ("rr1", "rr2"), ("rr5", "rr6")]:
        pair = getattr(found, low), getattr(found, high)
        assert None in pair or pair[0] <= pair[1] * (1 + 1e-12)
    assert sum(found.counts.values()) == sum(counts.values())


def test_rates_are_given_per_office():
    by = rates_by(["B", "A", "B"], ["refused", "completed", "completed"])

    assert {office: found.rr1 for office, found in by.items()} == {"B": 0.5, "A": 1}
    assert sum(by["B"].counts.values()) == 2


def test_every_outcome_has_its_own_name():
    assert len({outcome.id for outcome in OUTCOMES}) == len(OUTCOMES)


def test_words_that_are_no_outcome_are_named_together():
    with pytest.raises(UnknownOutcome, match=r"'gone': 1, 'refused': -2"):
        rates({"gone": 1, "refused": -2, "completed": 3})


def test_an_eligibility_beyond_one_is_refused():
    with pytest.raises(UnknownOutcome, match=r"1\.5"):
        rates(COUNTS, eligibility=1.5)

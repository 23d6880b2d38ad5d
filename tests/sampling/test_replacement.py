import pytest

from sampling.draw import simple
from sampling.outcomes import Group
from sampling.randomness import generator
from sampling.replacement import NotReleased, ReplacementRule, needed, release

RULE = ReplacementRule(attempts_at_least=3)
CASE = {
    "for_position": 12,
    "outcome": "not_contacted",
    "attempts": 3,
    "reason": "đã chuyển đi",
    "rule": RULE,
}


def test_the_reserve_is_released_in_its_own_order():
    drawn = simple(400, 20, rng=generator(3), reserve=3)
    releases = []
    for position in drawn.selected[:3].tolist():
        releases.append(
            release(
                drawn.reserve.tolist(), releases, **CASE | {"for_position": position}
            )
        )

    assert [r.position for r in releases] == drawn.reserve.tolist()
    assert [r.order for r in releases] == [1, 2, 3]
    assert len(drawn.released(3).selected) == 23


def test_a_refusal_needs_no_further_attempts():
    released = release([41], [], **CASE | {"outcome": "refused", "attempts": 1})

    assert (released.position, released.outcome) == (41, "refused")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"attempts": 2}, "tried 2 times; the plan asks for 3"),
        ({"outcome": "completed"}, "no place on after 'completed'"),
        ({"outcome": "vanished"}, "'vanished' is no outcome"),
        ({"reason": "  "}, "no reason"),
        ({"rule": ReplacementRule(frozenset({Group.REFUSED}))}, "no place on"),
    ],
)
def test_what_the_plan_does_not_allow_is_refused(change, why):
    with pytest.raises(NotReleased, match=why):
        release([41, 7], [], **CASE | change)


def test_nobody_is_replaced_twice():
    first = release([41, 7], [], **CASE)

    with pytest.raises(NotReleased, match="12 has been replaced already"):
        release([41, 7], [first], **CASE)


def test_every_reason_is_given_at_once():
    first = release([41], [], **CASE)

    with pytest.raises(NotReleased) as caught:
        release([41], [first], **CASE | {"attempts": 0, "reason": ""})
    assert len(caught.value.problems) == 4


def test_enough_is_released_to_meet_the_target_at_the_pace_so_far():
    assert needed(30, answered=20, outstanding=0, response=0.5, reserve_left=99) == 20
    assert needed(30, answered=20, outstanding=8, response=0.5, reserve_left=99) == 12
    assert needed(30, answered=20, outstanding=8, response=1, reserve_left=99) == 2


def test_no_more_is_released_than_is_there_or_needed():
    assert needed(30, answered=2, outstanding=0, response=0.5, reserve_left=6) == 6
    assert needed(30, answered=33, outstanding=0, response=0.5, reserve_left=6) == 0


@pytest.mark.parametrize("response", [0, 1.2, -1])
def test_a_response_that_is_no_share_is_refused(response):
    with pytest.raises(ValueError, match="response"):
        needed(30, answered=0, outstanding=0, response=response, reserve_left=6)

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.quotas import Place, Standing, UnknownCell, projected_end, standings

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
LATER, EARLIER = NOON + timedelta(minutes=20), NOON - timedelta(minutes=1)


def test_a_place_counts_while_reserved_and_for_good_once_finished():
    places = [
        Place("nữ", LATER),
        Place("nữ", EARLIER),
        Place("nữ", EARLIER, is_finished=True),
    ]

    assert standings({"nữ": 3, "nam": 2}, places, now=NOON) == {
        "nữ": Standing(3, finished=1, reserved=1),
        "nam": Standing(2),
    }


def test_a_reservation_is_over_at_its_moment():
    assert standings({"nữ": 1}, [Place("nữ", NOON)], now=NOON)["nữ"].may_start


@given(st.integers(0, 20), st.lists(st.booleans(), max_size=60))
def test_starting_only_when_allowed_never_overshoots(target, leaves_early):
    places, now = [], NOON
    for leaves in leaves_early:
        now += timedelta(minutes=3)
        if standings({"x": target}, places, now=now)["x"].may_start:
            until = now + timedelta(minutes=10)
            places.append(Place("x", until, is_finished=not leaves))
        standing = standings({"x": target}, places, now=now)["x"]
        assert standing.finished + standing.reserved <= target


def test_a_cell_is_full_only_by_finished_interviews():
    assert not Standing(2, finished=1, reserved=1).is_full
    assert not Standing(2, finished=1, reserved=1).may_start
    assert Standing(2, finished=2).is_full


def test_an_overfull_cell_has_no_places_rather_than_fewer_than_none():
    assert Standing(2, finished=5).free == 0


def test_places_without_a_target_are_named():
    with pytest.raises(UnknownCell, match=r"\['a', 'b'\]"):
        standings({"c": 1}, [Place("b", NOON), Place("a", NOON)], now=NOON)


@pytest.mark.parametrize(
    ("finished", "end"),
    [(33, date(2026, 3, 5)), (15, date(2026, 3, 9)), (29, date(2026, 3, 6)), (0, None)],
)
def test_the_end_is_projected_from_the_pace_so_far(finished, end):
    days = {"first_day": date(2026, 3, 2), "today": date(2026, 3, 5)}

    assert projected_end(30, finished, **days) == end


def test_a_first_day_already_has_a_pace():
    day = date(2026, 3, 2)

    assert projected_end(3, 3, first_day=day, today=day) == day
    assert projected_end(4, 2, first_day=day, today=day) == date(2026, 3, 3)


def test_no_end_is_projected_before_the_start():
    with pytest.raises(ValueError, match="before the first day"):
        projected_end(3, 1, first_day=date(2026, 3, 2), today=date(2026, 3, 1))

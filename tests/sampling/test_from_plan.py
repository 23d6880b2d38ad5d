import pytest

from sampling.from_plan import PlanDiffers, drawn
from sampling.plan import Plan, PlannedStratum, from_json, to_json

LIST = ["land"] * 50 + ["health"] * 30 + ["sea"] * 3
PLAN = Plan(
    wave="w",
    aim="Index",
    draw="simple",
    strata=(PlannedStratum("health", 30, 5, 2), PlannedStratum("land", 53, 10)),
    seed=20260701,
    merged=(("sea", "land"),),
)


def plan(**changes):
    names = PLAN.__dataclass_fields__
    return Plan(**{name: getattr(PLAN, name) for name in names} | changes)


def rows(draws):
    return {h: (d.selected.tolist(), d.reserve.tolist()) for h, d in draws.items()}


@pytest.mark.parametrize("draw", ["simple", "systematic"])
def test_a_plan_read_back_from_its_text_draws_the_same_transactions(draw):
    made = plan(draw=draw)

    assert rows(drawn(from_json(to_json(made)), LIST)) == rows(drawn(made, LIST))


@pytest.mark.parametrize("draw", ["simple", "systematic"])
def test_each_stratum_gets_its_sample_and_reserve_from_its_own_rows(draw):
    draws = drawn(plan(draw=draw), LIST)

    assert list(draws) == ["health", "land"]
    assert len(draws["health"].selected) == 5
    assert len(draws["health"].reserve) == 2
    assert {LIST[i] for i in draws["health"].selected} == {"health"}
    assert {LIST[i] for i in draws["land"].selected} <= {"land", "sea"}
    assert draws["land"].inclusion_probability == pytest.approx(10 / 53)


def test_a_census_takes_every_row():
    strata = (PlannedStratum("health", 30, 30), PlannedStratum("land", 53, 53))
    draws = drawn(plan(draw="census", strata=strata), LIST)

    taken = sorted(i for d in draws.values() for i in d.selected.tolist())
    assert taken == list(range(83))


def test_every_difference_between_plan_and_list_is_told():
    with pytest.raises(PlanDiffers) as caught:
        drawn(plan(draw="lottery"), [*LIST[1:], "tax"])

    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "draw",
        "land",
        "tax",
    ]


def test_a_census_that_leaves_some_out_is_refused():
    with pytest.raises(PlanDiffers, match="a census of 5 out of 30"):
        drawn(plan(draw="census"), LIST)

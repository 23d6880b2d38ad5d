import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.plan import (
    Amendment,
    Plan,
    PlannedStratum,
    PlanRejected,
    amended,
    digest,
    from_json,
    to_json,
)

PLAN = Plan(
    wave="2026-q1",
    aim="Chỉ số hài lòng của từng xã",
    draw="simple",
    strata=(PlannedStratum("Long Xuyên", 700, 30, 5), PlannedStratum("Óc Eo", 90, 30)),
    seed=20260701,
    merged=(("Thổ Châu", "Óc Eo"),),
    exclusion_rules=("dưới 20 giây",),
    decided=(("margin_of_error", 0.05), ("confidence", 0.95), ("cap", None)),
)
NFD = "Cha\u0302u \u0110o\u0302\u0301c"

words = st.text("abcxyzăđươ ", min_size=1).filter(str.strip)
strata = st.lists(
    st.builds(
        lambda name, n, reserve, rest: PlannedStratum(
            name, n + reserve + rest, n, reserve
        ),
        words,
        st.integers(0, 999),
        st.integers(0, 99),
        st.integers(0, 9999),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row.stratum,
).map(tuple)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    words,
    st.floats(allow_nan=False, allow_infinity=False),
)
plans = st.builds(
    Plan,
    wave=words,
    aim=words,
    draw=words,
    strata=strata,
    seed=st.integers(0, 2**64),
    exclusion_rules=st.lists(words).map(tuple),
    decided=st.dictionaries(words, scalars).map(lambda pairs: tuple(pairs.items())),
)


def test_the_hash_of_a_plan_is_locked():
    assert digest(PLAN) == (
        "0747f052e61e3e4facf8a8bcab2b878f2a559fcbfa1e7af9f10b7b0d57b17f19"
    )


def test_the_text_is_one_line_of_sorted_keys_with_tone_marks_kept():
    text = to_json(PLAN)

    assert "\n" not in text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert "Chỉ số hài lòng" in text


@given(plans)
def test_a_plan_survives_the_way_through_its_text(plan):
    again = from_json(to_json(plan))

    assert again == plan
    assert digest(again) == digest(plan)


def test_the_order_in_which_choices_are_written_does_not_change_the_hash():
    turned = {**dict(reversed(PLAN.decided))}
    same = Plan(**{**fields(PLAN), "decided": tuple(turned.items())})

    assert same == PLAN
    assert digest(same) == digest(PLAN)


def test_one_changed_number_changes_the_hash():
    other = Plan(**{**fields(PLAN), "seed": PLAN.seed + 1})

    assert digest(other) != digest(PLAN)


def test_totals_add_the_strata():
    assert (PLAN.frame_size, PLAN.n, PLAN.reserve) == (790, 60, 5)


def test_an_amendment_points_at_the_plan_it_changed():
    larger = (PlannedStratum("Long Xuyên", 700, 60, 5), PLAN.strata[1])
    plan = amended(PLAN, on="2026-03-05", reason="ít phiếu về", strata=larger)

    assert plan.n == 90
    assert plan.amendments == (Amendment("2026-03-05", "ít phiếu về", digest(PLAN)),)
    assert from_json(to_json(plan)) == plan


def test_an_amendment_without_a_reason_is_refused():
    with pytest.raises(PlanRejected, match="reason"):
        amended(PLAN, on="2026-03-05", reason=" ")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"wave": " "}, "wave: expected words"),
        ({"seed": -1}, "seed: expected a whole number"),
        ({"seed": True}, "seed: expected a whole number"),
        ({"frame_sha256": "abc"}, "frame_sha256: not a SHA-256"),
        ({"strata": ()}, "strata: none"),
        ({"strata": (PlannedStratum("a", 9, 8, 2),), "merged": ()}, "reserve of 2"),
        ({"strata": (PlannedStratum("a", 9, -1),), "merged": ()}, "whole numbers"),
        ({"strata": PLAN.strata * 2}, "'Long Xuyên' twice"),
        ({"merged": (("x", "y"),)}, "'x' joins 'y'"),
        ({"decided": (("cap", 1), ("cap", 2))}, "decided: 'cap' twice"),
        ({"decided": (("cap", float("nan")),)}, "decided: cap: .* got nan"),
        ({"decided": (("cap", [1]),)}, r"decided: cap: .* got \[1\]"),
        ({"exclusion_rules": ("",)}, "exclusion_rules"),
        ({"amendments": (Amendment("5/3/2026", "x", "0" * 64),)}, "not a day"),
        ({"amendments": (Amendment("2026-03-05", "x", "0"),)}, "not a SHA-256"),
        ({"aim": NFD}, "NFC"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(change, why):
    with pytest.raises(PlanRejected, match=why):
        Plan(**{**fields(PLAN), **change})


def test_all_contradictions_are_reported_at_once():
    with pytest.raises(PlanRejected) as caught:
        Plan(wave="", aim="x", draw="", strata=(), seed=-1)

    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "wave",
        "draw",
        "seed",
        "strata",
    ]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda plan: plan.pop("seed"), "seed: missing"),
        (lambda plan: plan.update(colour="red"), "colour: unknown"),
        (lambda plan: plan.update(seed="7"), "seed: expected int, got '7'"),
        (lambda plan: plan.update(format=2), "format: expected 1, got 2"),
        (lambda plan: plan["strata"][0].pop("n"), r"strata\[0\]: expected stratum"),
        (lambda plan: plan["strata"].append(3), r"strata\[2\]: .* got 3"),
        (lambda plan: plan.update(exclusion_rules=[1]), "exclusion_rules: .* got 1"),
    ],
)
def test_a_spoiled_text_is_refused_with_its_place(spoil, why):
    document = json.loads(to_json(PLAN))
    spoil(document)

    with pytest.raises(PlanRejected, match=why):
        from_json(json.dumps(document))


anything = st.recursive(
    scalars | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "n", "stratum"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.sampled_from(sorted(json.loads(to_json(PLAN)))), anything)
def test_whatever_stands_in_a_part_it_is_read_or_refused(part, value):
    document = json.loads(to_json(PLAN)) | {part: value}

    assert read_or_refused(json.dumps(document))


@given(st.sampled_from(["stratum", "frame_size", "n", "reserve"]), anything)
def test_whatever_stands_in_a_stratum_it_is_read_or_refused(part, value):
    document = json.loads(to_json(PLAN))
    document["strata"][0][part] = value

    assert read_or_refused(json.dumps(document))


@pytest.mark.parametrize("text", ["", "{", "[]", "7"])
def test_text_that_is_no_plan_is_refused(text):
    with pytest.raises(PlanRejected):
        from_json(text)


def read_or_refused(text):
    """The plan's text again, or the problems; any other exception is a fault."""
    try:
        return to_json(from_json(text))
    except PlanRejected as refused:
        return refused.problems


def fields(plan):
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}

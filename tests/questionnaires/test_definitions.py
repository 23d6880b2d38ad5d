"""Definitions that have been used are frozen: answers already given refer to them."""

import hashlib
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest

from questionnaires import check, parse

DEFINITIONS = files("questionnaires") / "definitions"

LOCKS = Path(__file__).with_name("published.sha256")
PUBLISHED = {
    name.removesuffix(".toml"): sha256
    for sha256, name in map(str.split, LOCKS.read_text("utf-8").splitlines())
}


def text_of(questionnaire_id):
    return (DEFINITIONS / f"{questionnaire_id}.toml").read_text(encoding="utf-8")


def test_every_shipped_definition_is_locked():
    shipped = {p.name[:-5] for p in DEFINITIONS.iterdir() if p.name.endswith(".toml")}

    assert shipped == set(PUBLISHED)


@pytest.mark.parametrize("questionnaire_id", PUBLISHED)
def test_a_published_definition_does_not_change(questionnaire_id):
    text = (DEFINITIONS / f"{questionnaire_id}.toml").read_bytes()

    assert hashlib.sha256(text).hexdigest() == PUBLISHED[questionnaire_id], (
        "publish a new definition under a new id instead"
    )


@pytest.mark.parametrize("questionnaire_id", PUBLISHED)
def test_the_judge_finds_nothing_in_a_published_definition(questionnaire_id):
    assert check(text_of(questionnaire_id)) == []


@pytest.mark.parametrize("questionnaire_id", PUBLISHED)
def test_published_definitions_agree_on_criteria_and_codes(questionnaire_id):
    others = [text_of(other) for other in PUBLISHED if other != questionnaire_id]

    assert check(text_of(questionnaire_id), earlier=others) == []


@pytest.mark.parametrize("questionnaire_id", PUBLISHED)
def test_a_published_definition_carries_the_name_of_its_file(questionnaire_id):
    assert parse(text_of(questionnaire_id)).id == questionnaire_id


@pytest.mark.parametrize("questionnaire_id", PUBLISHED)
def test_a_published_definition_is_composed_text(questionnaire_id):
    assert unicodedata.is_normalized("NFC", text_of(questionnaire_id))


@pytest.mark.parametrize("questionnaire_id", PUBLISHED)
def test_every_criterion_tells_how_well_its_wording_is_known(questionnaire_id):
    criteria = parse(text_of(questionnaire_id)).criteria
    unknown = [c.id for c in criteria if not c.status]
    unsourced = [c.id for c in criteria if c.status != "memory" and not c.source]

    assert (unknown, unsourced) == ([], [])


@pytest.mark.parametrize(
    ("questionnaire_id", "sizes"),
    [
        (
            "sipas_2640",
            {"access": 4, "procedure": 5, "official": 6, "result": 3, "feedback": 4},
        ),
        ("sipas_ward_9", {"official": 3, "result": 2, "feedback": 4}),
        (
            "sipas_1001_service",
            {"access": 3, "procedure": 4, "official": 3, "result": 3, "feedback": 3},
        ),
    ],
)
def test_factors_have_the_criteria_of_the_decision(questionnaire_id, sizes):
    factors = parse(text_of(questionnaire_id)).factors

    assert {factor.id: len(factor.criteria) for factor in factors} == sizes


def test_satisfied_begins_at_the_fourth_of_five_levels():
    (scale,) = parse(text_of("sipas_2640")).scales

    assert [scale.is_satisfied(level) for level in scale.levels] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_the_page_runs_from_the_factors_to_the_profile():
    questionnaire = parse(text_of("sipas_2640"))

    assert [section.id for section in questionnaire.sections] == [
        "access",
        "procedure",
        "official",
        "result",
        "feedback",
        "overall",
        "facts",
        "profile",
    ]


def test_follow_ups_on_lateness_are_asked_of_the_late_only():
    questionnaire = parse(text_of("sipas_2640"))
    routed = [q.id for q in questionnaire.questions if q.show_if]

    assert routed == ["late_told", "late_apology"]


def test_only_those_without_contact_may_say_not_applicable():
    criteria = parse(text_of("sipas_2640")).criteria

    assert [c.id for c in criteria if c.not_applicable or c.dont_know] == [
        "a1",
        "a2",
        "a3",
        "a4",
        "b4",
        "e1",
        "e2",
        "e3",
        "e4",
    ]

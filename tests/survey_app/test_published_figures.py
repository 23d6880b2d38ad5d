"""Published figures, and our arithmetic reproducing what was published."""

from decimal import Decimal

import pytest

from analysis.points import rounded
from analysis.targets import (
    SERVICE_INDEX_GROUPS,
    Target,
    attainment,
    contradiction,
    plan_sums,
    pooled,
    service_index_class,
)
from survey_app import published_figures as published
from survey_app.published_figures import COLUMNS, FiguresRejected

HEAD = ",".join(COLUMNS)
ROW = "2024,Hà Nội,sipas_overall,SIPAS: chỉ số chung,86.5,%,báo,seen,"
ITEMS_OF_POLICY, ITEMS_OF_SERVICE = 23, 16


def value(indicator, place, year):
    (figure,) = published.find(indicator, place=place, year=year)
    return figure.value


def lao_cai_plan():
    rises = {
        figure.label.partition(": ")[2]: figure.value
        for figure in published.find("papi_rise", place="Lào Cai", year=2019)
    }
    targets = published.find("papi_target", place="Lào Cai", year=2019)
    return [
        Target(name, figure.value, rises[name])
        for figure in targets
        for name in [figure.label.partition(": ")[2]]
    ]


@pytest.mark.parametrize(("year", "printed"), [(2023, "83.57"), (2024, "86.50")])
def test_the_index_of_ha_noi_follows_from_its_contents_by_pooled_items(year, printed):
    contents = [
        (value("sipas_content_1", "Hà Nội", year), ITEMS_OF_POLICY),
        (value("sipas_content_2", "Hà Nội", year), ITEMS_OF_SERVICE),
    ]

    overall = rounded(pooled(contents), 2)

    assert overall == Decimal(printed) == value("sipas_overall", "Hà Nội", year)


def test_the_plain_mean_of_contents_would_not_give_the_published_index():
    contents = [
        value(name, "Hà Nội", 2023) for name in ("sipas_content_1", "sipas_content_2")
    ]

    assert rounded(sum(contents) / 2, 2) == Decimal("83.59")


def test_the_plan_of_lao_cai_contradicts_itself_and_is_flagged():
    stated_base = value("papi_overall", "Lào Cai", 2018)
    stated_total = value("papi_target_overall", "Lào Cai", 2019)

    sums = plan_sums(lao_cai_plan(), stated_total=stated_total, stated_base=stated_base)

    assert (sums.total, sums.rises, sums.base) == (
        Decimal("46.96"),
        Decimal("3.04"),
        Decimal("43.92"),
    )
    assert [
        (c.of, c.stated, c.computed, c.difference) for c in sums.contradictions
    ] == [
        ("rises", Decimal("2.59"), Decimal("3.04"), Decimal("-0.45")),
        ("base", Decimal("44.37"), Decimal("43.92"), Decimal("0.45")),
    ]


def test_a_plan_that_agrees_with_itself_is_not_flagged():
    sums = plan_sums(
        lao_cai_plan(), stated_total=Decimal("46.96"), stated_base=Decimal("43.92")
    )

    assert sums.contradictions == ()


def test_a_wrong_total_is_flagged_too():
    sums = plan_sums(
        lao_cai_plan(), stated_total=Decimal("47"), stated_base=Decimal("43.92")
    )

    assert [c.of for c in sums.contradictions] == ["total", "rises"]


def test_a_sum_is_compared_exactly():
    parts = [Decimal("0.1")] * 3

    assert contradiction("total", Decimal("0.3"), parts) is None
    assert contradiction("total", Decimal("0.31"), parts).difference == Decimal("0.01")


@pytest.mark.parametrize(
    ("reached", "share", "met"),
    [("5.5", "0.5", False), ("6", "1", True), ("4.8", "-0.2", False)],
)
def test_attainment_is_measured_in_the_planned_rise(reached, share, met):
    found = attainment(Target("x", Decimal(6), Decimal(1)), Decimal(reached))

    assert (found.share_of_rise, found.is_met) == (Decimal(share), met)


def test_where_no_rise_was_planned_there_is_no_share_of_it():
    found = attainment(Target("x", Decimal(6), Decimal(0)), Decimal(6))

    assert found.share_of_rise is None
    assert found.is_met


@pytest.mark.parametrize("parts", [[], [(Decimal(80), 0)]])
def test_parts_without_items_cannot_be_pooled(parts):
    with pytest.raises(ValueError, match="needs an item"):
        pooled(parts)


def test_an_giang_is_classed_by_the_service_index_as_published():
    may_2023, april_2024 = (
        next(
            figure.value
            for figure in published.find("service_index", place="Tỉnh An Giang")
            if when in figure.label
        )
        for when in ("31/05/2023", "4/2024")
    )

    assert service_index_class(may_2023) == "Trung bình"
    assert service_index_class(april_2024) == "Khá"
    assert sum(SERVICE_INDEX_GROUPS.values()) == 100


@pytest.mark.parametrize(
    ("points", "name"),
    [("0", "Yếu"), ("50", "Trung bình"), ("79.99", "Khá"), ("80", "Tốt")],
)
def test_a_class_holds_its_lower_end(points, name):
    assert service_index_class(Decimal(points)) == name


def test_outside_of_0_to_100_there_is_no_class():
    with pytest.raises(ValueError, match=r"100\.01"):
        service_index_class(Decimal("100.01"))


def test_every_shipped_figure_names_its_source_and_how_sure_it_is():
    figures = published.published_figures()

    assert len(figures) == 173
    assert all(figure.source and figure.status for figure in figures)
    assert {f.place for f in figures if f.value is None} == {"Tỉnh An Giang"}


def test_the_two_ways_of_asking_never_share_a_line():
    of_2021, of_2022, of_2023 = (
        published.find("sipas_overall", place="Cả nước", year=year)[0]
        for year in (2021, 2022, 2023)
    )

    assert not of_2021.may_stand_beside(of_2022)
    assert of_2022.may_stand_beside(of_2023)
    assert not of_2022.may_stand_beside(published.find("par_index", year=2022)[0])


def test_every_fault_of_a_file_is_told_at_once():
    rows = [
        HEAD,
        ROW,
        ROW,
        "24,,sipas_overall,x,nhiều,%,báo,law,",
        "2024,Hà Nội",
    ]

    with pytest.raises(FiguresRejected) as rejected:
        published.read("\n".join(rows))

    assert rejected.value.problems == (
        "line 3: repeats line 2",
        "line 4: place is empty",
        "line 4: '24' is no year",
        "line 4: status must be one of seen, inferred, memory",
        "line 4: 'nhiều' is no number",
        "line 5: there must be 9 cells",
    )


def test_a_file_with_other_columns_is_no_file_of_figures():
    with pytest.raises(FiguresRejected, match="columns"):
        published.read("a,b\n1,2\n")

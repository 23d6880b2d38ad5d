import pytest

from questionnaires.routing import build_rule, rule_as_json
from questionnaires.xpath_reading import Named, NotInSubset, rule_of
from questionnaires.xpath_writing import expression_of

NAMES = {
    "late": Named("promptness", "single", {"1": "on_time", "late": "late", "dk": "dk"}),
    "many": Named("wishes", "multiple", {"a": "faster", "b": "simpler", "ref": "ref"}),
    "visits": Named("visits", "number"),
    "visits__special": Named("visits", "number", special=True),
    "seats": Named("seats", "scale", {"na": "na"}),
    "day": Named("received", "date"),
    "other_day": Named("submitted", "date"),
    "remark": Named("remark", "text"),
}


def of(question):
    return {"answer": question}


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        ("${late} = 'late'", ["==", of("promptness"), "late"]),
        ("${late}='1'", ["==", of("promptness"), "on_time"]),
        ("${late} = 1", ["==", of("promptness"), "on_time"]),
        ("'late' = ${late}", ["==", of("promptness"), "late"]),
        ('${late} != "dk"', ["!=", of("promptness"), "dk"]),
        ("selected(${late}, 'late')", ["==", of("promptness"), "late"]),
        ("selected('late 1', ${late})", ["in", of("promptness"), ["late", "on_time"]]),
        ("selected(${many}, 'a')", ["in", "faster", of("wishes")]),
        (
            "selected(${many},'a') or selected(${many},'b')",
            ["any-in", of("wishes"), ["faster", "simpler"]],
        ),
        (
            "selected(${many},'a') and selected(${many},'b')",
            ["all-in", ["faster", "simpler"], of("wishes")],
        ),
        ("count-selected(${many}) >= 2", [">=", ["count", of("wishes")], 2]),
        ("${visits} != ''", ["answered", of("visits")]),
        ("${visits} = ''", ["not", ["answered", of("visits")]]),
        ("3 < ${visits}", [">", of("visits"), 3]),
        ("${visits__special} = 'dk'", ["==", of("visits"), "dk"]),
        ("${seats} = '5'", ["==", of("seats"), 5]),
        ("${seats} = 'na'", ["==", of("seats"), "na"]),
        ("${day} > date('2026-03-01')", [">", of("received"), "2026-03-01"]),
        ("${day} >= ${other_day}", [">=", of("received"), of("submitted")]),
        ("${remark} = 'Tốt'", ["==", of("remark"), "Tốt"]),
        (
            "${visits} > 1 and ${visits} < 9 or not(${late} = 'late')",
            [
                "or",
                ["and", [">", of("visits"), 1], ["<", of("visits"), 9]],
                ["not", ["==", of("promptness"), "late"]],
            ],
        ),
        ("( ${visits} > 1 )", [">", of("visits"), 1]),
    ],
)
def test_an_expression_is_read_as_a_rule(expression, rule):
    assert rule_of(expression, NAMES) == rule


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "1",
        "'late'",
        "${late}",
        "true()",
        "today() > ${day}",
        "${visits} * 2 > 4",
        "${visits} > 1.5",
        "${visits} > 99999999999",
        "${late} = 'never'",
        "${many} = 'a'",
        "${nobody} = 1",
        "${late} = 'late",
        "(${late} = 'late'",
        "${late} = 'late')",
        "${late} = 'late' 'late'",
        "${day} > date('2026-02-30')",
        "${late} and ${visits}",
        "not(${late})",
        "selected(${nobody}, 'a')",
        "count-selected(${late}) > 1",
        "jr:choice-name(${late}, 'late')",
        ". > 1",
    ],
)
def test_what_we_cannot_say_is_refused(expression):
    with pytest.raises(NotInSubset):
        rule_of(expression, NAMES)


def test_a_dot_stands_for_the_question_itself_in_a_constraint():
    assert rule_of(". > 1", NAMES, "visits") == [">", of("visits"), 1]


@pytest.mark.parametrize(
    ("rule", "expression"),
    [
        (["==", of("promptness"), "late"], "${promptness} = 'late'"),
        (["<", 7, of("days_late")], "${days_late} > 7"),
        ([">", of("received"), "2026-03-01"], "${received} > date('2026-03-01')"),
        (
            ["in", of("promptness"), ["late", "dk"]],
            "selected('late dk', ${promptness})",
        ),
        (["in", "faster", of("wishes")], "selected(${wishes}, 'faster')"),
        (
            ["any-in", ["faster", "simpler"], of("wishes")],
            "(selected(${wishes}, 'faster') or selected(${wishes}, 'simpler'))",
        ),
        (
            ["all-in", of("wishes"), ["faster", "simpler", "other"]],
            "(count-selected(${wishes}) > 0 and not(selected(${wishes}, 'nothing'))"
            " and not(selected(${wishes}, 'ref')))",
        ),
        (
            [">", ["count", of("wishes")], 1],
            "count-selected(${wishes}) - number(selected(${wishes}, 'ref')) > 1",
        ),
        (["not", ["answered", of("remark")]], "${remark} = ''"),
        (
            ["answered", of("promptness")],
            "(${promptness} != '' and ${promptness} != 'dk')",
        ),
        (["==", of("remark"), 'nói "được"'], "${remark} = 'nói \"được\"'"),
    ],
)
def test_a_rule_is_written_as_an_expression(every_kind, rule, expression):
    assert expression_of(build_rule(rule), every_kind.question) == expression


def test_what_xpath_cannot_quote_is_refused(every_kind):
    rule = build_rule(["==", of("remark"), "'\""])

    with pytest.raises(NotInSubset):
        expression_of(rule, every_kind.question)


@pytest.mark.parametrize(
    "rule",
    [
        ["==", of("promptness"), "late"],
        ["in", of("promptness"), ["late", "on_time"]],
        ["any-in", of("wishes"), ["faster", "simpler"]],
        ["all-in", ["faster", "simpler"], of("wishes")],
        ["<=", ["count", of("wishes")], 2],
        ["not", ["answered", of("remark")]],
        [
            "and",
            ["answered", of("remark")],
            ["or", [">", of("days_late"), 1], ["!=", of("promptness"), "dk"]],
        ],
        ["==", of("received"), of("received")],
    ],
)
def test_a_rule_written_and_read_again_is_the_same(every_kind, rule):
    names = {
        q.id: Named(
            q.id,
            q.kind,
            {
                x: x
                for x in (*(o.id for o in q.options), *(s.value for s in q.specials))
            },
        )
        for q in every_kind.questions
    }
    written = expression_of(build_rule(rule), every_kind.question)
    read = rule_of(written, names)

    assert rule_as_json(build_rule(read)) == rule

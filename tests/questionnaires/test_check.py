"""The judge is tried with a folder of tiny forms, each with all that is wrong on top.

A line ``# code | where | detail | line`` is one problem; ``# after every_kind`` says
that the form of that name was published before.
"""

import ast
import re
import sys
import unicodedata
from pathlib import Path

import pytest

import questionnaires
from questionnaires import Problem, check, parse
from questionnaires.check import LONGEST_FILE, MOST_QUESTIONS
from questionnaires.check_messages import SENTENCES, sentence
from questionnaires.check_options import NO_END, band_of

FORMS = Path(__file__).parent / "forms"
VALID = sorted((FORMS / "valid").glob("*.toml"))
INVALID = sorted((FORMS / "invalid").glob("*.toml"))
OF_TRANSLATIONS = {
    "wrong_questionnaire",
    "missing_translation",
    "unknown_text",
    "placeholders_differ",
}
ONE_FACT = (
    (FORMS / "invalid" / "no_questions.toml").read_text(encoding="utf-8")
    + """
[heading.facts]
title = "Quá trình"

[[fact]]
id = "visits"
text = "Số lần đi lại"
kind = "number"
"""
)


def expected_of(path):
    """The problems a form names on top, and the forms published before it."""
    problems, earlier = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# after "):
            name = line.removeprefix("# after ")
            earlier.append((FORMS / "valid" / f"{name}.toml").read_text("utf-8"))
        elif line.startswith("# "):
            code, where, detail, number = line[2:].split(" | ")
            problems.append((Problem(code, where, detail), int(number)))
        else:
            return problems, earlier
    return problems, earlier


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_form_has_no_problems(path):
    assert check(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_every_problem_is_named_with_place_and_line(path):
    expected, earlier = expected_of(path)
    found = check(path.read_text(encoding="utf-8"), earlier=earlier)

    assert [(problem, problem.line) for problem in found] == expected


def codes_in_the_source():
    """Every code that the modules of the package can report to the author of a form."""
    folder = Path(questionnaires.__file__).parent
    others = [folder / f"{name}.py" for name in ("check", "shape", "translations")]
    for path in [*others, *folder.glob("check_*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("Problem", "report"):
                    yield from _strings(node.args[0])
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                yield from (c for c in _strings(node.elts[1]) if c in SENTENCES)


def _strings(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)


def test_every_code_has_a_sentence_and_no_sentence_is_idle():
    assert set(codes_in_the_source()) == set(SENTENCES)


def test_every_code_has_a_form_that_earns_it():
    """Takes away any check, and its form no longer fails as it should."""
    earned = {problem.code for path in INVALID for problem, _ in expected_of(path)[0]}

    assert set(SENTENCES) - earned == {"too_large"} | OF_TRANSLATIONS


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_says_what_is_wrong_and_what_mends_it(code, language):
    text = sentence(Problem(code, "a1", "chi tiết {lạ}"), language)

    assert re.search(r"[.:] \w", text.removesuffix("."))
    assert text.endswith(".")


def test_a_file_beyond_all_measure_is_not_even_read():
    assert check("#" * (LONGEST_FILE + 1)) == [
        Problem("too_large", "", f"{LONGEST_FILE + 1}/{LONGEST_FILE}")
    ]


def test_a_form_of_too_many_questions_is_refused():
    fact = '\n[[fact]]\nid = "f{n}"\ntext = "Câu {n}"\nkind = "number"\n'
    facts = "".join(fact.format(n=n) for n in range(MOST_QUESTIONS + 1))
    head = ONE_FACT[: ONE_FACT.index("[[fact]]")]

    assert check(head + facts) == [
        Problem("too_large", "", f"{MOST_QUESTIONS} questions")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "9" * 100_000,
        "a" + ".a" * 50_000 + " = 1",
        "\x00",
        "fact = 5",
        "[[fact]]\n[[fact.option]]\n[[factor]]\ncriterion = 5",
        "scale = [1]\nchoice = 1\nheading = 1\nsource = 1\ncheck = [[]]",
    ],
    ids=range(7),
)
def test_hostile_files_are_refused_and_never_crash(text):
    assert check(text)


def test_a_rule_nested_beyond_reason_is_refused():
    depth = sys.getrecursionlimit() // 4
    rule = '["not", ' * depth + '["answered", { answer = "visits" }]' + "]" * depth
    fact = '\n[[fact]]\nid = "late"\ntext = "Trễ"\nkind = "number"\nshow_if = '

    assert [p.code for p in check(ONE_FACT + fact + rule)] == ["bad_rule"]


def test_decomposed_text_is_taken_as_composed():
    questionnaire = parse(unicodedata.normalize("NFD", ONE_FACT))

    assert questionnaire.question("visits").text == "Số lần đi lại"


@pytest.mark.parametrize(
    ("label", "band"),
    [
        ("18 - 25", (18, 25)),
        ("Từ 18 đến 24 tuổi", (18, 24)),
        ("Từ 18 đến dưới 25 tuổi", (18, 24)),
        ("Dưới 18 tuổi", (0, 17)),
        ("Trên 60 tuổi", (61, NO_END)),
        ("Từ 60 tuổi trở lên", (60, NO_END)),
        ("3 lần trở lên", (3, NO_END)),
        ("60+", (60, NO_END)),
        ("2 lần", (2, 2)),
        ("Đại học, trên đại học", None),
        ("Trung học cơ sở (cấp II)", None),
    ],
)
def test_bands_are_read_from_labels(label, band):
    assert band_of(label) == band


LITERALS = ["5", "-1", "1.5", "true", '""', '"x"', "[]", '["x"]', "[[1]]", "{ a = 1 }"]


def mutations_of(text):
    """The form with each line left out, and each value put wrong in many ways."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            yield [*lines[:number], *lines[number + 1 :]]
            key, equals, _ = line.partition(" = ")
            for literal in LITERALS if equals else ():
                yield [*lines[:number], f"{key} = {literal}", *lines[number + 1 :]]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_form_put_wrong_anywhere_is_judged_or_loads(path):
    refused = 0
    for lines in mutations_of(path.read_text(encoding="utf-8")):
        text = "\n".join(lines)
        if check(text):
            refused += 1
        else:
            parse(text)

    assert refused > 500

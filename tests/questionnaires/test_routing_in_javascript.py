"""Phones and tablets walk the same routes: Python writes vectors, node runs them."""

import json
import os
import random
import subprocess
from importlib.resources import files
from itertools import product
from pathlib import Path

import playwright
import pytest

from questionnaires import parse
from questionnaires.answers import asked_questions, seen_answers
from questionnaires.routing import OPERATORS, build_rule, holds, rule_as_json

ROOT = Path(__file__).parents[2]
ROUTING_JS = ROOT / "survey_app" / "static" / "routing.js"
FORMS = [
    *sorted((Path(__file__).parent / "forms" / "valid").glob("*.toml")),
    *sorted(Path(str(files("questionnaires") / "definitions")).glob("*.toml")),
]
ANSWERS = {
    "one": "a",
    "other": "b",
    "many": ["a", "b"],
    "few": ["b"],
    "none": [],
    "three": 3,
    "day": "2026-03-02",
    "text": "Đúng hẹn",
    "unsure": "dk",
    "refused": "ref",
    "zero": 0,
}
ASKED = [{"answer": name} for name in (*ANSWERS, "missing")]
LITERALS = ["a", "Đúng hẹn", "dk", "2026-03-01", 0, 3, 4]
LISTS = [["a"], ["b", "a"], ["in", "count"], [3, 4], ["dk"]]
SCRIPT = """
import {{ holds, route }} from {module};
import {{ readFileSync }} from "node:fs";
const {{ rules, routes }} = JSON.parse(readFileSync({vectors}, "utf-8"));
console.log(JSON.stringify({{
  rules: rules.map(([rule, answers]) => holds(rule, answers)),
  routes: routes.map(([questions, form]) => route(questions, form)),
}}));
"""


def simple_rules():
    """Every operator over every pair of operands that has an answer in it."""
    operands = ASKED + LITERALS + LISTS
    for operator in OPERATORS:
        if operator in ("count", "answered"):
            yield from ([operator, operand] for operand in ASKED)
        elif operator not in ("and", "or", "not"):
            for pair in product(operands, repeat=2):
                if pair[0] in ASKED or pair[1] in ASKED:
                    yield [operator, *pair]


def joined_rules(simple, draw):
    for _ in range(2000):
        parts = draw.sample(simple, draw.randint(2, 4))
        yield [draw.choice(["and", "or"]), *parts, ["not", draw.choice(simple)]]
        yield ["not", draw.choice(simple)]
        yield [draw.choice(["<", ">=", "=="]), ["count", draw.choice(ASKED)], 2]


def rule_vectors():
    draw = random.Random(2640)
    simple = list(simple_rules())
    return simple + list(joined_rules(simple, draw))


def values_of(question, draw):
    """What a browser would send for a question, or nothing at all."""
    values = [special.value for special in question.specials]
    match question.kind:
        case "scale":
            values += [str(level) for level in question.scale.levels]
        case "single":
            values += [option.id for option in question.options]
        case "multiple":
            free = [option.id for option in question.options if not option.exclusive]
            chosen = [option for option in free if draw.random() < 0.4]
            return draw.choice([chosen, *([value] for value in values)])
        case "number":
            values += [str(n) for n in (1, 2, 7, 8, 21, 50)]
        case "date":
            values += ["2026-03-01", "2026-03-02", "2/3/2026", "31/02/2026"]
        case _:
            values += ["Tốt"]
    return [draw.choice(values)] if draw.random() < 0.9 else []


def route_vectors():
    draw = random.Random(1001)
    for path in FORMS:
        questionnaire = parse(path.read_text(encoding="utf-8"))
        for _ in range(100):
            form = {q.id: values_of(q, draw) for q in questionnaire.questions}
            yield questionnaire, form


def as_json(questionnaire):
    return [
        {
            "id": question.id,
            "kind": question.kind,
            "show_if": question.show_if and rule_as_json(question.show_if),
        }
        for question in questionnaire.questions
    ]


@pytest.fixture(scope="module")
def node():
    """The JavaScript engine that Playwright brings along, or the machine's own."""
    for candidate in (Path(playwright.__file__).parent / "driver/node", "node"):
        try:
            subprocess.run([candidate, "--version"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    assert not os.environ.get("CI"), "node is needed (apt-get install libatomic1)"
    pytest.skip("NO JAVASCRIPT WAS RUN: apt-get install libatomic1, or nodejs")


@pytest.fixture(scope="module")
def in_javascript(tmp_path_factory, node):
    folder = tmp_path_factory.mktemp("routing")
    module = folder / "routing.mjs"
    module.write_bytes(ROUTING_JS.read_bytes())
    vectors = folder / "vectors.json"
    rules = [[rule, ANSWERS] for rule in rule_vectors()]
    routes = [[as_json(q), form] for q, form in route_vectors()]
    vectors.write_text(json.dumps({"rules": rules, "routes": routes}), "utf-8")
    script = folder / "run.mjs"
    script.write_text(
        SCRIPT.format(
            module=json.dumps(module.as_uri()), vectors=json.dumps(str(vectors))
        ),
        "utf-8",
    )
    run = subprocess.run(
        [node, str(script)], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(run.stdout)


def test_every_rule_holds_in_javascript_as_in_python(in_javascript):
    seen = {k: tuple(v) if isinstance(v, list) else v for k, v in ANSWERS.items()}
    rules = rule_vectors()
    differing = [
        rule
        for rule, there in zip(rules, in_javascript["rules"], strict=True)
        if holds(build_rule(rule), seen) is not there
    ]

    assert differing == []


def test_every_route_runs_in_javascript_as_in_python(in_javascript):
    for (questionnaire, form), there in zip(
        route_vectors(), in_javascript["routes"], strict=True
    ):
        seen = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in seen_answers(questionnaire, form).items()
        }

        assert there["asked"] == list(asked_questions(questionnaire, form))
        assert there["answers"] == seen


def test_the_vectors_cover_every_operator_both_ways():
    seen = {k: tuple(v) if isinstance(v, list) else v for k, v in ANSWERS.items()}
    outcomes = {(r[0], holds(build_rule(r), seen)) for r in rule_vectors()}

    assert outcomes == set(product(OPERATORS, (True, False)))

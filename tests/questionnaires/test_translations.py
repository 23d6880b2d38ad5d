import unicodedata
from importlib.resources import files

import pytest

from questionnaires import DefinitionRejected, Problem, parse, read_answers
from questionnaires.translations import (
    Translation,
    check_translation,
    is_complete,
    parse_translation,
    texts_of,
    translated,
)

PACKAGE = files("questionnaires")
SHIPPED = sorted(
    path.name.removesuffix(".toml")
    for path in (PACKAGE / "translations").iterdir()
    if path.name.endswith(".toml")
)


def shipped(name):
    text = (PACKAGE / "translations" / f"{name}.toml").read_text(encoding="utf-8")
    return text, original_of(name)


def original_of(name):
    form = PACKAGE / "definitions" / f"{name.partition('.')[0]}.toml"
    return parse(form.read_text(encoding="utf-8"))


def written(texts, head=""):
    lines = [f'"{key}" = """{text}"""' for key, text in texts.items()]
    head = head or 'questionnaire = "careful"\nlanguage = "en"\nreviewed = true\n'
    return head + "\n[text]\n" + "\n".join(lines)


def test_english_and_khmer_are_shipped():
    assert SHIPPED == ["sipas_2640.en", "sipas_2640.km"]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_translation_is_complete_and_not_yet_reviewed(name):
    text, original = shipped(name)
    translation = parse_translation(text, original)

    assert is_complete(original, translation)
    assert (translation.language, translation.reviewed) == (name[-2:], False)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_translation_is_composed_text(name):
    text, _ = shipped(name)

    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_text_is_left_in_the_original_language(name):
    text, original = shipped(name)
    before = texts_of(original)
    after = texts_of(translated(original, parse_translation(text, original)))
    same = [key for key in before if before[key] == after[key]]

    assert [key for key in same if not key.startswith("ethnicity.option.")] == []


def test_khmer_is_written_in_khmer():
    text, original = shipped("sipas_2640.km")
    texts = dict(parse_translation(text, original).texts)

    assert [k for k, t in texts.items() if not any("ក" <= c <= "៹" for c in t)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_translation_changes_words_and_nothing_else(name):
    text, original = shipped(name)
    other = translated(original, parse_translation(text, original))
    back = Translation(original.id, "vi", True, tuple(texts_of(original).items()))

    assert other != original
    assert translated(other, back) == original


def test_the_same_answers_give_the_same_codes_in_every_language():
    text, original = shipped("sipas_2640.km")
    khmer = translated(original, parse_translation(text, original))
    sent = {q.id: ["4"] for q in original.criteria}
    sent |= {"general": ["5"], "visits": ["dk"], "harassed": ["no"]}
    sent |= {"extra_money": ["ref"], "promptness": ["late"], "late_told": ["no"]}
    sent |= {"late_apology": ["yes"], "wishes": ["faster", "simpler"]}

    assert read_answers(khmer, sent) == read_answers(original, sent)


def test_every_gap_is_named_with_the_text_to_translate(careful):
    texts = texts_of(careful)
    gone = ("consent.interview_text", "section.facts.note", "check.many_visits")
    partly = {key: text for key, text in texts.items() if key not in gone}

    assert check_translation(written(partly), careful) == [
        Problem("missing_translation", key, texts[key]) for key in gone
    ]


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        ("polite.text", "<b>Polite</b>", Problem("html", "polite.text", "<b>")),
        (
            "needed.text",
            "Were all trips needed?",
            Problem(
                "placeholders_differ",
                "needed.text",
                "Cả {answer:visits|những} lần đi lại có cần thiết không?",
            ),
        ),
        (
            "helped.option.yes",
            "Không",
            Problem("repeated_label", "helped.option.yes", "Không"),
        ),
        ("polite.txt", "Polite", Problem("unknown_text", "polite.txt")),
        (
            "special.dk",
            "Don't know",
            Problem("straight_quote", "special.dk", "Don't know"),
        ),
    ],
)
def test_faults_of_a_translation_are_named(careful, key, text, problem):
    assert check_translation(written(texts_of(careful) | {key: text}), careful) == [
        problem
    ]


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        ("reviewed = 1\nlanguage = 2\n", ["missing", "wrong_kind", "wrong_kind"]),
        (
            'questionnaire = "careful"\nlanguage = "en"\nreviewed = true\nby = "x"\n',
            ["unknown_key"],
        ),
        (
            'questionnaire = "other"\nlanguage = "en"\nreviewed = true\n',
            ["wrong_questionnaire"],
        ),
        ("[", ["not_toml"]),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused(careful, head, codes):
    with pytest.raises(DefinitionRejected) as rejected:
        parse_translation(written(texts_of(careful), head), careful)

    assert [problem.code for problem in rejected.value.problems] == codes

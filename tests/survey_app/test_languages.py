"""The languages of a questionnaire: published by version, offered when complete."""

import tomllib

import pytest
from sqlalchemy import exc, text

import questionnaires
from survey_app import clock, db, languages, upgrade
from survey_app.models import Definition, PublishedTranslation

FORM = "sipas_2640"


@pytest.fixture
def khmer(app_on_any_database):
    with db.read() as session:
        return next(
            row.text for row in languages.latest(session, FORM) if row.language == "km"
        )


def offered():
    with db.read() as session:
        return languages.languages_of(session, FORM)


def publish(words, **how):
    with db.begin() as session:
        return languages.publish_translation(session, words, now=clock.now(), **how)


def test_the_original_comes_first_then_what_the_program_ships(khmer):
    found = [(each.code, each.name, each.reviewed) for each in offered()]

    assert found == [
        ("vi", "Tiếng Việt", True),
        ("en", "English", False),
        ("km", "ភាសាខ្មែរ", False),
    ]


def test_a_form_without_translations_is_offered_in_its_own_language(khmer):
    with db.read() as session:
        found = languages.languages_of(session, "sipas_1001_service")

    assert [(each.code, each.is_original) for each in found] == [("vi", True)]


def test_a_better_wording_is_another_version_and_the_latest_is_used(khmer):
    version = publish(khmer.replace("reviewed = false", "reviewed = true"))

    assert version == 2
    assert [each.reviewed for each in offered() if each.code == "km"] == [True]


def test_the_same_wording_again_is_no_new_version(khmer):
    assert publish(khmer) is None


def test_what_people_published_is_not_displaced_by_the_program(khmer):
    publish(khmer.replace("reviewed = false", "reviewed = true"))
    with db.begin() as session:
        upgrade.publish_shipped(session, now=clock.now())

    assert [each.version for each in offered() if each.code == "km"] == [2]


def test_a_newer_file_of_the_program_follows_its_older_one(khmer):
    assert publish(khmer + "\n# mended\n", shipped=True) == 2


def test_a_translation_with_a_gap_is_refused(khmer):
    line = next(line for line in khmer.splitlines() if line.startswith('"a1.text"'))

    with pytest.raises(questionnaires.DefinitionRejected) as refused:
        publish(khmer.replace(line, ""))

    assert [(p.code, p.where) for p in refused.value.problems] == [
        ("missing_translation", "a1.text")
    ]


def test_a_questionnaire_is_read_in_each_of_its_languages(khmer):
    words = tomllib.loads(khmer)["text"]
    with db.read() as session:
        form = questionnaires.parse(session.get_one(Definition, FORM).text)
        found = languages.translated(session, form, "km")
        same = languages.translated(session, form, "vi")

    assert (found.language, found.question("a1").text) == ("km", words["a1.text"])
    assert same is form


def test_a_language_that_is_not_published_is_an_error(khmer):
    with db.read() as session:
        form = questionnaires.parse(session.get_one(Definition, FORM).text)

        with pytest.raises(KeyError):
            languages.translated(session, form, "fr")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE translation SET reviewed = true", "DELETE FROM translation"],
)
def test_a_published_translation_cannot_be_changed(app_on_any_database, statement):
    with pytest.raises(exc.DBAPIError, match="immutable"), db.begin() as session:
        session.execute(text(statement))

    with db.read() as session:
        assert session.query(PublishedTranslation).count() == 2

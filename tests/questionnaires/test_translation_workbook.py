import pytest

from questionnaires import Problem
from questionnaires.translation_workbook import export_translation, import_translation
from questionnaires.translations import Translation, parse_translation, texts_of
from questionnaires.xlsform import WorkbookRejected, read_sheets, write_sheets

ABOUT = [["questionnaire", "careful"], ["language", "en"]]


@pytest.fixture
def words(careful):
    """A translation that only marks each text."""
    return {key: f"{text} EN" for key, text in texts_of(careful).items()}


@pytest.fixture
def rows(careful, words):
    return [[key, text, words[key]] for key, text in texts_of(careful).items()]


def workbook(rows, about=ABOUT, header=("key", "original", "translation")):
    return write_sheets({"translation": [header, *rows], "about": about})


def problems_of(content, questionnaire):
    with pytest.raises(WorkbookRejected) as rejected:
        import_translation(content, questionnaire)
    return rejected.value.problems


def test_a_translator_gets_every_text_and_what_is_done_so_far(careful):
    so_far = Translation("careful", "en", False, (("polite.text", "Polite"),))
    sheets = read_sheets(export_translation(careful, "en", so_far), ("translation",))
    (_, header), *body = sheets["translation"]

    assert header == ["key", "original", "translation"]
    assert [row[0] for _, row in body] == list(texts_of(careful))
    assert [row for _, row in body if row[0] == "polite.text"] == [
        ["polite.text", "Công chức giao tiếp lịch sự", "Polite"]
    ]


def test_a_filled_workbook_becomes_a_translation_not_yet_reviewed(careful, rows, words):
    text = import_translation(workbook(rows), careful)
    translation = parse_translation(text, careful)

    assert dict(translation.texts) == words
    assert (translation.language, translation.reviewed) == ("en", False)


def test_gaps_and_faults_are_named_by_row(careful, rows):
    rows[1][2] = ""
    rows[2][2] = "<b>x</b>"
    rows[3][0] = "nowhere"
    originals = texts_of(careful)
    keys = list(originals)

    assert problems_of(workbook(rows), careful) == [
        Problem("missing_translation", "translation, row 3", originals[keys[1]]),
        Problem("html", "translation, row 4", "<b>"),
        Problem(
            "missing_translation",
            f"translation, row {len(rows) + 2}",
            originals[keys[3]],
        ),
        Problem("unknown_text", "translation, row 5", "nowhere"),
    ]


def test_a_text_translated_from_older_words_is_refused(careful, rows):
    rows[0][1] = "Tên cũ"

    assert problems_of(workbook(rows), careful) == [
        Problem("original_changed", "translation, row 2", "Phiếu thử về {office}")
    ]


def test_the_same_key_twice_is_refused(careful, rows):
    content = workbook([*rows, rows[0]])

    assert problems_of(content, careful) == [
        Problem("duplicate_id", f"translation, row {len(rows) + 2}", "title")
    ]


def test_a_workbook_of_another_kind_is_refused(careful, rows):
    about = [["questionnaire", "other"]]
    content = workbook(rows, about, ("a", "b", "c"))

    assert problems_of(content, careful) == [
        Problem("no_translation", "translation, row 1"),
        Problem("missing", "about, row 2", "language"),
        Problem("wrong_questionnaire", "about, row 1", "other"),
    ]

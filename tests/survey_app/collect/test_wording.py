"""The citizen pages in each language: the same sentences, on pages that say which."""

import re
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest

from questionnaires import translations
from survey_app import db, languages
from survey_app.collect import errors, wording
from tests.survey_app.collect.making import nonce_in

COLLECT = Path(wording.__file__).parent
TEMPLATES = COLLECT.parent / "templates" / "collect"


def gaps(text):
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_language_says_everything_with_the_same_gaps(language):
    original, other = wording.words("vi").texts, wording.words(language).texts

    assert other.keys() == original.keys()
    assert {k: gaps(t) for k, t in other.items()} == {
        k: gaps(t) for k, t in original.items()
    }


@pytest.mark.parametrize("language", wording.spoken())
def test_sentences_are_composed_and_not_empty(language):
    for key, text in wording.words(language).texts.items():
        assert text.strip(), key
        assert unicodedata.is_normalized("NFC", text), key


def test_every_sentence_a_template_asks_for_is_there():
    for template in TEMPLATES.glob("*.html"):
        asked = set(re.findall(r'say\("([\w.]+)"', template.read_text("utf-8")))

        assert {key for key in asked if not key.endswith(".")} <= set(
            wording.words("vi").texts
        ), template.name


def test_every_notice_has_its_sentences():
    for notice in errors.CitizenNotice.__subclasses__():
        for part in ("title", "message", "advice"):
            assert wording.words("km")(f"notice.{notice.__name__}.{part}")


def test_a_language_without_words_of_ours_is_spoken_to_in_vietnamese():
    assert wording.words("zh").language == "vi"


def test_the_address_asks_for_a_language(client, fieldwork):
    page = client.get(f"/P/{fieldwork.slip()}?lang=en").text

    assert '<html lang="en">' in page
    assert '<dd lang="vi">Sở Xây dựng</dd>' in page
    assert "has not yet been checked" in page


def test_a_language_that_is_not_offered_is_answered_in_the_forms_own(client, fieldwork):
    assert '<html lang="vi">' in client.get(f"/P/{fieldwork.slip()}?lang=fr").text


def test_changing_the_language_keeps_everything_and_stores_nothing(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address) | {"dong-y": ""}

    reply = client.post(address, data=fields | {"doi-ngon-ngu": "km"})

    assert reply.status_code == 200
    assert '<html lang="km">' in reply.text
    assert 'name="a1" value="4" checked' in reply.text
    assert nonce_in(reply.text) == fields["so-phieu"]
    assert fieldwork.responses() == []
    assert not fieldwork.invitations()[0].spent


def test_a_ballot_keeps_its_language_and_is_thanked_for_in_it(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address) | {"ngon-ngu": "en"}

    reply = client.post(address, data=fields)

    assert fieldwork.responses()[0].language == "en"
    assert reply.location.endswith("?lang=en")
    assert "Thank you for your opinion!" in client.get(reply.location).text


def test_what_is_wrong_is_said_in_the_language_of_the_form(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    nonce = nonce_in(client.get(address).text)

    reply = client.post(address, data={"so-phieu": nonce, "ngon-ngu": "en"})

    assert "Question 1: Please choose an answer." in reply.text


def test_a_refusal_comes_in_the_language_of_the_form(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    fields = fieldwork.opened(client, address) | {"ngon-ngu": "km"}
    client.post(address, data=fields)

    reply = client.post(address, data=fields | {"a1": "1"})

    assert '<html lang="km">' in reply.text
    assert "ប័ណ្ណនេះត្រូវបានទទួលហើយ" in reply.text


def test_a_new_translation_is_offered_within_a_minute(client, fieldwork, now):
    address = f"/P/{fieldwork.slip()}"
    assert "中文" not in client.get(address).text
    texts = translations.texts_of(fieldwork.questionnaire)
    lines = "\n".join(f'"{key}" = """{text}"""' for key, text in texts.items())
    with db.begin() as session:
        languages.publish_translation(
            session,
            'questionnaire = "sipas_2640"\nlanguage = "zh"\nreviewed = true\n'
            f"[text]\n{lines}\n",
            now=now.moment,
        )
    now.moment += timedelta(minutes=1)

    page = client.get(f"{address}?lang=zh").text

    assert '<html lang="zh">' in page
    assert '<h2 lang="vi">Đồng ý và gửi</h2>' in page


def test_names_are_put_into_texts_and_answers_leave_room(client, fieldwork, publish):
    forms = Path(__file__).parents[2] / "questionnaires" / "forms" / "valid"
    publish((forms / "careful.toml").read_text("utf-8"))
    fieldwork.change_wave(questionnaire_id="careful")
    page = client.get(f"/P/{fieldwork.slip()}").text

    assert "<h1>Phiếu thử về Sở Xây dựng</h1>" in page
    assert "cho ý kiến về thủ tục này." in page
    assert '<span data-answer="visits" data-else="những">những</span>' in page


def test_criteria_come_back_in_the_order_they_were_shown_in(client, fieldwork, publish):
    forms = Path(__file__).parents[2] / "questionnaires" / "forms" / "valid"
    publish((forms / "careful.toml").read_text("utf-8"))
    fieldwork.change_wave(questionnaire_id="careful")
    address = f"/P/{fieldwork.slip()}"
    page = client.get(address).text
    seed = re.search(r'name="__order" value="(\d+)"', page)[1]

    fields = {"so-phieu": nonce_in(page), "__order": seed, "visits": "30"}
    returned = client.post(address, data=fields).text

    order = re.findall(r'fieldset id="cau-(\w+)"', page)
    assert re.findall(r'fieldset id="cau-(\w+)"', returned) == order
    assert "đi lại 30 lần" in returned
    assert f'name="__order" value="{seed}"' in returned

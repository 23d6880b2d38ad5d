"""The first page: what it says, and the box to type a code."""

import pytest


def test_the_front_page_has_a_box_for_codes_and_a_way_in_for_staff(client):
    page = client.get("/").text

    assert 'name="ma"' in page
    assert 'href="/accounts/sign-in"' in page


def test_a_typed_slip_code_leads_to_its_form(client, fieldwork):
    code = fieldwork.slip()

    reply = client.post("/", data={"ma": f" {code[:5].lower()}-{code[5:]} "})

    assert (reply.status_code, reply.location) == (303, f"/P/{code}")


def test_a_typed_poster_code_leads_to_its_form(client, fieldwork):
    code = fieldwork.poster()

    reply = client.post("/", data={"ma": code.lower()})

    assert (reply.status_code, reply.location) == (303, f"/Q/{code}")


def test_a_whole_typed_address_is_understood(client, fieldwork):
    code = fieldwork.slip()

    reply = client.post("/", data={"ma": f"khaosat.example.gov.vn/P/{code}/"})

    assert reply.location == f"/P/{code}"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "thiếu ký tự"),
        ("7K3M9QX2TB", "ký tự gõ nhầm"),
        ("<b>ÔNG BÀ</b>", "ký tự gõ nhầm"),
        ("0000000000", "không có phiếu nào mang mã này"),
        ("00000000", "không có phiếu nào mang mã này"),
    ],
)
def test_a_wrong_code_is_explained_and_stays_in_the_box(
    client, fieldwork, typed, sentence
):
    reply = client.post("/", data={"ma": typed})

    assert reply.status_code == 422
    assert sentence in reply.text
    assert "<b>ÔNG" not in reply.text
    assert 'aria-describedby="ma-sai ma-goi-y"' in reply.text


def test_the_demonstration_says_so_from_the_first_page(now, make_app, sqlite_url):
    client = make_app(sqlite_url, DEMONSTRATION="1").test_client()

    assert "DỮ LIỆU MÔ PHỎNG" in client.get("/").text


def test_a_real_survey_does_not_call_itself_simulated(client):
    assert "MÔ PHỎNG" not in client.get("/").text

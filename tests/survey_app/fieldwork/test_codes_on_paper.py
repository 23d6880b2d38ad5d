"""Slips and posters: who gets which code, what is printed, what is refused."""

import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from survey_app import clock, codes, db, settings
from survey_app.codes import SLIP_LENGTH, normalise
from survey_app.fieldwork import posters, waves
from survey_app.models import (
    AuditEntry,
    Counter,
    Invitation,
    OneStopShop,
    Poster,
    Role,
    Wave,
)
from tests.survey_app.fieldwork.making import (
    FRAME,
    HEADER,
    as_csv,
    build_province,
    build_wave,
    finished,
)

WAVE = "/fieldwork/waves/2026-Q1"


def hand_out(client, rows=FRAME, kind="csv"):
    return client.post(
        f"{WAVE}/hand-out", data={"file": (as_csv(rows), "x.csv"), "format": kind}
    )


def sheet(reply):
    text = reply.data.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    return header, rows


def issued():
    with db.read() as session:
        query = select(func.count()).where(Invitation.issued_at.is_not(None))
        return session.scalar(query)


def counter_id(shop, code="1"):
    with db.read() as session:
        query = select(Counter.id).join(OneStopShop, OneStopShop.id == Counter.shop_id)
        return session.scalar(
            query.where(OneStopShop.code == shop, Counter.code == code)
        )


@pytest.fixture
def officer(signed_in, make_account):
    """Signs in the officer of a counter."""

    def officer(shop, code="1"):
        key = counter_id(shop, code)
        return signed_in(make_account(Role.COUNTER_OFFICER, counter_id=key))

    return officer


def test_the_officer_gets_the_drawn_rows_as_they_were_with_codes(planner, make_wave):
    make_wave(frame=FRAME, total=30, opened=True)

    header, rows = sheet(hand_out(planner))

    assert header == [*HEADER, "Mã phiếu", "Địa chỉ trả lời"]
    assert len(rows) == 30
    originals = {row[0]: row for row in FRAME}
    for row in rows:
        assert tuple(row[: len(HEADER)]) == originals[row[0]]
        code = normalise(row[-2], length=SLIP_LENGTH)
        assert row[-1] == f"HTTPS://KHAOSAT.EXAMPLE.GOV.VN/P/{code}"


def test_every_code_handed_out_is_known_by_its_hash_alone(planner, make_wave):
    make_wave(frame=FRAME, total=30)
    key = settings.keys().code

    _, rows = sheet(hand_out(planner))

    made = {codes.code_hash(key, normalise(r[-2], length=SLIP_LENGTH)) for r in rows}
    with db.read() as session:
        assert set(session.scalars(select(Invitation.code_hash))) == made


def test_a_workbook_holds_the_same_and_no_formula(planner, make_wave):
    rows = [finished(i, person="=1+1") for i in range(40)]
    make_wave(frame=rows, total=30)

    reply = hand_out(planner, rows, "xlsx")

    found = openpyxl.load_workbook(io.BytesIO(reply.data)).active
    assert found.max_row == 31
    assert {cell.data_type for row in found.iter_rows() for cell in row} == {"s"}


def test_no_cell_of_the_csv_runs_in_a_spreadsheet(planner, make_wave):
    rows = [finished(i, person="=1+1") for i in range(40)]
    make_wave(frame=rows, total=30)

    _, found = sheet(hand_out(planner, rows))

    assert {row[len(HEADER) - 1] for row in found} == {"'=1+1"}


def test_handing_out_is_noted_once_and_a_reprint_gives_the_same_codes(
    planner, make_wave, now
):
    make_wave(frame=FRAME, total=30)
    first = sheet(hand_out(planner))[1]
    with db.read() as session:
        at = set(session.scalars(select(Invitation.issued_at)))
    now.moment = now.moment.replace(hour=15)

    second = sheet(hand_out(planner))[1]

    assert first == second
    with db.read() as session:
        assert set(session.scalars(select(Invitation.issued_at))) == at
        assert None not in at


def test_a_file_with_part_of_the_rows_gives_only_their_codes(planner, make_wave):
    make_wave(frame=FRAME, total=120)

    _, rows = sheet(hand_out(planner, FRAME[:10]))

    assert (len(rows), issued()) == (10, 10)


def test_a_file_without_any_drawn_row_is_refused(planner, make_wave):
    make_wave(frame=FRAME, total=30)

    reply = hand_out(planner, [finished(700)])

    assert reply.status_code == 422
    assert "Không hồ sơ nào trong tệp thuộc mẫu" in reply.text
    assert issued() == 0


def test_without_a_draw_there_is_nothing_to_hand_out(planner, make_wave):
    make_wave(frame=FRAME)

    assert "chưa chọn mẫu" in planner.get(f"{WAVE}/hand-out").text
    assert hand_out(planner).status_code == 422


def test_a_closed_wave_hands_out_no_codes(planner, make_wave):
    wave = make_wave(frame=FRAME, total=30, opened=True)
    with db.begin() as session:
        waves.close_wave(session, wave.id, now=clock.now())

    reply = hand_out(planner)

    assert reply.status_code == 422
    assert "đã đóng" in reply.text


def test_slips_name_office_and_counter_and_say_what_they_are_for(planner, make_wave):
    make_wave(frame=FRAME, total=120)

    page = unescape(hand_out(planner, kind="print").text)

    assert page.count('class="slip"') == 120
    assert page.count('class="sheet"') == 30
    for words in (
        "Phường Long Xuyên",
        "Trung tâm Phục vụ hành chính công, Quầy 1",
        "Quầy Chứng thực",
        "khaosat.example.gov.vn",
        "tự nguyện và ẩn danh",
        "cắt bỏ trước khi trao",
    ):
        assert words in page
    assert "MÔ PHỎNG" not in page
    assert "Nguyễn Văn" not in page


def test_the_typed_code_on_a_slip_is_that_of_the_file(planner, make_wave):
    make_wave(frame=FRAME, total=30)
    _, rows = sheet(hand_out(planner))

    page = hand_out(planner, kind="print").text

    assert set(re.findall(r'<p class="code">([^<]+)</p>', page)) == {
        row[-2] for row in rows
    }


def test_an_officer_gets_only_the_codes_of_the_own_counter(make_wave, officer):
    make_wave(frame=FRAME, total=120, opened=True)

    _, rows = sheet(hand_out(officer("STP-1", "2")))

    assert {row[0] for row in rows} == {row[0] for row in FRAME[110:]}
    assert issued() == 10


def test_an_officer_finds_the_waves_of_the_own_counter(make_wave, officer):
    make_wave(frame=FRAME, total=30, hung=True, opened=True)

    page = officer("30307-TT").get("/fieldwork/counter").text

    assert "Khảo sát hài lòng quý I năm 2026" in page
    assert f"{WAVE}/posters/print" in page


def test_an_officer_without_a_wave_is_told_so(signed_in):
    page = signed_in(Role.COUNTER_OFFICER).get("/fieldwork/counter").text

    assert "Hiện không có đợt khảo sát nào" in page


def test_an_officer_prints_the_own_poster_whatever_the_address_says(make_wave, officer):
    make_wave(hung=True, opened=True)
    other = counter_id("STP-1")

    page = officer("30307-TT").get(f"{WAVE}/posters/print?counter={other}&q=tu+phap")
    plain = officer("30307-TT").get(f"{WAVE}/posters/print").text

    assert page.status_code == 409
    assert plain.count('class="poster"') == 1
    assert "Phường Long Xuyên" in plain


def test_a_reissued_slip_makes_the_old_one_worthless(planner, make_wave):
    make_wave(frame=FRAME, total=30)
    _, rows = sheet(hand_out(planner))
    dossier, old = rows[0][0], rows[0][-2]

    page = planner.post(f"{WAVE}/reissue", data={"dossier": dossier.lower()}).text

    (new,) = re.findall(r'<p class="code">([^<]+)</p>', page)
    key = settings.keys().code
    hashes = {c: codes.code_hash(key, c.replace("-", "")) for c in (old, new)}
    with db.read() as session:
        there = set(session.scalars(select(Invitation.code_hash)))
    assert new != old
    assert hashes[new] in there
    assert hashes[old] not in there


@pytest.mark.parametrize(
    ("dossier", "sentence"),
    [
        ("", "chưa ghi"),
        ("abc", "không đúng dạng"),
        ("H01.30-260101-9999", "không thuộc mẫu đã chọn"),
    ],
)
def test_a_slip_is_not_reissued_for_what_was_not_drawn(
    planner, make_wave, dossier, sentence
):
    make_wave(frame=FRAME, total=30)

    reply = planner.post(f"{WAVE}/reissue", data={"dossier": dossier})

    assert reply.status_code == 422
    assert sentence in reply.text


def test_a_slip_whose_ballot_is_in_is_not_reissued(planner, make_wave):
    make_wave(frame=FRAME, total=120)
    with db.begin() as session:
        for invitation in session.scalars(select(Invitation)):
            invitation.spent = True

    reply = planner.post(f"{WAVE}/reissue", data={"dossier": FRAME[0][0]})

    assert reply.status_code == 422
    assert "đã được ghi nhận" in reply.text


def test_an_officer_reissues_only_for_the_own_counter(make_wave, officer):
    make_wave(frame=FRAME, total=120)
    client = officer("30307-TT")

    own = client.post(f"{WAVE}/reissue", data={"dossier": FRAME[0][0]})
    other = client.post(f"{WAVE}/reissue", data={"dossier": FRAME[70][0]})

    assert (own.status_code, other.status_code) == (200, 422)


def test_posters_are_made_for_every_counter_once(planner, make_wave):
    make_wave()

    first = planner.post(f"{WAVE}/posters", follow_redirects=True)
    second = planner.post(f"{WAVE}/posters", follow_redirects=True)

    assert "Đã lập 4 áp phích mới" in first.text
    assert "Đã lập 0 áp phích mới" in second.text


def test_a_poster_names_its_place_and_can_be_printed_again(planner, make_wave):
    make_wave(hung=True)

    page = planner.get(f"{WAVE}/posters/print?q=tu+phap").text

    assert page.count('class="poster"') == 2
    assert "Quầy Hộ tịch" in page
    assert "Quầy Chứng thực" in page
    assert planner.get(f"{WAVE}/posters/print?q=tu+phap").text == page


def test_a_revoked_poster_makes_room_for_a_new_one(planner, make_wave):
    wave = make_wave(hung=True)
    with db.read() as session:
        first = posters.counters(session, wave)[0]

    asked = planner.get(f"{WAVE}/posters/{first.poster_id}/revoke").text
    planner.post(f"{WAVE}/posters/{first.poster_id}/revoke")
    planner.post(f"{WAVE}/posters", data={"counter": first.counter_id})

    assert "quét mã này không trả lời được nữa" in asked
    with db.read() as session:
        second = posters.counters(session, wave)[0]
        assert session.get(Poster, first.poster_id).revoked_at is not None
    assert second.code not in (None, first.code)


def test_two_posters_never_hang_at_one_counter(app_on_any_database):
    build_province()
    build_wave(hung=True)
    with db.read() as session:
        there = session.scalars(select(Poster)).first()

    with pytest.raises(IntegrityError), db.begin() as session:
        session.add(
            Poster(
                code="ABCDEFGH",
                created_at=clock.now(),
                wave_id=there.wave_id,
                office_id=there.office_id,
                shop_id=there.shop_id,
                counter_id=there.counter_id,
            )
        )


def test_a_poster_that_is_not_there_is_not_found(planner, make_wave):
    make_wave()

    assert planner.get(f"{WAVE}/posters/99/revoke").status_code == 404
    assert planner.post(f"{WAVE}/posters/99/revoke").status_code == 404


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "Chưa đặt địa chỉ công khai"),
        ("http://khaosat.gov.vn", "không bắt đầu bằng https"),
        ("https://localhost:8000", "chỉ mở được trên chính máy này"),
    ],
)
def test_nothing_is_printed_without_an_address_that_phones_can_open(
    app, planner, make_wave, url, reason
):
    make_wave(frame=FRAME, total=30, hung=True)
    app.config["PUBLIC_URL"] = url

    replies = [
        planner.get(f"{WAVE}/posters/print"),
        hand_out(planner),
        planner.post(f"{WAVE}/reissue", data={"dossier": FRAME[0][0]}),
    ]

    for reply in replies:
        assert reply.status_code == 409
        assert reason in reply.text
        assert "SIPAS_PUBLIC_URL" in reply.text
    assert issued() == 0
    assert "SIPAS_PUBLIC_URL" in planner.get(f"{WAVE}/hand-out").text


def test_the_demonstration_prints_its_own_host_and_a_watermark(app, planner, make_wave):
    make_wave(frame=FRAME, total=30, hung=True)
    app.config.update(PUBLIC_URL="", DEMONSTRATION="1")

    poster = planner.get(f"{WAVE}/posters/print").text
    header, rows = csv_with_mark(hand_out(planner))

    assert "BẢN TRÌNH DIỄN" in poster
    assert rows[0][-1].startswith("HTTP://LOCALHOST/P/")
    assert header[-1] == "Địa chỉ trả lời"


def csv_with_mark(reply):
    mark, header, *rows = csv.reader(io.StringIO(reply.data.decode("utf-8-sig")))
    assert mark == ["DỮ LIỆU MÔ PHỎNG"]
    return header, rows


def test_codes_of_a_simulated_wave_say_so(planner, make_wave):
    wave = make_wave(frame=FRAME, total=30, hung=True)
    with db.begin() as session:
        session.get(Wave, wave.id).simulated = True

    for page in (
        planner.get(f"{WAVE}/posters/print").text,
        hand_out(planner, kind="print").text,
        planner.get(WAVE).text,
    ):
        assert "DỮ LIỆU MÔ PHỎNG" in page


def test_every_act_is_in_the_log_without_any_code(planner, make_wave):
    wave = make_wave(frame=FRAME, total=30)
    planner.post(f"{WAVE}/posters")
    _, rows = sheet(hand_out(planner))
    planner.post(f"{WAVE}/reissue", data={"dossier": rows[0][0]})
    with db.read() as session:
        poster = posters.counters(session, wave)[0]
    planner.post(f"{WAVE}/posters/{poster.poster_id}/revoke")

    with db.read() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [entry.action for entry in entries] == [
        "posters.created",
        "codes.handed_out",
        "code.reissued",
        "poster.revoked",
    ]
    written = " ".join(str(entry.detail) + entry.subject for entry in entries)
    assert not any(row[0] in written or row[-2] in written for row in rows)
    assert poster.code not in written

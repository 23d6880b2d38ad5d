"""Offices kept up over the years: edited, merged, ended, their places and accounts."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.fieldwork import office_export, transactions, waves
from survey_app.fieldwork.directory import directory
from survey_app.fieldwork.office_import import import_offices, shipped
from survey_app.models import (
    Account,
    AuditEntry,
    Counter,
    Office,
    OfficeSuccession,
    OneStopShop,
    Role,
)
from tests.survey_app.fieldwork.making import FRAME, as_csv, finished

COMMUNES = """\
Mã đơn vị,Tên đơn vị,Cấp,Hiệu lực từ ngày
30313,Xã Mỹ Hòa Hưng,Cấp xã,01/01/2021
30310,Xã Mỹ Khánh,Cấp xã,01/01/2021
"""
MERGED = {
    "office": ["1", "2"],
    "since": "2025-07-01",
    "code": "30313",
    "name": "Xã Mỹ Hòa Hưng",
    "level": "xa",
    "kind": "Xã",
}


@pytest.fixture
def communes(app):
    with db.begin() as session:
        import_offices(session, io.BytesIO(COMMUNES.encode()))


@pytest.fixture
def administrator(signed_in):
    return signed_in(Role.ADMINISTRATOR)


def office(code, on=date(2026, 3, 2)):
    with db.read() as session:
        return next(
            o
            for o in session.scalars(select(Office).where(Office.code == code))
            if o.valid_from <= on and (o.valid_to is None or on <= o.valid_to)
        )


def wave_of(code, start, end):
    draft = waves.WaveDraft(
        code=code,
        name=code,
        questionnaire_id="sipas_2640",
        rule_set_id="demo_2025",
        period_start=start,
        period_end=end,
        levels=("xa",),
    )
    with db.begin() as session:
        return waves.create_wave(session, draft, now=clock.now())


def add_transactions(wave, *rows):
    with db.begin() as session:
        file = as_csv(rows)
        transactions.import_transactions(session, wave, file, now=clock.now())


def counts(wave):
    with db.read() as session:
        return {
            (s.name, s.office_id): s.frame_size
            for s in transactions.frame_counts(session, wave)
        }


def test_after_a_merger_the_old_wave_stays_and_the_new_one_has_the_successor(
    communes, planner
):
    old = wave_of("2025-H1", date(2025, 1, 1), date(2025, 6, 30))
    before = {"received": "02/06/2025", "returned": "05/06/2025"}
    add_transactions(
        old,
        finished(1, "30313", **before, dossier="H01.30-250602-0001"),
        finished(2, "30310", **before, dossier="H01.30-250602-0002"),
    )
    standing = counts(old)

    reply = planner.post("/fieldwork/offices/merge", data=MERGED)
    new = wave_of("2025-H2", date(2025, 7, 1), date(2025, 12, 31))
    after = {"received": "02/07/2025", "returned": "05/07/2025"}
    add_transactions(new, finished(3, "30313", **after, dossier="H01.30-250702-0003"))

    assert reply.status_code == 303
    assert counts(old) == standing
    assert list(counts(new).items()) == [(("Xã Mỹ Hòa Hưng", 3), 1)]
    with db.read() as session:
        joined = session.scalars(select(OfficeSuccession)).all()
        assert {(s.predecessor_id, s.successor_id) for s in joined} == {(1, 3), (2, 3)}
        assert {s.since for s in joined} == {date(2025, 7, 1)}
        codes = directory(session)
    assert codes.office("30313", date(2025, 6, 30)).id == 1
    assert codes.office("30313", date(2025, 7, 1)).id == 3
    assert codes.office("30310", date(2025, 7, 1)) is None


def test_a_merger_ends_the_places_of_the_predecessors_too(communes, planner):
    planner.post("/fieldwork/offices/merge", data=MERGED)

    with db.read() as session:
        ends = {
            place.valid_to
            for table in (OneStopShop, Counter)
            for place in session.scalars(select(table))
            if place.id <= 4 and place.valid_from <= date(2025, 6, 30)
        }
    assert ends == {date(2025, 6, 30)}


def test_a_merger_after_which_there_are_transactions_is_refused_whole(
    communes, planner
):
    wave = wave_of("2025", date(2025, 1, 1), date(2025, 12, 31))
    late = {"received": "02/07/2025", "returned": "05/07/2025"}
    add_transactions(wave, finished(1, "30310", **late, dossier="H01.30-250702-0001"))

    reply = planner.post("/fieldwork/offices/merge", data=MERGED)

    assert reply.status_code == 422
    assert "hồ sơ trả kết quả đến ngày 05/07/2025" in reply.text
    assert office("30313").valid_from == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"office": []}, "Chưa chọn đơn vị nào"),
        ({"since": ""}, "chưa ghi"),
        ({"since": "hôm nay"}, "không phải ngày"),
        ({"since": "2020-01-01"}, "bắt đầu có hiệu lực ngày 01/01/2021"),
        ({"code": "có dấu"}, "chữ không dấu"),
        ({"parent_code": "999"}, "mang mã 999"),
        ({"level": "moon"}, "chọn một mục"),
        ({"name": " "}, "chưa ghi"),
    ],
)
def test_a_wrong_merger_says_why_and_changes_nothing(communes, planner, change, told):
    reply = planner.post("/fieldwork/offices/merge", data=MERGED | change)

    assert reply.status_code == 422
    assert told in reply.text
    with db.read() as session:
        assert [o.valid_to for o in session.scalars(select(Office))] == [None, None]


def test_an_office_is_merged_only_once(communes, planner):
    planner.post("/fieldwork/offices/merge", data=MERGED)

    reply = planner.post(
        "/fieldwork/offices/merge", data=MERGED | {"code": "30399", "office": ["1"]}
    )

    assert reply.status_code == 422
    assert "đã được sắp xếp vào" in reply.text


def test_another_name_is_the_same_office_and_the_log_keeps_the_old_one(
    province, planner
):
    there = office("30307")
    words = {"name": "Phường Long Xuyên mới", "level": "xa", "kind": "Phường"}

    reply = planner.post(f"/fieldwork/offices/{there.id}/edit", data=words)

    assert reply.status_code == 303
    assert office("30307").id == there.id
    with db.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "office.edited")
        ).one()
        assert audit.verify(session).broken_at is None
    assert entry.detail["name"] == {
        "from": "Phường Long Xuyên",
        "to": "Phường Long Xuyên mới",
    }
    assert "Long Xuyên mới" in planner.get("/fieldwork/offices?q=long xuyen moi").text


def test_an_office_is_added_with_a_place_and_a_counter(province, planner):
    reply = planner.post(
        "/fieldwork/offices/new",
        data={"code": "SYT", "name": "Sở Y tế", "level": "so_ban_nganh"}
        | {"since": "2025-07-01"},
    )

    page = planner.get(reply.location).text
    assert "Trung tâm Phục vụ hành chính công" in page
    assert "Quầy 1" in page


def test_a_code_in_use_is_not_given_again(province, planner):
    reply = planner.post(
        "/fieldwork/offices/new",
        data={"code": "STP", "name": "X", "level": "xa", "since": "2026-01-01"},
    )

    assert reply.status_code == 422
    assert "Mã STP là của Sở Tư pháp" in reply.text
    assert 'value="X"' in reply.text


def test_an_office_ends_with_its_places_and_goes_on_again(province, planner):
    key = office("STP").id
    planner.post(f"/fieldwork/offices/{key}/end", data={"last_day": "2026-12-31"})
    with db.read() as session:
        ended = {c.valid_to for c in session.get_one(Office, key).shops[0].counters}

    planner.post(f"/fieldwork/offices/{key}/end", data={"last_day": ""})

    assert ended == {date(2026, 12, 31)}
    with db.read() as session:
        again = session.get_one(Office, key)
        assert again.valid_to is None
        assert {c.valid_to for c in again.shops[0].counters} == {None}


@pytest.mark.parametrize(
    ("day", "told"), [("2020-01-01", "bắt đầu có hiệu lực"), ("x", "không phải ngày")]
)
def test_a_wrong_last_day_is_told(province, planner, day, told):
    key = office("STP").id

    reply = planner.post(f"/fieldwork/offices/{key}/end", data={"last_day": day})

    assert reply.status_code == 422
    assert told in reply.text


def test_places_are_added_renamed_and_ended(province, planner):
    there = office("STP")
    page = f"/fieldwork/offices/{there.id}"
    planner.post(
        f"{page}/shops/1/counters",
        data={"code": "9", "name": "Quầy 9", "since": "2026-01-01"},
    )
    planner.post(f"{page}/counters/1", data={"name": "Quầy A", "until": "2026-12-31"})
    planner.post(
        f"{page}/shops",
        data={"code": "STP-9", "name": "Cơ sở 2", "since": "2026-01-01"},
    )

    with db.read() as session:
        shops = session.get_one(Office, there.id).shops
        counters = {
            (shop.code, c.code): (c.name, c.valid_to)
            for shop in shops
            for c in shop.counters
        }
    assert counters["STP-1", "9"] == ("Quầy 9", None)
    assert counters["STP-1", "1"] == ("Quầy A", date(2026, 12, 31))
    assert counters["STP-9", "1"] == ("Quầy 1", None)


@pytest.mark.parametrize(
    ("address", "typed", "told"),
    [
        ("shops/1/counters", {"code": "1", "name": "X"}, "Chưa ghi ngày"),
        (
            "shops/1/counters",
            {"code": "1", "name": "", "since": "2026-01-01"},
            "đã có quầy mang mã 1",
        ),
        (
            "shops",
            {"code": "STP-1", "name": "X", "since": "2020-01-01"},
            "Đã có Bộ phận Một cửa mang mã STP-1",
        ),
        ("shops/1", {"name": "X", "until": "2020-01-01"}, "không kết thúc sớm hơn"),
        ("counters/1", {"name": "X", "until": "mai"}, "không phải là ngày"),
    ],
)
def test_wrong_places_are_told_and_change_nothing(
    province, planner, address, typed, told
):
    reply = planner.post(f"/fieldwork/offices/1/{address}", data=typed)

    assert reply.status_code == 422
    assert told in reply.text


def test_a_place_of_another_office_is_not_there(province, planner):
    reply = planner.post("/fieldwork/offices/2/shops/1", data={"name": "X"})

    assert reply.status_code == 404


def test_a_counter_with_a_poster_does_not_end(make_wave, planner):
    make_wave(hung=True)

    reply = planner.post(
        "/fieldwork/offices/1/counters/1", data={"name": "X", "until": "2026-03-01"}
    )

    assert reply.status_code == 422
    assert "vui lòng thu hồi trước" in reply.text


def test_the_file_that_goes_out_comes_in_and_changes_nothing(app, planner):
    with db.begin() as session:
        for name in ("an_giang_2021", "an_giang_2025"):
            with shipped(name) as file:
                import_offices(session, io.BytesIO(file.read()))
    with db.read() as session:
        before = office_export.sheet(session)
    book = planner.get("/fieldwork/offices/export.xlsx").data

    with db.begin() as session:
        done = import_offices(session, io.BytesIO(book))

    assert (done.new, done.changed, done.shops, done.counters) == (0, 0, 0, 0)
    assert done.unchanged > 200
    with db.read() as session:
        assert office_export.sheet(session) == before


def test_what_ended_on_screen_stays_ended_by_the_file(province, planner):
    planner.post(
        "/fieldwork/offices/1/counters/1", data={"name": "A", "until": "2026-12-31"}
    )
    book = planner.get("/fieldwork/offices/export.csv").data

    with db.begin() as session:
        import_offices(session, io.BytesIO(book))

    with db.read() as session:
        assert session.get_one(Counter, 1).valid_to == date(2026, 12, 31)


def test_accounts_for_all_come_with_their_passwords_once(
    province, administrator, client
):
    book = openpyxl.load_workbook(
        io.BytesIO(administrator.post("/fieldwork/offices/accounts").data)
    )

    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows].count("Lãnh đạo đơn vị") == 3
    assert [row[2] for row in rows].count("Công chức tại quầy") == 4
    signed = client.post(
        "/accounts/sign-in", data={"username": rows[0][3], "password": rows[0][4]}
    )
    assert signed.status_code == 303
    assert "đã có tài khoản" in administrator.get("/fieldwork/offices/accounts").text
    assert administrator.post("/fieldwork/offices/accounts").status_code == 409


def test_a_user_name_in_use_is_left_to_its_owner(province, administrator, make_account):
    make_account(Role.PLANNER, username="ld-stp")

    administrator.post("/fieldwork/offices/accounts")

    with db.read() as session:
        names = set(session.scalars(select(Account.username)))
    assert {"ld-stp", "ld-stp-2"} <= names


def test_a_frame_of_today_still_fits_after_an_edit(make_wave, planner):
    wave = make_wave(frame=FRAME)

    planner.post(
        "/fieldwork/offices/2/edit", data={"name": "Phường Mới", "level": "xa"}
    )

    assert sum(counts(wave).values()) == len(FRAME)

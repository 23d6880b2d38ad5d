"""A wave from draft to closing, on its pages and underneath."""

import io
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from survey_app import clock, db
from survey_app.errors import Refused
from survey_app.fieldwork import downloads, plans, transactions, waves
from survey_app.fieldwork.office_import import SHIPPED, import_offices, shipped
from survey_app.fieldwork.planning import SizeBy, SizeWish
from survey_app.models import (
    AuditEntry,
    Invitation,
    Role,
    Transaction,
    Wave,
    WaveStatus,
)
from tests.survey_app.fieldwork.making import (
    FRAME,
    HEADER,
    as_csv,
    build_province,
    build_wave,
    finished,
)

GOOD = {
    "code": "2026-Q2",
    "name": "Khảo sát quý II",
    "questionnaire_id": "sipas_2640",
    "rule_set_id": "demo_2025",
    "period_start": "2026-01-01",
    "period_end": "2026-02-28",
    "levels": ["xa"],
}
WISH = SizeWish(SizeBy.TOTAL, total=30, at_least=4)


def stored(code="2026-Q1"):
    with db.read() as session:
        return session.scalar(select(Wave).where(Wave.code == code))


def acts():
    with db.read() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_first_visit_says_what_to_do(planner):
    assert "Hãy lập đợt đầu tiên" in planner.get("/fieldwork/waves").text


def test_a_wave_is_made_with_the_offices_of_a_level(planner, province):
    reply = planner.post("/fieldwork/waves/new", data=GOOD, follow_redirects=True)

    assert "Khảo sát quý II" in reply.text
    assert "Nhập danh sách hồ sơ" in reply.text
    with db.read() as session:
        wave = waves.by_code(session, "2026-Q2")
        assert [office.code for office in wave.offices] == ["30307", "30316"]
    assert acts() == ["wave.created"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": ""}, "Mã đợt: chưa ghi"),
        ({"code": "quý một"}, "Mã đợt: gồm 2 đến 32 chữ"),
        ({"code": "2026-Q1"}, "Đã có đợt khảo sát mang mã 2026-Q1"),
        ({"name": " "}, "Tên đợt khảo sát: chưa ghi"),
        ({"period_end": "2025-01-01"}, "đứng trước ngày đầu"),
        ({"period_start": "hôm qua"}, "Thời kỳ trả kết quả, từ ngày"),
        ({"questionnaire_id": "x"}, "Vui lòng chọn một mục trong danh sách"),
    ],
)
def test_a_wrong_wave_comes_back_with_what_was_typed(
    planner, make_wave, wrong, sentence
):
    make_wave()

    reply = planner.post("/fieldwork/waves/new", data=GOOD | wrong)

    assert reply.status_code == 422
    assert sentence in reply.text
    assert wrong.get("name", "Khảo sát quý II") in reply.text


def test_a_code_of_two_offices_within_the_period_asks_for_two_waves(app):
    with db.begin() as session:
        for name in SHIPPED:
            with shipped(name) as file:
                import_offices(session, io.BytesIO(file.read()))

    draft = waves.WaveDraft(
        "2025",
        "Cả năm 2025",
        "sipas_2640",
        "demo_2025",
        date(2025, 1, 1),
        date(2025, 12, 31),
        ("xa",),
    )
    with pytest.raises(Refused, match="chia"), db.begin() as session:
        waves.create_wave(session, draft, now=clock.now())


def test_offices_are_chosen_one_by_one_and_the_hidden_keep_their_state(
    planner, make_wave
):
    make_wave()
    with db.read() as session:
        keys = {o.code: o.id for o in waves.by_code(session, "2026-Q1").offices}

    planner.post(
        "/fieldwork/waves/2026-Q1/offices",
        data={"shown": [keys["30307"], keys["30316"]], "office": [keys["30316"]]},
    )

    with db.read() as session:
        found = waves.by_code(session, "2026-Q1").offices
        assert sorted(office.code for office in found) == ["30316", "STP"]


def test_an_office_with_transactions_cannot_be_taken_out(planner, make_wave):
    make_wave(frame=FRAME)

    reply = planner.post("/fieldwork/waves/2026-Q1/offices", data={})
    shown = planner.get("/fieldwork/waves/2026-Q1/offices").text
    keys = [int(part.split('"')[0]) for part in shown.split('name="shown" value="')[1:]]
    refused = planner.post("/fieldwork/waves/2026-Q1/offices", data={"shown": keys})

    assert reply.status_code == 303
    assert refused.status_code == 422
    assert "Không bỏ được Sở Tư pháp vì đơn vị này đã có hồ sơ" in refused.text


def test_a_wave_is_not_opened_while_anything_is_missing(planner, make_wave):
    make_wave()

    reply = planner.post("/fieldwork/waves/2026-Q1/open")

    assert reply.status_code == 409
    assert "khung mẫu còn trống" in reply.text
    assert "Chưa chốt kế hoạch" in reply.text
    assert stored().status is WaveStatus.DRAFT


def test_a_wave_with_a_plan_opens_and_closes(planner, make_wave, now):
    make_wave(frame=FRAME, total=30)

    opened = planner.post("/fieldwork/waves/2026-Q1/open", follow_redirects=True)
    closed = planner.post("/fieldwork/waves/2026-Q1/close", follow_redirects=True)

    assert "Đợt khảo sát đã mở" in opened.text
    assert "chốt bộ số liệu" in closed.text
    wave = stored()
    assert wave.status is WaveStatus.CLOSED
    assert wave.opened_at == wave.closed_at == wave.unlinked_at == now.moment
    assert acts() == ["wave.opened", "wave.closed"]


def test_closing_forgets_when_codes_were_handed_out(app_on_any_database):
    build_province()
    wave = build_wave(frame=FRAME, total=30, opened=True)
    with db.begin() as session:
        for invitation in session.scalars(select(Invitation)):
            invitation.issued_at = clock.now()

    with db.begin() as session:
        waves.close_wave(session, wave.id, now=clock.now())

    with db.read() as session:
        assert list(session.scalars(select(Invitation.issued_at))) == [None] * 30


def test_a_wave_of_posters_opens_only_knowingly_and_says_it_is_unofficial(
    planner, make_wave
):
    make_wave(hung=True)
    address = "/fieldwork/waves/2026-Q1/open"

    offered = planner.get(address).text
    plain = planner.post(address)
    knowing = planner.post(address, data={"posters_only": "y"}, follow_redirects=True)

    assert "Mở chỉ với áp phích" in offered
    assert plain.status_code == 409
    assert "Số liệu không chính thức" in knowing.text


def test_a_wave_that_is_not_open_cannot_be_closed(planner, make_wave):
    make_wave()

    assert planner.post("/fieldwork/waves/2026-Q1/close").status_code == 409


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.PLANNER, True), (Role.ANALYST, False), (Role.ADMINISTRATOR, False)],
)
def test_only_a_planner_is_offered_what_only_a_planner_may_do(
    signed_in, make_wave, role, may
):
    make_wave(frame=FRAME)

    page = signed_in(role).get("/fieldwork/waves/2026-Q1").text

    assert ("/fieldwork/waves/2026-Q1/plan" in page) is may
    assert "Phường Long Xuyên" in page


def test_the_frame_is_counted_by_office(planner, make_wave):
    make_wave(frame=FRAME)

    with db.read() as session:
        counted = transactions.frame_counts(session, stored())

    assert [(s.code, s.frame_size) for s in counted] == [
        ("30307", 60),
        ("30316", 40),
        ("STP", 20),
    ]
    page = planner.get("/fieldwork/waves/2026-Q1").text
    assert '<td class="figure">60</td>' in page


def upload(client, rows, name="ho-so.csv", **data):
    return client.post(
        "/fieldwork/waves/2026-Q1/transactions",
        data={"file": (as_csv(rows), name), "bad_rows": "refuse"} | data,
        follow_redirects=True,
    )


def test_transactions_are_imported_on_the_page(planner, make_wave):
    make_wave()

    reply = upload(planner, FRAME)

    assert "Đã nhập 120 hồ sơ" in reply.text
    assert acts() == ["frame.imported"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_too_large_for_memory_is_read_from_disk(planner, make_wave, kind):
    make_wave()
    rows = [
        finished(i, person="".join(str(uuid4()) for _ in range(7))) for i in range(3000)
    ]
    content = as_csv(rows)
    if kind == "xlsx":
        content = io.BytesIO(downloads.xlsx_bytes({"1": [HEADER, *rows]}))
    size = len(content.getvalue())

    reply = planner.post(
        "/fieldwork/waves/2026-Q1/transactions",
        data={"file": (content, f"ho-so.{kind}"), "bad_rows": "refuse"},
        follow_redirects=True,
    )

    assert size > 512_000
    assert "Đã nhập 3.000 hồ sơ" in reply.text


def test_one_bad_row_keeps_all_rows_out(planner, make_wave):
    wave = make_wave()

    reply = upload(planner, [*FRAME, finished(1), finished(500, office="?")])

    assert reply.status_code == 422
    assert "2 dòng chưa đúng" in reply.text
    assert "trùng với dòng 3" in reply.text
    with db.read() as session:
        assert transactions.frame_size(session, wave) == 0


def test_by_choice_the_good_rows_are_imported(planner, make_wave):
    wave = make_wave()

    reply = upload(planner, [*FRAME, finished(500, office="?")], bad_rows="skip")

    assert "Đã nhập 120 hồ sơ, bỏ qua 1 dòng sai" in reply.text
    with db.read() as session:
        assert transactions.frame_size(session, wave) == 120


def test_the_same_file_again_is_refused_row_by_row(planner, make_wave):
    make_wave(frame=FRAME)

    reply = upload(planner, FRAME)

    assert "120 dòng chưa đúng" in reply.text
    assert "đã được nhập vào đợt khảo sát" in reply.text


def test_no_name_and_no_dossier_code_reaches_the_database(make_wave, app):
    make_wave(frame=FRAME)

    with db.read() as session:
        rows = session.execute(text('SELECT * FROM "transaction"')).all()
    everything = " ".join(map(str, rows))
    assert "Nguyễn" not in everything
    assert "H01.30" not in everything


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp không có dòng nào"),
        ("Mã hồ sơ,Mã đơn vị\n".encode(), "Thiếu cột “Lĩnh vực”"),
        (b"%PDF-1.4", "Đây là tệp PDF"),
    ],
)
def test_a_wrong_file_is_answered_clearly(planner, make_wave, content, sentence):
    make_wave()

    reply = planner.post(
        "/fieldwork/waves/2026-Q1/transactions",
        data={"file": (io.BytesIO(content), "x.csv"), "bad_rows": "refuse"},
    )

    assert reply.status_code == 422
    assert sentence in reply.text


def test_a_frame_can_be_emptied_to_begin_again(planner, make_wave):
    wave = make_wave(frame=FRAME)

    planner.post("/fieldwork/waves/2026-Q1/transactions/clear")

    with db.read() as session:
        assert transactions.frame_size(session, wave) == 0


def test_an_open_wave_takes_no_more_transactions(planner, make_wave):
    make_wave(frame=FRAME, total=30, opened=True)

    reply = upload(planner, [finished(900)])

    assert reply.status_code == 409
    assert "đã được khóa" in reply.text


def test_more_transactions_after_the_plan_make_its_draw_void(planner, make_wave):
    make_wave(frame=FRAME, total=30)

    upload(planner, [finished(900)])
    page = planner.get("/fieldwork/waves/2026-Q1").text

    assert "lần chọn mẫu đó không còn hiệu lực" in page
    assert planner.post("/fieldwork/waves/2026-Q1/open").status_code == 409


PREVIEW = {
    "size_by": "total",
    "total": "30",
    "at_least": "4",
    "margin": "5",
    "expected": "50",
    "response": "100",
    "gain": "1",
}


def test_an_allocation_is_shown_before_anything_is_fixed(planner, make_wave):
    make_wave(frame=FRAME)

    page = planner.get("/fieldwork/waves/2026-Q1/plan", query_string=PREVIEW).text

    assert "<strong>30</strong> phiếu phát, trên 120 hồ sơ" in page
    with db.read() as session:
        assert session.scalar(select(Invitation.id)) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"total": ""}, "Tổng số phiếu: chưa ghi"),
        ({"total": "ba"}, "vui lòng ghi một số nguyên"),
        ({"total": "500"}, "lớn hơn số hồ sơ trong khung mẫu"),
        ({"margin": "x"}, "vui lòng ghi một số"),
        ({"response": "0"}, "phải từ 1 đến 100"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_reason(
    planner, make_wave, wrong, sentence
):
    make_wave(frame=FRAME)

    reply = planner.get("/fieldwork/waves/2026-Q1/plan", query_string=PREVIEW | wrong)

    assert reply.status_code == 422
    assert sentence in reply.text


def test_numbers_are_read_as_vietnamese_write_them(planner, make_wave):
    make_wave(frame=FRAME)
    asked = PREVIEW | {"size_by": "slovin", "total": "1.000", "margin": "7,5"}

    page = planner.get("/fieldwork/waves/2026-Q1/plan", query_string=asked).text

    assert "Phân bổ thử" in page
    assert 'value="7,5"' in page


def test_freezing_a_plan_draws_and_makes_invitations(planner, make_wave):
    make_wave(frame=FRAME)

    reply = planner.post(
        "/fieldwork/waves/2026-Q1/plan",
        data=PREVIEW | {"seed": "2026"},
        follow_redirects=True,
    )

    assert "Đã chốt kế hoạch" in reply.text
    with db.read() as session:
        found = list(session.scalars(select(Invitation)))
        sealed = plans.latest_plan(session, stored())
    assert len(found) == 30
    assert {i.stratum for i in found} == {"30307", "30316", "STP"}
    assert all(i.stratum == i.response_class for i in found)
    assert sorted(i.draw_position for i in found) == list(range(1, 31))
    assert planner.get("/fieldwork/waves/2026-Q1/plan/1.json").text == sealed.document


def test_the_same_seed_draws_the_same_dossiers_however_the_file_was_ordered(
    make_wave,
):
    drawn = []
    for rows in (FRAME, FRAME[::-1]):
        wave = make_wave(code=f"W{len(drawn)}", frame=rows)
        with db.begin() as session:
            session.get(Wave, wave.id).code = "same"
            session.query(Transaction).filter_by(wave_id=wave.id).delete()
            transactions.import_transactions(
                session, session.get(Wave, wave.id), as_csv(rows), now=clock.now()
            )
            plans.freeze_plan(session, wave.id, WISH, seed=5, now=clock.now())
            drawn.append(
                set(
                    session.scalars(
                        select(Transaction.dossier_hash)
                        .join(Invitation, Invitation.transaction_id == Transaction.id)
                        .where(Invitation.wave_id == wave.id)
                    )
                )
            )
            session.get(Wave, wave.id).code = f"was-{wave.id}"

    assert len(drawn[0]) == 30
    assert drawn[0] == drawn[1]


def test_a_second_plan_needs_a_reason_and_keeps_the_first(planner, make_wave):
    make_wave(frame=FRAME, total=30)
    address = "/fieldwork/waves/2026-Q1/plan"

    silent = planner.post(address, data=PREVIEW)
    reasoned = planner.post(
        address, data=PREVIEW | {"reason": "Bổ sung hồ sơ"}, follow_redirects=True
    )

    assert silent.status_code == 422
    assert "phải ghi lý do" in silent.text
    assert "Chốt kế hoạch và chọn mẫu" in silent.text
    assert "Bổ sung hồ sơ" in reasoned.text
    with db.read() as session:
        assert plans.latest_plan(session, stored()).version == 2


def test_a_plan_is_fixed_once_codes_are_out_or_the_wave_is_open(make_wave):
    handed = make_wave("A1", frame=FRAME, total=30)
    opened = make_wave("A2", frame=FRAME, total=30, opened=True)
    with db.begin() as session:
        first = select(Invitation).where(Invitation.wave_id == handed.id)
        session.scalars(first).first().issued_at = clock.now()

    for wave in (handed, opened):
        with pytest.raises(Refused, match="đã được khóa"), db.begin() as session:
            plans.freeze_plan(
                session, wave.id, WISH, reason=str(uuid4()), now=clock.now()
            )


def test_a_wave_that_is_not_there_is_not_found(planner):
    assert planner.get("/fieldwork/waves/nothing").status_code == 404

"""Offices from files: everything or nothing, again and again the same."""

import io
from datetime import date

import pytest
from sqlalchemy import func, select

from survey_app import db
from survey_app.fieldwork.directory import directory, office_on
from survey_app.fieldwork.office_columns import COLUMNS, EXAMPLES
from survey_app.fieldwork.office_import import SHIPPED, import_offices, shipped
from survey_app.fieldwork.problems import RowsRefused, bad_rows_csv
from survey_app.models import Counter, Office, OfficeSuccession, OneStopShop, Role
from tests.survey_app.fieldwork.making import OFFICES

HEADER = "Mã đơn vị,Tên đơn vị,Cấp,Hiệu lực từ ngày,Hiệu lực đến ngày"


def load(text):
    with db.begin() as session:
        return import_offices(session, io.BytesIO(text.encode()))


def load_shipped(name):
    with db.begin() as session, shipped(name) as file:
        return import_offices(session, io.BytesIO(file.read()))


def count(table):
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def refusals(text):
    with pytest.raises(RowsRefused) as refused:
        load(text)
    return [(p.number, p.column, p.reason) for p in refused.value.findings.problems]


def test_an_giang_of_2021_has_its_departments_districts_and_communes(app):
    load_shipped("an_giang_2021")

    with db.read() as session:
        levels = select(Office.level, func.count()).group_by(Office.level)
        assert dict(session.execute(levels).all()) == {
            "tinh": 1,
            "so_ban_nganh": 17,
            "huyen": 11,
            "xa": 156,
        }


def test_an_giang_of_2025_says_that_its_departments_are_unverified(app):
    load_shipped("an_giang_2025")

    with db.read() as session:
        by = select(Office.level, Office.source_status, func.count())
        found = session.execute(by.group_by(Office.level, Office.source_status)).all()
        assert sorted(map(tuple, found)) == [
            ("so_ban_nganh", "unverified", 17),
            ("tinh", "seen", 1),
            ("xa", "seen", 102),
        ]
        assert all(
            office.source and office.note
            for office in session.scalars(
                select(Office).where(Office.source_status == "unverified")
            )
        )


def test_a_code_used_again_names_another_office_on_another_day(app):
    for name in SHIPPED:
        load_shipped(name)

    with db.read() as session:
        before = office_on(session, "30307", date(2025, 6, 30))
        after = office_on(session, "30307", date(2025, 7, 1))
        codes = directory(session)

    assert (before.name, after.name) == ("Phường Mỹ Hòa", "Phường Long Xuyên")
    assert codes.office("30307", date(2025, 6, 30)).name == "Phường Mỹ Hòa"
    assert codes.office("30307", date(2020, 12, 31)) is None


@pytest.mark.parametrize(
    ("name", "shop", "places"),
    [
        ("an_giang_2021", "Bộ phận Một cửa", 184),
        ("an_giang_2025", "Trung tâm Phục vụ hành chính công", 119),
    ],
)
def test_every_office_of_a_province_gets_the_shop_of_its_time_and_a_counter(
    app, name, shop, places
):
    load_shipped(name)

    with db.read() as session:
        assert set(session.scalars(select(OneStopShop.name))) == {shop}
        assert set(session.scalars(select(Counter.name))) == {"Quầy 1"}
    assert (count(OneStopShop), count(Counter)) == (places, places)


def test_an_office_across_the_change_has_first_a_section_and_then_a_centre(app):
    load(HEADER + "\nX,Sở X,Sở,01/01/2024,\n")

    with db.read() as session:
        shops = session.scalars(select(OneStopShop).order_by(OneStopShop.valid_from))
        assert [(s.name, s.valid_from, s.valid_to) for s in shops] == [
            ("Bộ phận Một cửa", date(2024, 1, 1), date(2025, 6, 30)),
            ("Trung tâm Phục vụ hành chính công", date(2025, 7, 1), None),
        ]


def test_a_file_given_again_changes_nothing(app_on_any_database):
    load(OFFICES)
    before = count(Office), count(OneStopShop), count(Counter)

    again = load(OFFICES)

    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    assert (count(Office), count(OneStopShop), count(Counter)) == before == (3, 3, 4)


def test_the_shipped_files_given_again_change_nothing(app):
    for name in (*SHIPPED, *SHIPPED):
        done = load_shipped(name)

    assert (done.new, done.changed, done.shops, done.counters) == (0, 0, 0, 0)


def test_a_correction_changes_the_office_it_corrects(app):
    load(OFFICES)

    done = load(OFFICES.replace("Phường Châu Đốc", "Phường Châu Đốc (mới)"))

    assert (done.new, done.changed) == (0, 1)


def test_departments_carried_over_know_their_predecessors(app):
    load_shipped("an_giang_2021")
    load_shipped("an_giang_2025")

    assert count(OfficeSuccession) == 17


def test_a_predecessor_that_is_not_there_yet_is_told_and_joined_later(app):
    first = load_shipped("an_giang_2025")
    load_shipped("an_giang_2021")
    load_shipped("an_giang_2025")

    assert len(first.notices) == 17
    assert count(OfficeSuccession) == 17


def test_every_bad_row_is_listed_and_nothing_is_imported(app):
    text = HEADER + (
        "\nA,,Cấp xã,01/07/2025,"
        "\nB,Xã B,làng,01/07/2025,"
        "\nC,Xã C,xã,hôm nay,"
        "\nD,Xã D,xã,01/07/2025,30/06/2025"
        "\nE,Xã E,xã,01/07/2025,"
        "\nnước,Xã F,xã,01/07/2025,\n"
    )

    assert [(line, column) for line, column, _ in refusals(text)] == [
        (2, "Tên đơn vị"),
        (3, "Cấp"),
        (4, "Hiệu lực từ ngày"),
        (5, "Hiệu lực đến ngày"),
        (7, "Mã đơn vị"),
    ]
    assert count(Office) == 0


def test_one_code_on_one_day_for_two_offices_is_refused_in_the_file(app):
    text = HEADER + "\nA,Xã A,xã,01/01/2021,\nA,Xã B,xã,01/07/2025,\n"

    ((line, column, reason),) = refusals(text)

    assert (line, column) == (3, "Mã đơn vị")
    assert "cùng thời gian với “Xã A”" in reason


def test_one_code_on_one_day_for_two_offices_is_refused_against_what_is_there(app):
    load(HEADER + "\nA,Xã A,xã,01/01/2021,\n")

    ((line, _, reason),) = refusals(HEADER + "\nA,Xã B,xã,01/07/2025,\n")

    assert (line, "Xã A" in reason) == (2, True)


def test_rows_of_one_office_must_agree(app):
    text = OFFICES.replace(
        'STP,Sở Tư pháp,"Sở, ban, ngành",01/07/2025,STP-1,Trung tâm Phục vụ hành chính'
        " công,2",
        'STP,Sở Tư Pháp khác,"Sở, ban, ngành",01/07/2025,STP-1,Trung tâm,2',
    )

    assert [column for _, column, _ in refusals(text)] == [
        "Tên đơn vị",
        "Tên Bộ phận Một cửa",
    ]


def test_a_shop_of_two_offices_is_refused(app):
    header = HEADER + ",Mã Bộ phận Một cửa,Tên Bộ phận Một cửa"
    text = header + "\nA,Xã A,xã,01/07/2025,,M,Một cửa\nB,Xã B,xã,01/07/2025,,M,Một cửa"

    ((line, column, reason),) = refusals(text)

    assert (line, column, "đơn vị A" in reason) == (3, "Mã Bộ phận Một cửa", True)


def test_an_unknown_superior_is_refused(app):
    text = HEADER + ",Mã đơn vị cấp trên\nA,Xã A,xã,01/07/2025,,99\n"

    ((_, column, _),) = refusals(text)

    assert column == "Mã đơn vị cấp trên"


def test_bad_rows_come_back_with_their_reasons_and_no_formula(app):
    with pytest.raises(RowsRefused) as refused:
        load(HEADER + "\n=1+1,Xã A,xã,01/07/2025,\n")

    text = bad_rows_csv(refused.value.header, refused.value.findings)

    assert text.splitlines()[0].startswith("\ufeffDòng,Lý do,Mã đơn vị")
    assert '\r\n2,"Mã đơn vị: chỉ gồm' in text
    assert ",'=1+1,Xã A" in text


@pytest.fixture
def administrator(signed_in):
    return signed_in(Role.ADMINISTRATOR)


def test_an_empty_list_says_what_to_do(administrator):
    page = administrator.get("/fieldwork/offices").text

    assert "Chưa có đơn vị nào" in page
    assert "/fieldwork/offices/import" in page


@pytest.mark.parametrize("words", ["long xuyen", "LONG XUYÊN", "Long Xuye\u0302n"])
def test_a_search_ignores_tone_marks_and_case(administrator, province, words):
    page = administrator.get("/fieldwork/offices", query_string={"q": words}).text

    assert "Phường Long Xuyên" in page
    assert "Phường Châu Đốc" not in page


def test_the_list_is_filtered_by_level_and_day(administrator, province):
    by_level = administrator.get("/fieldwork/offices?level=so_ban_nganh").text
    long_ago = administrator.get("/fieldwork/offices?on=2020-01-01").text

    assert "Sở Tư pháp" in by_level
    assert "Phường Long Xuyên" not in by_level
    assert "Không có đơn vị nào phù hợp" in long_ago


def test_a_day_that_is_none_is_said_to_be_none(administrator, province):
    page = administrator.get("/fieldwork/offices?on=abc").text

    assert "Không phải ngày" in page
    assert "Phường Long Xuyên" in page


def test_the_page_of_an_office_shows_shops_counters_and_other_times(administrator):
    for name in SHIPPED:
        load_shipped(name)
    with db.read() as session:
        key = office_on(session, "30307", date(2025, 7, 1)).id
        department = office_on(session, "STP", date(2025, 7, 1)).id

    commune = administrator.get(f"/fieldwork/offices/{key}").text
    carried = administrator.get(f"/fieldwork/offices/{department}").text

    assert "Trung tâm Phục vụ hành chính công" in commune
    assert "Quầy 1 (mã 1)" in commune
    assert "Phường Mỹ Hòa" in commune
    assert "chưa kiểm chứng" in carried
    assert "Đơn vị tiền thân" in carried


def test_an_office_that_is_not_there_is_not_found(administrator):
    assert administrator.get("/fieldwork/offices/4711").status_code == 404


def test_a_file_is_imported_on_the_page(administrator):
    reply = administrator.post(
        "/fieldwork/offices/import",
        data={"file": (io.BytesIO(OFFICES.encode()), "don-vi.csv")},
        follow_redirects=True,
    )

    assert "3 đơn vị mới" in reply.text
    assert "Phường Châu Đốc" in reply.text


def test_a_bad_file_is_shown_row_by_row_on_the_page(administrator):
    text = HEADER + "\nA,,xã,01/07/2025,\n"

    reply = administrator.post(
        "/fieldwork/offices/import",
        data={"file": (io.BytesIO(text.encode()), "don-vi.csv")},
    )

    assert reply.status_code == 422
    assert "1 dòng chưa đúng" in reply.text
    assert 'href="data:text/csv' in reply.text


def test_no_file_is_asked_for(administrator):
    reply = administrator.post("/fieldwork/offices/import", data={})

    assert reply.status_code == 422
    assert "chưa chọn tệp" in reply.text


def test_a_shipped_province_is_imported_with_one_button(administrator):
    reply = administrator.post(
        "/fieldwork/offices/shipped/an_giang_2025", follow_redirects=True
    )

    assert "120 đơn vị mới" in reply.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_imported_as_it_is(administrator, kind):
    template = administrator.get(f"/fieldwork/offices/template.{kind}").data

    with db.begin() as session:
        done = import_offices(session, io.BytesIO(template))

    codes = {example["code"] for example in EXAMPLES}
    assert done.new == len(codes)
    assert all(column.meaning for column in COLUMNS)

import re
import unicodedata
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from survey_app import db
from survey_app.models import (
    Definition,
    Office,
    Response,
    Role,
    Selection,
    Wave,
    WaveStatus,
)
from survey_app.results import reading
from tests.survey_app.results.building import Judged, make_office

NFD = unicodedata.normalize("NFD", "Nội vụ")
OFFICES_PAGE = "/results/2026-q1/"


def office_page(code):
    return f"/results/2026-q1/offices/{code}/"


@pytest.fixture
def analyst(signed_in):
    return signed_in(Role.ANALYST)


@pytest.fixture
def leader_of(make_account, signed_in):
    """A client of the leader of an office of the wave."""

    def leader_of(code):
        with db.read() as session:
            key = session.scalar(select(Office.id).where(Office.code == code))
        return signed_in(make_account(Role.LEADER, office_id=key))

    return leader_of


def test_waves_with_results_are_listed_with_their_versions(analyst, frozen_wave):
    page = analyst.get("/results/")

    assert page.status_code == 200
    assert "Quý I năm 2026" in page.text
    assert "Phiên bản 1" in page.text


def test_without_any_wave_the_list_says_when_something_will_be_there(analyst):
    assert "Chưa có đợt khảo sát nào có kết quả" in analyst.get("/results/").text


def test_all_offices_stand_side_by_side_with_interval_and_denominators(
    analyst, frozen_wave
):
    row = _row(analyst.get(OFFICES_PAGE), "Sở Nội vụ")

    assert re.search(r"\d\d,\d\d % \d\d,\d – \d\d,\d %", row)
    assert row.endswith("58 200 72,5 %")


def test_offices_without_a_figure_are_listed_with_the_reason(analyst, frozen_wave):
    page = analyst.get(OFFICES_PAGE)

    assert "chưa có dữ liệu" in _row(page, "Sở Tài chính")
    assert "chưa đủ căn cứ" in _row(page, "Sở Xây dựng")
    assert "Dưới 2 phiếu" in _row(page, "Sở Ngoại vụ")


def test_no_office_is_given_a_rank_even_when_sorted_by_index(analyst, frozen_wave):
    page = analyst.get(f"{OFFICES_PAGE}?sort=-index")

    assert "không phải là xếp hạng" in page.text
    assert "Hạng" not in page.text
    assert _names(page)[0] == "Sở Tư pháp"
    assert 'aria-sort="descending"' in page.text


@pytest.mark.parametrize("typed", ["noi vu", "Nội vụ", NFD, "SNV", " NỘI  VỤ "])
def test_an_office_is_found_by_its_name_typed_in_any_way(analyst, frozen_wave, typed):
    page = analyst.get(OFFICES_PAGE, query_string={"q": typed})

    assert _names(page) == ["Sở Nội vụ"]


def test_a_level_keeps_its_offices_only(analyst, frozen_wave):
    page = analyst.get(f"{OFFICES_PAGE}?level=huyen")

    assert _names(page) == ["Thành phố Long Xuyên"]


def test_a_search_without_result_offers_the_way_back(analyst, frozen_wave):
    assert "Xem tất cả đơn vị" in analyst.get(f"{OFFICES_PAGE}?q=khong-co").text


def test_an_unknown_order_opens_the_page_all_the_same(analyst, frozen_wave):
    assert analyst.get(f"{OFFICES_PAGE}?sort=colour").status_code == 200


def test_poster_ballots_stand_apart_and_are_called_not_representative(
    analyst, frozen_wave
):
    page = _words(analyst.get(office_page("SGD")))

    assert "Phiếu từ áp phích – không đại diện" in page
    assert "15 phiếu; " in page
    assert "chưa có dữ liệu" in page


def test_a_census_office_with_60_percent_response_keeps_its_doubt(app, frozen_wave):
    with db.read() as session:
        wave = session.get_one(Wave, frozen_wave.id)
        frozen = reading.frozen_root() / f"{wave.code}-v1"
    report = reading.results_of(reading.read(frozen)).report

    assert report.office("SCT").issued == report.office("SCT").frame_size == 50
    assert report.office("SCT").index.std_error > 0.005


def test_an_office_where_all_are_satisfied_has_an_interval_below_100(
    analyst, frozen_wave
):
    page = _words(analyst.get(office_page("STP")))

    assert "100,00 %" in page
    assert re.search(r"Khoảng tin cậy 95 %: \d\d,\d – 100,0 %", page)
    assert "trả lời giống nhau" in page


@pytest.mark.parametrize("code", ["STC", "SXD", "SNG", "SGD"])
def test_a_withheld_office_shows_no_percent_of_satisfaction(analyst, frozen_wave, code):
    page = _words(analyst.get(office_page(code)))

    assert "Sai số chuẩn" not in page
    assert "Các mức trả lời" not in page
    assert re.search("chưa có dữ liệu|chưa đủ căn cứ", page)


def test_an_office_page_shows_factors_criteria_levels_and_where_ballots_came_from(
    analyst, frozen_wave
):
    page = analyst.get(office_page("SNV"))
    words = _words(page)

    assert "Tiếp cận dịch vụ" in words
    assert "Có đủ chỗ ngồi chờ" in words
    assert "Trên 80 mã đã phát; tỷ lệ trả lời 72,5 %." in words
    assert "Mẫu đại diện cho 200 hồ sơ" in words
    assert page.text.count('<svg class="levels"') == 4
    assert "/ 24" in words
    assert "quy tắc trình diễn" in words


def test_every_picture_has_a_title_that_says_it(analyst, frozen_wave):
    for address in (OFFICES_PAGE, office_page("SNV")):
        text = analyst.get(address).text
        pictures = re.findall(r'<svg[^>]*role="img".*?</svg>', text, re.DOTALL)

        assert pictures
        assert all("<title>" in picture and "%" in picture for picture in pictures)


def test_points_are_printed_as_the_rule_rounds_them(analyst, frozen_wave):
    report = _report(frozen_wave)
    office = report.office("SNV")
    page = _words(analyst.get(office_page("SNV")))

    assert f"{office.points.awarded}".replace(".", ",") + " / 24" in page
    assert f"{office.points.percent}".replace(".", ",") + " %" in page


def test_the_method_page_lets_a_reader_find_the_figures_again(analyst, frozen_wave):
    page = _words(analyst.get("/results/2026-q1/method"))

    assert "demonstration, not law" in page
    assert "Wilson" in page
    assert "3,45" in page, "200 transactions stand behind 58 ballots"
    assert "rời khỏi thiết kế (dưới 2 phiếu)" in page
    assert len(re.findall(r"\b[0-9a-f]{64}\b", page)) >= 6


def test_what_the_decision_leaves_open_withholds_figures_and_is_named(
    analyst, wave, freeze
):
    with db.begin() as session:
        session.get_one(Wave, wave.id).rule_set_id = "an_giang_2021"
    freeze(wave)
    report = _report(wave)
    page = _words(analyst.get("/results/2026-q1/method"))

    assert {office.points.awarded for office in report.offices} == {None}
    assert "Chưa chia 16 điểm khảo sát cán bộ" in page
    assert "Chưa quy định cách gộp" in page
    assert "34 ≠ 32" in page


def test_a_wave_without_a_sealed_plan_says_so_on_the_method_page(analyst, frozen_wave):
    page = _words(analyst.get("/results/2026-q1/method"))

    assert "không có kế hoạch chọn mẫu được chốt trước" in page


def test_simulated_data_carry_the_banner_on_every_page(analyst, frozen_wave):
    with db.begin() as session:
        session.get_one(Wave, frozen_wave.id).simulated = True

    for address in (OFFICES_PAGE, office_page("SNV"), "/results/2026-q1/method"):
        assert "DỮ LIỆU MÔ PHỎNG" in analyst.get(address).text


def test_an_old_version_can_be_seen_and_says_that_it_is_old(
    analyst, frozen_wave, freeze
):
    freeze(frozen_wave, reason="Bổ sung phiếu đến muộn")
    old = analyst.get(f"{OFFICES_PAGE}?version=1")

    assert "không phải phiên bản mới nhất" in old.text
    assert "không phải phiên bản mới nhất" not in analyst.get(OFFICES_PAGE).text
    assert "version=1" in re.search(r'href="([^"]*offices/SNV/[^"]*)"', old.text)[1]
    assert analyst.get(f"{OFFICES_PAGE}?version=9").status_code == 404


def test_files_changed_after_freezing_are_not_used(analyst, frozen_wave, folder):
    (folder / "frame.parquet").write_bytes(b"another frame")
    reading.from_folder.cache_clear()

    reply = analyst.get(OFFICES_PAGE)

    assert reply.status_code == 409
    assert "không còn nguyên vẹn" in reply.text


def test_a_leader_sees_the_own_office_and_nothing_else(leader_of, frozen_wave):
    leader = leader_of("SNV")

    assert leader.get(office_page("SNV")).status_code == 200
    assert leader.get(f"{office_page('SNV')}figures.csv").status_code == 200
    assert leader.get(office_page("SYT")).status_code == 403
    assert leader.get(f"{office_page('SYT')}figures.csv").status_code == 403
    assert leader.get(OFFICES_PAGE).status_code == 403
    assert leader.get("/results/2026-q1/offices.xlsx").status_code == 403
    assert leader.get("/results/2026-q1/frozen.zip").status_code == 403


def test_a_leader_reads_the_method_without_other_offices(leader_of, frozen_wave):
    page = leader_of("SNV").get("/results/2026-q1/method")

    assert "Sở Nội vụ" in page.text
    assert "Sở Y tế" not in page.text


def test_a_leader_whose_office_only_bears_the_same_code_is_kept_out(
    make_account, signed_in, frozen_wave
):
    with db.begin() as session:
        other = Judged("SNV2", "Sở Nội vụ khác")
        office = make_office(session, other)
        office.code = "SNV"
        office.valid_from = office.valid_from + timedelta(days=1)
    leader = signed_in(make_account(Role.LEADER, office_id=office.id))

    assert leader.get(office_page("SNV")).status_code == 403
    assert "Quý I năm 2026" not in leader.get("/results/").text


def test_a_wave_that_is_not_frozen_shows_figures_marked_as_preliminary(analyst, wave):
    page = analyst.get(OFFICES_PAGE)

    assert "Số liệu tạm" in page.text
    assert "Số liệu tạm" in analyst.get(office_page("SNV")).text
    assert analyst.get("/results/2026-q1/frozen.zip").status_code == 404


def test_preliminary_figures_are_those_that_freezing_gives(analyst, wave, freeze):
    before = _row(analyst.get(OFFICES_PAGE), "Sở Nội vụ")
    freeze(wave)

    assert _row(analyst.get(OFFICES_PAGE), "Sở Nội vụ") == before


def test_preliminary_figures_move_once_a_minute_and_not_with_every_ballot(
    analyst, wave, now
):
    before = _row(analyst.get(OFFICES_PAGE), "Sở Nội vụ")
    with db.begin() as session:
        _withdraw_one(session)
    soon = _row(analyst.get(OFFICES_PAGE), "Sở Nội vụ")
    now.moment += timedelta(minutes=1)
    later = _row(analyst.get(OFFICES_PAGE), "Sở Nội vụ")

    assert soon == before
    assert later != before


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.LEADER])
def test_preliminary_figures_are_not_for_everyone(signed_in, wave, role, leader_of):
    client = leader_of("SNV") if role is Role.LEADER else signed_in(role)

    assert client.get(office_page("SNV")).status_code == 404
    assert "Quý I năm 2026" not in client.get("/results/").text


def test_what_officials_say_of_officials_is_never_shown_on_the_way(analyst, wave):
    with db.begin() as session:
        questionnaire = session.get_one(Definition, "mini")
        session.add(
            Definition(
                id="staff",
                kind="staff",
                text=questionnaire.text,
                sha256="0" * 64,
                published_at=questionnaire.published_at,
            )
        )
        session.flush()
        session.get_one(Wave, wave.id).questionnaire_id = "staff"

    assert analyst.get(OFFICES_PAGE).status_code == 404


def test_a_wave_nobody_knows_is_not_found(analyst, frozen_wave):
    assert analyst.get("/results/khac/").status_code == 404
    assert analyst.get(office_page("KHONG")).status_code == 404


def test_an_analyst_freezes_a_wave_on_its_page(analyst, wave):
    assert "phiên bản 1" in analyst.get("/results/2026-q1/freeze").text

    reply = analyst.post("/results/2026-q1/freeze", follow_redirects=True)

    assert "Đã chốt bộ số liệu, phiên bản 1." in reply.text
    assert "58 200 72,5 %" in _row(reply, "Sở Nội vụ")


def test_a_freeze_that_is_refused_says_why_and_keeps_what_was_typed(
    analyst, frozen_wave, noon
):
    with db.begin() as session:
        session.get_one(Wave, frozen_wave.id).closed_at = noon - timedelta(minutes=5)

    reply = analyst.post("/results/2026-q1/freeze", data={"reason": "phiếu đến muộn"})

    assert reply.status_code == 409
    assert "vẫn còn gửi được đến" in reply.text
    assert "phiếu đến muộn</textarea>" in reply.text


def test_a_wave_still_open_has_no_button_to_freeze(analyst, wave):
    with db.begin() as session:
        session.get_one(Wave, wave.id).status = WaveStatus.OPEN

    page = analyst.get("/results/2026-q1/freeze").text

    assert "chưa đóng" in page
    assert "<button>Chốt" not in page


def _withdraw_one(session):
    response = session.scalars(
        select(Response)
        .join(Office, Office.id == Response.office_id)
        .where(
            Office.code == "SNV",
            Response.withdrawn.is_(False),
            Response.selection == Selection.FROM_LIST,
        )
    ).first()
    response.withdrawn, response.answers = True, None


def _report(wave):
    folder = reading.frozen_root() / f"{wave.code}-v1"
    return reading.results_of(reading.read(folder)).report


def _words(reply):
    assert reply.status_code == 200
    text = re.sub(r"<title>.*?</title>|<[^>]+>", " ", reply.text, flags=re.DOTALL)
    return " ".join(unescape(text).split())


def _row(reply, name):
    assert reply.status_code == 200
    for row in re.findall(r"<tr>.*?</tr>", reply.text, re.DOTALL):
        if f">{name}<" in row:
            text = re.sub(r"<title>.*?</title>|<[^>]+>", " ", row, flags=re.DOTALL)
            return " ".join(unescape(text).split())
    raise AssertionError(f"no row {name}")


def _names(reply):
    return re.findall(r'offices/[^"]*">([^<]+)</a></th>', reply.text)

"""Reading, entering and comparing rule sets, as an analyst meets them."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from analysis import rules
from analysis.undecided import staff_split, undecided
from survey_app import db
from survey_app.models import AuditEntry, PublishedRuleSet, Role
from survey_app.rule_sets.differences import differences

LIST = "/rule-sets/"
NEW = "/rule-sets/an_giang_2021/new-version"
CITATION = "Quyết định 99/QĐ-UBND ngày 01/02/2026 của UBND tỉnh An Giang"
SPLIT = ["3", "1,5", "2,5", "1,5", "2,5", "1", "3", "1"]
CLASSES = [
    ("Yếu", "0", "50", "low"),
    ("Trung bình", "50", "70", "low"),
    ("Khá", "70", "80", "low"),
    ("Tốt", "80", "90", "low"),
    ("Xuất sắc", "90", "100", "both"),
]


@pytest.fixture
def analyst(signed_in):
    return signed_in(Role.ANALYST)


@pytest.fixture
def complete():
    """Everything the decision of 2021 leaves open, as typed into the form."""
    typed = {
        "id": "an_giang_2026",
        "title": "Chỉ số cải cách hành chính 2026",
        "version": "2",
        "citation": CITATION,
        "status": "in_force",
        "valid_from": "2026-01-01",
        "index.factor_rule": "pooled",
        "index.index_rule": "pooled",
        "index.missing_part": "refuse",
        "selection.counted": "from_list",
        "rollup.field_to_office": "transactions",
        "rollup.office_to_province": "mean_of_units",
        "rollup.min_coverage": "0,95",
        "points.rule": "proportional",
        "points.full_marks": "24",
        "points.decimals": "2",
        "scorecard.not_applicable": "rescale",
    }
    typed |= {
        f"scorecard.domain.{k}.staff_points": points for k, points in enumerate(SPLIT)
    }
    for k, row in enumerate(CLASSES):
        names = ("name", "low", "high", "closed")
        typed |= {
            f"scorecard.class.{k}.{name}": value
            for name, value in zip(names, row, strict=True)
        }
    return typed


def stored(rule_set_id):
    with db.read() as session:
        row = session.get(PublishedRuleSet, rule_set_id)
        return None if row is None else row.text


def faults(page):
    """The fields that the list of faults leads to, in its order."""
    box = re.search(r'<div class="problems".*?</div>', page.text, re.S)
    return re.findall(r'href="#([^"]+)"', box[0]) if box else []


def ids(page):
    return set(re.findall(r' id="([^"]+)"', page.text))


def test_the_list_tells_status_citation_and_how_much_is_open(analyst):
    page = analyst.get(LIST)

    assert page.status_code == 200
    assert "Quyết định 2366/QĐ-UBND" in page.text
    assert "demonstration, not law" in page.text
    assert "quy tắc trình diễn, không phải quy định" in page.text


@pytest.mark.parametrize("words", ["2366", "quyet dinh 2366", "AN GIANG 2021"])
def test_the_list_is_searched_without_minding_tone_marks(analyst, words):
    page = analyst.get(
        LIST, query_string={"q": words.replace("AN GIANG ", "an_giang_")}
    )

    assert "an_giang_2021" in page.text
    assert "demo_2025" not in page.text


@pytest.mark.parametrize(("sort", "first"), [("id", "an_giang_2021"), ("title", "an_")])
def test_the_list_is_sorted_by_the_address(analyst, sort, first):
    page = analyst.get(LIST, query_string={"sort": sort})
    codes = re.findall(r"<td><code>(\w+)</code>", page.text)

    assert codes[0].startswith(first)
    assert 'aria-sort="ascending"' in page.text


def test_a_search_without_a_hit_leads_back_to_all(analyst):
    assert "Xem mọi bộ quy tắc" in analyst.get(LIST + "?q=khong-co").text


def test_the_decision_is_read_with_its_contradiction_and_what_it_leaves_open(analyst):
    page = analyst.get("/rule-sets/an_giang_2021/")

    assert "34 ≠ 32" in page.text
    assert "Còn 6 điều chưa quy định" in page.text
    assert "Chưa chia 16 điểm khảo sát cán bộ" in page.text
    assert "suy ra từ số đã công bố" in page.text


@pytest.mark.parametrize("rule_set_id", ["demo_2025", "demo_an_giang"])
def test_a_demonstration_says_so_on_its_page(analyst, rule_set_id):
    page = analyst.get(f"/rule-sets/{rule_set_id}/")

    assert "QUY TẮC TRÌNH DIỄN" in page.text


def test_the_text_is_handed_out_byte_for_byte(analyst):
    reply = analyst.get("/rule-sets/an_giang_2021/rules.toml")

    assert reply.text == stored("an_giang_2021")
    assert "an_giang_2021.toml" in reply.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path", ["khong_co/", "khong_co/new-version", "an_giang_2021/compare/khong_co"]
)
def test_an_unknown_rule_set_is_not_found(analyst, path):
    assert analyst.get(LIST + path).status_code == 404


def test_the_form_begins_with_the_rules_of_the_base_but_not_its_citation(analyst):
    page = analyst.get("/rule-sets/demo_an_giang/new-version").text

    assert 'name="scorecard.domain.1.staff_points" value="1,5"' in page
    assert 'name="scorecard.class.4.name" value="Xuất sắc"' in page
    assert 'name="points.full_marks" value="24"' in page
    assert 'name="citation" value=""' in page
    assert 'name="id" value=""' in page
    assert 'name="version" value="2"' in page


def test_what_the_office_enters_makes_a_complete_new_version(analyst, complete):
    reply = analyst.post(NEW, data=complete)
    rule_set = rules.parse(stored("an_giang_2026"))

    assert reply.status_code == 303
    assert reply.location == "/rule-sets/an_giang_2026/"
    assert undecided(rule_set) == ()
    assert [str(points) for points in staff_split(rule_set).values()] == [
        points.replace(",", ".") for points in SPLIT
    ]
    assert rule_set.citation == CITATION
    assert "Từ nay bộ này không sửa được nữa" in analyst.get(reply.location).text


def test_the_old_version_stays_as_it_was(analyst, complete):
    before = stored("an_giang_2021")
    analyst.post(NEW, data=complete)

    assert stored("an_giang_2021") == before


def test_what_was_entered_is_said_to_come_from_its_citation(analyst, complete):
    analyst.post(NEW, data=complete)
    sources = {s.of: s for s in rules.parse(stored("an_giang_2026")).sources}

    assert sources["points"].text == CITATION
    assert sources["scorecard.class"].text == CITATION
    assert sources["index.index_rule"].status == "inferred"


def test_saving_is_written_into_the_log(analyst, complete):
    analyst.post(NEW, data=complete)
    with db.read() as session:
        entry = session.scalars(select(AuditEntry)).one()

    assert (entry.action, entry.subject) == ("rule_set.published", "an_giang_2026")
    assert CITATION in str(entry.detail)


def test_points_by_bands_are_read_row_by_row_and_empty_rows_are_skipped(
    analyst, complete
):
    complete |= {
        "points.rule": "bands",
        "points.band.1.low": "0",
        "points.band.1.high": "80",
        "points.band.1.closed": "low",
        "points.band.1.points": "12,5",
        "points.band.4.low": "80",
        "points.band.4.high": "100",
        "points.band.4.closed": "both",
        "points.band.4.points": "24",
    }
    analyst.post(NEW, data=complete)
    rule = rules.parse(stored("an_giang_2026")).points_rule

    assert [(b.low, b.high, str(b.points)) for b in rule.bands] == [
        (0, 80, "12.5"),
        (80, 100, "24"),
    ]
    assert "12,5" in analyst.get("/rule-sets/an_giang_2026/").text


def test_fixed_shares_are_read_line_by_line(analyst, complete):
    complete |= {
        "rollup.office_to_province": "fixed",
        "rollup.office_shares": "SNV = 0,25\nSTC = 0,75",
    }
    analyst.post(NEW, data=complete)
    rollup = rules.parse(stored("an_giang_2026")).rollup

    assert {key: str(v) for key, v in rollup.office_shares.items()} == {
        "SNV": "0.25",
        "STC": "0.75",
    }


def test_every_fault_is_told_at_once_and_leads_to_a_field_that_is_there(
    analyst, complete
):
    complete |= {
        "id": "Sai Mã",
        "citation": "",
        "valid_from": "hôm nay",
        "rollup.min_coverage": "95",
        "rollup.field_shares": "SNV một nửa",
        "ladder.figure_from": "5",
        "points.full_marks": "20",
        "scorecard.domain.0.staff_points": "ba",
        "scorecard.domain.7.staff_points": "5",
        "scorecard.class.1.low": "51",
    }
    page = analyst.post(NEW, data=complete)

    assert page.status_code == 422
    assert faults(page)[:7] == [
        "id",
        "citation",
        "valid_from",
        "rollup.field_shares",
        "rollup.min_coverage",
        "ladder.figure_from",
        "points.full_marks",
    ]
    assert set(faults(page)) <= ids(page)


def test_faults_of_the_whole_table_lead_to_fields_that_are_there(analyst, complete):
    complete |= {
        "points.full_marks": "20",
        "scorecard.domain.7.staff_points": "5",
        "scorecard.class.1.low": "51",
    }
    page = analyst.post(NEW, data=complete)

    assert faults(page) == [
        "points.full_marks",
        "scorecard.domain.0.staff_points",
        "scorecard.domain.7.staff_points",
        "scorecard.class.1.name",
    ]
    assert set(faults(page)) <= ids(page)


def test_a_fault_of_a_band_leads_to_the_row_it_was_typed_in(analyst, complete):
    complete |= {
        "points.rule": "bands",
        "points.band.2.low": "0",
        "points.band.2.high": "80",
        "points.band.2.closed": "low",
        "points.band.2.points": "30",
        "points.band.5.low": "80",
        "points.band.5.high": "100",
        "points.band.5.closed": "both",
        "points.band.5.points": "24",
    }
    page = analyst.post(NEW, data=complete)

    assert faults(page) == ["points.band.5.low"]


def test_a_fault_keeps_everything_that_was_typed_and_stores_nothing(analyst, complete):
    page = analyst.post(NEW, data=complete | {"scorecard.domain.7.staff_points": "2"})
    kept = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))

    assert page.status_code == 422
    assert stored("an_giang_2026") is None
    assert unescape(kept["citation"]) == CITATION
    assert kept["scorecard.domain.1.staff_points"] == "1,5"
    assert kept["scorecard.domain.7.staff_points"] == "2"
    assert "17 ≠ 16" in page.text or "17.0 ≠ 16" in page.text


def test_an_id_that_is_taken_is_refused_beside_its_field(analyst, complete):
    page = analyst.post(NEW, data=complete | {"id": "demo_2025"})

    assert page.status_code == 422
    assert faults(page) == ["id"]
    assert "đã được dùng" in page.text


def test_leaving_everything_open_is_allowed_and_stays_open(analyst, complete):
    kept = ("id", "title", "version", "citation", "status", "index", "selection")
    typed = {k: v for k, v in complete.items() if k.partition(".")[0] in kept}
    typed["status"] = "draft"

    reply = analyst.post(NEW, data=typed)

    assert reply.status_code == 303
    assert len(undecided(rules.parse(stored("an_giang_2026")))) == 6


def test_a_base_without_a_table_of_points_leads_to_one_that_has_it(analyst, complete):
    url = "/rule-sets/demo_2025/new-version"
    page = analyst.get(url)
    analyst.post(url, data=complete)

    assert "xin bắt đầu từ bộ có bảng điểm" in page.text
    assert rules.parse(stored("an_giang_2026")).point_table is None


def test_markup_that_is_typed_stays_text(analyst, complete):
    analyst.post(NEW, data=complete | {"title": "<b>Tên</b>"})
    page = analyst.get("/rule-sets/an_giang_2026/")

    assert "&lt;b&gt;Tên" in page.text
    assert "<b>Tên" not in page.text


def test_two_versions_are_compared_rule_by_rule(analyst, complete):
    analyst.post(NEW, data=complete)
    page = analyst.get("/rule-sets/an_giang_2021/compare/an_giang_2026")

    assert "Lĩnh vực 2, điểm khảo sát cán bộ" in page.text
    assert "trung bình cộng của các đơn vị" in page.text
    assert 'href="/rule-sets/an_giang_2026/compare/an_giang_2021"' in page.text


def test_a_rule_set_does_not_differ_from_itself(app):
    text = stored("demo_an_giang")

    assert differences(text, text) == []


def test_a_changed_source_is_one_difference_named_by_its_rule(app):
    before = stored("demo_an_giang")
    after = before.replace("Gộp theo số hồ sơ để trình diễn", "Theo văn bản mới")

    (found,) = differences(before, after)

    assert found.place == "Nguồn của “Cách gộp”"
    assert found.after.startswith("người lập chọn: Theo văn bản mới")


def test_a_removed_rule_is_a_difference(app):
    before = stored("demo_an_giang")
    after = before.replace('not_applicable = "rescale"', "")

    (found,) = differences(before, after)

    assert (found.where, found.after) == ("scorecard.not_applicable", None)
    assert found.before == "quy phần còn lại về 100"


@pytest.mark.parametrize("role", ["planner", "supervisor", "leader", "interviewer"])
def test_others_stay_outside(signed_in, role):
    client = signed_in(role)

    assert client.get(LIST).status_code == 403
    assert client.post(NEW).status_code == 403

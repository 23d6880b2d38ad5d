"""``sipas sample`` on plain files, for people who use nothing else of ours."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from sampling.plan import from_json
from survey_app.cli import main


@pytest.fixture
def sipas():
    def sipas(*words, code=0):
        result = CliRunner().invoke(main, ["sample", *map(str, words)])
        assert result.exit_code == code, result.output
        return result.output

    return sipas


@pytest.fixture
def dossiers(tmp_path):
    """A hundred dossiers of five communes."""
    path = tmp_path / "list.csv"
    rows = [f"H{i},X{i % 5},Lĩnh vực {i % 2}" for i in range(100)]
    path.write_text("\n".join(["Mã,Xã,Lĩnh vực", *rows]), encoding="utf-8")
    return path


def read(path):
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    return header, rows


def test_every_kth_with_a_reserve_says_who_comes_when(sipas, dossiers, tmp_path):
    out, plan = tmp_path / "out.csv", tmp_path / "plan.json"

    sipas(
        *("draw", dossiers, "--stratum", "Lĩnh vực", "--total", 20, "--seed", 3),
        *("--method", "systematic", "--reserve", 0.2, "--out", out, "--plan", plan),
    )

    header, rows = read(out)
    sealed = from_json(plan.read_text(encoding="utf-8"))
    assert header[-2:] == ["reserve_order", "inclusion_probability"]
    assert [row[-2] for row in rows] == [""] * 20 + ["1", "2", "1", "2"]
    assert (sealed.draw, sealed.n, sealed.reserve, sealed.seed) == (
        "systematic",
        20,
        4,
        3,
    )


def test_two_stages_multiply_their_probabilities(sipas, dossiers, tmp_path):
    out = tmp_path / "out.xlsx"

    sipas(
        *("draw", dossiers, "--method", "two_stage", "--commune", "Xã"),
        *("--communes", 2, "--take", 5, "--seed", 3, "--out", out),
    )

    _, *rows = load_workbook(out).active.iter_rows(values_only=True)
    assert len(rows) == 10
    assert len({row[1] for row in rows}) == 2
    assert {round(float(row[-1]), 12) for row in rows} == {0.1}


def test_communes_are_drawn_in_proportion_to_their_size(sipas, tmp_path):
    path, out = tmp_path / "communes.csv", tmp_path / "out.csv"
    path.write_text("Xã,Hồ sơ\nA,500\nB,300\nC,200\n", encoding="utf-8")

    sipas(
        *("draw", path, "--method", "pps_systematic", "--size-column", "Hồ sơ"),
        *("--total", 2, "--seed", 3, "--out", out),
    )

    _, rows = read(out)
    expected = {"A": 1.0, "B": 0.6, "C": 0.4}
    assert len(rows) == 2
    assert all(float(row[-1]) == pytest.approx(expected[row[0]]) for row in rows)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--method", "two_stage"), 2, "two_stage cần --commune"),
        (("--method", "pps_systematic", "--total", 2), 2, "--size-column"),
        ((), 2, "Cần --total"),
        (
            ("--method", "pps_systematic", "--total", 2, "--size-column", "Mã"),
            1,
            "“H0” không phải số lớn hơn 0",
        ),
        (
            (
                *("--method", "two_stage", "--commune", "Xã"),
                *("--communes", 9, "--take", 2),
            ),
            1,
            "Không chọn được mẫu",
        ),
    ],
)
def test_a_draw_that_cannot_be_says_why(
    sipas, dossiers, tmp_path, words, code, sentence
):
    said = sipas("draw", dossiers, *words, "--out", tmp_path / "o.csv", code=code)

    assert sentence in said


def test_sizes_come_with_every_step(sipas):
    said = json.loads(
        sipas(
            *("size", "--frame-size", 2500, "--margin-of-error", 0.05),
            *("--response", 0.6, "--deff", 1.5, "--gain", 2, "--json"),
        )
    )

    row = said["strata"][0]
    assert row["with_design"] == pytest.approx(1.5 * row["simple"])
    assert row["with_losses"] == pytest.approx(row["from_frame"] / 0.6)
    assert row["n"] == said["n"]
    assert row["is_capped"] is False


@pytest.fixture
def strata(tmp_path):
    path = tmp_path / "strata.csv"
    path.write_text(
        "Tầng;Số hồ sơ;Tỷ lệ hài lòng dự kiến;Chi phí một phiếu\n"
        "đất đai;500;0,5;40000\nhộ tịch;500;0,9;10000\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("sharing", "sizes"),
    [
        ("equal", [40, 40]),
        ("proportional", [40, 40]),
        ("neyman", [50, 30]),
        ("cost", [36, 44]),
    ],
)
def test_a_total_is_shared_by_the_way_chosen(sipas, strata, sharing, sizes):
    said = json.loads(
        sipas("allocate", strata, "--total", 80, "--sharing", sharing, "--json")
    )

    assert [row["n"] for row in said["strata"]] == sizes


def test_a_budget_is_spent_and_never_passed(sipas, strata):
    said = json.loads(
        sipas("allocate", strata, "--budget", 1_000_000, "--sharing", "cost", "--json")
    )

    first, second = (row["n"] for row in said["strata"])
    assert 950_000 < 40_000 * first + 10_000 * second <= 1_000_000


def test_a_total_and_a_budget_are_not_both_given(sipas, strata):
    said = sipas("allocate", strata, "--total", 8, "--budget", 8, code=2)

    assert "Cần đúng một trong hai" in said

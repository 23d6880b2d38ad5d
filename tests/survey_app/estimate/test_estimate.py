"""``sipas estimate``: the same figures from every kind of file, and every refusal."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas
import polars as pl
import pyreadstat
import pytest
from click.testing import CliRunner

from survey_app.cli import main

CASE = Path(__file__).parents[2] / "reference" / "two_stage"
DATA = CASE / "data.csv"
DESIGN = """
weights = "weight"
[[stage]]
strata = ["stratum"]
psu = "commune"
size = "communes"
[[stage]]
size = "finished"
"""
SMALL = """office,unit,size,weight,y,g
a,1,10,2.5,1,x
a,2,10,2.5,0,y
b,3,20,5,1,x
b,4,20,5,NA,y
"""
SMALL_DESIGN = """
weights = "weight"
[[stage]]
strata = ["office"]
psu = "unit"
size = "size"
"""


def run(*words):
    return CliRunner().invoke(main, ["estimate", *map(str, words)])


def rows(*words):
    said = run(*words, "--json")
    assert said.exit_code == 0, said.output
    return json.loads(said.output)["rows"]


@pytest.fixture
def design(tmp_path):
    def written(text=DESIGN):
        path = tmp_path / "design.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def small(tmp_path):
    def written(text=SMALL):
        path = tmp_path / "small.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def expected(what):
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["key"], float(row["value"]), float(row["std_error"]))
            for row in csv.DictReader(file)
            if row["what"] == what
        ]


@pytest.mark.parametrize(
    ("words", "what", "key"),
    [
        (("--mean", "satisfied", "--by", "field"), "two.by_field", "field"),
        (("--mean", "wait"), "two.mean_missing", None),
        (("--total", "satisfied"), "two.total", None),
        (("--ratio", "wait/satisfied"), "two.ratio", None),
        (("--share", "field"), "two.shares", None),
        (("--quantile", "wait:0.25,0.5,0.9"), "two.quantile.math", None),
        (
            ("--quantile", "wait:0.25,0.5,0.9", "--quantile-rule", "linear"),
            "two.quantile.hf7",
            None,
        ),
    ],
)
def test_figures_are_those_of_r(design, words, what, key):
    found = rows(DATA, "--design", design(), *words)

    for row, (name, value, spread) in zip(found, expected(what), strict=False):
        assert key is None or row["by"][key] == name
        assert row["value"] == pytest.approx(value, rel=1e-9)
        assert row["std_error"] == pytest.approx(spread, rel=1e-8)


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (
            '[[step]]\nkind = "poststratify"\nby = ["field"]\n'
            'cells = [["justice", 900], ["land", 2500], ["trade", 1000]]',
            "poststratify.mean",
        ),
        (
            '[[step]]\nkind = "rake"\n[step.margins.field]\njustice = 900\n'
            "land = 2500\ntrade = 1000\n[step.margins.sex]\nF = 2150\nM = 2250",
            "rake.mean",
        ),
    ],
)
def test_weight_steps_are_those_of_r(design, step, what):
    (row,) = rows(DATA, "--design", design(DESIGN + step), "--mean", "satisfied")

    assert (row["value"], row["std_error"]) == (
        pytest.approx(expected(what)[0][1], rel=1e-9),
        pytest.approx(expected(what)[0][2], rel=1e-8),
    )


@pytest.mark.parametrize("distance", ["linear", "logit"])
def test_bounded_calibration_meets_its_totals(design, distance):
    step = (
        f'[[step]]\nkind = "calibrate"\ndistance = "{distance}"\ncount = 4400\n'
        "low = 0.3\nhigh = 3.0\n[step.margins.field]\nland = 2500\ntrade = 1000"
    )
    path = design(DESIGN + step)
    found = rows(DATA, "--design", path, "--share", "field")

    assert [row["value"] for row in found] == pytest.approx(
        [900 / 4400, 2500 / 4400, 1000 / 4400]
    )


def written_as(kind, folder):
    """The reference data as another kind of file."""
    frame = pl.read_csv(DATA, null_values=["NA"])
    path = folder / f"data.{kind}"
    if kind == "parquet":
        frame.write_parquet(path)
    elif kind == "xlsx":
        frame.write_excel(path)
    elif kind == "sav":
        pyreadstat.write_sav(pandas.DataFrame(frame.to_dict(as_series=False)), path)
    elif kind == "dta":
        pyreadstat.write_dta(pandas.DataFrame(frame.to_dict(as_series=False)), path)
    elif kind == "csv":
        text = DATA.read_text("utf-8").replace(".", ",,").replace(",,", "\0")
        path.write_bytes(text.replace(",", ";").replace("\0", ",").encode("utf-16"))
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "sav", "dta"])
def test_every_kind_of_file_gives_the_same(design, tmp_path, kind):
    words = ("--mean", "wait", "--share", "late", "--by", "field")
    plain = rows(DATA, "--design", design(), *words)

    other = rows(written_as(kind, tmp_path), "--design", design(), *words)

    for one, two in zip(plain, other, strict=True):
        assert {k: v for k, v in one.items() if not isinstance(v, float)} == {
            k: v for k, v in two.items() if not isinstance(v, float)
        }
        assert two["std_error"] == pytest.approx(one["std_error"], rel=1e-9)


def test_a_domain_keeps_the_whole_design(design, small):
    (row,) = rows(
        small(), "--design", design(SMALL_DESIGN), "--mean", "y", "--where", "g=x"
    )

    assert (row["n"], row["df"], row["value"]) == (2, 0, 1.0)
    assert {"no_spread", "few_degrees_of_freedom"} & set(row["flags"])


def test_every_row_says_what_it_is_worth(design, small):
    (row,) = rows(small(), "--design", design(SMALL_DESIGN), "--mean", "y")

    assert row["missing_share"] == pytest.approx(1 / 3)
    assert {"n", "n_eff", "df", "deff", "flags", "std_error", "low"} <= row.keys()


def test_the_table_and_the_csv_hold_the_same_rows(design, small):
    words = (
        small(),
        "--design",
        design(SMALL_DESIGN),
        "--share",
        "y",
        "--by",
        "office",
    )

    table = run(*words).output
    lines = list(csv.DictReader(run(*words, "--csv").output.splitlines()))

    assert [(line["office"], line["level"]) for line in lines] == [
        ("a", "0"),
        ("a", "1"),
        ("b", "0"),
        ("b", "1"),
    ]
    assert "office = b, share y = 1" in table


def test_without_a_design_every_row_is_drawn_by_itself(small):
    (row,) = rows(small(), "--mean", "y")

    assert row["value"] == pytest.approx(2 / 3)
    assert row["std_error"] == pytest.approx(np.sqrt(4 / 3 * 2 / 27))


def test_a_design_of_one_stage_takes_answering_as_a_second_phase(design, tmp_path):
    path = tmp_path / "issued.csv"
    lines = [f"a,10,{k % 2},{int(k < 6)}" for k in range(10)]
    path.write_text("office,size,y,answered\n" + "\n".join(lines), encoding="utf-8")
    text = (
        '[[stage]]\nstrata = ["office"]\nsize = "size"\n'
        '[[step]]\nkind = "nonresponse"\nclasses = ["office"]\nanswered = "answered"'
    )
    (row,) = rows(path, "--design", design(text), "--mean", "y")

    assert row["n"] == 6
    assert row["std_error"] == pytest.approx(np.sqrt(0.4 * 0.25 / 5))


BAD = """office,unit,size,weight,y,g
a,1,10,2.5,1,x
a,1,10,-1,0,y
b,1,1,,x,x
b,4,2,5,1,
b,5,1,5,1,y
"""


def test_everything_wrong_is_told_at_once_with_its_column_and_line(design, small):
    said = run(
        small(BAD), "--design", design(SMALL_DESIGN), "--mean", "y", "--by", "nowhere"
    )

    assert said.exit_code == 1
    for part in (
        "không có cột nowhere",
        "cột weight, dòng 4: thiếu quyền số",
        "cột weight, dòng 3: quyền số âm",
        "cột unit, dòng 4: đơn vị mẫu nằm ở hai tầng",
        "cột size, dòng 5: khác nhau trong cùng một tầng",
        "tổng thể của tầng nhỏ hơn số đơn vị mẫu",
        "cột y, dòng 4: không phải là số",
    ):
        assert part in said.output


def test_everything_wrong_in_a_design_file_is_told_at_once(design, small):
    text = (
        'weight = "w"\nlonely = "ignore"\nnest = 1\n[[stage]]\nsize = "a"\n'
        'fraction = "b"\n[[step]]\nkind = "magic"\n[[step]]\nkind = "rake"'
    )
    said = run(small(), "--design", design(text), "--mean", "y")

    assert said.exit_code == 1
    for part in (
        "không có mục weight",
        "lonely phải là một trong",
        "nest phải là true hoặc false",
        "[[stage]] thứ 1: chỉ được nêu một trong size, fraction",
        "[[step]] thứ 1: kind phải là một trong",
        "[[step]] thứ 2: margins phải là bảng",
    ):
        assert part in said.output


def test_a_lonely_stratum_is_refused_by_name_until_a_rule_is_chosen(design, small):
    text = SMALL.replace("b,4,20,5,NA,y\n", "")
    refused = run(small(text), "--design", design(SMALL_DESIGN), "--mean", "y")
    ruled = 'lonely = "remove"\n' + SMALL_DESIGN

    assert refused.exit_code == 1
    assert "tầng b: chỉ có một đơn vị mẫu" in refused.output
    assert run(small(text), "--design", design(ruled), "--mean", "y").exit_code == 0


def test_levels_without_a_total_and_totals_without_a_row_are_named(design, small):
    step = '[[step]]\nkind = "rake"\n[step.margins.g]\nx = 10\nz = 5\n'
    step += "[step.margins.office]\na = 10\nb = 30"
    said = run(small(), "--design", design(SMALL_DESIGN + step), "--mean", "y")

    assert said.exit_code == 1
    for part in ("cho g = y", "dòng nào g = z", "không bằng nhau (g: 15; office: 40)"):
        assert part in said.output


def test_bounds_that_cannot_be_met_are_refused(design, small):
    step = '[[step]]\nkind = "calibrate"\ncount = 1000\nlow = 0.9\nhigh = 1.1'
    said = run(small(), "--design", design(SMALL_DESIGN + step), "--mean", "y")

    assert said.exit_code == 1
    assert "không có quyền số nào đạt được" in said.output


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--where", "g", "--mean", "y"),
        ("--ratio", "y", "--mean", "y"),
        ("--quantile", "y:2"),
        ("--mean", "y", "--json", "--csv"),
    ],
)
def test_a_wrong_call_ends_with_2(small, words):
    assert run(small(), *words).exit_code == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.parquet", b"no"),
        ("x.sav", b"no"),
        ("x.dta", b"no"),
        ("x.xlsx", b"no"),
        ("x.doc", b"no"),
        ("x.csv", b"y\n"),
        ("x.csv", b"y,y\n1,2\n"),
    ],
)
def test_a_file_that_is_none_is_said_plainly(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    said = run(path, "--mean", "y")

    assert said.exit_code == 1
    assert name in said.output

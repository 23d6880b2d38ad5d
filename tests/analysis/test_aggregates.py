"""Stored sums give what the rows give."""

import numpy as np
import polars as pl
import pytest

from analysis.aggregates import aggregate, item_table
from analysis.design import LonelyStratum, stratified
from analysis.estimation import covariance
from analysis.indices import Totals, criterion, influences, mean_of_items, pooled
from analysis.responses import item_cells

ITEMS = 4


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(11)
    n = 600
    stratum = rng.integers(6, size=n)
    answered = rng.random((n, ITEMS)) < 0.9
    return {
        "satisfied": answered & (rng.random((n, ITEMS)) < 0.75),
        "answered": answered,
        "weight": rng.uniform(1, 4, n),
        "stratum": stratum.astype(str),
        "frame_size": 200.0 + 10.0 * stratum,
        "cell": rng.integers(5, size=n).astype(str),
    }


def by_rows(rows, inside, make):
    """Share of a domain, and its influences over all rows."""
    w = rows["weight"] * inside
    totals = Totals((w @ rows["satisfied"])[None], (w @ rows["answered"])[None])
    share = make(totals)
    here = influences(
        [share], w, rows["satisfied"], rows["answered"], np.zeros(len(w), dtype=int)
    )
    return share.value[0], here[:, 0]


MAKE = {
    "criterion": lambda t: criterion(t, 1),
    "pooled": lambda t: pooled(t, np.ones((1, ITEMS))),
    "mean": lambda t: mean_of_items(t, np.ones((1, ITEMS))),
}


@pytest.mark.parametrize("with_fpc", [True, False])
def test_any_domains_and_composites_covary_as_their_rows_do(rows, with_fpc):
    sums = aggregate(**rows)
    wanted = [("criterion", ["0", "1"]), ("pooled", ["1", "2"]), ("mean", ["3"])]
    pulls, shares, domains = [], [], []
    for kind, cells in wanted:
        value, pull = by_rows(rows, np.isin(rows["cell"], cells), MAKE[kind])
        domain = np.isin(sums.cell, cells)
        share = MAKE[kind](sums.totals(domain))
        pulls.append(pull)
        shares.append(share)
        domains.append(domain)
        assert share.value[0] == pytest.approx(value)
    design = stratified(rows["weight"], rows["stratum"], rows["frame_size"])

    found = sums.covariance(domains, shares, with_fpc=with_fpc)

    assert found == pytest.approx(
        covariance(np.stack(pulls, axis=1), design, with_fpc=with_fpc)
    )


def test_sums_of_two_files_are_the_sums_of_one(rows):
    half = np.arange(len(rows["weight"])) % 2 == 0
    parts = [
        aggregate(**{name: column[keep] for name, column in rows.items()})
        for keep in (half, ~half)
    ]
    whole, joined = aggregate(**rows), parts[0] + parts[1]

    assert joined.stratum.tolist() == whole.stratum.tolist()
    assert joined.rows.tolist() == whole.rows.tolist()
    assert joined.second == pytest.approx(whole.second)


def test_several_ballots_of_one_person_are_one_unit(rows):
    person = np.arange(len(rows["weight"])) // 2
    same = rows | {
        "stratum": np.repeat(rows["stratum"][::2], 2),
        "frame_size": np.repeat(rows["frame_size"][::2], 2),
        "cell": np.zeros(len(person)),
    }
    sums = aggregate(**same, person=person)
    every = np.ones(len(sums.cell), dtype=bool)
    _, pull = by_rows(same, np.ones(len(person), dtype=bool), MAKE["pooled"])
    share = MAKE["pooled"](sums.totals(every))
    size = np.full(len(person), np.inf)
    design = stratified(same["weight"], same["stratum"], size, psu=person)

    found = sums.covariance([every], [share], with_fpc=False)

    assert found == pytest.approx(covariance(pull[:, None], design))


def test_a_lonely_stratum_is_refused_from_sums_too(rows):
    one = {name: column[:1] for name, column in rows.items()}
    sums = aggregate(**one)
    every = np.ones(1, dtype=bool)

    with pytest.raises(LonelyStratum):
        sums.covariance([every], [criterion(sums.totals(every), 0)])


@pytest.mark.parametrize("even", [True, False])
def test_a_table_from_parquet_is_the_table_of_its_rows(rows, even, tmp_path):
    stratum = rows["stratum"].astype(int)
    weight = 2.0 + stratum % 3 if even else rows["weight"]
    level = np.where(rows["answered"], np.where(rows["satisfied"], 4, 2), -1)
    columns = {
        "selection": ["from_list"] * len(weight),
        "office": rows["cell"].tolist(),
        "variance_stratum": rows["stratum"].tolist(),
        "frame_size": rows["frame_size"],
        "weight": weight,
    } | {f"q_c{j}": level[:, j].astype(np.int8) for j in range(ITEMS)}
    path = tmp_path / "responses.parquet"
    pl.DataFrame(columns).write_parquet(path)

    found = item_table(
        item_cells(path, dict.fromkeys(("c0", "c1"), 4), selection="from_list")
    )

    same = rows | {"weight": weight}
    design = stratified(weight, rows["stratum"], rows["frame_size"])
    for d, office in enumerate(found.domains):
        for j in range(2):
            inside = rows["cell"] == office
            value, pull = by_rows(same, inside, lambda t, j=j: criterion(t, j))
            spread = covariance(pull[:, None], design)[0, 0] ** 0.5
            assert found.value[d, j] == pytest.approx(value)
            assert found.std_error[d, j] == pytest.approx(spread)

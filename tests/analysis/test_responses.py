import json
from hashlib import sha256

import numpy as np
import polars as pl
import pytest

from analysis import responses
from analysis.reports import wave_report
from analysis.responses import FrozenSet, FrozenSetRefused


@pytest.fixture
def wave(make_wave):
    levels = np.where(np.arange(120).reshape(40, 3) % 5 > 0, 4, 2)
    return make_wave(
        {"office": "a", "levels": levels, "frame": 400, "issued": 50},
        {"office": "a", "selection": "open", "levels": levels[:12], "frame": 0},
    )


@pytest.fixture
def folder(wave, tmp_path):
    files = {}
    for name in ("responses", "dispositions", "frame"):
        columns = dict(getattr(wave, name))
        table = pl.DataFrame({key: list(value) for key, value in columns.items()})
        if name == "responses":
            opened = pl.col("selection") == "open"
            table = table.with_columns(
                pl.when(opened).then(None).otherwise(pl.col(column)).alias(column)
                for column in ("variance_stratum", "frame_size", "weight", "psu")
            )
        path = tmp_path / f"{name}.parquet"
        table.write_parquet(path)
        files[path.name] = sha256(path.read_bytes()).hexdigest()
    manifest = dict(wave.manifest) | {"files": files, "version": 1}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def test_a_frozen_folder_gives_the_figures_of_its_columns(wave, folder, form, rule_set):
    frozen = wave_report(responses.read(folder), form, rule_set)
    preview = wave_report(wave, form, rule_set)

    assert frozen.offices == preview.offices
    assert frozen.open_ballots == preview.open_ballots
    assert (frozen.header.live, preview.header.live) == (False, True)


def test_a_file_that_was_touched_is_refused(folder):
    (folder / "frame.parquet").write_bytes(b"other")

    with pytest.raises(FrozenSetRefused, match=r"frame\.parquet is not the file"):
        responses.read(folder)


def test_a_missing_file_is_named(folder):
    (folder / "responses.parquet").unlink()

    with pytest.raises(FrozenSetRefused, match=r"responses\.parquet is not there"):
        responses.read(folder)


def test_a_folder_without_manifest_is_refused(tmp_path):
    with pytest.raises(FrozenSetRefused, match=r"manifest\.json"):
        responses.read(tmp_path)


def test_every_absent_column_is_named():
    with pytest.raises(FrozenSetRefused) as refused:
        FrozenSet.from_columns(
            manifest={},
            responses={"office": ["a"], "psu": []},
            dispositions={},
            frame={},
        )

    assert "responses: no column weight" in refused.value.problems
    assert "responses: columns of different lengths" in refused.value.problems
    assert "manifest: no offices" in refused.value.problems


def test_a_question_nobody_stored_is_named(wave):
    with pytest.raises(FrozenSetRefused, match="q_parking"):
        wave.answers("parking")

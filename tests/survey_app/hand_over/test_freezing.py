"""Turns at counters become a frame, slips a sample, ballots weights that add up."""

import json
from collections import Counter as Tally
from datetime import timedelta

import polars as pl
import pytest
from sqlalchemy import func, select

import questionnaires
from survey_app import codes, db, settings
from survey_app.collect import unlinking
from survey_app.fieldwork import waves
from survey_app.models import (
    Definition,
    HandOver,
    HandOverShift,
    Invitation,
    Selection,
    Wave,
)
from survey_app.results import reading
from survey_app.results.freezing import freeze_wave
from survey_app.results.hand_over_frame import counted_with
from tests.survey_app.collect.making import complete, nonce_in
from tests.survey_app.fieldwork.making import FRAME
from tests.survey_app.hand_over import making


@pytest.fixture
def answer(app):
    """Answers slips by their codes, as citizens do."""
    with db.read() as session:
        text = session.get_one(Definition, "sipas_2640").text
    questionnaire = questionnaires.parse(text)

    def answer(slips):
        client = app.test_client()
        for code in slips:
            page = client.get(f"/P/{code}").text
            fields = complete(questionnaire) | {"so-phieu": nonce_in(page)}
            assert client.post(f"/P/{code}", data=fields).status_code == 303

    return answer


@pytest.fixture
def freeze(app, now):
    """Closes and freezes the wave; gives its frozen tables and manifest."""

    def freeze():
        with db.begin() as session:
            wave = session.scalars(select(Wave)).one()
            waves.close_wave(session, wave.id, now=now.moment)
        now.moment += timedelta(hours=3)
        with db.begin() as session:
            wave = session.scalars(select(Wave)).one()
            root = reading.frozen_root()
            frozen = freeze_wave(session, wave, now=now.moment, folder_root=root)
        folder = root / frozen.folder
        tables = {
            name: pl.read_parquet(folder / f"{name}.parquet")
            for name in ("responses", "dispositions", "frame")
        }
        return tables, json.loads((folder / "manifest.json").read_text())

    return freeze


def sums(table, column):
    """One column added up by stratum."""
    added = table.group_by("stratum").agg(pl.col(column).sum())
    return dict(added.iter_rows())


def weeks_of(wave, officers, now, monday, *, turns=(12, 9, 14)):
    """Turns of several weeks, in two fields; the slips' codes."""
    slips = []
    for number, count in enumerate(turns):
        now.moment = monday + timedelta(weeks=number)
        for officer in officers:
            for field, share in (("Hộ tịch", count), ("Chứng thực", count // 2)):
                done = making.take_turns(wave, officer, share, field=field)
                slips += [turn.code for turn in done if turn.has_slip]
    return slips


@pytest.fixture
def officers(app):
    """Both counters' officers, once the province stands."""
    return lambda: [
        making.make_officer(making.counter_id(n), f"quay-{n}") for n in (0, 1)
    ]


def test_weights_add_up_to_the_transactions_finished_at_the_counters(
    officers, answer, freeze, now, noon
):
    wave = making.build()
    slips = weeks_of(wave, officers(), now, noon)
    answer(slips[::2])

    tables, _ = freeze()

    finished = 2 * (12 + 6 + 9 + 4 + 14 + 7)
    assert len(slips) == finished
    assert tables["frame"]["frame_size"].sum() == finished
    assert tables["responses"]["weight"].sum() == pytest.approx(finished)
    assert set(tables["responses"]["selection"]) == {"at_hand_over"}


def test_strata_are_the_weeks_of_a_counter_and_classes_the_fields_of_the_office(
    officers, answer, freeze, now, noon
):
    wave = making.build()
    answer(weeks_of(wave, officers(), now, noon)[::2])

    tables, _ = freeze()

    assert set(tables["responses"]["stratum"]) == {
        f"STP:STP-1/{counter}:2026-W{week}" for counter in "12" for week in (10, 11, 12)
    }
    assert set(tables["responses"]["response_class"]) == {
        "STP:Hộ tịch",
        "STP:Chứng thực",
    }
    assert sums(tables["frame"], "frame_size") == sums(tables["dispositions"], "count")


def test_of_every_third_all_answered_the_weights_add_up_too(
    officers, answer, freeze, now, noon
):
    wave = making.build(every=3)
    slips = weeks_of(wave, officers(), now, noon)
    answer(slips)

    tables, _ = freeze()

    finished = 2 * (12 + 6 + 9 + 4 + 14 + 7)
    assert len(slips) == pytest.approx(finished / 3, abs=6)
    assert tables["responses"]["weight"].sum() == pytest.approx(finished)
    assert tables["responses"]["w_design"].mean() == pytest.approx(3, rel=0.2)


def test_a_week_without_a_slip_is_counted_with_the_next_of_the_same_counter(
    officers, answer, freeze, now, noon
):
    wave = making.build(every=100)
    first, second = officers()
    making.take_turns(wave, first, 1)
    making.take_turns(wave, second, 1)
    with db.begin() as session:
        for shift in session.scalars(select(HandOverShift)):
            shift.start = 2 if shift.counter_id == first.counter_id else 100
    slips = [t.code for t in making.take_turns(wave, first, 3) if t.has_slip]
    now.moment = noon + timedelta(weeks=1)
    making.take_turns(wave, first, 1)
    with db.begin() as session:
        shift = session.scalars(
            select(HandOverShift).where(HandOverShift.day == now.moment.date())
        ).one()
        shift.start = 100
    answer(slips)

    tables, manifest = freeze()

    assert sums(tables["frame"], "frame_size") == {"STP:STP-1/1:2026-W10": 6}
    assert manifest["strata_map"]["never_issued"] == {}
    assert len(slips) == 1


def test_thin_weeks_are_joined_within_the_office_and_the_map_says_so(
    officers, answer, freeze, now, noon
):
    wave = making.build()
    slips = weeks_of(wave, officers(), now, noon, turns=(12, 9, 14, 11, 13))
    with db.read() as session:
        thin = session.scalars(
            select(Invitation.id).where(Invitation.stratum.like("%/1:2026-W11"))
        ).all()
    silent = {codes.slip_code(settings.keys().code, i, 1) for i in thin[1:]}
    answer([slip for slip in slips if slip not in silent])

    tables, manifest = freeze()

    joined = {
        row["stratum"]: row["variance_stratum"]
        for row in manifest["strata_map"]["strata"]
        if row["variance_stratum"] != row["stratum"]
    }
    assert joined == {"STP:STP-1/1:2026-W11": "STP:STP-1/1:2026-W10"}
    assert tables["responses"]["weight"].sum() == pytest.approx(len(slips))


def test_a_list_and_counters_stand_side_by_side_in_one_wave(
    officers, answer, freeze, now, noon
):
    wave = making.build(frame=FRAME, total=40)
    slips = weeks_of(wave, officers(), now, noon, turns=(6,))
    answer(slips[::2])

    tables, manifest = freeze()

    by_selection = Tally(row["selection"] for row in manifest["strata_map"]["strata"])
    handed = tables["frame"]["stratum"].str.contains(":")
    assert by_selection == {"from_list": 3, "at_hand_over": 2}
    assert tables["frame"].filter(handed)["frame_size"].sum() == 18
    assert tables["frame"].filter(~handed)["frame_size"].sum() == 120
    assert tables["responses"]["weight"].sum() == pytest.approx(18)


def test_figures_of_a_frozen_wave_say_what_they_assume(
    officers, answer, freeze, now, noon, signed_in
):
    wave = making.build()
    answer(weeks_of(wave, officers(), now, noon))
    freeze()

    page = signed_in("analyst").get(f"/results/{wave.code}/offices/STP/").text

    assert "Phiếu khi trả kết quả" in page or "trả kết quả" in page
    assert "104" in page


def test_each_stratum_is_counted_with_itself_or_the_nearest_asked():
    sizes = [
        ("A:1:2026-W01", "A", 5),
        ("A:1:2026-W02", "A", 5),
        ("A:1:2026-W05", "A", 5),
        ("A:2:2026-W01", "A", 50),
        ("A:3:2026-W01", "A", 5),
        ("B:1:2026-W01", "B", 5),
    ]

    found = counted_with(sizes, {"A:1:2026-W01", "A:1:2026-W05", "A:2:2026-W01"})

    assert found == {
        "A:1:2026-W01": "A:1:2026-W01",
        "A:1:2026-W02": "A:1:2026-W01",
        "A:1:2026-W05": "A:1:2026-W05",
        "A:2:2026-W01": "A:2:2026-W01",
        "A:3:2026-W01": "A:2:2026-W01",
        "B:1:2026-W01": "B:1:2026-W01",
    }


def test_closing_cuts_turns_from_slips(officers, answer, now, noon):
    wave = making.build()
    answer(weeks_of(wave, officers(), now, noon, turns=(4,)))

    with db.begin() as session:
        unlinking.unlink(session, session.get_one(Wave, wave.id), now=now.moment)

    with db.read() as session:
        linked = select(func.count()).where(HandOver.invitation_id.is_not(None))
        assert session.scalar(linked) == 0
        assert session.scalar(select(func.count()).select_from(HandOver)) == 12
        of_slips = select(func.count()).where(
            Invitation.selection == Selection.AT_HAND_OVER
        )
        assert session.scalar(of_slips) == 12

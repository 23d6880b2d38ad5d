import hashlib
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

import sampling.plan
from survey_app import db, upgrade
from survey_app.errors import Refused
from survey_app.models import (
    AuditEntry,
    Definition,
    FrozenPlan,
    FrozenSet,
    Invitation,
    Outcome,
    PublishedRuleSet,
    Response,
    Transaction,
    Wave,
    WaveStatus,
)
from survey_app.results import reading
from survey_app.results.freeze_command import freeze as freeze_by_command
from survey_app.results.freezing import freeze_wave
from survey_app.results.manifest import read_manifest, verify_folder
from tests.survey_app.results.building import MINI, build_wave
from tests.survey_app.results.conftest import OFFICES


@pytest.fixture
def responses(folder):
    return pl.read_parquet(folder / "responses.parquet")


@pytest.fixture
def dispositions(folder):
    return pl.read_parquet(folder / "dispositions.parquet")


def test_the_folder_holds_the_files_its_manifest_names_and_no_draft_stays(folder):
    names = {path.name for path in folder.iterdir()}

    assert names == {"manifest.json", *read_manifest(folder)["files"]}
    assert {"responses.parquet", "dispositions.parquet", "frame.parquet"} < names
    assert [path.name for path in folder.parent.iterdir()] == ["2026-q1-v1"]


def test_responses_carry_exactly_the_columns_that_were_agreed(responses):
    begin = [
        *("wave", "questionnaire", "selection", "mode", "assisted", "one_stop_shop"),
        *("counter", "office", "service_field", "channel", "stratum"),
        *("response_class", "psu", "language", "consent_version"),
        *("hour", "duration", "delay"),
    ]
    end = [
        *("variance_stratum", "frame_size", "inclusion_probability"),
        *("w_design", "w_nonresponse", "weight"),
    ]

    assert responses.columns[: len(begin)] == begin
    assert responses.columns[-len(end) :] == end
    assert all(name.startswith("q_") for name in responses.columns[len(begin) : -6])


def test_answers_are_small_whole_numbers_and_a_multiple_is_one_column_an_option(
    responses,
):
    kinds = dict(responses.schema)

    assert kinds["q_signage"] == kinds["q_late"] == pl.Int8
    assert kinds["q_wishes__time"] == kinds["q_wishes__other"] == pl.Int8
    assert kinds["q_visits"] == pl.Int32
    assert (kinds["q_received"], kinds["q_received__code"]) == (pl.String, pl.Int8)
    assert "q_wishes" not in kinds
    assert set(responses["q_wishes__time"]) <= {0, 1, -5}


def test_a_question_off_the_route_is_marked_so_and_never_as_missing(responses):
    on_time = responses.filter(pl.col("q_late") == 1)

    assert set(on_time["q_apology"]) == {-4}
    assert -4 not in set(responses.filter(pl.col("q_late") == 2)["q_apology"])


def test_free_text_lies_apart_without_any_key(folder, responses):
    texts = pl.read_parquet(folder / "free_text_comment.parquet")

    assert texts.columns == ["text"]
    assert 0 < len(texts) < len(responses)
    assert not any("comment" in name for name in responses.columns)


def test_no_file_names_a_response_or_a_code(folder, wave):
    with db.read() as session:
        keys = [key.hex for key in session.scalars(select(Response.id))]
    content = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))

    assert not any(key.encode() in content for key in keys)
    assert "id" not in pl.read_parquet(folder / "responses.parquet").columns


def test_the_number_of_rows_is_the_number_of_ballots_that_count(
    responses, dispositions
):
    rows = Counter(responses.filter(pl.col("selection") != "open")["stratum"])
    completed = dispositions.filter(pl.col("outcome") == "completed")

    assert rows == dict(zip(completed["stratum"], completed["count"], strict=True))


def test_withdrawn_ballots_count_among_those_who_did_not_answer(
    responses, dispositions
):
    outcomes = {
        outcome: count
        for stratum, _, _, outcome, count in dispositions.iter_rows()
        if stratum == "SNV"
    }

    assert outcomes == {"completed": 58, "withdrawn": 2, "not_returned": 20}
    assert (responses["office"] == "SNV").sum() == 58


def test_outcomes_add_up_to_the_codes_that_were_issued(dispositions, wave):
    with db.read() as session:
        cell = select(Invitation.stratum, func.count()).group_by(Invitation.stratum)
        issued = dict(session.execute(cell).all())

    found = dispositions.group_by("stratum").agg(pl.col("count").sum())
    assert dict(found.iter_rows()) == issued


def test_weights_bring_each_office_back_to_its_frame(responses):
    rows = responses.filter(pl.col("office") == "SNV")

    assert set(rows["w_design"]) == {200 / 80}
    assert set(rows["w_nonresponse"]) == {80 / 58}
    assert rows["weight"].sum() == pytest.approx(200)
    assert set(rows["inclusion_probability"]) == {80 / 200}
    assert set(rows["frame_size"]) == {200}


def test_poster_ballots_have_no_weight_and_no_stratum_of_variance(responses):
    posters = responses.filter(pl.col("selection") == "open")

    assert len(posters) == 27
    assert posters["weight"].is_null().all()
    assert posters["variance_stratum"].is_null().all()


def test_an_office_with_one_ballot_stays_in_the_file_and_is_named_as_left_out(
    folder, responses
):
    strata = read_manifest(folder)["strata_map"]

    assert (responses["office"] == "SNG").sum() == 1
    assert strata["left_out"] == ["SNG", "STC"]


def test_the_frame_counts_every_transaction(folder):
    frame = pl.read_parquet(folder / "frame.parquet")

    assert frame["frame_size"].sum() == 830
    assert set(frame["month"]) == {"2026-01", "2026-02"}
    assert frame.columns == [
        *("stratum", "office", "service_field", "month", "channel", "frame_size")
    ]


def test_the_manifest_says_how_everything_was_made(folder, noon):
    manifest = read_manifest(folder)

    assert manifest["wave"]["id"] == "2026-q1"
    assert (manifest["version"], manifest["seed"]) == (1, 7)
    assert manifest["frozen_at"] == noon.isoformat()
    assert manifest["questionnaire"]["id"] == "mini"
    assert "[[factor]]" in manifest["questionnaire"]["text"]
    assert [office["code"] for office in manifest["offices"]][:2] == ["SNV", "SYT"]


def test_the_same_seed_gives_the_same_rows_and_another_seed_another_order(wave, freeze):
    first = _rows(freeze(wave))
    again = _rows(freeze(wave, reason="thử lại"))
    other = _rows(freeze(wave, reason="thử lại", seed=8))

    assert first.equals(again)
    assert not first.equals(other)
    assert sorted(map(str, other.drop("psu").rows())) == sorted(
        map(str, first.drop("psu").rows())
    )


def test_an_open_wave_is_refused(wave, freeze):
    _set(wave, status=WaveStatus.OPEN)

    with pytest.raises(Refused, match="chưa đóng"):
        freeze(wave)


def test_pages_opened_before_close_are_waited_for_unless_the_analyst_decides(
    wave, freeze, noon
):
    _set(wave, closed_at=noon - timedelta(minutes=119))

    with pytest.raises(Refused, match="12:01 02/03/2026"):
        freeze(wave)
    assert freeze(wave, confirm_open_pages=True).version == 1


def test_a_second_version_needs_a_reason_and_leaves_the_first_alone(wave, freeze):
    first = freeze(wave)
    with pytest.raises(Refused, match="lý do"):
        freeze(wave)

    second = freeze(wave, reason="Bổ sung phiếu đến muộn")

    assert (second.version, second.folder) == (2, "2026-q1-v2")
    assert verify_folder(_folder(first), first.manifest_sha256) == []
    assert read_manifest(_folder(second))["reason"] == "Bổ sung phiếu đến muộn"


def test_every_reason_is_given_at_once(wave, freeze, noon):
    freeze(wave)
    _set(wave, closed_at=noon - timedelta(minutes=5))

    with pytest.raises(Refused) as refused:
        freeze(wave)

    assert len(refused.value.reasons) == 2


def test_codes_and_ballots_that_do_not_agree_are_refused(wave, freeze):
    with db.begin() as session:
        lost = session.scalar(
            select(Invitation.id).where(
                Invitation.stratum == "SNV", Invitation.outcome == Outcome.COMPLETED
            )
        )
        session.execute(
            update(Invitation)
            .where(Invitation.id == lost)
            .values(outcome=Outcome.NOT_RETURNED)
        )

    with pytest.raises(Refused, match="59 mã đã dùng nhưng 60 phiếu"):
        freeze(wave)


def test_a_ballot_without_a_question_of_the_form_is_refused(wave, freeze):
    with db.begin() as session:
        response = session.scalar(select(Response).where(Response.withdrawn.is_(False)))
        response.answers = {"signage": 5}

    with pytest.raises(Refused, match="“seating”"):
        freeze(wave)


def test_a_frame_that_is_not_the_one_of_the_plan_is_refused(wave, freeze, noon):
    _plan(wave, noon, frame_size=199)

    with pytest.raises(Refused, match="kế hoạch đã chốt ghi 199 hồ sơ"):
        freeze(wave)


def test_the_plan_travels_with_the_files_under_its_own_hash(wave, freeze, noon):
    _plan(wave, noon, frame_size=200)

    plan = read_manifest(_folder(freeze(wave)))["plan"]

    assert hashlib.sha256(plan["text"].encode()).hexdigest() == plan["sha256"]
    assert sampling.plan.from_json(plan["text"]).seed == 20260101


def test_rules_that_do_not_fit_the_form_are_refused(wave, freeze, noon):
    with db.begin() as session:
        text = session.get_one(PublishedRuleSet, "demo_2025").text
        text = text.replace("demo_2025", "demo_overall")
        text = text.replace('index_rule = "pooled"', 'index_rule = "overall_question"')
        upgrade.publish(session, PublishedRuleSet, text, now=noon)
    _set(wave, rule_set_id="demo_overall")

    with pytest.raises(Refused, match="Bộ quy tắc không dùng được"):
        freeze(wave)


def test_a_refusal_leaves_neither_files_nor_a_changed_wave(wave, freeze):
    with db.begin() as session:
        session.scalar(
            select(Response).where(Response.withdrawn.is_(False))
        ).answers = {}

    with pytest.raises(Refused):
        freeze(wave)

    with db.read() as session:
        assert session.get(Wave, wave.id).status is WaveStatus.CLOSED
        assert session.scalar(select(func.count()).select_from(FrozenSet)) == 0
    assert not list(reading.frozen_root().glob("*"))


def test_freezing_is_recorded_with_the_hash_of_the_manifest(wave, freeze, noon):
    frozen = freeze(wave)

    with db.read() as session:
        entry = session.scalar(select(AuditEntry))
        after = session.get(Wave, wave.id)
    assert entry.action == "wave.frozen"
    assert entry.detail["manifest_sha256"] == frozen.manifest_sha256
    assert (after.status, after.frozen_at) == (WaveStatus.FROZEN, noon)


def test_no_receipt_finds_its_ballot_after_freezing(wave, freeze):
    with db.read() as session:
        before = set(session.scalars(select(Response.id)))
    freeze(wave)

    with db.read() as session:
        assert before.isdisjoint(session.scalars(select(Response.id)))


def test_no_transaction_knows_a_person_after_freezing(wave, freeze):
    with db.begin() as session:
        session.execute(update(Transaction).values(person_hash="somebody"))

    folder = reading.frozen_root() / freeze(wave).folder

    with db.read() as session:
        assert set(session.scalars(select(Transaction.person_hash))) == {None}
    assert not any(b"somebody" in path.read_bytes() for path in folder.iterdir())


def test_a_folder_left_by_a_failed_attempt_is_put_aside(wave, freeze):
    left = reading.frozen_root() / "2026-q1-v1"
    left.mkdir(parents=True)
    (left / "manifest.json").write_text("{}")

    frozen = freeze(wave)

    assert verify_folder(_folder(frozen), frozen.manifest_sha256) == []
    assert len(list(reading.frozen_root().glob(".abandoned-*"))) == 1


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda f: (f / "frame.parquet").write_bytes(b"x"), "frame.parquet đã bị"),
        (lambda f: (f / "frame.parquet").unlink(), "Thiếu tệp frame.parquet"),
        (lambda f: (f / "extra.txt").write_text("x"), "extra.txt không thuộc"),
        (lambda f: (f / "manifest.json").write_text("["), "Không đọc được"),
    ],
)
def test_a_folder_that_was_touched_is_found_out(folder, spoil, problem):
    assert verify_folder(folder) == []
    spoil(folder)

    assert problem in " ".join(verify_folder(folder))


def test_a_manifest_rewritten_with_its_files_is_found_by_the_kept_hash(wave, freeze):
    frozen = freeze(wave)
    path = _folder(frozen) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"seed": 8}), encoding="utf-8")

    assert verify_folder(_folder(frozen)) == []
    assert verify_folder(_folder(frozen), frozen.manifest_sha256)


def test_simulated_data_say_so_in_every_file(wave, freeze):
    _set(wave, simulated=True)
    folder = _folder(freeze(wave))

    assert read_manifest(folder)["notice"] == "DỮ LIỆU MÔ PHỎNG"
    for path in folder.glob("*.parquet"):
        assert pl.read_parquet_metadata(path)["notice"] == "DỮ LIỆU MÔ PHỎNG"


def test_a_wave_is_frozen_by_command_and_refused_with_every_reason(
    app, wave, monkeypatch
):
    monkeypatch.setenv("SIPAS_INSTANCE", str(app.config["INSTANCE"]))
    monkeypatch.setenv("SIPAS_DATABASE_URL", app.config["DATABASE_URL"])

    made = CliRunner().invoke(freeze_by_command, [wave.code, "--json"])

    printed = json.loads(made.stdout)
    assert verify_folder(Path(printed["folder"]), printed["manifest_sha256"]) == []
    with pytest.raises(Refused, match="lý do"):
        CliRunner().invoke(freeze_by_command, [wave.code], catch_exceptions=False)


def test_a_wave_freezes_on_either_database(app_on_any_database, noon):
    with db.begin() as session:
        upgrade.publish(session, Definition, MINI, now=noon)
        wave = build_wave(session, OFFICES[:2], now=noon)
    with db.begin() as session:
        frozen = freeze_wave(
            session,
            session.get_one(Wave, wave.id),
            now=noon,
            folder_root=reading.frozen_root(),
        )

    assert verify_folder(_folder(frozen), frozen.manifest_sha256) == []
    assert len(_rows(frozen)) == 58 + 45 + 12


def _folder(frozen):
    return reading.frozen_root() / frozen.folder


def _rows(frozen):
    return pl.read_parquet(_folder(frozen) / "responses.parquet")


def _plan(wave, noon, *, frame_size):
    plan = sampling.plan.Plan(
        wave=wave.code,
        aim="Chỉ số của từng đơn vị",
        draw="simple",
        strata=(sampling.plan.PlannedStratum("SNV", frame_size, 80),),
        seed=20260101,
    )
    with db.begin() as session:
        session.add(
            FrozenPlan(
                wave_id=wave.id,
                document=sampling.plan.to_json(plan),
                sha256=sampling.plan.digest(plan),
                frozen_at=noon,
            )
        )


def _set(wave, **fields):
    with db.begin() as session:
        for name, value in fields.items():
            setattr(session.get_one(Wave, wave.id), name, value)

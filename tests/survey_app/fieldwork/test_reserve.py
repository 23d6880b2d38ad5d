"""Who did not answer, who takes his place, and what the figures make of it."""

import pytest
from sqlalchemy import select, update

from sampling.plan import from_json
from survey_app import clock, db
from survey_app.errors import Refused
from survey_app.fieldwork import plans, reserve, waves
from survey_app.fieldwork.planning import SizeBy, SizeWish, StrataBy
from survey_app.models import (
    AuditEntry,
    ContactResult,
    Invitation,
    Outcome,
    ReservePlace,
    Role,
)
from survey_app.results.gathering import gather
from survey_app.results.strata import weigh
from tests.survey_app.fieldwork.making import FRAME, build_wave

WISH = SizeWish(SizeBy.TOTAL, total=30, at_least=4, reserve=0.2, attempts=2)


@pytest.fixture
def wave(province):
    """An open wave of thirty, with a fifth more in reserve."""
    wave = build_wave(frame=FRAME)
    with db.begin() as session:
        plans.freeze_plan(session, wave.id, WISH, seed=7, now=clock.now())
        waves.open_wave(session, wave.id, now=clock.now())
    return wave


def drawn(wave, place=0):
    with db.read() as session:
        return reserve.units(session, wave, reserve.UnitFilter(office="30307"))[place]


def note(wave, unit, outcome=ContactResult.REFUSED, attempts=1):
    with db.begin() as session:
        return reserve.note(
            session,
            wave.id,
            unit.transaction_id,
            outcome,
            attempts=attempts,
            words="",
            now=clock.now(),
        )


def release(wave, unit, reason="Ông không muốn trả lời"):
    with db.begin() as session:
        return reserve.replace(
            session, wave.id, unit.transaction_id, reason=reason, now=clock.now()
        )


def test_the_reserve_is_drawn_with_the_sample_and_gets_no_code(wave):
    with db.read() as session:
        sealed = from_json(plans.latest_plan(session, wave).document)
        held = list(session.scalars(select(ReservePlace.transaction_id)))
        invited = set(session.scalars(select(Invitation.transaction_id)))

    assert [(s.n, s.reserve) for s in sealed.strata] == [(15, 3), (10, 2), (5, 1)]
    assert len(held) == 6
    assert len(invited) == 30
    assert not invited & set(held)


def test_the_next_in_order_is_released_and_the_one_replaced_stays_in_the_sample(wave):
    lost = drawn(wave)
    note(wave, lost)

    place = release(wave, lost)

    with db.read() as session:
        fresh = reserve.unit(session, wave, place.transaction_id)
        stayed = reserve.unit(session, wave, lost.transaction_id)
    assert (place.place, place.stratum) == (1, lost.stratum)
    assert (fresh.position, fresh.from_reserve) == (31, True)
    assert (stayed.replaced, stayed.outcome, stayed.aapor) == (True, "refused", "2.11")


def test_the_design_weight_counts_the_sample_and_what_was_released(wave):
    lost = drawn(wave)
    note(wave, lost)
    release(wave, lost)

    with db.read() as session:
        gathered = gather(session, wave)

    outcomes = {(d.stratum, d.outcome): d.count for d in gathered.dispositions}
    assert outcomes["30307", "refused"] == 1
    assert outcomes["30307", "not_returned"] == 15
    assert weigh(gathered).design["from_list", "30307"] == 60 / 16


def test_those_outside_the_survey_do_not_ask_others_to_stand_for_them(wave):
    note(wave, drawn(wave), ContactResult.OUT_OF_FRAME)

    with db.read() as session:
        found = weigh(gather(session, wave))

    assert found.classes["from_list", "30307"].issued == 14
    assert found.strata["from_list", "30307"].issued == 15


@pytest.mark.parametrize(
    ("outcome", "attempts", "reason", "sentence"),
    [
        (None, 0, "vì", "Cần ghi kết quả tiếp cận"),
        (ContactResult.NOT_CONTACTED, 1, "vì", "ít nhất 2 lần"),
        (ContactResult.UNKNOWN, 5, "vì", "không cho thay thế sau kết quả"),
        (ContactResult.REFUSED, 1, " ", "Chưa ghi lý do"),
    ],
)
def test_nobody_is_replaced_against_the_rule_of_the_plan(
    wave, outcome, attempts, reason, sentence
):
    lost = drawn(wave)
    if outcome:
        note(wave, lost, outcome, attempts)

    with pytest.raises(Refused, match=sentence):
        release(wave, lost, reason)


def test_a_place_is_given_on_once_and_only_while_the_reserve_lasts(wave):
    for place in range(3):
        note(wave, drawn(wave, place))
        release(wave, drawn(wave, place))
    note(wave, drawn(wave, 3))

    with pytest.raises(Refused, match="đã được thay"):
        release(wave, drawn(wave, 0))
    with pytest.raises(Refused, match="không còn hồ sơ dự phòng"):
        release(wave, drawn(wave, 3))


def test_who_has_answered_has_no_other_outcome(wave):
    lost = drawn(wave)
    with db.begin() as session:
        session.execute(
            update(Invitation)
            .where(Invitation.transaction_id == lost.transaction_id)
            .values(outcome=Outcome.COMPLETED, spent=True)
        )

    with pytest.raises(Refused, match="đã được ghi nhận"):
        note(wave, lost)


def test_a_new_plan_forgets_the_reserve_of_the_old(province):
    wave = build_wave(frame=FRAME)
    for reason in ("", "Thêm tầng"):
        with db.begin() as session:
            plans.freeze_plan(
                session, wave.id, WISH, seed=7, reason=reason, now=clock.now()
            )

    with db.read() as session:
        assert len(list(session.scalars(select(ReservePlace)))) == 6
        sealed = from_json(plans.latest_plan(session, wave).document)
    assert [(a.on, a.reason) for a in sealed.amendments] == [
        ("2026-03-02", "Thêm tầng")
    ]


def test_the_same_works_on_both_databases(app_on_any_database):
    from tests.survey_app.fieldwork.making import build_province

    build_province()
    wave = build_wave(frame=FRAME)
    wish = SizeWish(
        SizeBy.TOTAL, total=30, at_least=4, reserve=0.2, strata=StrataBy.MONTH
    )
    with db.begin() as session:
        plans.freeze_plan(session, wave.id, wish, seed=7, now=clock.now())
        waves.open_wave(session, wave.id, now=clock.now())
    lost = drawn(wave)
    note(wave, lost)
    release(wave, lost)

    with db.read() as session:
        gathered = gather(session, wave)

    assert sum(d.count for d in gathered.dispositions) == 31
    assert {d.outcome for d in gathered.dispositions} == {"refused", "not_returned"}


def test_a_supervisor_writes_an_outcome_and_releases_the_next(signed_in, wave):
    supervisor = signed_in(Role.SUPERVISOR)
    address = f"/fieldwork/waves/2026-Q1/units/{drawn(wave).transaction_id}"

    empty = supervisor.post(address, data={"attempts": "mấy lần"})
    early = supervisor.post(f"{address}/replace", data={"reason": "vì"})
    noted = supervisor.post(
        address, data={"outcome": "refused", "attempts": "1"}, follow_redirects=True
    )
    released = supervisor.post(
        f"{address}/replace", data={"reason": "Từ chối"}, follow_redirects=True
    )

    assert empty.status_code == 422
    assert "Kết quả tiếp cận: chưa chọn." in empty.text
    assert early.status_code == 409
    assert "Từ chối (AAPOR 2.11)" in noted.text
    assert "từ dự phòng" in released.text
    with db.read() as session:
        acts = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert acts == ["unit.noted", "reserve.released"]


def test_the_list_finds_a_dossier_and_says_how_many_are_left(signed_in, wave):
    supervisor = signed_in(Role.SUPERVISOR)
    address = "/fieldwork/waves/2026-Q1/units"

    whole = supervisor.get(address).text
    wrong = supervisor.get(address, query_string={"dossier": "không có"})
    none = supervisor.get(address, query_string={"outcome": "refused"}).text

    assert "30 trong 30 hồ sơ của mẫu" in whole
    assert "Tỷ lệ theo AAPOR" in whole
    assert wrong.status_code == 422
    assert "Mã hồ sơ không đúng dạng" in wrong.text
    assert "Không có hồ sơ nào của mẫu phù hợp" in none

"""A wave in fine strata from plan to weights, held against a naive computation."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from sampling.plan import from_json
from sampling.stratification import of_plan
from survey_app import clock, db
from survey_app.fieldwork import plans, quota_targets, waves
from survey_app.fieldwork.planning import DrawBy, SizeBy, SizeWish, StrataBy
from survey_app.fieldwork.quota_targets import Split
from survey_app.models import Invitation, Office, Outcome, Response, Transaction
from survey_app.results.agreement import contradictions
from survey_app.results.manifest import describe
from survey_app.results.preparation import prepare
from tests.survey_app.fieldwork.making import build_wave, finished

FIELDS = ("Chứng thực", "Hộ tịch", "Đất đai")
WISH = SizeWish(SizeBy.TOTAL, total=160, at_least=20, strata=StrataBy.MONTH)


def rows():
    """Two wards; one has a field with few dossiers, which no stratum can hold."""
    number = 0
    for office, sizes in (("30307", (150, 120, 9)), ("30316", (60, 50, 40))):
        for field, size in zip(FIELDS, sizes, strict=True):
            for i in range(size):
                number += 1
                back = date(2026, 1, 12) + timedelta(days=i % 45)
                yield finished(
                    number,
                    office=office,
                    field=field,
                    received="02/01/2026",
                    returned=f"{back:%d/%m/%Y}",
                )


@pytest.fixture
def wave(province):
    wave = build_wave(frame=tuple(rows()))
    with db.begin() as session:
        plans.freeze_plan(session, wave.id, WISH, seed=11, now=clock.now())
        waves.open_wave(session, wave.id, now=clock.now())
    return wave


def answer(wave, chosen):
    """Ballots, as they come in, for the invitations that ``chosen`` picks."""
    from uuid import uuid4

    import questionnaires
    from survey_app.models import Definition

    with db.begin() as session:
        text = session.scalar(
            select(Definition.text).where(Definition.id == wave.questionnaire_id)
        )
        form = questionnaires.parse(text)
        blank = {question.id: -3 for question in form.questions}
        for question in form.questions:
            if question.specify_id:
                blank[question.specify_id] = -4
        for i in session.scalars(select(Invitation).order_by(Invitation.draw_position)):
            if not chosen(i):
                continue
            i.outcome, i.spent = Outcome.COMPLETED, True
            session.add(
                Response(
                    id=uuid4(),
                    wave_id=wave.id,
                    questionnaire_id=wave.questionnaire_id,
                    selection=i.selection,
                    office_id=i.office_id,
                    service_field=i.service_field,
                    channel=i.channel,
                    stratum=i.stratum,
                    response_class=i.response_class,
                    answers=blank,
                    body_sha256="0" * 64,
                )
            )


def test_strata_hold_the_frame_and_at_least_four_forms_each(wave):
    with db.read() as session:
        sealed = from_json(plans.latest_plan(session, wave).document)
        invited = Counter(session.scalars(select(Invitation.stratum)))

    assert sealed.frame_size == 429
    assert sealed.n == 160
    assert len(sealed.strata) > 4
    assert all(s.n >= 4 and s.frame_size >= 20 for s in sealed.strata)
    assert invited == {s.stratum: s.n for s in sealed.strata}


def test_small_strata_join_before_codes_are_issued_and_never_across_offices(wave):
    with db.read() as session:
        sealed = from_json(plans.latest_plan(session, wave).document)

    assert sealed.merged
    for small, target in sealed.merged:
        assert small.split(" / ")[0] == target.split(" / ")[0]


def test_weights_are_those_of_a_naive_computation(wave):
    answer(wave, lambda i: i.draw_position % 3)

    with db.read() as session:
        prepared = prepare(session, wave)
        strata = of_plan(from_json(plans.latest_plan(session, wave).document))
        frame = Counter()
        for t, office in session.execute(
            select(Transaction, Office.code).join(
                Office, Office.id == Transaction.office_id
            )
        ):
            named = [office, t.service_field, t.channel, f"{t.returned_on:%Y-%m}"]
            name = " / ".join(named)
            frame[strata.merged.get(name, name)] += 1
        invited = list(session.scalars(select(Invitation)))
    issued = Counter(i.stratum for i in invited)
    asked = Counter(i.response_class for i in invited)
    came = Counter(i.response_class for i in invited if i.spent)
    naive = {
        (i.stratum, i.response_class): frame[i.stratum]
        / issued[i.stratum]
        * asked[i.response_class]
        / came[i.response_class]
        for i in invited
        if i.spent
    }
    assert min(came.values()) >= 10
    weighting = prepared.weighting

    found = {
        (b.stratum, b.response_class): weighting.design[b.selection, b.stratum]
        * weighting.nonresponse(b.selection, b.response_class)
        for b in prepared.gathered.ballots
    }
    assert found == pytest.approx(naive)
    assert len(naive) > 4


def test_a_stratum_nobody_answered_in_joins_another_of_its_office(wave):
    with db.read() as session:
        names = sorted(set(session.scalars(select(Invitation.stratum))))
    silent = next(name for name in names if name.startswith("30307"))
    answer(wave, lambda i: i.stratum != silent)

    with db.read() as session:
        prepared = prepare(session, wave)
        manifest = describe(
            wave,
            prepared,
            version=None,
            frozen_at=None,
            reason="",
            seed=None,
            files={},
        )

    found = prepared.weighting.strata["from_list", silent]
    home = [s for s in prepared.weighting.strata.values() if s.office == "30307"]
    joined = {s.variance_stratum: s.variance_frame_size for s in home}
    assert found.responses == 0
    assert any(s.variance_stratum != s.stratum for s in home)
    assert sum(joined.values()) == sum(s.frame_size for s in home) == 279
    assert len(manifest["strata_map"]["sha256"]) == 64
    assert manifest["strata_map"]["classes"]


def test_small_response_classes_join_until_they_can_carry_weight(wave):
    def chosen(invitation):
        few = invitation.service_field == "Đất đai"
        return invitation.draw_position % (9 if few else 2) == 0

    answer(wave, chosen)

    with db.read() as session:
        classes = prepare(session, wave).weighting.classes

    joined = {}
    for c in classes.values():
        total = joined.setdefault(c.joined_class, [0, 0, c])
        total[0] += c.issued
        total[1] += c.responded
    for issued, responded, c in joined.values():
        assert c.factor == pytest.approx(issued / responded)
        assert c.is_small or (responded >= 10 and c.factor <= 3)
    assert len(joined) < len(classes)


def test_a_frame_changed_behind_the_plan_is_found(wave):
    with db.begin() as session:
        some = select(Transaction.id).where(Transaction.wave_id == wave.id).limit(1)
        session.execute(
            update(Transaction)
            .where(Transaction.id == some.scalar_subquery())
            .values(returned_on=date(2026, 3, 30), service_field="Khác")
        )

    with db.read() as session:
        import questionnaires
        from survey_app.results.gathering import gather

        gathered = gather(session, wave)
        form = questionnaires.parse(gathered.questionnaire.text)

    assert any("kế hoạch đã chốt ghi" in p for p in contradictions(gathered, form))


def test_every_kth_runs_down_a_list_by_field_and_day(province):
    wave = build_wave(frame=tuple(rows()))
    wish = SizeWish(SizeBy.TOTAL, total=43, at_least=4, draw=DrawBy.SYSTEMATIC)

    with db.begin() as session:
        frozen = plans.freeze_plan(session, wave.id, wish, seed=11, now=clock.now())

    with db.read() as session:
        fields = Counter(
            (office, field)
            for office, field in session.execute(
                select(Office.code, Invitation.service_field).join(
                    Office, Office.id == Invitation.office_id
                )
            )
        )
    assert from_json(frozen.document).draw == "systematic"
    assert 14 <= fields["30307", "Chứng thực"] <= 16
    assert 11 <= fields["30307", "Hộ tịch"] <= 13


@pytest.mark.parametrize("split", Split)
def test_interviews_wished_for_are_the_sample_summed_by_office(wave, split):
    with db.read() as session:
        planned = from_json(plans.latest_plan(session, wave).document).strata
        drawn = Counter(session.scalars(select(Invitation.office_id)))
        targets = quota_targets.from_plan(session, wave, split)

    wished = Counter()
    for (office, _), n in targets.items():
        wished[office] += n
    assert len(planned) > len(drawn) == 2
    assert wished == drawn

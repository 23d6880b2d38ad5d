"""The two waves of the demonstration, made by the operations that staff use."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app import clock
from survey_app.collect.nonces import LIFETIME
from survey_app.demonstration.answering import Fieldwork, answer
from survey_app.demonstration.frame import transactions
from survey_app.fieldwork import handing_out, plans, posters, waves
from survey_app.fieldwork import transactions as frames
from survey_app.fieldwork.addresses import Site
from survey_app.fieldwork.planning import SizeBy, SizeWish
from survey_app.models import Wave
from survey_app.results.freezing import freeze_wave

SEED = 20_260_101
SITE = Site("http://127.0.0.1")
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """What one wave of the demonstration is about.

    ``returned`` is the share of slips that come back in an office of middling zeal.
    """

    code: str
    name: str
    questionnaire_id: str
    level: tuple[str, ...]
    first_day: date
    last_day: date
    typical: int
    sample: int
    at_least: int
    opened_at: datetime
    lasts: timedelta
    returned: float
    on_posters: int


def closed_scene() -> Scene:
    return Scene(
        code="2021",
        name="Khảo sát mức độ hài lòng năm 2021",
        questionnaire_id="sipas_2640",
        level=("so_ban_nganh", "huyen"),
        first_day=date(2021, 7, 1),
        last_day=date(2021, 12, 31),
        typical=250,
        sample=1_400,
        at_least=30,
        opened_at=datetime(2022, 1, 10, 7, 30, tzinfo=clock.VIETNAM),
        lasts=timedelta(days=21),
        returned=0.8,
        on_posters=240,
    )


def open_scene(now: datetime) -> Scene:
    """The last three months in the communes of 2025, with fieldwork under way."""
    today = clock.vietnam_day(now)
    opened_at = now - timedelta(days=6)
    last_day = clock.vietnam_day(opened_at) - timedelta(days=1)
    return Scene(
        code=f"{today.year}-{today.month:02}",
        name=f"Khảo sát mức độ hài lòng tháng {today.month}/{today.year}",
        questionnaire_id="sipas_1001_service",
        level=("xa",),
        first_day=last_day - timedelta(days=90),
        last_day=last_day,
        typical=40,
        sample=1_020,
        at_least=10,
        opened_at=opened_at,
        lasts=timedelta(days=5),
        returned=0.4,
        on_posters=80,
    )


def build_closed(session: Session, *, frozen_root: Path, progress: Progress) -> Wave:
    """The wave of 2021: asked, answered, closed and frozen."""
    scene = closed_scene()
    wave, _ = _fieldwork(session, scene, progress)
    closed_at = scene.opened_at + scene.lasts + timedelta(hours=1)
    waves.close_wave(session, wave.id, now=closed_at)
    progress("Chốt bộ số liệu…")
    frozen_at = closed_at + LIFETIME + timedelta(days=1)
    freeze_wave(session, wave, now=frozen_at, folder_root=frozen_root, seed=SEED)
    return wave


def build_open(
    session: Session, *, now: datetime, progress: Progress
) -> tuple[Wave, bytes]:
    """The wave of now, with slips still unanswered; and its file of transactions."""
    return _fieldwork(session, open_scene(now), progress)


def _fieldwork(
    session: Session, scene: Scene, progress: Progress
) -> tuple[Wave, bytes]:
    before = scene.opened_at - timedelta(hours=2)
    draft = waves.WaveDraft(
        code=scene.code,
        name=scene.name,
        questionnaire_id=scene.questionnaire_id,
        rule_set_id="demo_2025",
        period_start=scene.first_day,
        period_end=scene.last_day,
        levels=scene.level,
        simulated=True,
    )
    wave = waves.create_wave(session, draft, now=before)
    progress(f"Đợt {scene.code}: hồ sơ mô phỏng của {len(wave.offices)} đơn vị…")
    file = transactions(
        [(office.code, office.level) for office in wave.offices],
        first_day=scene.first_day,
        last_day=scene.last_day,
        typical=scene.typical,
        seed=SEED,
    )
    frames.import_transactions(session, wave, io.BytesIO(file), now=scene.opened_at)
    wish = SizeWish(SizeBy.TOTAL, total=scene.sample, at_least=scene.at_least)
    plans.freeze_plan(session, wave.id, wish, seed=SEED, now=before)
    posters.create(session, wave.id, now=before)
    waves.open_wave(session, wave.id, now=scene.opened_at)
    handed_out = handing_out.matched(session, wave, io.BytesIO(file), site=SITE)
    handing_out.note_issued(session, wave.id, handed_out, now=scene.opened_at)
    progress(f"Đợt {scene.code}: đã phát {handed_out.drawn} phiếu, đang trả lời…")
    fieldwork = Fieldwork(
        scene.opened_at, scene.lasts, scene.returned, scene.on_posters, SEED
    )
    answer(session, wave, fieldwork, handed_out.slips)
    return wave, file

"""Pages of quotas: targets for those who plan, places for those who interview."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork import monitoring, queries, quota_targets, quotas
from survey_app.fieldwork.access import MAY_PLAN, MAY_SEE
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.quota_targets import SPLITS, Split
from survey_app.formats import number
from survey_app.models import (
    PlaceState,
    QuotaCell,
    QuotaPlace,
    Role,
    Wave,
    WaveStatus,
)

MAY_INTERVIEW = (Role.INTERVIEWER,)


@bp.get("/waves/<wave_code>/quotas")
@allowed(*MAY_SEE)
def quotas_of(wave_code: str) -> ResponseReturnValue:
    return _quotas_page(wave_code)


@bp.post("/waves/<wave_code>/quotas")
@allowed(*MAY_PLAN)
def set_quotas(wave_code: str) -> ResponseReturnValue:
    """Keep the targets typed; one wrong field keeps all of them as they were."""
    now = clock.now()
    try:
        with db.begin() as session:
            wave = _changeable(queries.find_wave(session, wave_code))
            targets = _typed(monitoring.cells_of(session, wave))
            changed = quotas.set_targets(session, wave, targets)
            detail = {"cells": changed, "places": sum(targets.values())}
            audit.record(
                session, current_account(), "quotas.set", wave_code, detail, now=now
            )
    except Refused as refused:
        return _quotas_page(wave_code, refused.reasons), 422
    flash(f"Đã đổi chỉ tiêu của {number(changed)} nhóm.")
    return redirect(url_for(".quotas_of", wave_code=wave_code), code=303)


@bp.post("/waves/<wave_code>/quotas/from-plan")
@allowed(*MAY_PLAN)
def quotas_from_plan(wave_code: str) -> ResponseReturnValue:
    """Take the sample of the plan as targets, shared as asked."""
    now, asked = clock.now(), request.form.get("split", "")
    if asked not in list(Split):
        return _quotas_page(wave_code, ("Vui lòng chọn cách chia nhóm.",)), 422
    try:
        with db.begin() as session:
            wave = _changeable(queries.find_wave(session, wave_code))
            targets = quota_targets.from_plan(session, wave, Split(asked))
            quotas.set_targets(session, wave, targets)
            detail = {"split": asked, "places": sum(targets.values())}
            audit.record(
                session, current_account(), "quotas.set", wave_code, detail, now=now
            )
    except Refused as refused:
        return _quotas_page(wave_code, refused.reasons), 422
    flash(f"Đã đặt chỉ tiêu {number(sum(targets.values()))} cuộc phỏng vấn.")
    return redirect(url_for(".quotas_of", wave_code=wave_code), code=303)


@bp.get("/interviews")
@allowed(*MAY_INTERVIEW)
def interviews() -> ResponseReturnValue:
    """Cells with free places, and the interviews this person has begun."""
    with db.read() as session:
        now, account = clock.now(), current_account()
        waves = [
            (
                wave,
                monitoring.cells_of(session, wave),
                monitoring.standings(session, wave, now=now),
            )
            for wave in queries.waves_in_fieldwork(session)
            if wave.status is WaveStatus.OPEN
        ]
        places = list(
            session.scalars(
                select(QuotaPlace)
                .where(
                    QuotaPlace.interviewer_id == account.id,
                    QuotaPlace.state == PlaceState.RESERVED,
                )
                .options(selectinload(QuotaPlace.cell).selectinload(QuotaCell.office))
                .order_by(QuotaPlace.reserved_until)
            )
        )
    return render_template(
        "fieldwork/interviews.html", waves=waves, places=places, now=now
    )


@bp.post("/interviews/start/<int:cell_id>")
@allowed(*MAY_INTERVIEW)
def start_interview(cell_id: int) -> ResponseReturnValue:
    """Take a place; who comes too late is told that the cell is full."""
    now, account = clock.now(), current_account()
    with db.begin() as session:
        cell = session.get(QuotaCell, cell_id)
        wave = session.get(Wave, cell.wave_id) if cell else None
        if wave is None:
            raise NotFound
        if wave.status is not WaveStatus.OPEN:
            raise Refused("Đợt khảo sát không mở nên không bắt đầu phỏng vấn được.")
        quotas.reserve(session, cell_id, now=now, interviewer_id=account.id)
    flash(f"Đã giữ chỗ trong {quotas.MINUTES} phút.")
    return redirect(url_for(".interviews"), code=303)


@bp.post("/interviews/<uuid:place_id>/finish")
@allowed(*MAY_INTERVIEW)
def finish_interview(place_id: UUID) -> ResponseReturnValue:
    now = clock.now()
    with db.begin() as session:
        quotas.finish(session, quotas.own(session, place_id, _me()), now=now)
    flash("Đã ghi một cuộc phỏng vấn hoàn thành.")
    return redirect(url_for(".interviews"), code=303)


@bp.post("/interviews/<uuid:place_id>/release")
@allowed(*MAY_INTERVIEW)
def release_interview(place_id: UUID) -> ResponseReturnValue:
    with db.begin() as session:
        quotas.release(session, quotas.own(session, place_id, _me()))
    flash("Đã trả lại chỗ.")
    return redirect(url_for(".interviews"), code=303)


def _me() -> int:
    return current_account().id


def _changeable(wave: Wave) -> Wave:
    if wave.status not in (WaveStatus.DRAFT, WaveStatus.OPEN):
        raise Refused("Đợt khảo sát đã đóng nên không đổi chỉ tiêu nữa.")
    return wave


def _typed(cells: list[QuotaCell]) -> dict[tuple[int, str], int]:
    """The fields of the form by cell; every field that is no number is named."""
    targets, problems = {}, []
    for cell in cells:
        text = request.form.get(f"cell-{cell.id}", "").strip().replace(".", "")
        if text.isascii() and text.isdigit() and len(text) < 8:
            targets[cell.office_id, cell.name] = int(text)
        else:
            name = f"{cell.office.name}{', ' + cell.name if cell.name else ''}"
            problems.append(f"{name}: vui lòng ghi một số từ 0 trở lên.")
    if problems:
        raise Refused(*problems)
    return targets


def _quotas_page(wave_code: str, reasons: tuple[str, ...] = ()) -> str:
    now = clock.now()
    today = clock.vietnam_day(now)
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        full = monitoring.standings(session, wave, now=now)
        cells = [
            (cell, full[cell.id], monitoring.cell_ends_on(wave, cell, today=today))
            for cell in monitoring.cells_of(session, wave)
        ]
        people = monitoring.interviewers(session, wave, today=today)
    return render_template(
        "fieldwork/quotas.html",
        wave=wave,
        cells=cells,
        people=people,
        reasons=reasons,
        splits=SPLITS,
        typed=request.form,
        may_plan=current_account().role in MAY_PLAN
        and wave.status in (WaveStatus.DRAFT, WaveStatus.OPEN),
    )

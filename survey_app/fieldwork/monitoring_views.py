"""The page of every morning: who has no ballots, who is behind, for the reminder."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db, tables
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.fieldwork import downloads, monitoring, queries
from survey_app.fieldwork.access import MAY_PLAN, MAY_SEE
from survey_app.fieldwork.addresses import is_demonstration
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.monitoring import STATUSES, Progress, Status
from survey_app.fieldwork.transactions import locked
from survey_app.formats import day, folded, percent

ORDERS = {
    "code": lambda p: p.code,
    "name": lambda p: folded(p.name),
    "status": lambda p: (list(Status).index(p.status), p.code),
    "returned": lambda p: (p.done, p.code),
    "rate": lambda p: (1.0 if p.rate is None else p.rate, p.code),
}
HEADINGS = (
    "Mã",
    "Đơn vị",
    "Hồ sơ đã trả kết quả",
    "Mẫu được chọn",
    "Mã đã phát",
    "Phiếu theo mẫu đã về",
    "Phỏng vấn xong",
    "Mục tiêu",
    "Tỷ lệ trả lời",
    "Phiếu áp phích",
    "Dự kiến đạt ngày",
    "Còn lại (ngày)",
    "Tình trạng",
)


@bp.get("/waves/<wave_code>/monitoring")
@allowed(*MAY_SEE)
def monitor(wave_code: str) -> ResponseReturnValue:
    """Every office with its ballots and target; those who lag stand first."""
    today = clock.vietnam_day(clock.now())
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        rows = monitoring.progress(session, wave, today=today)
        drifts = monitoring.drifts(session, wave)
        people = monitoring.interviewers(session, wave, today=today)
    counted = {s: sum(row.status is s for row in rows) for s in Status}
    return render_template(
        "fieldwork/monitoring.html",
        wave=wave,
        rows=_asked_for(rows),
        counted=counted,
        statuses=STATUSES,
        drifts=drifts,
        people=people,
        today=today,
        wanted=request.args,
        orders=ORDERS,
        may_plan=current_account().role in MAY_PLAN,
    )


@bp.get("/waves/<wave_code>/monitoring.<kind>")
@allowed(*MAY_SEE)
def monitoring_file(wave_code: str, kind: str) -> ResponseReturnValue:
    """The rows of the page as a file for the reminder letter."""
    if kind not in ("csv", "xlsx"):
        abort(404)
    today = clock.vietnam_day(clock.now())
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        rows = _asked_for(monitoring.progress(session, wave, today=today))
    sheet = [HEADINGS, *(_cells(row) for row in rows)]
    name = f"tien-do-{wave.code}-{today.isoformat()}.{kind}"
    simulated = wave.simulated or is_demonstration()
    if kind == "csv":
        first = [["DỮ LIỆU MÔ PHỎNG"]] if simulated else []
        return downloads.attachment(downloads.csv_bytes([*first, *sheet]), name)
    title = "MÔ PHỎNG – Tiến độ" if simulated else "Tiến độ"
    return downloads.attachment(downloads.xlsx_bytes({title: sheet}), name)


@bp.post("/waves/<wave_code>/monitoring/closes-on")
@allowed(*MAY_PLAN)
def set_last_day(wave_code: str) -> ResponseReturnValue:
    """Say on which day the wave is meant to end; an empty field takes it back."""
    now, typed = clock.now(), request.form.get("closes_on", "").strip()
    closes_on = tables.day(typed)
    if typed and closes_on is None:
        raise Refused(f"“{typed}” không phải là ngày. Vui lòng ghi dạng 31/12/2026.")
    with db.begin() as session:
        wave = locked(session, queries.find_wave(session, wave_code).id)
        if closes_on and closes_on < clock.vietnam_day(wave.opened_at or now):
            raise Refused("Ngày dự kiến đóng đứng trước ngày mở đợt khảo sát.")
        wave.closes_on = closes_on
        detail = {"closes_on": closes_on}
        audit.record(
            session, current_account(), "wave.last_day", wave_code, detail, now=now
        )
    said = f"Dự kiến đóng đợt ngày {day(closes_on)}." if closes_on else "Đã bỏ ngày."
    flash(said)
    return redirect(url_for(".monitor", wave_code=wave_code), code=303)


def _asked_for(rows: Sequence[Progress]) -> list[Progress]:
    """Searched, filtered and sorted as the address says."""
    q, only = folded(request.args.get("q", "")), request.args.get("status", "")
    found = [
        row
        for row in rows
        if (not only or row.status == only) and q in folded(f"{row.name} {row.code}")
    ]
    order = ORDERS.get(request.args.get("sort", "status"), ORDERS["status"])
    return sorted(found, key=order)


def _cells(row: Progress) -> list[object]:
    return [
        row.code,
        row.name,
        row.finished,
        row.drawn,
        "" if row.issued is None else row.issued,
        row.returned,
        row.interviews,
        row.target,
        percent(row.rate, 1) if row.rate is not None else "",
        row.open_ballots,
        day(row.ends_on) if row.ends_on else "",
        "" if row.days_left is None else row.days_left,
        STATUSES[row.status],
    ]

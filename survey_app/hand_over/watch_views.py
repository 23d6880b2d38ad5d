"""The page on which a supervisor sees whether every due slip was handed out."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from survey_app import db
from survey_app.accounts.access import allowed
from survey_app.fieldwork import downloads, queries
from survey_app.fieldwork.access import MAY_SEE
from survey_app.fieldwork.addresses import is_demonstration
from survey_app.formats import day as shown_day
from survey_app.hand_over import watch
from survey_app.hand_over.blueprint import bp
from survey_app.hand_over.words import HALVES

SORTS = {
    "office": lambda line: (line.office, line.shop, line.counter),
    "finished": lambda line: -line.handed.finished,
    "share": lambda line: line.handed.share if line.handed.finished else -1.0,
    "missing": lambda line: -line.handed.missing,
}
MOST_SHOWN = 300


@bp.get("/<wave_code>/shifts")
@allowed(*MAY_SEE)
def shifts(wave_code: str) -> ResponseReturnValue:
    search, sort = request.args.get("q", ""), request.args.get("sort", "")
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        counters = watch.by_counter(session, wave, search)
        officers = watch.by_officer(session, wave, search)
    if sort in SORTS:
        counters.sort(key=SORTS[sort])
    return render_template(
        "hand_over/shifts.html",
        wave=wave,
        counters=counters,
        officers=officers[:MOST_SHOWN],
        hidden=max(0, len(officers) - MOST_SHOWN),
        total=watch.together(counters),
        flagged=sum(bool(line.flags) for line in counters),
        search=search,
        sort=sort,
        halves=HALVES,
    )


@bp.get("/<wave_code>/shifts.csv")
@allowed(*MAY_SEE)
def shifts_csv(wave_code: str) -> Response:
    """Every officer's half day as a file."""
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        officers = watch.by_officer(session, wave, request.args.get("q", ""))
    header: list[object] = [
        *("Đơn vị", "Nơi trả kết quả", "Quầy", "Ngày", "Buổi", "Người trực"),
        *("Lượt đã trả kết quả", "Phiếu phải phát", "Phiếu đã in"),
        *("Phiếu ÷ lượt", "Cần xem lại"),
    ]
    rows: list[list[object]] = [header]
    for line in officers:
        handed = line.handed
        share = "" if handed.share is None else f"{handed.share:.4f}".replace(".", ",")
        rows.append(
            [
                *(line.office, line.shop, line.counter, shown_day(line.day)),
                *(HALVES[line.half], line.officer),
                *(handed.finished, handed.due, handed.issued),
                *(share, "; ".join(line.flags)),
            ]
        )
    if wave.simulated or is_demonstration():
        rows.insert(0, ["DỮ LIỆU MÔ PHỎNG"])
    return downloads.attachment(
        downloads.csv_bytes(rows), f"phat-phieu-{wave.code}.csv"
    )

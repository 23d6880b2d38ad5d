"""``sipas wave``: create, look at, open and close waves."""

from __future__ import annotations

import importlib
from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from survey_app import clock, create_app, db
from survey_app.accounts import audit
from survey_app.collect import unlinking
from survey_app.fieldwork import queries, transactions, waves
from survey_app.fieldwork.printing import as_json, print_json, print_table
from survey_app.fieldwork.readiness import next_step
from survey_app.fieldwork.words import LEVELS, WAVE_STATUSES
from survey_app.models import Wave

DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
TITLES = {
    "code": "Mã",
    "status_text": "Trạng thái",
    "offices": "Đơn vị",
    "frame_size": "Hồ sơ",
    "sample_size": "Mẫu",
    "name": "Tên",
}


# Results stand above fieldwork; their command is known here by name only.
FREEZE = ("survey_app.results.freeze_command", "freeze")


class WaveGroup(click.Group):
    """The commands below, and ``freeze``, which results provide."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), FREEZE[1]])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != FREEZE[1]:
            return super().get_command(ctx, cmd_name)
        found: click.Command = getattr(importlib.import_module(FREEZE[0]), FREEZE[1])
        return found


@click.group(cls=WaveGroup)
def wave() -> None:
    """Đợt khảo sát."""


@wave.command("create")
@click.argument("code")
@click.option("--name", required=True, help="Tên đợt khảo sát.")
@click.option("--questionnaire", required=True, help="Mã mẫu phiếu.")
@click.option("--rule-set", required=True, help="Mã cách tính.")
@click.option("--from", "start", type=DAY, required=True, help="Ngày đầu thời kỳ.")
@click.option("--to", "end", type=DAY, required=True, help="Ngày cuối thời kỳ.")
@click.option(
    "--level", "levels", type=click.Choice(list(LEVELS)), multiple=True, help="Cấp."
)
@click.option("--office", "offices", multiple=True, help="Mã đơn vị; dùng nhiều lần.")
@as_json
def create(
    code: str,
    name: str,
    questionnaire: str,
    rule_set: str,
    start: datetime,
    end: datetime,
    levels: tuple[str, ...],
    offices: tuple[str, ...],
    as_json: bool,
) -> None:
    """Lập một đợt khảo sát."""
    now = clock.now()
    draft = waves.WaveDraft(
        code=code,
        name=name,
        questionnaire_id=questionnaire,
        rule_set_id=rule_set,
        period_start=start.date(),
        period_end=end.date(),
        levels=levels,
        office_codes=offices,
    )
    with create_app().app_context(), db.begin() as session:
        made = waves.create_wave(session, draft, now=now)
        detail = {"offices": len(made.offices)}
        audit.record(session, None, "wave.created", code, detail, now=now)
        summary = _summary(session, made)
    _print(summary, as_json)


@wave.command("list")
@as_json
def list_waves(as_json: bool) -> None:
    """Liệt kê các đợt khảo sát."""
    with create_app().app_context(), db.read() as session:
        rows = [_summary(session, made) for made in queries.waves(session)]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, TITLES)
    else:
        click.echo("Chưa có đợt khảo sát nào. Lập đợt đầu tiên: sipas wave create")


@wave.command("show")
@click.argument("code")
@as_json
def show(code: str, as_json: bool) -> None:
    """Trạng thái, bước tiếp theo và khung mẫu theo tầng của một đợt."""
    with create_app().app_context(), db.read() as session:
        found = waves.by_code(session, code)
        summary = _summary(session, found)
        strata = [
            {"stratum": s.code, "name": s.name, "frame_size": s.frame_size}
            for s in transactions.frame_counts(session, found)
        ]
    if as_json:
        print_json({**summary, "strata": strata})
        return
    _print(summary, as_json)
    print_table(strata, {"stratum": "Tầng", "frame_size": "N", "name": "Đơn vị"})


@wave.command("open")
@click.argument("code")
@click.option(
    "--posters-only",
    is_flag=True,
    help="Mở chỉ với áp phích: số liệu sẽ không chính thức.",
)
@as_json
def open_wave(code: str, posters_only: bool, as_json: bool) -> None:
    """Mở đợt khảo sát; chưa mở được thì nêu mọi lý do."""
    now = clock.now()
    with create_app().app_context(), db.begin() as session:
        found = waves.by_code(session, code)
        waves.open_wave(session, found.id, posters_only=posters_only, now=now)
        detail = {"posters_only": posters_only}
        audit.record(session, None, "wave.opened", code, detail, now=now)
        summary = _summary(session, found)
    _print(summary, as_json)
    if posters_only:
        click.echo("Chỉ có áp phích: số liệu của đợt này không chính thức.", err=True)


@wave.command("close")
@click.argument("code")
@as_json
def close(code: str, as_json: bool) -> None:
    """Đóng đợt khảo sát và xóa mọi liên hệ giữa mã phiếu và câu trả lời."""
    now = clock.now()
    with create_app().app_context():
        with db.begin() as session:
            found = waves.by_code(session, code)
            waves.close_wave(session, found.id, now=now)
            audit.record(session, None, "wave.closed", code, now=now)
            summary = _summary(session, found)
        unlinking.vacuum(db.current_database())
    _print(summary, as_json)


@wave.command("unlink")
def unlink() -> None:
    """Xóa liên hệ giữa mã và phiếu của mọi đợt đang mở hoặc đã đóng.

    Đặt lịch chạy hằng ngày và trước mỗi lần sao lưu.
    """
    now = clock.now()
    with create_app().app_context():
        with db.begin() as session:
            found = waves.with_ballots(session)
            for one in found:
                unlinking.unlink(session, one, now=now)
        unlinking.vacuum(db.current_database())
    click.echo(f"Đã xóa liên hệ trong {len(found)} đợt khảo sát.")


def _summary(session: Session, found: Wave) -> dict[str, Any]:
    facts = waves.facts(session, found)
    return {
        "code": found.code,
        "name": found.name,
        "status": found.status.value,
        "status_text": WAVE_STATUSES[found.status],
        "simulated": found.simulated,
        "period_start": found.period_start.isoformat(),
        "period_end": found.period_end.isoformat(),
        "offices": facts.offices,
        "frame_size": facts.frame_size,
        "sample_size": facts.invitations,
        "returned": facts.returned,
        "posters": facts.live_posters,
        "next_step": next_step(facts).text,
    }


def _print(summary: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(summary)
    else:
        print_table([summary], TITLES)
        click.echo(summary["next_step"])

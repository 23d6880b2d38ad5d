"""``sipas demo``: simulated data in a database of its own, ready to be looked at."""

from __future__ import annotations

import shutil
import sys
import time
from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app import clock, codes, create_app, db, server, settings, upgrade
from survey_app.accounts import passwords, roles
from survey_app.collect import unlinking
from survey_app.demonstration import building, cast
from survey_app.models import Invitation, Poster, Wave, WaveStatus

FOLDER = Path("instance")
TRANSACTIONS = "ho-so-mo-phong.csv"
SLIPS_SHOWN = 3


@click.command()
@click.option("--serve", "then_serve", is_flag=True, help="Chạy máy chủ sau khi tạo.")
@click.option("--port", default=8000, show_default=True, help="Cổng; 0: cổng trống.")
@click.option("--fresh", is_flag=True, help="Xóa bản trình diễn cũ và tạo lại.")
def demo(then_serve: bool, port: int, fresh: bool) -> None:
    """Tạo bản trình diễn với dữ liệu mô phỏng, không bao giờ đụng đến dữ liệu thật."""
    app = demonstration_app(FOLDER)
    with app.app_context():
        if fresh or not _is_built():
            _build(clock.now())
        password, password_hash = passwords.one_time()
        with db.begin() as session:
            cast.give_out(session, password_hash)
    if then_serve:
        server.run(
            app,
            host="127.0.0.1",
            port=port,
            ready=lambda url: _tell(app, url, password),
        )
    else:
        _tell(app, f"http://127.0.0.1:{port}/", password)


def demonstration_app(folder: Path) -> Flask:
    """The application on the demonstration's own files, whatever the settings say."""
    folder = folder.absolute()
    return create_app(
        {
            "DEMONSTRATION": "1",
            "INSTANCE": str(folder / "demo"),
            "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
            "PUBLIC_URL": "",
        }
    )


def _is_built() -> bool:
    """Whether everything is there, in the tables of this version."""
    if not upgrade.is_current(db.current_database().engine):
        return False
    with db.read() as session:
        return session.scalar(select(Wave.id).limit(1)) is not None


def _build(now: datetime) -> None:
    began = time.perf_counter()
    database = db.current_database()
    instance: Path = current_app.config["INSTANCE"]
    _erase(database.engine.url.database or "", instance)
    upgrade.migrate(database.engine)
    with db.begin() as session:
        file = building.build(session, now=now, instance=instance, progress=_progress)
    unlinking.vacuum(database)
    (instance / TRANSACTIONS).write_bytes(file)
    _progress(f"Xong sau {time.perf_counter() - began:.0f} giây.")


def _erase(database: str, instance: Path) -> None:
    db.current_database().engine.dispose()
    for ending in ("", "-wal", "-shm"):
        Path(database + ending).unlink(missing_ok=True)
    shutil.rmtree(instance / "frozen", ignore_errors=True)


def _progress(said: str) -> None:
    click.echo(said, err=True)


def _tell(app: Flask, url: str, password: str) -> None:
    with app.app_context(), db.read() as session:
        tries = "\n".join(f"    {url}{path}" for path in _paths_to_try(session))
    people = "\n".join(
        f"    {username:<10} {roles.NAMES[role]}"
        for role, (username, _) in cast.CAST.items()
    )
    click.echo(
        f"""
BẢN TRÌNH DIỄN – DỮ LIỆU MÔ PHỎNG – chỉ mở được trên máy này
    {url}

Đăng nhập: {url}accounts/sign-in
Mật khẩu chung, mới mỗi lần chạy:  {password}
{people}

Trả lời thử (áp phích, rồi các phiếu chưa trả lời):
{tries}

Tệp hồ sơ để thử phát mã:  {app.config["INSTANCE"] / TRANSACTIONS}
"""
    )
    sys.stdout.flush()


def _paths_to_try(session: Session) -> list[str]:
    """A poster and a few slips of the open wave that nobody has answered yet."""
    is_open = Wave.status == WaveStatus.OPEN
    poster = session.scalar(
        select(Poster.code)
        .join(Wave)
        .where(is_open, Poster.revoked_at.is_(None))
        .order_by(Poster.id)
        .limit(1)
    )
    slips = session.scalars(
        select(Invitation)
        .join(Wave)
        .where(is_open, Invitation.spent.is_(False))
        .order_by(Invitation.draw_position)
        .limit(SLIPS_SHOWN)
    )
    key = settings.keys().code
    made = [codes.slip_code(key, slip.id, slip.code_version) for slip in slips]
    return [f"Q/{poster}", *(f"P/{code}" for code in made)] if poster else []

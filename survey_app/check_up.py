"""The check-up behind ``sipas doctor``: what was found, and what to do about it."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from flask import Flask
from sqlalchemy import exc, func, make_url, select
from sqlalchemy.orm import Session

from survey_app import db, settings, upgrade
from survey_app.accounts import audit
from survey_app.formats import number
from survey_app.models import Account, Role, Wave

ENOUGH_DISK = 2 * 1024**3
PDF_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")

PUBLIC_URL_PROBLEMS = {
    "unset": "chưa đặt, nên chưa in được mã phiếu và áp phích",
    "not_https": "không phải địa chỉ https, nên chưa in được mã",
    "loopback": "chỉ mở được trên chính máy này, nên chưa in được mã",
}


class State(StrEnum):
    OK = "ok"
    NOTE = "note"
    MUST = "must"


MARKS = {State.OK: "  ✓", State.NOTE: "  •", State.MUST: "  ✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, how it stands, and the remedy when it does not."""

    subject: str
    state: State
    found: str
    remedy: str = ""

    @property
    def must_be_done(self) -> bool:
        return self.state is State.MUST

    def as_text(self) -> str:
        line = f"{MARKS[self.state]} {self.subject}: {self.found}"
        return f"{line}\n      → {self.remedy}" if self.remedy else line

    def as_json(self) -> dict[str, str]:
        return {key: str(value) for key, value in asdict(self).items()}


def findings(app: Flask) -> list[Finding]:
    """Look at everything, also when something fails on the way."""
    found = [*_settings(app), *_strange_variables(), *_secrets(app.config["INSTANCE"])]
    found += [_public_url(app), _disk(app.config["INSTANCE"]), _pdf(), *_database(app)]
    return found


def _settings(app: Flask) -> Iterator[Finding]:
    for setting in settings.SETTINGS:
        value = str(app.config[setting.name])
        if setting.name == "DATABASE_URL":
            value = make_url(value).render_as_string(hide_password=True)
        found = f"{value or '(trống)'} – {setting.meaning}"
        yield Finding(setting.variable, State.OK, found)


def _strange_variables() -> Iterator[Finding]:
    known = {setting.variable for setting in settings.SETTINGS}
    for name in sorted(os.environ):
        if name.startswith("SIPAS_") and name not in known:
            yield Finding(
                name,
                State.MUST,
                "hệ thống không có cài đặt này, nên giá trị không có tác dụng",
                f"Sửa lại tên hoặc bỏ biến {name}.",
            )


def _secrets(instance: Path) -> Iterator[Finding]:
    files = [(instance / name, 0o600) for name in settings.SECRETS]
    for path, wanted in [(instance, 0o700), *files]:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~wanted:
            yield Finding(
                f"Quyền của {path}",
                State.MUST,
                f"{mode:04o}, người khác trên máy có thể đọc",
                f"chmod {wanted:o} {path}",
            )
        else:
            yield Finding(f"Quyền của {path}", State.OK, f"{mode:04o}")


def _public_url(app: Flask) -> Finding:
    url = app.config["PUBLIC_URL"]
    problem = settings.public_url_problem(url)
    if problem is None:
        return Finding("Địa chỉ công khai", State.OK, url)
    if app.config["DEMONSTRATION"]:
        found = "bản trình diễn in mã kèm dấu chìm, không dùng cho khảo sát thật"
        return Finding("Địa chỉ công khai", State.NOTE, found)
    return Finding(
        "Địa chỉ công khai",
        State.MUST,
        PUBLIC_URL_PROBLEMS[problem],
        "Đặt SIPAS_PUBLIC_URL thành địa chỉ https mà điện thoại người dân mở được.",
    )


def _disk(instance: Path) -> Finding:
    free = shutil.disk_usage(instance).free
    found = f"còn trống {number(free / 1024**3, 1)} GB"
    if free >= ENOUGH_DISK:
        return Finding("Ổ đĩa", State.OK, found)
    return Finding(
        "Ổ đĩa", State.MUST, found, f"Giải phóng ổ đĩa chứa {instance}: cần trên 2 GB."
    )


def _pdf() -> Finding:
    missing = [name for name in PDF_LIBRARIES if not _loads(name)]
    if not missing:
        return Finding("Thư viện tạo PDF", State.OK, "đầy đủ")
    return Finding(
        "Thư viện tạo PDF",
        State.MUST,
        "thiếu " + ", ".join(missing),
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-core",
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _database(app: Flask) -> Iterator[Finding]:
    subject = "Cơ sở dữ liệu"
    try:
        current = upgrade.is_current(db.current_database().engine)
    except exc.SQLAlchemyError as mishap:
        reason = type(mishap).__name__
        remedy = "Kiểm tra SIPAS_DATABASE_URL và máy chủ cơ sở dữ liệu."
        yield Finding(subject, State.MUST, f"không kết nối được ({reason})", remedy)
        return
    if not current:
        found = "thiếu bảng của phiên bản này"
        yield Finding(subject, State.MUST, found, "sipas db upgrade")
        return
    yield Finding(subject, State.OK, "kết nối được, đúng phiên bản")
    with db.read() as session:
        yield _administrators(session)
        yield _simulated(session, demonstration=bool(app.config["DEMONSTRATION"]))
        yield _log(session)


def _administrators(session: Session) -> Finding:
    count = session.scalar(
        select(func.count(Account.id)).where(
            Account.role == Role.ADMINISTRATOR, Account.active
        )
    )
    if count:
        return Finding("Người quản trị", State.OK, f"{count} tài khoản")
    remedy = "sipas user add TÊN_ĐĂNG_NHẬP --name 'HỌ VÀ TÊN'"
    return Finding("Người quản trị", State.MUST, "chưa có tài khoản nào", remedy)


def _simulated(session: Session, *, demonstration: bool) -> Finding:
    codes = session.scalars(select(Wave.code).where(Wave.simulated).order_by(Wave.code))
    waves = ", ".join(codes)
    if not waves:
        return Finding("Dữ liệu mô phỏng", State.OK, "không có")
    if demonstration:
        return Finding("Dữ liệu mô phỏng", State.NOTE, f"đợt {waves}")
    return Finding(
        "Dữ liệu mô phỏng",
        State.NOTE,
        f"đợt {waves} trong cơ sở dữ liệu dùng thật; mọi trang của đợt đều ghi rõ",
        "Nếu không chủ ý, hãy dùng một cơ sở dữ liệu khác cho khảo sát thật.",
    )


def _log(session: Session) -> Finding:
    chain = audit.verify(session)
    if chain.broken_at is None:
        return Finding("Nhật ký", State.OK, f"{chain.entries} mục, nguyên vẹn")
    return Finding(
        "Nhật ký",
        State.MUST,
        f"bị sửa từ mục số {chain.broken_at}",
        "Giữ nguyên cơ sở dữ liệu, đối chiếu với bản sao lưu và báo người phụ trách.",
    )

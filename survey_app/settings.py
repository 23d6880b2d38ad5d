"""Every setting of the program: its name, what it means, and where secrets live.

Settings are ``SIPAS_*`` environment variables. Secrets are no settings: they are
made in the instance folder at first start and travel with the backup.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable, as ``sipas doctor`` shows it."""

    name: str
    meaning: str
    default: str = ""

    @property
    def variable(self) -> str:
        return f"SIPAS_{self.name}"


SETTINGS = (
    Setting(
        "INSTANCE",
        "Thư mục riêng của hệ thống: khóa bí mật, cơ sở dữ liệu SQLite, bộ số liệu",
        "instance",
    ),
    Setting(
        "DATABASE_URL",
        "Cơ sở dữ liệu: sqlite:///… hoặc postgresql://…;"
        " để trống thì dùng sipas.db trong thư mục riêng",
    ),
    Setting(
        "PUBLIC_URL",
        "Địa chỉ https mà điện thoại của người dân mở được, in trong mã QR",
    ),
    Setting(
        "PROXIES",
        "Số máy chủ trung gian (nginx) mà mọi yêu cầu đi qua trước khi đến đây",
        "0",
    ),
    Setting(
        "DEMONSTRATION",
        "1: bản trình diễn với dữ liệu mô phỏng; không dùng cho khảo sát thật",
    ),
)

SECRETS = ("session.key", "code.key")


@dataclass(frozen=True, slots=True)
class Keys:
    """The two secrets: one signs sessions, the other makes and hashes codes."""

    session: bytes
    code: bytes


def init_app(app: Flask, given: Mapping[str, Any]) -> None:
    """Put settings into ``app.config``: what is given wins over the environment."""
    for setting in SETTINGS:
        value = os.environ.get(setting.variable) or setting.default
        app.config[setting.name] = given.get(setting.name, value)
    app.config.update(given)

    instance = Path(app.config["INSTANCE"]).absolute()
    keys = read_keys(instance)
    app.config["INSTANCE"] = instance
    app.config["SECRET_KEY"] = keys.session
    app.extensions["keys"] = keys
    if not app.config["DATABASE_URL"]:
        app.config["DATABASE_URL"] = f"sqlite:///{instance / 'sipas.db'}"
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        SESSION_COOKIE_NAME="sipas",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PROXIES=_whole_number("PROXIES", app.config["PROXIES"]),
        SESSION_COOKIE_SECURE=app.config["PUBLIC_URL"].startswith("https://"),
        PERMANENT_SESSION_LIFETIME=8 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
    )


def keys() -> Keys:
    """The secrets of the running application."""
    found: Keys = current_app.extensions["keys"]
    return found


def read_keys(instance: Path) -> Keys:
    """Read the secrets of an instance folder, making what is not there yet."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    session, code = (_secret(instance / name) for name in SECRETS)
    return Keys(session, code)


def public_url_problem(url: str) -> str | None:
    """Why codes must not be printed with this address, or None when they may.

    A poster with an address that phones cannot open costs a whole wave.
    """
    if not url:
        return "unset"
    parts = urlsplit(url)
    if parts.scheme != "https":
        return "not_https"
    host = parts.hostname or ""
    if host in ("", "localhost", "::1") or host.startswith("127."):
        return "loopback"
    return None


def _whole_number(name: str, value: Any) -> int:
    if not str(value).isdecimal():
        raise ValueError(f"SIPAS_{name} must be a whole number, not {value!r}")
    return int(value)


def _secret(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()

"""The addresses that are printed: upper case, so that their QR codes stay small."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request

from survey_app import settings
from survey_app.codes import grouped
from survey_app.errors import Refused

PROBLEMS = {
    "unset": "Chưa đặt địa chỉ công khai của hệ thống.",
    "not_https": "Địa chỉ công khai “{url}” không bắt đầu bằng https://.",
    "loopback": "Địa chỉ công khai “{url}” chỉ mở được trên chính máy này.",
}


class PrintingRefused(Refused):
    """Codes whose address no phone can open are not printed."""

    title = "Chưa in được mã"


@dataclass(frozen=True, slots=True)
class Address:
    """What one code looks like on paper."""

    code: str
    url: str
    site: str

    @property
    def typed(self) -> str:
        """The code in groups, for those who type it."""
        return grouped(self.code)


@dataclass(frozen=True, slots=True)
class Site:
    """Where phones reach the program."""

    url: str

    @property
    def shown(self) -> str:
        """The site as a person types it: without https, in lower case."""
        parts = urlsplit(self.url)
        return (parts.netloc + parts.path).rstrip("/").lower()

    def slip(self, code: str) -> Address:
        return self._address("P", code)

    def poster(self, code: str) -> Address:
        return self._address("Q", code)

    def _address(self, page: str, code: str) -> Address:
        parts = urlsplit(self.url)
        host = f"{parts.scheme}://{parts.netloc}".upper()
        # A folder in front of the pages may mind its case, unlike host and code.
        url = f"{host}{parts.path.rstrip('/')}/{page}/{code}"
        return Address(code, url, self.shown)


def site() -> Site:
    """The site to print.

    The demonstration prints the host it was asked by, with a watermark.

    Raises
    ------
    PrintingRefused
        With the reason and the setting to change.
    """
    url = current_app.config["PUBLIC_URL"]
    problem = settings.public_url_problem(url)
    if problem is None:
        return Site(url)
    if is_demonstration():
        return Site(request.host_url)
    raise PrintingRefused(
        PROBLEMS[problem].format(url=url),
        "Điện thoại của người dân sẽ không mở được mã QR, nên hệ thống không in mã.",
        "Vui lòng đặt biến SIPAS_PUBLIC_URL, ví dụ"
        " SIPAS_PUBLIC_URL=https://khaosat.angiang.gov.vn, rồi khởi động lại.",
    )


def is_demonstration() -> bool:
    return str(current_app.config["DEMONSTRATION"]) == "1"

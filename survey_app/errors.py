"""What can go wrong for a person, and what we say when it does.

Code raises; this module turns it into a page. A message says what happened and
what the person can do next, in Vietnamese, and blames nobody. Situations that
belong to one feature live in that feature's ``errors`` module.
"""

from __future__ import annotations

import logging

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)


class SurveyError(Exception):
    """Something a person can be told about plainly."""

    status = 400
    title = "Chưa thực hiện được"
    message = "Không thực hiện được yêu cầu. Vui lòng thử lại."
    template = "error.html"


class NotFound(SurveyError):
    status = 404
    title = "Không tìm thấy"
    message = "Không tìm thấy trang hoặc mục này. Vui lòng kiểm tra lại địa chỉ."


class NotAllowed(SurveyError):
    status = 403
    title = "Không có quyền"
    message = (
        "Tài khoản của Ông/Bà không được dùng trang này."
        " Nếu cần, vui lòng liên hệ người quản trị hệ thống."
    )


class Refused(SurveyError):
    """An action the rules do not allow now; ``reasons`` are all of them, for people."""

    status = 409
    title = "Chưa thực hiện được"

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons
        self.message = " ".join(reasons)


HTTP_MESSAGES = {
    400: "Yêu cầu không hợp lệ hoặc trang đã mở quá lâu. Vui lòng tải lại trang.",
    404: NotFound.message,
    405: "Trang này không nhận kiểu yêu cầu đó. Vui lòng quay lại trang trước.",
    413: "Tệp gửi lên quá lớn.",
    429: "Có quá nhiều lần thử. Vui lòng chờ một phút rồi thử lại.",
}


def init_app(app: Flask) -> None:
    app.register_error_handler(SurveyError, _say)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(
    message: str, status: int, title: str = SurveyError.title
) -> ResponseReturnValue:
    return render_template("error.html", title=title, message=message), status


def _say(error: SurveyError) -> ResponseReturnValue:
    html = render_template(
        error.template, title=error.title, message=error.message, error=error
    )
    return html, error.status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect that Werkzeug raises is not a mishap
    message = HTTP_MESSAGES.get(error.code, SurveyError.message)
    return page(message, error.code)


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected %s", type(error).__name__)
    return page(
        "Hệ thống gặp trục trặc. Vui lòng thử lại sau ít phút."
        " Những gì Ông/Bà đã nhập vẫn còn trên trang trước.",
        500,
        "Hệ thống gặp trục trặc",
    )

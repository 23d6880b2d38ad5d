"""What is wrong with a request, all at once, as problem+json (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import Response
from werkzeug.exceptions import HTTPException

from survey_app.api.blueprint import bp
from survey_app.errors import SurveyError

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Yêu cầu không đọc được",
    401: "Thiếu khóa truy cập hoặc khóa không còn hiệu lực",
    403: "Khóa không được dùng cho việc này",
    404: "Không có địa chỉ này",
    405: "Địa chỉ này không nhận kiểu yêu cầu đó",
    409: "Không thực hiện được lúc này",
    410: "Không còn lập lại được câu trả lời",
    413: "Yêu cầu quá lớn",
    415: "Yêu cầu phải là application/json",
    422: "Dữ liệu chưa đúng",
    429: "Quá nhiều yêu cầu",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right: where it stands in the body, as a JSON pointer."""

    pointer: str
    code: str
    detail: str


class RequestRefused(SurveyError):
    """A request that changes nothing; ``faults`` are all of them."""

    def __init__(
        self, status: int, kind: str, detail: str, faults: Sequence[Fault] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.faults = tuple(faults)


def answer(
    status: int, kind: str, detail: str, faults: Sequence[Fault] = ()
) -> Response:
    """One problem document; ``kind`` is what programs decide by."""
    body: dict[str, object] = {
        "type": f"/api/v1/#{kind}",
        "title": TITLES.get(status, "Chưa thực hiện được"),
        "status": status,
        "detail": detail,
    }
    if faults:
        body["errors"] = [asdict(fault) for fault in faults]
    reply = Response(
        json.dumps(body, ensure_ascii=False), status, content_type=MEDIA_TYPE
    )
    if status == 401:
        reply.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        reply.headers["Retry-After"] = "60"
    return reply


@bp.errorhandler(SurveyError)
def _refused(error: SurveyError) -> Response:
    if isinstance(error, RequestRefused):
        return answer(error.status, error.kind, error.detail, error.faults)
    return answer(error.status, "refused", error.message)


@bp.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    status = error.code or 500
    kind = "rate-limit" if status == 429 else "request"
    return answer(status, kind, TITLES.get(status, "Chưa thực hiện được."))

"""POST /api/v1/transactions: a result is handed over, does it get a slip?

No cookie is read here: who may is told by the key in the Authorization header.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from survey_app import clock, db, qr
from survey_app.accounts.access import public
from survey_app.accounts.identity import limiter
from survey_app.api import keys, registering
from survey_app.api.blueprint import bp
from survey_app.api.problems import RequestRefused
from survey_app.api.registering import MOST, Answered
from survey_app.fieldwork.addresses import Site, site
from survey_app.models import ApiKey

RATE = "600/minute"
MOST_BYTES = 256 * 1024
MARK = re.compile(r"[\x21-\x7e]{1,200}")


def _caller() -> str:
    """Requests are counted by key; what is no key at all, by address."""
    text = request.headers.get("Authorization", "")
    return (
        hashlib.sha256(text.encode()).hexdigest() if text else str(request.remote_addr)
    )


@bp.post("/transactions")
@public
@limiter.limit(RATE, key_func=_caller)
def transactions() -> ResponseReturnValue:
    """Register one transaction, or up to a hundred, all or none."""
    now, printed_site = clock.now(), site()
    mark, body = _mark(), request.get_data(cache=True)
    with db.begin() as session:
        key = _key(session)
        items, batch = _items(body)
        try:
            answers, again = registering.register(
                session, key, items, batch=batch, mark=mark, body=body, now=now
            )
        except IntegrityError:
            raise RequestRefused(
                409, "in-progress", "Một yêu cầu khác đang ghi cùng hồ sơ; gửi lại sau."
            ) from None
        keys.note_used(session, key, now=now)
    shown = [_shown(answer, printed_site) for answer in answers]
    content = {"transactions": shown} if batch else shown[0]
    made = any(answer.id for answer in answers)
    reply = Response(
        json.dumps(content, ensure_ascii=False),
        201 if made else 200,
        content_type="application/json",
    )
    if again:
        reply.headers["Idempotency-Replayed"] = "true"
    return reply


@bp.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@public
def nowhere(rest: str) -> ResponseReturnValue:
    """Programs are told in their own words that nothing is here."""
    if rest == "transactions":
        raise RequestRefused(405, "method", "Địa chỉ này chỉ nhận POST.")
    raise RequestRefused(404, "not-found", "Không có địa chỉ này trong API.")


def _key(session: Any) -> ApiKey:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    key = keys.recognised(session, text.strip()) if scheme == "Bearer" else None
    if key is None:
        raise RequestRefused(
            401, "key", "Gửi khóa trong tiêu đề: Authorization: Bearer sipas_…"
        )
    return key


def _mark() -> str:
    mark = request.headers.get("Idempotency-Key", "")
    if not MARK.fullmatch(mark):
        raise RequestRefused(
            400,
            "idempotency-key",
            "Cần tiêu đề Idempotency-Key gồm 1 đến 200 ký tự ASCII, mỗi yêu cầu một"
            " khóa riêng, ví dụ một UUID.",
        )
    return mark


def _items(body: bytes) -> tuple[list[Any], bool]:
    """The transactions of a body, and whether it is a batch."""
    if request.mimetype != "application/json":
        raise RequestRefused(415, "media-type", "Cần Content-Type: application/json.")
    if len(body) > MOST_BYTES:
        raise RequestRefused(413, "too-large", f"Yêu cầu lớn nhất {MOST_BYTES} byte.")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestRefused(400, "json", "Nội dung không phải JSON.") from None
    if not isinstance(content, dict) or "transactions" not in content:
        return [content], False
    items = content["transactions"]
    if len(content) > 1 or not isinstance(items, list) or not 1 <= len(items) <= MOST:
        raise RequestRefused(
            400,
            "batch",
            f"transactions phải là mảng 1 đến {MOST} mục, không kèm mục khác.",
        )
    return items, True


def _shown(answer: Answered, printed_site: Site) -> dict[str, Any]:
    slip = None
    if answer.code:
        address = printed_site.slip(answer.code)
        label = f"Mã QR mở phiếu khảo sát, mã {address.typed}"
        slip = {
            "code": address.typed,
            "url": address.url,
            "svg": str(qr.of_slip(address.url, label)),
        }
    return {
        "id": str(answer.id) if answer.id else None,
        "slip": slip,
        "reason": answer.reason,
    }

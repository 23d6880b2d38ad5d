"""The OpenAPI 3.1 document, made from the same limits the code keeps."""

from __future__ import annotations

from typing import Any

from survey_app.api.reading import LONGEST, OPTIONAL, REQUIRED
from survey_app.api.registering import MOST, NOT_DUE, NOT_PLANNED, SLIP
from survey_app.fieldwork.words import CHANNELS

_PROBLEMS = {
    "400": "Không phải JSON, hoặc thiếu Idempotency-Key",
    "401": "Thiếu khóa, hoặc khóa đã thu hồi",
    "405": "Không phải POST",
    "409": "Idempotency-Key đã dùng cho nội dung khác; đợt không mở; đang ghi cùng lúc",
    "410": "Gửi lại sau ngày phát: đã ghi nhận, nhưng không lập lại phiếu",
    "413": "Quá lớn",
    "415": "Không phải application/json",
    "422": "Mọi chỗ sai, mỗi chỗ một JSON pointer",
    "429": "Quá nhiều yêu cầu",
}
_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST}
_DESCRIBED = {
    "dossier_code": "Mã hồ sơ; máy chủ chỉ giữ dấu băm có khóa. Không bắt buộc.",
    "office": "Mã đơn vị được đánh giá",
    "shop": "Mã nơi trả kết quả; bỏ trống khi đơn vị chỉ có một nơi",
    "counter": "Mã quầy; bỏ trống khi nơi đó chỉ có một quầy phát phiếu",
    "field": "Lĩnh vực",
}


def document(version: str, server: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SIPAS: phiếu khảo sát khi trả kết quả",
            "version": version,
            "description": "Phần mềm một cửa báo mỗi hồ sơ vừa trả kết quả và nhận lại"
            " mã QR để in khi lượt đó có phiếu.",
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": {"/api/v1/transactions": {"post": _post()}},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _post() -> dict[str, Any]:
    answer = {"oneOf": [_ref("Answer"), _ref("Answers")]}
    answered = {"application/json": {"schema": answer}}
    replayed = {
        "Idempotency-Replayed": {
            "description": "true khi đây là câu trả lời của lần gửi trước",
            "schema": {"type": "string", "const": "true"},
        }
    }
    return {
        "operationId": "registerTransactions",
        "summary": "Ghi một hồ sơ vừa trả kết quả, hoặc nhiều hồ sơ một lần",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "Cùng khóa, cùng nội dung: cùng câu trả lời, không ghi"
                " hai lần. Giữ trong ngày phát phiếu.",
                "schema": {
                    "type": "string",
                    "pattern": "^[\\x21-\\x7e]{1,200}$",
                },
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"oneOf": [_ref("Transaction"), _ref("Transactions")]}
                }
            },
        },
        "responses": {
            "200": {
                "description": "Không ghi lượt nào: quầy không phát phiếu",
                "headers": replayed,
                "content": answered,
            },
            "201": {"description": "Đã ghi", "headers": replayed, "content": answered},
            **{
                status: {
                    "description": text,
                    "content": {
                        "application/problem+json": {"schema": _ref("Problem")}
                    },
                }
                for status, text in _PROBLEMS.items()
            },
        },
    }


def _schemas() -> dict[str, Any]:
    day = {"type": "string", "format": "date"}
    members: dict[str, Any] = {
        name: {**_TEXT, "description": text} for name, text in _DESCRIBED.items()
    }
    members |= {
        "channel": {"type": "string", "enum": list(CHANNELS)},
        "received_on": {**day, "description": "Ngày tiếp nhận"},
        "returned_on": {**day, "description": "Ngày trả kết quả: hôm nay"},
    }
    for name in OPTIONAL:
        members[name] = {**members[name], "type": ["string", "null"], "minLength": 0}
    return {
        "Transaction": _object(members, REQUIRED),
        "Transactions": _object(
            {"transactions": _array(_ref("Transaction"), most=MOST)}, ("transactions",)
        ),
        "Answer": _object(
            {
                "id": {"type": ["string", "null"], "format": "uuid"},
                "slip": {"oneOf": [{"type": "null"}, _ref("Slip")]},
                "reason": {"type": "string", "enum": [SLIP, NOT_DUE, NOT_PLANNED]},
            },
            ("id", "slip", "reason"),
        ),
        "Answers": _object(
            {"transactions": _array(_ref("Answer"), most=MOST)}, ("transactions",)
        ),
        "Slip": _object(
            {
                "code": {"type": "string", "description": "Mã để gõ tay"},
                "url": {"type": "string", "description": "Nội dung của mã QR"},
                "svg": {"type": "string", "description": "Mã QR, ảnh SVG"},
            },
            ("code", "url", "svg"),
        ),
        "Problem": {
            **_object(
                {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "errors": _array(_ref("Fault")),
                },
                ("type", "title", "status", "detail"),
            )
        },
        "Fault": _object(
            {
                "pointer": {"type": "string", "description": "JSON pointer (RFC 6901)"},
                "code": {"type": "string"},
                "detail": {"type": "string"},
            },
            ("pointer", "code", "detail"),
        ),
    }


def _object(members: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": members,
        "required": list(required),
        "additionalProperties": False,
    }


def _array(items: dict[str, Any], most: int | None = None) -> dict[str, Any]:
    bounds = {} if most is None else {"minItems": 1, "maxItems": most}
    return {"type": "array", "items": items, **bounds}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}

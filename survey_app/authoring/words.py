"""The closed lists of questionnaires in the words people read for them."""

from __future__ import annotations

AUDIENCES = {"citizen": "Người dân, tổ chức", "staff": "Cán bộ, công chức"}

STATUSES = {
    "seen": "Đã đối chiếu nguồn",
    "partial": "Đối chiếu một phần",
    "memory": "Chưa xác nhận",
}

KINDS = {
    "scale": "mức hài lòng",
    "single": "chọn một",
    "multiple": "chọn nhiều",
    "number": "số",
    "date": "ngày",
    "text": "chữ",
}

CHANGES = {
    "added": "Câu mới",
    "removed": "Bỏ câu",
    "moved": "Đổi chỗ (đứng sau)",
    "title": "Tên",
    "introduction": "Lời mở đầu",
    "consent": "Nội dung đồng ý",
    "text": "Lời câu hỏi",
    "hint": "Chú thích",
    "kind": "Kiểu câu hỏi",
    "required": "Bắt buộc",
    "route": "Điều kiện hỏi",
    "scale": "Thang đo",
    "option": "Phương án",
    "special": "Trả lời đặc biệt",
    "range": "Khoảng giá trị",
}

VALUES = {"yes": "có", "no": "không"} | KINDS

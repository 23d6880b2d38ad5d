"""The words of hand-over for people."""

from __future__ import annotations

from survey_app.models import HalfDay

HALVES = {HalfDay.MORNING: "sáng", HalfDay.AFTERNOON: "chiều"}

PAPERS = {"80": "Giấy cuộn 80 mm", "a6": "Giấy A6"}

BY_SOFTWARE = "Phần mềm một cửa"

NO_TURN = "Chưa ghi lượt nào"
UNDER_DUE = "Phiếu đã in ít hơn phiếu phải phát"
OFTEN_UNDONE = "Hoàn tác nhiều"

"""The closed lists of fieldwork, with the words people read and write for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from survey_app.formats import folded
from survey_app.models import WaveStatus

PROVINCE = "tinh"
COMMUNE = "xa"

LEVELS = {
    PROVINCE: "Cấp tỉnh",
    "so_ban_nganh": "Sở, ban, ngành",
    "huyen": "Cấp huyện",
    COMMUNE: "Cấp xã",
    "khac": "Đơn vị khác",
}

SOURCE_STATUSES = {
    "seen": "Đã thấy trong nguồn",
    "inferred": "Suy ra từ nguồn",
    "unverified": "Chưa kiểm chứng",
}

CHANNELS = {
    "in_person": "Trực tiếp",
    "online": "Trực tuyến",
    "post": "Bưu chính",
}

WAVE_STATUSES = {
    WaveStatus.DRAFT: "Đang chuẩn bị",
    WaveStatus.OPEN: "Đang mở",
    WaveStatus.CLOSED: "Đã đóng",
    WaveStatus.FROZEN: "Đã chốt số liệu",
}

_ALSO = {
    "so": "so_ban_nganh",
    "ban": "so_ban_nganh",
    "so ban nganh": "so_ban_nganh",
    "cap so": "so_ban_nganh",
    "province": PROVINCE,
    "tinh": PROVINCE,
    "district": "huyen",
    "huyen": "huyen",
    "thi xa": "huyen",
    "thanh pho": "huyen",
    "commune": "xa",
    "xa": "xa",
    "phuong": "xa",
    "thi tran": "xa",
    "dac khu": "xa",
    "khac": "khac",
    "other": "khac",
    "department": "so_ban_nganh",
    "tai quay": "in_person",
    "truc tiep tai quay": "in_person",
    "counter": "in_person",
    "in person": "in_person",
    "dich vu cong truc tuyen": "online",
    "qua mang": "online",
    "buu chinh cong ich": "post",
    "buu dien": "post",
    "qua buu dien": "post",
    "postal": "post",
}

# NĐ 118/2025/NĐ-CP: the one-stop section became a service centre on this day.
CENTRES_SINCE = date(2025, 7, 1)
SECTION = ("MC", "Bộ phận Một cửa")
CENTRE = ("TT", "Trung tâm Phục vụ hành chính công")


def understood(text: str, words: Mapping[str, str]) -> str | None:
    """The entry of a list that a cell means, by its id, its words or a usual other."""
    wanted = _plain(text)
    for word, label in words.items():
        if wanted in (_plain(word), _plain(label)):
            return word
    other = _ALSO.get(wanted)
    return other if other in words else None


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]", " ", folded(text)).split())

"""The menu: a role sees the pages it may open and no others."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for

from survey_app.accounts.access import current_account

# Who sees an entry is not said here: it hangs on the view's own ``allowed`` roles.
MENU = (
    ("accounts.start", "Bắt đầu", ""),
    ("fieldwork.waves", "Đợt khảo sát", "Lập, mở, theo dõi và đóng các đợt khảo sát."),
    ("authoring.questionnaires", "Mẫu phiếu", "Xem, thêm, dịch và so sánh mẫu phiếu."),
    ("paper.waves", "Phiếu giấy", "Cấp, in, nhập và đối chiếu phiếu giấy."),
    ("fieldwork.offices", "Đơn vị", "Đơn vị được đánh giá, Bộ phận Một cửa, quầy."),
    ("hand_over.counter", "In phiếu cho lượt này", "Ghi mỗi hồ sơ vừa trả."),
    ("fieldwork.counter", "Quầy của tôi", "Áp phích và phiếu của quầy."),
    ("fieldwork.interviews", "Phỏng vấn", "Giữ chỗ và ghi các cuộc phỏng vấn."),
    ("results.overview", "Kết quả", "Chỉ số hài lòng và điểm của các đơn vị."),
    ("rule_sets.rule_sets", "Bộ quy tắc", "Xem, nhập, so sánh các cách tính điểm."),
    ("accounts.people", "Tài khoản", "Thêm người dùng, cấp lại mật khẩu."),
    ("api_keys.api_keys", "Khóa API", "Kết nối phần mềm một cửa."),
    ("accounts.audit_log", "Nhật ký", "Ai đã làm gì, khi nào."),
)


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    text: str
    purpose: str
    current: bool


def navigation() -> list[Entry]:
    """The entries for the account signed in, in the order of the menu."""
    role = current_account().role
    entries = []
    for endpoint, text, purpose in MENU:
        view = current_app.view_functions.get(endpoint)
        if view is None or role not in (getattr(view, "allowed_roles", None) or ()):
            continue
        url = url_for(endpoint)
        entries.append(Entry(url, text, purpose, _is_current(endpoint, url)))
    return entries


def _is_current(endpoint: str, url: str) -> bool:
    if endpoint == "accounts.start":
        return request.endpoint == endpoint
    return request.path == url or request.path.startswith(url.rstrip("/") + "/")

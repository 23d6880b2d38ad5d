"""The columns of the file of finished transactions, with rows to learn from."""

from __future__ import annotations

from survey_app.fieldwork.words import CHANNELS
from survey_app.tables import Column

COLUMNS = (
    Column(
        "dossier",
        "Mã hồ sơ",
        ("so ho so", "ma so ho so", "dossier code"),
        meaning="Dạng H01.30-220105-0001 hoặc 000.20.30.H01-220105-0001. Hệ thống chỉ"
        " giữ mã băm có khóa, không giữ mã hồ sơ.",
    ),
    Column(
        "office",
        "Mã đơn vị",
        ("don vi", "office code", "co quan"),
        meaning="Đơn vị giải quyết, theo mã đang có hiệu lực vào ngày trả kết quả.",
    ),
    Column(
        "shop",
        "Mã Bộ phận Một cửa",
        ("ma trung tam phuc vu hanh chinh cong", "one stop shop", "mot cua"),
        required=False,
        meaning="Để trống nếu đơn vị chỉ có một nơi tiếp nhận.",
    ),
    Column(
        "counter",
        "Mã quầy",
        ("quay",),
        required=False,
        meaning="Quầy trả kết quả; để trống nếu không rõ.",
    ),
    Column(
        "field",
        "Lĩnh vực",
        ("service field", "linh vuc thu tuc"),
        meaning="Đất đai, Hộ tịch, Chứng thực…",
    ),
    Column(
        "received",
        "Ngày tiếp nhận",
        ("ngay nhan", "received date", "received on"),
        meaning="31/12/2025 hoặc 2025-12-31.",
    ),
    Column(
        "returned",
        "Ngày trả kết quả",
        ("ngay tra", "ngay tra ket qua thuc te", "returned date", "returned on"),
        meaning="Phải nằm trong thời kỳ của đợt khảo sát.",
    ),
    Column(
        "channel",
        "Hình thức nộp",
        ("kenh", "hinh thuc", "hinh thuc tiep nhan"),
        meaning="Một trong: " + ", ".join(CHANNELS.values()) + ".",
    ),
    Column(
        "person",
        "Khóa người nộp",
        ("ma nguoi nop", "person key"),
        required=False,
        meaning="Mã giống nhau cho cùng một người, để thấy người nộp nhiều hồ sơ. Chỉ"
        " giữ mã băm có khóa riêng cho đợt, xóa khi chốt số liệu.",
    ),
    Column(
        "time",
        "Giờ trả kết quả",
        ("gio tra", "thoi diem tra ket qua", "returned time"),
        required=False,
        meaning="Đến giây, dạng 14:05:09. Chỉ để thấy nhiều hồ sơ đóng cùng một giây"
        " lúc nhập; không lưu.",
    ),
    Column(
        "official",
        "Công chức",
        ("cong chuc tra ket qua", "can bo tra ket qua", "official"),
        required=False,
        meaning="Người trả kết quả, dùng cùng với giờ trả kết quả lúc nhập; không lưu.",
    ),
)

TITLES = {column.id: column.title for column in COLUMNS}

EXAMPLES = (
    {
        "dossier": "H01.30-260105-0001",
        "office": "30307",
        "counter": "1",
        "field": "Chứng thực",
        "received": "05/01/2026",
        "returned": "07/01/2026",
        "channel": "Trực tiếp",
    },
    {
        "dossier": "000.20.30.H01-260112-0024",
        "office": "STP",
        "shop": "STP-1",
        "counter": "2",
        "field": "Hộ tịch",
        "received": "2026-01-12",
        "returned": "2026-01-15",
        "channel": "Trực tuyến",
    },
)

"""The columns of the file of offices, explained, with rows to learn from."""

from __future__ import annotations

from survey_app.fieldwork.words import LEVELS
from survey_app.tables import Column

COLUMNS = (
    Column(
        "code",
        "Mã đơn vị",
        ("ma", "office", "office code"),
        meaning="Mã dùng trong đợt khảo sát. Mã có thể dùng lại cho đơn vị khác ở"
        " thời gian khác, nên luôn đi cùng ngày hiệu lực.",
    ),
    Column("name", "Tên đơn vị", ("ten", "office name"), meaning="Tên đầy đủ."),
    Column(
        "level",
        "Cấp",
        meaning="Một trong: " + ", ".join(LEVELS.values()) + ".",
    ),
    Column(
        "kind",
        "Loại",
        required=False,
        meaning="Sở, ban, phường, thị trấn, xã, đặc khu… để tra cứu.",
    ),
    Column(
        "parent_code",
        "Mã đơn vị cấp trên",
        ("parent",),
        required=False,
        meaning="Phải có trong tệp này hoặc đã có trong hệ thống.",
    ),
    Column(
        "valid_from",
        "Hiệu lực từ ngày",
        ("tu ngay",),
        meaning="31/12/2025 hoặc 2025-12-31.",
    ),
    Column(
        "valid_to",
        "Hiệu lực đến ngày",
        ("den ngay",),
        required=False,
        meaning="Ngày cuối cùng còn hiệu lực; để trống nếu đang hoạt động.",
    ),
    Column(
        "predecessors",
        "Mã đơn vị tiền thân",
        ("tien than",),
        required=False,
        meaning="Các đơn vị được sắp xếp thành đơn vị này, cách nhau bằng dấu cách.",
    ),
    Column(
        "shop_code",
        "Mã Bộ phận Một cửa",
        ("shop", "ma trung tam phuc vu hanh chinh cong"),
        required=False,
        meaning="Để trống: hệ thống tự lập một nơi tiếp nhận cho đơn vị.",
    ),
    Column(
        "shop_name",
        "Tên Bộ phận Một cửa",
        ("ten trung tam phuc vu hanh chinh cong",),
        required=False,
        meaning="Tên nơi tiếp nhận và trả kết quả, in trên phiếu và áp phích.",
    ),
    Column(
        "counter_code",
        "Mã quầy",
        ("counter",),
        required=False,
        meaning="Để trống: hệ thống tự lập “Quầy 1”.",
    ),
    Column(
        "counter_name",
        "Tên quầy",
        required=False,
        meaning="Tên ghi trên biển quầy; để trống thì là “Quầy” và mã quầy.",
    ),
    Column(
        "shop_from",
        "Bộ phận Một cửa từ ngày",
        required=False,
        meaning="Để trống: như đơn vị.",
    ),
    Column(
        "shop_to",
        "Bộ phận Một cửa đến ngày",
        required=False,
        meaning="Ngày cuối cùng; chỉ đọc khi có ghi từ ngày.",
    ),
    Column(
        "counter_from",
        "Quầy từ ngày",
        required=False,
        meaning="Để trống: như Bộ phận Một cửa.",
    ),
    Column(
        "counter_to",
        "Quầy đến ngày",
        required=False,
        meaning="Ngày cuối cùng; chỉ đọc khi có ghi từ ngày.",
    ),
    Column(
        "source",
        "Nguồn",
        required=False,
        meaning="Văn bản hoặc nơi lấy thông tin.",
    ),
    Column(
        "source_status",
        "Mức kiểm chứng",
        ("status",),
        required=False,
        meaning="seen (đã thấy trong nguồn), inferred (suy ra), unverified (chưa kiểm"
        " chứng); để trống nếu đơn vị tự khai.",
    ),
    Column("note", "Ghi chú", required=False, meaning="Điều cần nhớ về dòng này."),
)

TITLES = {column.id: column.title for column in COLUMNS}

EXAMPLES = (
    {
        "code": "STP",
        "name": "Sở Tư pháp",
        "level": "Sở, ban, ngành",
        "kind": "Sở",
        "valid_from": "01/07/2025",
        "shop_code": "STP-1",
        "shop_name": "Trung tâm Phục vụ hành chính công",
        "counter_code": "1",
        "counter_name": "Quầy Hộ tịch",
        "source": "Quyết định số … ngày …",
    },
    {
        "code": "STP",
        "name": "Sở Tư pháp",
        "level": "Sở, ban, ngành",
        "kind": "Sở",
        "valid_from": "01/07/2025",
        "shop_code": "STP-1",
        "shop_name": "Trung tâm Phục vụ hành chính công",
        "counter_code": "2",
        "counter_name": "Quầy Chứng thực",
        "source": "Quyết định số … ngày …",
    },
    {
        "code": "30307",
        "name": "Phường Long Xuyên",
        "level": "Cấp xã",
        "kind": "Phường",
        "valid_from": "01/07/2025",
    },
)

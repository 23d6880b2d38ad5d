"""The closed lists of rule sets in the words people read for them."""

from __future__ import annotations

from decimal import Decimal

from survey_app.formats import number
from survey_app.results import words as results

STATUSES = results.RULE_STATUSES
INDEX_RULES = results.INDEX_RULES
FACTOR_RULES = results.FACTOR_RULES
MISSING_PARTS = results.MISSING_PARTS
ROLLUPS = {name: text for name, text in results.ROLLUPS.items() if name}

SOURCE_STATUSES = {
    "seen": "đã thấy trong nguồn",
    "inferred": "suy ra từ số đã công bố",
    "unverified": "chưa xác nhận",
    "chosen": "người lập chọn",
}
COUNTED = {
    "from_list": "chỉ phiếu của mẫu rút từ danh sách",
    "from_list at_hand_over": "mẫu rút từ danh sách; đơn vị không có thì phiếu phát"
    " khi trả kết quả",
    "at_hand_over": "chỉ phiếu phát khi trả kết quả",
    "at_hand_over from_list": "phiếu phát khi trả kết quả; đơn vị không có thì mẫu rút"
    " từ danh sách",
}
POINTS_RULES = {
    "proportional": "theo tỷ lệ: điểm tối đa × chỉ số",
    "bands": "theo bậc",
}
CLOSED = {
    "low": "gồm đầu dưới",
    "high": "gồm đầu trên",
    "both": "gồm cả hai đầu",
    "neither": "không gồm hai đầu",
}
ABSENT_PARTS = {
    "rescale": "quy phần còn lại về 100",
    "leave_out": "bỏ phần đó, giữ nguyên điểm phần còn lại",
}
KINDS = {
    "appraised": "tự chấm và thẩm định",
    "staff": "khảo sát cán bộ",
    "sipas": "chỉ số hài lòng",
}
UNSET = "chưa quy định"

# By path; what stands in no list is shown as it was entered.
VALUES: dict[str, dict[str, str]] = {
    "status": STATUSES,
    "index.factor_rule": FACTOR_RULES,
    "index.index_rule": INDEX_RULES,
    "index.missing_part": MISSING_PARTS,
    "rollup.field_to_office": ROLLUPS,
    "rollup.office_to_province": ROLLUPS,
    "selection.counted": COUNTED,
    "points.rule": POINTS_RULES,
    "scorecard.not_applicable": ABSENT_PARTS,
    "closed": CLOSED,
    "kind": KINDS,
}


def plain(value: Decimal | None) -> str:
    """A number with as many decimals as it needs: 8,5 and 13."""
    if value is None:
        return number(None)
    decimals = -int(value.normalize().as_tuple().exponent)
    return number(value, max(0, decimals))

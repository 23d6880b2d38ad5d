"""What is said about a workbook, with the remedy: Vietnamese and English."""

from __future__ import annotations

REFUSALS: dict[str, tuple[str, str]] = {
    "not_xlsx": (
        "Tệp không phải là bảng tính .xlsx đọc được ({detail}). Xin lưu lại dưới dạng "
        ".xlsx.",
        "The file is not a readable .xlsx workbook ({detail}). Save it as .xlsx.",
    ),
    "workbook_too_large": (
        "Bảng tính quá lớn ({detail}). Xin bỏ các trang tính và hình không cần.",
        "The workbook is too large ({detail}). Remove sheets and pictures not needed.",
    ),
    "workbook_with_entities": (
        "Bảng tính có nội dung XML không an toàn. Xin mở bằng Excel rồi lưu lại.",
        "The workbook holds unsafe XML. Open it in Excel and save it anew.",
    ),
    "sheet_too_large": (
        "Trang tính quá lớn (tối đa {detail}). Xin xóa bớt dòng, cột.",
        "The sheet is too large (at most {detail}). Remove rows or columns.",
    ),
    "formula": (
        "Ô có công thức: {detail}. Xin thay bằng giá trị.",
        "A cell holds a formula: {detail}. Replace it with its value.",
    ),
    "cell_error": (
        "Ô báo lỗi {detail}. Xin sửa lại giá trị.",
        "A cell shows the error {detail}. Mend its value.",
    ),
    "cell_too_long": (
        "Ô dài quá {detail} ký tự. Xin viết ngắn lại.",
        "A cell is longer than {detail} characters. Shorten it.",
    ),
    "cell_without_column": (
        "Ô “{detail}” nằm ở cột không có tiêu đề. Xin đặt tiêu đề hoặc xóa ô.",
        "The cell “{detail}” stands in a column without header. Name the column or "
        "clear the cell.",
    ),
    "duplicate_column": (
        "Cột “{detail}” xuất hiện hai lần. Xin bỏ một cột.",
        "The column “{detail}” stands twice. Remove one.",
    ),
    "no_survey": (
        "Không có trang tính survey hoặc trang trống. Xin đặt các câu hỏi vào trang "
        "survey.",
        "There is no survey sheet, or it is empty. Put the questions on a sheet named "
        "survey.",
    ),
    "no_translation": (
        "Không có trang tính translation với các cột key, original, translation. Xin "
        "dùng tệp đã xuất ra.",
        "There is no sheet translation with key, original, translation. Use the file "
        "that was exported.",
    ),
    "original_changed": (
        "Lời gốc của phiếu nay là: “{detail}”. Xin dịch lại theo lời này.",
        "The form now says: “{detail}”. Translate these words.",
    ),
    "unsupported_type": (
        "Kiểu “{detail}” chưa được hỗ trợ. Xin dùng select_one, select_multiple, "
        "integer, date, text hoặc note.",
        "The type “{detail}” is not supported. Use select_one, select_multiple, "
        "integer, date, text or note.",
    ),
    "unsupported_column": (
        "Cột “{detail}” chưa được hỗ trợ, không thể bỏ qua ô này. Xin xóa nội dung ô.",
        "The column “{detail}” is not supported and the cell cannot be left out. "
        "Clear it.",
    ),
    "unsupported_expression": (
        "Biểu thức không đọc được ở chỗ: {detail}. Xin viết lại trong phạm vi hỗ trợ.",
        "The expression cannot be read at: {detail}. Write it within the subset.",
    ),
    "unknown_list": (
        "Không có danh sách “{detail}” trong trang choices. Xin bổ sung.",
        "There is no list “{detail}” on the choices sheet. Add it.",
    ),
    "group_not_closed": (
        "Nhóm “{detail}” thiếu end_group. Xin bổ sung.",
        "The group “{detail}” has no end_group. Add it.",
    ),
    "group_not_opened": (
        "end_group không có begin_group tương ứng. Xin xóa hoặc bổ sung.",
        "This end_group has no begin_group. Remove it or add one.",
    ),
    "bad_level": (
        "Mức “{detail}” không hợp lệ: các mức phải là 1, 2, 3 … và hài lòng từ một mức "
        "trở lên. Xin sửa lại.",
        "The level “{detail}” is not possible: levels run 1, 2, 3 … and are satisfied "
        "from one of them upwards. Mend it.",
    ),
    "lists_differ": (
        "Danh sách “{detail}” khác nhãn với cùng thang đo ở chỗ khác. Xin thống nhất.",
        "The list “{detail}” differs from the same scale elsewhere. Make them agree.",
    ),
    "special_labels_differ": (
        "Phương án “{detail}” có hai nhãn khác nhau. Xin dùng một nhãn cho cả phiếu.",
        "The choice “{detail}” has two labels. Use one in the whole form.",
    ),
    "bad_special": (
        "Câu phụ chỉ được có na, dk, ref, không có “{detail}”. Xin xóa phương án này.",
        "The companion may only offer na, dk and ref, not “{detail}”. Remove it.",
    ),
    "bad_specify": (
        "Câu “{detail}” cần hiện khi chọn một phương án của câu chính. Xin sửa "
        "relevant.",
        "The text “{detail}” must open when one option is chosen. Mend its relevant.",
    ),
    "bad_companion": (
        "Câu “{detail}” mang tên câu phụ nhưng không phải câu phụ. Xin đổi tên.",
        "“{detail}” is named like a companion but is none. Rename it.",
    ),
    "scale_outside_factor": (
        "Câu hỏi theo thang đo phải nằm trong một nhóm chỉ gồm các câu như thế. Xin "
        "đưa vào nhóm riêng.",
        "A question on a scale must stand in a group of only such questions. Move it.",
    ),
    "out_of_order": (
        "Phần “{detail}” đứng sai thứ tự: yếu tố, đánh giá chung, quá trình giải "
        "quyết, thông tin người trả lời. Xin chuyển dòng.",
        "The part “{detail}” is out of order: factors, overall, facts, profile. Move "
        "the row.",
    ),
}

NOTICES: dict[str, tuple[str, str]] = {
    "renamed": (
        "Đã đổi tên: {detail}. Tên trong phiếu chỉ gồm chữ thường không dấu.",
        "Renamed: {detail}. Names in a form are small letters only.",
    ),
    "row_disabled": (
        "Bỏ qua dòng bị tắt “{detail}”: cột disabled ghi yes.",
        "Left out the disabled row “{detail}”: its column says yes.",
    ),
    "column_left_out": (
        "Bỏ qua cột “{detail}”: cột này không ảnh hưởng đến câu hỏi.",
        "Left out the column “{detail}”: it does not change the question.",
    ),
    "whole_numbers_only": (
        "Câu số thập phân được đổi thành số nguyên: phiếu chỉ nhận số nguyên.",
        "A decimal became a whole number: forms take whole numbers only.",
    ),
    "length_set": (
        "Đã đặt độ dài tối đa {detail} ký tự: mọi câu trả lời bằng chữ cần giới hạn.",
        "The greatest length was set to {detail}: every text needs one.",
    ),
    "note_in_hint": (
        "Ghi chú được chuyển vào gợi ý của câu “{detail}”: phiếu không có ghi chú rời.",
        "A note joined the hint of “{detail}”: forms have no loose notes.",
    ),
    "note_left_out": (
        "Bỏ qua ghi chú không đứng trước câu hỏi nào: {detail}.",
        "Left out a note that no question follows: {detail}.",
    ),
    "heading_left_out": (
        "Bỏ qua tên nhóm “{detail}”: các câu hỏi trong nhóm vẫn được giữ.",
        "Left out the heading of the group “{detail}”: its questions are kept.",
    ),
    "other_added": (
        "Đã thêm phương án “{detail}”: câu hỏi dùng or_other.",
        "Added the option “{detail}”: the question uses or_other.",
    ),
}

"""What can happen to a citizen on the way, and what each page says to do next."""

from __future__ import annotations

from survey_app.errors import SurveyError

NO_MORE_TO_DO = "Ông/Bà không cần làm gì thêm. Cảm ơn Ông/Bà!"


class CitizenNotice(SurveyError):
    """A page in plain words: what happened, then what to do.

    ``ask_code`` offers the box to type a code. ``is_settled`` means that answers kept
    on the phone are of no more use; ``retry`` that the same ballot can be sent again
    after so many seconds.
    """

    template = "collect/notice.html"
    advice = ""
    ask_code = False
    is_settled = False
    retry = 0


class CodeMistyped(CitizenNotice):
    status = 404
    title = "Mã phiếu chưa đúng"
    message = "Mã vừa nhập thiếu ký tự hoặc có ký tự gõ nhầm."
    advice = "Xin Ông/Bà xem lại mã in trên giấy và nhập lại vào ô dưới đây."
    ask_code = True


class CodeUnknown(CitizenNotice):
    status = 404
    title = "Không tìm thấy mã phiếu"
    message = "Hệ thống không có phiếu nào mang mã này."
    advice = (
        "Xin Ông/Bà quét lại mã QR hoặc nhập lại mã vào ô dưới đây."
        " Nếu vẫn không được, xin hỏi cán bộ tại quầy."
    )
    ask_code = True


class CodeUsed(CitizenNotice):
    status = 409
    title = "Phiếu này đã được ghi nhận"
    message = "Mỗi mã chỉ gửi được một phiếu, và phiếu của mã này đã gửi xong."
    advice = (
        f"{NO_MORE_TO_DO} Nếu Ông/Bà chưa từng gửi phiếu, xin báo cán bộ tại quầy"
        " để nhận mã khác."
    )
    is_settled = True


class BallotDiffers(CitizenNotice):
    status = 409
    title = "Phiếu này đã được ghi nhận"
    message = (
        "Phiếu gửi từ trang này lúc trước đã được lưu với những câu trả lời khác."
        " Lần gửi đầu được giữ nguyên, lần này không lưu."
    )
    advice = NO_MORE_TO_DO
    is_settled = True


class BallotWithdrawn(CitizenNotice):
    status = 410
    title = "Phiếu này đã được rút"
    message = "Phiếu đã được rút lại theo yêu cầu; các câu trả lời đã bị xóa."
    advice = "Phiếu đã rút thì không gửi lại được. Ông/Bà không cần làm gì thêm."
    is_settled = True


class WaveNotYetOpen(CitizenNotice):
    status = 409
    title = "Đợt khảo sát chưa mở"
    message = "Mã này đúng, nhưng đợt khảo sát chưa bắt đầu nhận phiếu."
    advice = "Xin Ông/Bà giữ lại mã và mở lại sau ít ngày."


class WaveClosed(CitizenNotice):
    status = 409
    title = "Đợt khảo sát đã kết thúc"
    message = "Đợt khảo sát này không nhận phiếu nữa."
    advice = (
        "Cảm ơn Ông/Bà đã quan tâm. Nếu có việc cần phản ánh, xin liên hệ"
        " Bộ phận Một cửa nơi Ông/Bà làm thủ tục."
    )
    is_settled = True


class PosterRevoked(CitizenNotice):
    status = 410
    title = "Mã này không còn dùng nữa"
    message = "Bảng mã tại quầy đã được thay bằng mã khác."
    advice = "Xin Ông/Bà quét mã mới tại quầy, hoặc hỏi cán bộ tại quầy."
    ask_code = True
    is_settled = True


class ReceiptMistyped(CitizenNotice):
    status = 422
    title = "Biên nhận chưa đúng"
    message = "Biên nhận vừa nhập thiếu ký tự hoặc có ký tự gõ nhầm."
    advice = "Xin Ông/Bà xem lại và nhập lại."


class ReceiptUnknown(CitizenNotice):
    status = 404
    title = "Không tìm thấy phiếu"
    message = "Hệ thống không tìm thấy phiếu nào theo biên nhận này."
    advice = (
        "Xin Ông/Bà kiểm tra lại biên nhận. Khi đợt khảo sát đã chốt số liệu thì"
        " không còn gì nối được phiếu với biên nhận, nên cũng không tìm lại được nữa."
    )


class WithdrawalTooLate(CitizenNotice):
    status = 409
    title = "Không rút lại được nữa"
    message = (
        "Đợt khảo sát đã chốt số liệu. Từ lúc đó không còn thông tin nào nối phiếu"
        " với Ông/Bà, và số liệu tổng hợp không thay đổi nữa."
    )
    advice = "Cảm ơn Ông/Bà đã cho ý kiến."


class TooManyTries(CitizenNotice):
    status = 429
    title = "Có quá nhiều lần gửi"
    message = "Hiện có quá nhiều lần gửi cùng lúc, nên lần này chưa được nhận."
    advice = "Xin Ông/Bà chờ khoảng một phút rồi gửi lại."
    retry = 60


class Busy(CitizenNotice):
    status = 503
    title = "Hệ thống đang bận"
    message = "Hệ thống chưa nhận được yêu cầu này."
    advice = "Xin Ông/Bà chờ khoảng 10 giây rồi thử lại."
    retry = 10


class TooLarge(CitizenNotice):
    status = 413
    title = "Phiếu quá lớn"
    message = "Nội dung gửi lên dài hơn mức cho phép."
    advice = "Xin Ông/Bà quay lại trang trước và viết ngắn hơn ở các câu trả lời dài."


class Trouble(CitizenNotice):
    status = 500
    title = "Hệ thống gặp trục trặc"
    message = "Hệ thống gặp trục trặc nên chưa thực hiện được."
    advice = "Xin Ông/Bà thử lại sau ít phút. Chúng tôi xin lỗi vì sự bất tiện này."
    retry = 60


class PageUnknown(CitizenNotice):
    status = 404
    title = "Không tìm thấy trang"
    message = "Địa chỉ này không có trang nào."
    advice = "Xin Ông/Bà nhập mã phiếu vào ô dưới đây."
    ask_code = True

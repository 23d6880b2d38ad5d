"""What can happen to a citizen on the way.

What each page says stands in ``words``, under ``notice`` and the name of the class.
"""

from __future__ import annotations

from survey_app.errors import SurveyError


class CitizenNotice(SurveyError):
    """A page in plain words: what happened, then what to do.

    ``ask_code`` offers the box to type a code. ``is_settled`` means that answers kept
    on the phone are of no more use; ``retry`` that the same ballot can be sent again
    after so many seconds.
    """

    template = "collect/notice.html"
    ask_code = False
    is_settled = False
    retry = 0


class CodeMistyped(CitizenNotice):
    status = 404
    ask_code = True


class CodeUnknown(CitizenNotice):
    status = 404
    ask_code = True


class CodeUsed(CitizenNotice):
    status = 409
    is_settled = True


class BallotDiffers(CitizenNotice):
    status = 409
    is_settled = True


class BallotWithdrawn(CitizenNotice):
    status = 410
    is_settled = True


class WaveNotYetOpen(CitizenNotice):
    status = 409


class WaveClosed(CitizenNotice):
    status = 409
    is_settled = True


class PosterRevoked(CitizenNotice):
    status = 410
    ask_code = True
    is_settled = True


class ReceiptMistyped(CitizenNotice):
    status = 422


class ReceiptUnknown(CitizenNotice):
    status = 404


class WithdrawalTooLate(CitizenNotice):
    status = 409


class TooManyTries(CitizenNotice):
    status = 429
    retry = 60


class Busy(CitizenNotice):
    status = 503
    retry = 10


class TooLarge(CitizenNotice):
    status = 413


class Trouble(CitizenNotice):
    status = 500
    retry = 60


class PageUnknown(CitizenNotice):
    status = 404
    ask_code = True

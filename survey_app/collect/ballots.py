"""Read what a citizen sent: every answer, the consent, and every problem at once."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from questionnaires import (
    AnswersRejected,
    AnswerValue,
    Problem,
    Questionnaire,
    read_answers,
)

# Names of fields that are no questions; a question's id never has a hyphen.
NONCE = "so-phieu"
CONSENT = "dong-y"
ASSISTED = "co-nguoi-giup"
LANGUAGE = "ngon-ngu"
CHANGE_LANGUAGE = "doi-ngon-ngu"

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Ballot:
    """Answers that can be kept as they are."""

    answers: dict[str, AnswerValue]
    assisted: bool
    consent_version: str
    language: str

    def fingerprint(self, response_id: UUID, key: bytes) -> str:
        """What the table keeps to know the same ballot when it comes again.

        SHA-256 of the canonical JSON under the key of the installation: the hash
        outlives the answers of a withdrawn ballot, and without a key anybody could
        find them by trying. Nothing of the code is in it, so it leads to no slip.
        """
        body = {
            "id": response_id.hex,
            "answers": self.answers,
            "assisted": self.assisted,
            "consent": self.consent_version,
            "language": self.language,
        }
        canonical = json.dumps(
            body, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hmac.digest(key, b"ballot\0" + canonical.encode("utf-8"), "sha256").hex()


def read(
    questionnaire: Questionnaire, fields: Fields
) -> tuple[Ballot | None, list[Problem]]:
    """The ballot in the fields of a form, or else everything to be put right.

    The problems are in the order of the page, the consent last.
    """
    problems: list[Problem] = []
    answers: dict[str, AnswerValue] = {}
    try:
        answers = read_answers(questionnaire, fields)
    except AnswersRejected as rejected:
        problems += rejected.problems
    if questionnaire.consent.version not in fields.get(CONSENT, ()):
        problems.append(Problem("no_consent", CONSENT))
    if problems:
        return None, problems
    ballot = Ballot(
        answers=answers,
        assisted=bool(fields.get(ASSISTED)),
        consent_version=questionnaire.consent.version,
        language=questionnaire.language,
    )
    return ballot, []

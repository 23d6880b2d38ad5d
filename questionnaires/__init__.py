"""What we ask: definitions, and the code that judges, loads and reads them."""

from questionnaires.answers import AnswersRejected, AnswerValue, read_answers
from questionnaires.check import check
from questionnaires.loader import DefinitionRejected, parse
from questionnaires.model import (
    LEFT_EMPTY,
    OFF_ROUTE,
    Check,
    Consent,
    Criterion,
    Factor,
    Heading,
    Option,
    Problem,
    Question,
    Questionnaire,
    Scale,
    Section,
    Source,
    SpecialAnswer,
)

__all__ = [
    "LEFT_EMPTY",
    "OFF_ROUTE",
    "AnswerValue",
    "AnswersRejected",
    "Check",
    "Consent",
    "Criterion",
    "DefinitionRejected",
    "Factor",
    "Heading",
    "Option",
    "Problem",
    "Question",
    "Questionnaire",
    "Scale",
    "Section",
    "Source",
    "SpecialAnswer",
    "check",
    "parse",
    "read_answers",
]

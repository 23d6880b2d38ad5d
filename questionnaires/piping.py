"""Names and earlier answers in texts: ``{office}``, ``{procedure}``, ``{answer:id|…}``.

What stands after ``|`` is shown while there is nothing to fill in, for instance on a
page without a script, where no earlier answer is known yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from questionnaires.model import Criterion, Question, Questionnaire
from questionnaires.routing import Value

KNOWN_NAMES = {"office": "cơ quan", "procedure": "thủ tục này"}

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_PLACEHOLDER = re.compile(
    r"(?:answer:(?P<answer>[a-z][a-z0-9_]{0,31})|(?P<name>[a-z]+))(?:\|(?P<fallback>.+))?"
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands between braces: a name, or an earlier answer, and its stand-in."""

    name: str
    answer: str
    fallback: str


def placeholders(text: str) -> Iterator[Placeholder | str]:
    """The placeholders of a text in order; a faulty one as it is written."""
    for braces in _BRACES.finditer(text):
        yield _placeholder(braces)


def fill(
    text: str,
    *,
    names: Mapping[str, str],
    answers: Mapping[str, Value] | None = None,
    questionnaire: Questionnaire | None = None,
) -> str:
    """A text with names and answers filled in.

    Parameters
    ----------
    names : mapping of str to str
        ``office`` and ``procedure`` where known.
    answers : mapping, optional
        Earlier answers as rules see them (``seen_answers``).
    questionnaire : Questionnaire, optional
        The form, for the labels of the options chosen.
    """

    def put(braces: re.Match[str]) -> str:
        found = _placeholder(braces)
        if isinstance(found, str):
            return found
        if not found.answer:
            standard = KNOWN_NAMES.get(found.name, "")
            return names.get(found.name) or found.fallback or standard
        value = (answers or {}).get(found.answer)
        if value is None or questionnaire is None:
            return found.fallback
        return spoken(questionnaire.question(found.answer), value) or found.fallback

    return _BRACES.sub(put, text)


def spoken(question: Question, value: Value) -> str:
    """An answer in the words of the form; "" for a special answer."""
    if any(special.value == value for special in question.specials):
        return ""
    if isinstance(question, Criterion) and isinstance(value, int):
        return question.scale.label(value)
    if question.options:
        chosen: Sequence[Value] = value if isinstance(value, tuple) else (value,)
        return ", ".join(o.label for o in question.options if o.id in chosen)
    if question.kind == "date":
        return "/".join(reversed(str(value).split("-")))
    return str(value)


def as_references(text: str) -> str:
    """A text with earlier answers named the XLSForm way: ``${id}``."""

    def put(braces: re.Match[str]) -> str:
        found = _placeholder(braces)
        if isinstance(found, Placeholder) and found.answer:
            return f"${{{found.answer}}}"
        return braces[0]

    return _BRACES.sub(put, text)


def _placeholder(braces: re.Match[str]) -> Placeholder | str:
    found = _PLACEHOLDER.fullmatch(braces[1] or "")
    if not found:
        return braces[0]
    return Placeholder(
        found["name"] or "", found["answer"] or "", found["fallback"] or ""
    )

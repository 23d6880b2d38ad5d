"""Two forms side by side: what differs, and which criteria may share one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaires.model import Criterion, Question, Questionnaire
from questionnaires.routing import rule_as_json


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was; ``before`` and ``after`` are empty for none.

    ``what`` is added, removed, moved, or the part that changed: title, introduction,
    consent, text, hint, kind, required, route, scale, option, special, range.
    """

    where: str
    what: str
    before: str
    after: str


def differences(before: Questionnaire, after: Questionnaire) -> tuple[Difference, ...]:
    """All that differs: the form as a whole, then in the order of the new page."""
    return tuple(_differences(before, after))


def comparable_criteria(
    before: Questionnaire,
    after: Questionnaire,
    agreed: Mapping[str, str] | None = None,
) -> tuple[tuple[str, str], ...]:
    """Pairs of criteria that one series may join, as (id before, id after).

    A criterion is comparable with the one of the same id, the same words and the same
    scale. ``agreed`` adds pairs that somebody has decided on, by id before; their
    scales must still count the same levels as satisfied.
    """
    olds = {criterion.id: criterion for criterion in _judged(before)}
    news = {criterion.id: criterion for criterion in _judged(after)}
    pairs = {old: old for old in olds if old in news and _alike(olds[old], news[old])}
    for old, new in (agreed or {}).items():
        if old not in olds or new not in news:
            raise KeyError(f"{old} → {new}")
        if not _same_scale(olds[old], news[new]):
            raise ValueError(f"{old} → {new}: scales differ")
        pairs[old] = new
    return tuple((old, pairs[old]) for old in olds if old in pairs)


def _judged(form: Questionnaire) -> tuple[Criterion, ...]:
    return (*form.criteria, *((form.overall,) if form.overall else ()))


def _alike(before: Criterion, after: Criterion) -> bool:
    return before.text == after.text and _same_scale(before, after)


def _same_scale(before: Criterion, after: Criterion) -> bool:
    old, new = before.scale, after.scale
    return (old.labels, old.satisfied_from) == (new.labels, new.satisfied_from)


def _differences(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    for what in ("title", "introduction"):
        yield from _changed("", what, getattr(before, what), getattr(after, what))
    yield from _changed("", "consent", _consent(before), _consent(after))
    olds = {question.id: question for question in before.questions}
    news = {question.id: question for question in after.questions}
    for section in after.sections:
        was = next((s for s in before.sections if s.id == section.id), None)
        if was is not None:
            yield from _changed(section.id, "title", was.title, section.title)
            yield from _changed(section.id, "hint", was.note, section.note)
    yield from (
        Difference(x, "removed", olds[x].text, "") for x in olds if x not in news
    )
    for question in after.questions:
        if question.id not in olds:
            yield Difference(question.id, "added", "", question.text)
        else:
            yield from _of_question(olds[question.id], question)
    yield from _moved([x for x in olds if x in news], [x for x in news if x in olds])


def _of_question(before: Question, after: Question) -> Iterator[Difference]:
    where = after.id
    for what in ("text", "hint", "kind"):
        yield from _changed(where, what, getattr(before, what), getattr(after, what))
    yield from _changed(where, "required", _yes(before.required), _yes(after.required))
    yield from _changed(where, "route", _route(before), _route(after))
    yield from _changed(where, "range", _range(before), _range(after))
    yield from _changed(where, "scale", _scale(before), _scale(after))
    old_specials = ", ".join(s.value for s in before.specials)
    new_specials = ", ".join(s.value for s in after.specials)
    yield from _changed(where, "special", old_specials, new_specials)
    olds = {o.id: f"{o.code}. {o.label}" for o in before.options}
    news = {o.id: f"{o.code}. {o.label}" for o in after.options}
    for option in dict.fromkeys((*olds, *news)):
        old, new = olds.get(option, ""), news.get(option, "")
        yield from _changed(where, "option", old, new)


def _moved(before: list[str], after: list[str]) -> Iterator[Difference]:
    """Questions that come after another one than they did."""
    followed = dict(zip(before, ["", *before], strict=False))
    for question, follows in zip(after, ["", *after], strict=False):
        if followed[question] != follows:
            yield Difference(question, "moved", followed[question], follows)


def _changed(where: str, what: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(where, what, before, after)


def _consent(form: Questionnaire) -> str:
    consent = form.consent
    parts = (consent.version, consent.text, consent.interview_text)
    return "\n\n".join(part for part in parts if part)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _route(question: Question) -> str:
    return str(rule_as_json(question.show_if)) if question.show_if else ""


def _range(question: Question) -> str:
    ends = (question.minimum, question.maximum, question.max_length)
    return "" if ends == (None, None, None) else "..".join(_end(end) for end in ends)


def _end(end: int | str | None) -> str:
    return "" if end is None else str(end)


def _scale(question: Question) -> str:
    if not isinstance(question, Criterion):
        return ""
    scale = question.scale
    return f"{' / '.join(scale.labels)} (≥ {scale.satisfied_from})"

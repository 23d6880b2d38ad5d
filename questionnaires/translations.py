"""A questionnaire in another language: one text for each text, checked for gaps.

A translation is a file of its own, ``reviewed`` or not, so that a form already in use
can gain a language without changing. Its keys are those of ``texts_of``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from questionnaires.check import read_toml
from questionnaires.check_wording import text_problems
from questionnaires.loader import DefinitionRejected
from questionnaires.model import (
    Consent,
    Criterion,
    Factor,
    Heading,
    Problem,
    Question,
    Questionnaire,
    Scale,
    SpecialAnswer,
)
from questionnaires.piping import Placeholder, placeholders


@dataclass(frozen=True, slots=True)
class Translation:
    """Texts of one questionnaire in one language, by key."""

    questionnaire: str
    language: str
    reviewed: bool
    texts: tuple[tuple[str, str], ...]


def texts_of(questionnaire: Questionnaire) -> dict[str, str]:
    """Every text a person reads, by key, in the order of the page."""
    found = {
        "title": questionnaire.title,
        "introduction": questionnaire.introduction,
        "consent.text": questionnaire.consent.text,
        "consent.interview_text": questionnaire.consent.interview_text,
    }
    for scale in questionnaire.scales:
        for level in scale.levels:
            found[f"scale.{scale.id}.{level}"] = scale.label(level)
    for question in questionnaire.questions:
        for special in question.specials:
            found[f"special.{special.value}"] = special.label
    for section in questionnaire.sections:
        found[f"section.{section.id}.title"] = section.title
        found[f"section.{section.id}.note"] = section.note
        for question in section.questions:
            found[f"{question.id}.text"] = question.text
            found[f"{question.id}.hint"] = question.hint
            for option in question.options:
                found[f"{question.id}.option.{option.id}"] = option.label
    for doubt in questionnaire.checks:
        found[f"check.{doubt.id}"] = doubt.text
    return {key: text for key, text in found.items() if text}


def parse_translation(text: str, questionnaire: Questionnaire) -> Translation:
    """The translation a file holds; ``DefinitionRejected`` names all that is wrong."""
    if problems := check_translation(text, questionnaire):
        raise DefinitionRejected(problems)
    source = read_toml(text)
    return Translation(
        questionnaire=source["questionnaire"],
        language=source["language"],
        reviewed=source["reviewed"],
        texts=tuple((key, str(value).strip()) for key, value in source["text"].items()),
    )


def check_translation(text: str, questionnaire: Questionnaire) -> list[Problem]:
    """All that is wrong with a translation file; ``where`` is the key of the text."""
    try:
        source = read_toml(text)
    except (ValueError, RecursionError) as error:
        return [Problem("not_toml", "", str(error))]
    problems = list(_shape_problems(source))
    if problems:
        return problems
    if source["questionnaire"] != questionnaire.id:
        problems.append(Problem("wrong_questionnaire", "", source["questionnaire"]))
    return problems + list(problems_of_texts(questionnaire, source["text"]))


def problems_of_texts(
    questionnaire: Questionnaire, translated_texts: Mapping[str, str]
) -> Iterator[Problem]:
    """Gaps, leftovers and faults of a translation, text by text."""
    originals = texts_of(questionnaire)
    for key, original in originals.items():
        text = translated_texts.get(key, "").strip()
        if not text:
            yield Problem("missing_translation", key, original)
            continue
        yield from text_problems(key, _kind(key), text)
        if _filled(text) != _filled(original):
            yield Problem("placeholders_differ", key, original)
    for key in translated_texts:
        if key not in originals:
            yield Problem("unknown_text", key)
    yield from _labels_alike(questionnaire, translated_texts)


def translated(questionnaire: Questionnaire, translation: Translation) -> Questionnaire:
    """The same questionnaire, ids, codes and rules untouched, in another language."""
    put = _Words(dict(translation.texts))
    scales = {s.id: put.scale(s) for s in questionnaire.scales}
    q = questionnaire
    return replace(
        q,
        language=translation.language,
        title=put("title", q.title),
        introduction=put("introduction", q.introduction),
        consent=Consent(
            version=q.consent.version,
            text=put("consent.text", q.consent.text),
            interview_text=put("consent.interview_text", q.consent.interview_text),
        ),
        scales=tuple(scales.values()),
        factors=tuple(put.factor(factor, scales) for factor in q.factors),
        overall=put.criterion(q.overall, scales) if q.overall else None,
        facts=tuple(put.question(fact) for fact in q.facts),
        profile=tuple(put.question(fact) for fact in q.profile),
        checks=tuple(replace(c, text=put(f"check.{c.id}", c.text)) for c in q.checks),
        overall_heading=put.heading("overall", q.overall_heading),
        facts_heading=put.heading("facts", q.facts_heading),
        profile_heading=put.heading("profile", q.profile_heading),
    )


def is_complete(questionnaire: Questionnaire, translation: Translation) -> bool:
    """Whether a wave may offer the language: every text is there."""
    return texts_of(questionnaire).keys() <= dict(translation.texts).keys()


@dataclass(frozen=True, slots=True)
class _Words:
    """Puts the texts of a translation in place of the originals."""

    texts: Mapping[str, str]

    def __call__(self, key: str, original: str) -> str:
        return self.texts.get(key, original)

    def scale(self, scale: Scale) -> Scale:
        keys = {level: f"scale.{scale.id}.{level}" for level in scale.levels}
        labels = tuple(self(keys[level], scale.label(level)) for level in scale.levels)
        return replace(scale, labels=labels)

    def factor(self, factor: Factor, scales: Mapping[str, Scale]) -> Factor:
        return replace(
            factor,
            title=self(f"section.{factor.id}.title", factor.title),
            note=self(f"section.{factor.id}.note", factor.note),
            criteria=tuple(self.criterion(c, scales) for c in factor.criteria),
        )

    def heading(self, section: str, heading: Heading) -> Heading:
        return Heading(
            self(f"section.{section}.title", heading.title),
            self(f"section.{section}.note", heading.note),
        )

    def criterion(self, criterion: Criterion, scales: Mapping[str, Scale]) -> Criterion:
        changes = self._common(criterion)
        return replace(criterion, scale=scales[criterion.scale.id], **changes)

    def question(self, question: Question) -> Question:
        options = tuple(
            replace(o, label=self(f"{question.id}.option.{o.id}", o.label))
            for o in question.options
        )
        return replace(question, options=options, **self._common(question))

    def special(self, special: SpecialAnswer) -> SpecialAnswer:
        label = self(f"special.{special.value}", special.label)
        return replace(special, label=label)

    def _common(self, question: Question) -> dict[str, Any]:
        return {
            "text": self(f"{question.id}.text", question.text),
            "hint": self(f"{question.id}.hint", question.hint),
            "specials": tuple(self.special(special) for special in question.specials),
        }


def _shape_problems(source: Mapping[str, Any]) -> Iterator[Problem]:
    kinds = {"questionnaire": str, "language": str, "reviewed": bool, "text": dict}
    for key, kind in kinds.items():
        if key not in source:
            yield Problem("missing", "", key)
        elif not isinstance(source[key], kind):
            yield Problem("wrong_kind", "", key)
    for key in source:
        if key not in kinds:
            yield Problem("unknown_key", "", key)
    texts = source.get("text")
    for key, text in texts.items() if isinstance(texts, dict) else ():
        if not isinstance(text, str):
            yield Problem("wrong_kind", key, "text")


def _kind(key: str) -> str:
    if key.startswith(("scale.", "special.")) or ".option." in key:
        return "label"
    return {"title": "title", "text": "text", "hint": "hint", "note": "note"}.get(
        key.rpartition(".")[2] if not key.startswith("consent.") else "", "prose"
    )


def _filled(text: str) -> list[str]:
    """What the placeholders of a text are filled with, in any order."""
    found = (p for p in placeholders(text) if isinstance(p, Placeholder))
    return sorted(p.name or p.answer for p in found)


def _labels_alike(
    questionnaire: Questionnaire, texts: Mapping[str, str]
) -> Iterator[Problem]:
    """Two options, or two levels, that a translation no longer tells apart."""
    groups = [
        [f"scale.{scale.id}.{level}" for level in scale.levels]
        for scale in questionnaire.scales
    ]
    groups += [
        [f"{question.id}.option.{option.id}" for option in question.options]
        for question in questionnaire.questions
    ]
    for keys in groups:
        seen: set[str] = set()
        for key in keys:
            label = texts.get(key, "").strip().casefold()
            if label and label in seen:
                yield Problem("repeated_label", key, texts[key])
            seen.add(label)

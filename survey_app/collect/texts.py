"""Put the names of office and procedure, and earlier answers, into a form's texts.

For the page each answer stands in an element of its own, so that the script can fill
it in while the citizen goes on; without a script it holds the words of the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from questionnaires import Questionnaire
from questionnaires.piping import Placeholder, fill, placeholders
from questionnaires.routing import Value
from questionnaires.translations import Translation, texts_of, translated

Names = Mapping[str, str]
_ANSWER = re.compile(r"(\{answer:[^{}]*\})")


def as_text(
    questionnaire: Questionnaire, names: Names, answers: Mapping[str, Value]
) -> Questionnaire:
    """The form with everything known filled in, for sentences about it."""

    def filled(text: str) -> str:
        return _fill(text, names, questionnaire, answers)

    return _with(questionnaire, filled)


def as_markup(
    questionnaire: Questionnaire, names: Names, answers: Mapping[str, Value]
) -> Questionnaire:
    """The form for its page: the same, each earlier answer in an element."""

    def marked(text: str) -> str:
        parts = _ANSWER.split(text)
        parts[::2] = [escape(_fill(part, names)) for part in parts[::2]]
        parts[1::2] = [_element(questionnaire, p, answers) for p in parts[1::2]]
        return Markup("").join(parts)

    return _with(questionnaire, marked)


def _element(
    questionnaire: Questionnaire, braces: str, answers: Mapping[str, Value]
) -> Markup:
    (found,) = placeholders(braces)
    assert isinstance(found, Placeholder)
    spoken = _fill(braces, {}, questionnaire, answers)
    return Markup('<span data-answer="{}" data-else="{}">{}</span>').format(
        found.answer, found.fallback, spoken
    )


def _fill(
    text: str,
    names: Names,
    questionnaire: Questionnaire | None = None,
    answers: Mapping[str, Value] | None = None,
) -> str:
    """The text with names; the form's own word for the procedure goes before ours."""
    for name, standard in names.items():
        text = text.replace(f"{{{name}}}", standard)
    known = {name: value for name, value in names.items() if name == "office"}
    return fill(text, names=known, answers=answers, questionnaire=questionnaire)


def _with(questionnaire: Questionnaire, put: Callable[[str], str]) -> Questionnaire:
    texts = texts_of(questionnaire)
    changed = {key: put(text) for key, text in texts.items() if "{" in text}
    if not changed:
        return questionnaire
    changes = Translation(
        questionnaire.id, questionnaire.language, True, tuple(changed.items())
    )
    return translated(questionnaire, changes)

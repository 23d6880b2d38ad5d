"""Words people read: plain text, well set, short enough, placeholders that fill."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from questionnaires.draft import DraftQuestion, draft_questions
from questionnaires.model import Problem
from questionnaires.piping import KNOWN_NAMES, Placeholder, placeholders
from questionnaires.shape import Table, place

LONGEST = {"title": 200, "text": 300, "hint": 300, "label": 150, "note": 600}
LONGEST_PROSE = 4_000

_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!][^<>]*>|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_STRAY = re.compile(r"^\s|\s$|  |\t|\u00a0| [,.;?!](?:\s|$)")


def wording_problems(source: Table) -> Iterator[Problem]:
    """What is wrong with each text shown to people, whatever it belongs to."""
    for where, kind, text in shown_texts(source):
        yield from text_problems(where, kind, text)
    yield from _placeholder_problems(source)
    yield from _repeated_questions(source)


def shown_texts(source: Table) -> Iterator[tuple[str, str, str]]:
    """(where, kind, text) of everything a person reads, from top to bottom."""
    yield "", "title", source.get("title", "")
    yield "", "prose", source.get("introduction", "").strip()
    for key in ("text", "interview_text"):
        yield "consent", "prose", source.get("consent", {}).get(key, "").strip()
    for label in source.get("special", {}).values():
        yield "special", "label", label
    for name, scale in source.get("scale", {}).items():
        for label in scale.get("labels", ()):
            yield f"scale {name}", "label", label
    for name, options in source.get("choice", {}).items():
        for option in options:
            yield f"choice {name}", "label", option.get("label", "")
    for name, heading in source.get("heading", {}).items():
        yield f"heading, {name}", "title", heading.get("title", "")
        yield f"heading, {name}", "note", heading.get("note", "").strip()
    for i, factor in enumerate(source.get("factor", ()), start=1):
        where = place("", "factor", i, factor)
        yield where, "title", factor.get("title", "")
        yield where, "note", factor.get("note", "").strip()
    for question in draft_questions(source):
        yield question.where, "text", question.source.get("text", "")
        yield question.where, "hint", question.source.get("hint", "")
        for option in question.source.get("option", ()):
            yield question.where, "label", option.get("label", "")
    for i, doubt in enumerate(source.get("check", ()), start=1):
        yield place("", "check", i, doubt), "text", doubt.get("text", "")


def text_problems(where: str, kind: str, text: str) -> Iterator[Problem]:
    """What is wrong with one text by itself, in any language."""
    if _TAG.search(text):
        yield Problem("html", where, _excerpt(text, _TAG))
    if '"' in text or "'" in text:
        yield Problem("straight_quote", where, text[:80])
    if any(_STRAY.search(line) for line in text.split("\n")):
        yield Problem("stray_blank", where, text[:80])
    if strange := [c for c in text if _is_strange(c)]:
        yield Problem("strange_character", where, f"U+{ord(strange[0]):04X}")
    if len(text) > LONGEST.get(kind, LONGEST_PROSE):
        limit = LONGEST.get(kind, LONGEST_PROSE)
        yield Problem("long_text", where, f"{kind}: {len(text)}/{limit}")


def _excerpt(text: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(text)
    return found[0][:80] if found else ""


def _is_strange(character: str) -> bool:
    """Control, private and unassigned characters, and those that turn the direction.

    Zero-width space, joiner and non-joiner stay: Khmer is written with them.
    """
    if character in "\n\t\u200b\u200c\u200d":
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")


def _placeholder_problems(source: Table) -> Iterator[Problem]:
    earlier: dict[str, DraftQuestion] = {}
    for question in draft_questions(source):
        shown = [question.source.get("text", ""), question.source.get("hint", "")]
        shown += [option.get("label", "") for option in question.options]
        for text in shown:
            yield from _of_one_text(question.where, text, earlier)
        earlier[question.id] = question
    of_questions = {q.where for q in draft_questions(source)}
    of_checks = {
        place("", "check", i, doubt)
        for i, doubt in enumerate(source.get("check", ()), start=1)
    }
    for where, _, text in shown_texts(source):
        if where not in of_questions:
            known = earlier if where in of_checks else {}
            yield from _of_one_text(where, text, known)


def _of_one_text(
    where: str, text: str, earlier: dict[str, DraftQuestion]
) -> Iterator[Problem]:
    for found in placeholders(text):
        if not isinstance(found, Placeholder):
            yield Problem("bad_placeholder", where, found)
        elif found.answer and found.answer not in earlier:
            yield Problem("placeholder_too_early", where, found.answer)
        elif found.answer and not found.fallback:
            yield Problem("placeholder_without_fallback", where, found.answer)
        elif not found.answer and found.name not in KNOWN_NAMES:
            yield Problem("bad_placeholder", where, found.name)


def _repeated_questions(source: Table) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for question in draft_questions(source):
        text = question.source.get("text", "").casefold()
        if text and text in seen:
            yield Problem("repeated_question", question.where, seen[text])
        seen.setdefault(text, question.where)

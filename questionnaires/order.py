"""Show the criteria of a factor in random order, if the form asks for it.

The order follows from a small seed that goes with the page and is kept with the
answers (``__order``), so it can be told afterwards and is the same on every screen.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from questionnaires.model import Question, Questionnaire, Section

SEEDS = range(1000)


def sections_in_order(questionnaire: Questionnaire, seed: int) -> tuple[Section, ...]:
    """The page from top to bottom, shuffled where the definition says so.

    Parameters
    ----------
    seed : int
        Drawn anew for each page out of ``SEEDS``.
    """
    return tuple(
        _shuffled(section, seed) if section.shuffle else section
        for section in questionnaire.sections
    )


def _shuffled(section: Section, seed: int) -> Section:
    def drawn(question: Question) -> bytes:
        return sha256(f"{seed}/{question.id}".encode()).digest()

    return replace(section, questions=tuple(sorted(section.questions, key=drawn)))

"""The words a questionnaire is made of. Built once by the loader, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from questionnaires.routing import Rule

OFF_ROUTE = -4
LEFT_EMPTY = -5


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, where, and what would put it right.

    ``code`` is for programs and for choosing the sentence; ``where`` is the id of a
    question or a place in the definition; ``line`` counts from 1, 0 when unknown.
    """

    code: str
    where: str
    detail: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SpecialAnswer:
    """Not applicable, don't know or refused, where the definition allows it."""

    value: str
    code: int
    label: str


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen: ``id`` in forms and rules, ``code`` (1 to 99) when stored."""

    id: str
    code: int
    label: str
    exclusive: bool = False
    specify: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels from 1 up, least satisfied first; their order on screen is the same."""

    id: str
    labels: tuple[str, ...]
    satisfied_from: int

    @property
    def levels(self) -> range:
        return range(1, len(self.labels) + 1)

    def label(self, level: int) -> str:
        return self.labels[level - 1]

    def is_satisfied(self, level: int) -> bool:
        return level >= self.satisfied_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; which of the optional fields it uses follows from its kind.

    ``kind`` is scale, single, multiple, number, date or text. ``minimum`` and
    ``maximum`` are whole numbers (number) or ISO days (date). ``status`` tells how
    well the wording is known: seen, partial or memory.
    """

    id: str
    text: str
    kind: str
    required: bool = True
    show_if: Rule | None = None
    options: tuple[Option, ...] = ()
    specials: tuple[SpecialAnswer, ...] = ()
    minimum: int | str | None = None
    maximum: int | str | None = None
    max_length: int | None = None
    hint: str = ""
    source: tuple[str, ...] = ()
    status: str = ""

    @property
    def not_applicable(self) -> bool:
        return self._allows("na")

    @property
    def dont_know(self) -> bool:
        return self._allows("dk")

    @property
    def refuse(self) -> bool:
        return self._allows("ref")

    @property
    def specify(self) -> Option | None:
        """The option that asks for a text, "khác (ghi rõ)", if there is one."""
        return next((option for option in self.options if option.specify), None)

    @property
    def specify_id(self) -> str:
        """The form name and storage key of that text."""
        return f"{self.id}__text"

    def _allows(self, value: str) -> bool:
        return any(special.value == value for special in self.specials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Question):
    """One thing a citizen judges, asked as one question on a scale."""

    kind: str = "scale"
    scale: Scale


@dataclass(frozen=True, slots=True)
class Factor:
    """A group of criteria whose satisfaction is combined into one figure."""

    id: str
    title: str
    criteria: tuple[Criterion, ...]
    note: str = ""
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the page: a factor, the overall question, the facts, the profile."""

    id: str
    title: str
    questions: tuple[Question, ...]
    note: str = ""
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A doubt about answers that each are possible: ``hard`` stops, ``soft`` asks.

    It speaks up when its rule holds, at the question ``where``.
    """

    id: str
    where: str
    rule: Rule
    text: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agrees to; ``interview_text`` joins when somebody else writes."""

    version: str
    text: str
    interview_text: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Which decision a form follows, and how well its wording is known."""

    decision: str
    status: str
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Title and note of a section that is not a factor."""

    title: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """A published form. To change one word is to publish another, under a new id."""

    id: str
    title: str
    source: Source
    audience: str
    language: str
    consent: Consent
    scales: tuple[Scale, ...]
    factors: tuple[Factor, ...]
    introduction: str = ""
    overall: Criterion | None = None
    facts: tuple[Question, ...] = ()
    profile: tuple[Question, ...] = ()
    checks: tuple[Check, ...] = ()
    overall_heading: Heading = Heading("")
    facts_heading: Heading = Heading("")
    profile_heading: Heading = Heading("")
    references: tuple[tuple[str, str], ...] = ()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria of all factors; the overall question stands apart."""
        return tuple(c for factor in self.factors for c in factor.criteria)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The page from top to bottom."""
        return tuple(self._sections())

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question in page order."""
        return tuple(q for section in self._sections() for q in section.questions)

    def question(self, question_id: str) -> Question:
        """The question of that id; ``KeyError`` when there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def _sections(self) -> Iterator[Section]:
        for f in self.factors:
            yield Section(f.id, f.title, f.criteria, f.note, f.shuffle)
        rest: tuple[tuple[str, Heading, tuple[Question, ...]], ...] = (
            ("overall", self.overall_heading, (self.overall,) if self.overall else ()),
            ("facts", self.facts_heading, self.facts),
            ("profile", self.profile_heading, self.profile),
        )
        for section_id, heading, questions in rest:
            if questions:
                yield Section(section_id, heading.title, questions, heading.note)

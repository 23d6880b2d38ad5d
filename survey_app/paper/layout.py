"""Lay a questionnaire out for paper: numbers, tables of criteria, boxes, jumps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaires import Criterion, Question, Questionnaire
from questionnaires.routing import AnswerOf, Operation
from survey_app.collect.conditions import leads
from survey_app.paper import words
from survey_app.paper.jumps import END, jumps
from survey_app.paper.keys import Choice, choices


@dataclass(frozen=True, slots=True)
class Item:
    """One question as printed; ``jump_of`` holds the words by key of the box."""

    number: int
    question: Question
    choices: tuple[Choice, ...]
    lead: str
    lead_language: str
    jump_of: Mapping[str, str]
    jump_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that are printed alike: a table of criteria, or one by one."""

    is_table: bool
    items: tuple[Item, ...]

    @property
    def columns(self) -> tuple[Choice, ...]:
        return self.items[0].choices


@dataclass(frozen=True, slots=True)
class PrintedSection:
    title: str
    note: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A questionnaire ready for the printer, in one language."""

    form: Questionnaire
    sections: tuple[PrintedSection, ...]
    words: Mapping[str, str]


def layout(questionnaire: Questionnaire) -> Layout:
    maker = _Maker(questionnaire)
    return Layout(
        questionnaire,
        tuple(
            PrintedSection(
                section.title,
                section.note,
                tuple(_blocks([maker.item(q) for q in section.questions])),
            )
            for section in questionnaire.sections
        ),
        words.printed(questionnaire.language),
    )


class _Maker:
    """Items with their numbers and routes, in the words of the form's language."""

    def __init__(self, form: Questionnaire) -> None:
        self.form = form
        self.words = words.printed(form.language)
        self.numbers = {q.id: n for n, q in enumerate(form.questions, start=1)}
        self.jumps = jumps(form)
        self.leads = leads(form, self.numbers)

    def item(self, question: Question) -> Item:
        boxes = choices(question)
        jump_of = {
            box.key: self._jump(self.jumps[question.id, box.value])
            for box in boxes
            if (question.id, box.value) in self.jumps
        }
        lead, language = self._lead(question)
        return Item(
            number=self.numbers[question.id],
            question=question,
            choices=boxes,
            lead=lead,
            lead_language=language,
            jump_of=jump_of,
            jump_lines=tuple(self._lines(boxes, jump_of)),
        )

    def _jump(self, target: str) -> str:
        if target == END:
            return self.words["jump_end"]
        return self.words["jump"].format(n=self.numbers[target])

    def _lines(
        self, boxes: tuple[Choice, ...], jump_of: Mapping[str, str]
    ) -> Iterator[str]:
        """Jumps of one row of a table, those to the same place together."""
        for jump in dict.fromkeys(jump_of.values()):
            labels = [f"“{b.label}”" for b in boxes if jump_of.get(b.key) == jump]
            answers = self.words["or"].join(labels)
            yield self.words["chosen"].format(answers=answers, jump=jump)

    def _lead(self, question: Question) -> tuple[str, str]:
        """When to answer a question, and the language it is said in.

        Rules too manifold for the few words of another language are told in
        Vietnamese, never left out.
        """
        rule = question.show_if
        if rule is None:
            return "", ""
        simple = self._simple(rule)
        if self.form.language != "vi" and simple:
            return simple, self.form.language
        return self.leads[question.id], "vi"

    def _simple(self, rule: Operation) -> str:
        match rule:
            case Operation("==" | "in", (AnswerOf(asked), values)) if not isinstance(
                values, Operation | AnswerOf
            ):
                wanted = values if isinstance(values, tuple) else (values,)
                boxes = choices(self.form.question(asked))
                named = [
                    f"“{box.label}”"
                    for box in boxes
                    if box.value in {str(value) for value in wanted}
                ]
                if len(named) == len(wanted):
                    return self.words["only_if"].format(
                        n=self.numbers[asked], answers=self.words["or"].join(named)
                    )
        return ""


def _blocks(items: list[Item]) -> Iterator[Block]:
    """Neighbours on the same scale share a table; all else stands by itself."""
    waiting: list[Item] = []
    for item in items:
        if waiting and not _alike(waiting[-1], item):
            yield Block(isinstance(waiting[0].question, Criterion), tuple(waiting))
            waiting = []
        waiting.append(item)
    if waiting:
        yield Block(isinstance(waiting[0].question, Criterion), tuple(waiting))


def _alike(one: Item, other: Item) -> bool:
    both = isinstance(one.question, Criterion), isinstance(other.question, Criterion)
    if both == (True, True):
        return one.choices == other.choices or _is_part(one, other)
    return both == (False, False)


def _is_part(one: Item, other: Item) -> bool:
    """Two criteria on one scale of which one also allows "not applicable"."""
    short, long = sorted((one.choices, other.choices), key=len)
    return short == long[: len(short)]

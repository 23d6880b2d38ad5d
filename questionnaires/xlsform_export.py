"""Write a questionnaire as the sheets of an XLSForm (table: ``xlsform_import``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from questionnaires.model import Criterion, Option, Question, Questionnaire, Section
from questionnaires.piping import as_references
from questionnaires.routing import Operation
from questionnaires.translations import Translation, texts_of, translated
from questionnaires.xlsform import write_sheets
from questionnaires.xpath_writing import expression_of

Row = dict[str, Any]

LANGUAGES = {"vi": "Vietnamese", "en": "English", "km": "Khmer"}
TYPES = {"number": "integer", "date": "date", "text": "text"}
PLAIN = ("type", "name", "required", "relevant", "constraint")
OURS = ("sipas_shuffle", "sipas_status", "sipas_source")
SHOWN = ("label", "hint", "constraint_message")


def export_xlsform(
    questionnaire: Questionnaire, translations: Sequence[Translation] = ()
) -> bytes:
    """An .xlsx workbook that ``pyxform`` accepts and ``import_xlsform`` reads back."""
    forms = [questionnaire, *(translated(questionnaire, t) for t in translations)]
    writer = _Writer(questionnaire, forms)
    return write_sheets(
        {
            "survey": _sheet(list(writer.survey()), PLAIN, SHOWN, OURS, forms),
            "choices": _sheet(
                list(writer.choices()),
                ("list_name", "name"),
                ("label",),
                ("sipas_code", "sipas_satisfied", "sipas_specify"),
                forms,
            ),
            "settings": writer.settings(),
            "sipas": writer.particulars(),
            "sipas_checks": _sheet(
                list(writer.checks()),
                ("id", "where", "hard", "rule"),
                ("text",),
                (),
                forms,
            ),
        }
    )


def language_name(language: str) -> str:
    """How XLSForm headers name a language: "Khmer (km)"."""
    return f"{LANGUAGES.get(language, language)} ({language})"


def _sheet(
    rows: list[Row],
    plain: Sequence[str],
    shown: Sequence[str],
    ours: Sequence[str],
    forms: Sequence[Questionnaire],
) -> list[list[Any]]:
    """Header and cells, with one column per language for what people read."""
    columns = [(name, name, 0) for name in plain]
    for name in shown:
        for number, form in enumerate(forms):
            many = len(forms) > 1
            header = f"{name}::{language_name(form.language)}" if many else name
            columns.append((header, name, number))
    columns += [(name, name, 0) for name in ours]
    lines: list[list[Any]] = [[header for header, _, _ in columns]]
    lines += [[_cell(row, name, number) for _, name, number in columns] for row in rows]
    return lines


def _cell(row: Row, name: str, language: int) -> Any:
    value = row.get(name, "")
    return value[language] if isinstance(value, tuple) else value


class _Writer:
    """The rows of each sheet; texts are tuples with one member per language."""

    def __init__(self, form: Questionnaire, forms: Sequence[Questionnaire]) -> None:
        self.form = form
        self.forms = forms
        self.texts = [texts_of(each) for each in forms]

    def survey(self) -> Iterator[Row]:
        for name, key in (
            ("introduction", "introduction"),
            ("consent", "consent.text"),
            ("consent_interview", "consent.interview_text"),
        ):
            if self._said(key)[0]:
                yield {"type": "note", "name": name, "label": self._said(key)}
        for section in self.form.sections:
            yield from self._section(section)

    def choices(self) -> Iterator[Row]:
        lists: dict[str, Criterion] = {}
        for scale in self.form.scales:
            for question in self.form.questions:
                if isinstance(question, Criterion) and question.scale.id == scale.id:
                    lists.setdefault(_list_name(question), question)
        for name, criterion in lists.items():
            yield from self._levels(name, criterion)
        for question in self.form.questions:
            if question.options:
                for option in question.options:
                    yield self._option(question, option)
                yield from self._specials(_list_name(question), question)
            elif _has_companion(question):
                yield from self._specials(f"{question.id}__special", question)

    def settings(self) -> list[list[str]]:
        header = ["form_title", "form_id"]
        values = [self.form.title, self.form.id]
        if len(self.texts) > 1:
            header.append("default_language")
            values.append(language_name(self.form.language))
        return [header, values]

    def particulars(self) -> Iterator[list[str]]:
        """What XLSForm has no place for, as keys and values."""
        form = self.form
        yield ["key", "value"]
        yield ["audience", form.audience]
        yield ["language", form.language]
        yield ["consent.version", form.consent.version]
        for key in ("decision", "status", "date", "note"):
            if value := getattr(form.source, key):
                yield [f"source.{key}", value]
        for key, value in form.references:
            yield [f"reference.{key}", value]
        for form, texts in zip(self.forms[1:], self.texts[1:], strict=True):
            yield [f"title.{form.language}", texts["title"]]

    def checks(self) -> Iterator[Row]:
        for check in self.form.checks:
            yield {
                "id": check.id,
                "where": check.where,
                "hard": _yes(check.hard),
                "rule": self._written(check.rule),
                "text": self._said(f"check.{check.id}"),
            }

    def _section(self, section: Section) -> Iterator[Row]:
        key = f"section.{section.id}"
        yield {
            "type": "begin_group",
            "name": section.id,
            "label": self._said(f"{key}.title"),
            "sipas_shuffle": _yes(section.shuffle),
        }
        if section.note:
            note = self._said(f"{key}.note")
            yield {"type": "note", "name": f"{section.id}__note", "label": note}
        for question in section.questions:
            yield from self._question(question)
        yield {"type": "end_group", "name": ""}

    def _question(self, question: Question) -> Iterator[Row]:
        relevant = self._written(question.show_if) if question.show_if else ""
        row = {
            "type": _type(question),
            "name": question.id,
            "label": self._said(f"{question.id}.text"),
            "hint": self._said(f"{question.id}.hint"),
            "required": _yes(question.required),
            "relevant": relevant,
            "constraint": self._constraint(question),
            "constraint_message": self._message(question),
            "sipas_status": question.status,
            "sipas_source": ", ".join(question.source),
        }
        if _has_companion(question):
            companion = f"{question.id}__special"
            if question.required:
                row["required"] = f"${{{companion}}} = ''"
            yield row
            yield {
                "type": f"select_one {companion}",
                "name": companion,
                "label": self._said(f"special.{question.specials[0].value}"),
                "relevant": relevant,
            }
        else:
            yield row
        if question.specify:
            yield {
                "type": "text",
                "name": question.specify_id,
                "label": self._said(f"{question.id}.option.{question.specify.id}"),
                "relevant": f"selected(${{{question.id}}}, '{question.specify.id}')",
            }

    def _constraint(self, question: Question) -> str:
        parts = []
        for sign, bound in ((">=", question.minimum), ("<=", question.maximum)):
            if bound is not None:
                literal = f"date('{bound}')" if isinstance(bound, str) else bound
                parts.append(f". {sign} {literal}")
        if question.max_length is not None:
            parts.append(f"string-length(.) <= {question.max_length}")
        if question.kind == "multiple":
            alone = [o.id for o in question.options if o.exclusive]
            alone += [special.value for special in question.specials]
            parts += [
                f"not(selected(., '{x}') and count-selected(.) > 1)" for x in alone
            ]
        for check in self.form.checks:
            if check.hard and check.where == question.id:
                parts.append(f"not({self._written(check.rule)})")
        return " and ".join(parts)

    def _message(self, question: Question) -> tuple[str, ...] | str:
        keys = [c.id for c in self.form.checks if c.hard and c.where == question.id]
        if not keys:
            return ""
        said = [self._said(f"check.{key}") for key in keys]
        return tuple(" ".join(parts) for parts in zip(*said, strict=True))

    def _levels(self, name: str, criterion: Criterion) -> Iterator[Row]:
        scale = criterion.scale
        for level in scale.levels:
            yield {
                "list_name": name,
                "name": str(level),
                "label": self._said(f"scale.{scale.id}.{level}"),
                "sipas_code": level,
                "sipas_satisfied": _yes(scale.is_satisfied(level)),
            }
        yield from self._specials(name, criterion)

    def _option(self, question: Question, option: Option) -> Row:
        return {
            "list_name": _list_name(question),
            "name": option.id,
            "label": self._said(f"{question.id}.option.{option.id}"),
            "sipas_code": option.code,
            "sipas_specify": _yes(option.specify),
        }

    def _specials(self, name: str, question: Question) -> Iterator[Row]:
        for special in question.specials:
            yield {
                "list_name": name,
                "name": special.value,
                "label": self._said(f"special.{special.value}"),
                "sipas_code": special.code,
            }

    def _said(self, key: str) -> tuple[str, ...]:
        return tuple(as_references(texts.get(key, "")) for texts in self.texts)

    def _written(self, rule: Operation) -> str:
        return expression_of(rule, self.form.question)


def _has_companion(question: Question) -> bool:
    """A number, a day or a text cannot hold "don't know": a second question does."""
    return bool(question.specials) and question.kind in TYPES


def _type(question: Question) -> str:
    if question.kind in TYPES:
        return TYPES[question.kind]
    word = "select_multiple" if question.kind == "multiple" else "select_one"
    return f"{word} {_list_name(question)}"


def _list_name(question: Question) -> str:
    if isinstance(question, Criterion):
        return "__".join([question.scale.id, *(s.value for s in question.specials)])
    return question.id


def _yes(flag: bool) -> str:
    return "yes" if flag else ""

"""Read an XLSForm workbook into a definition; what we have no place for is refused.

==================================  ================================================
XLSForm                             definition
==================================  ================================================
``settings`` form_id, form_title    ``id``, ``title``
a group of questions on one scale   ``[[factor]]``; a scale is a list of choices
                                    named 1, 2, 3 … with ``sipas_satisfied`` = yes
                                    where the answer counts as satisfied
group ``overall``                   ``[overall_question]``
group ``profile``                   ``[[profile]]``
other groups, loose questions       ``[[fact]]`` in the order of the sheet
select_one, select_multiple         ``single``, ``multiple``; ``or_other`` and a text
                                    ``<name>__text`` become ``specify``
choices named na, dk, ref           the special answers; for a number, a date or a
                                    text in a select ``<name>__special`` beside it
integer, decimal, date, text        ``number`` (whole numbers), ``date``, ``text``
note                                note of the section when it comes first, else
                                    part of the hint of the next question
relevant, also of groups            ``show_if`` (subset: ``xpath_reading``)
required                            ``required``
constraint                          ``minimum``, ``maximum``, ``max_length``,
                                    ``exclusive``; the rest is a hard ``[[check]]``
label::…, hint::…                   translation files, not reviewed
appearance, unknown columns         left out, with a notice
``sipas``, ``sipas_checks``         sheets for what XLSForm has no place for
repeats, calculations, defaults …   refused, with sheet and row
==================================  ================================================

No consent text is invented: a workbook without one is imported, and the judge asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaires.model import Problem
from questionnaires.toml_text import toml_text
from questionnaires.xlsform import WorkbookRejected, read_sheets
from questionnaires.xlsform_assembly import assemble
from questionnaires.xlsform_choices import read_choices
from questionnaires.xlsform_sheets import Lines, lines_of_sheet
from questionnaires.xlsform_survey import Item, read_survey

SHEETS = ("survey", "choices", "settings", "sipas", "sipas_checks")


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """A row of the survey sheet and what became of it (``id`` is empty for a note)."""

    where: str
    path: str
    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A definition still to be judged, its translations, and what had to be said."""

    text: str
    translations: tuple[tuple[str, str], ...]
    notices: tuple[Problem, ...]
    items: tuple[ImportedItem, ...]

    @property
    def places(self) -> Mapping[str, str]:
        """Sheet and row of each question, for the findings of the judge."""
        return {item.id: item.where for item in self.items if item.id}


def import_xlsform(content: bytes) -> Imported:
    """The definition in a workbook.

    Raises
    ------
    WorkbookRejected
        With every reason, each with sheet and row.
    """
    problems: list[Problem] = []
    notices: list[Problem] = []
    raw = read_sheets(content, SHEETS)
    sheets: dict[str, Lines] = {
        name: lines_of_sheet(name, raw.get(name, []), problems) for name in SHEETS
    }
    if not sheets["survey"].rows:
        problems.append(Problem("no_survey", "survey, row 1"))
    choices = read_choices(sheets["choices"], problems)
    items = read_survey(sheets["survey"], choices, problems, notices)
    if problems:
        raise WorkbookRejected(problems)
    made = assemble(sheets, items, problems, notices)
    if problems:
        raise WorkbookRejected(problems)
    return Imported(
        text=toml_text(made.definition),
        translations=tuple(
            (lang, toml_text(t)) for lang, t in made.translations.items()
        ),
        notices=tuple(notices),
        items=tuple(listed for item in items for listed in _listed(item)),
    )


def _listed(item: Item) -> Iterator[ImportedItem]:
    """A question and, with ``or_other``, the text that comes with it."""
    where = item.line.where
    if not item.is_group:
        yield ImportedItem(where, item.path, item.type, item.id)
    if item.or_other:
        yield ImportedItem(where, f"{item.path}_other", "text", f"{item.id}__text")

"""A questionnaire as the phone will show it, also while it is still full of faults.

A preview holds no form and no nonce, so nothing can be sent from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from questionnaires import Criterion, Option, Question, Questionnaire, Scale, Section
from questionnaires.check import read_toml
from questionnaires.draft import DraftQuestion, draft_questions
from questionnaires.piping import fill
from questionnaires.shape import Table, clean
from questionnaires.translations import Translation, texts_of, translated
from survey_app.authoring.judging import Finding
from survey_app.collect.conditions import leads
from survey_app.collect.remarks import Remark

OFFICE = "Sở Tư pháp"
PROCEDURE = "Cấp bản sao trích lục hộ tịch"


@dataclass(frozen=True, slots=True)
class Preview:
    """Sections of a page, with numbers, conditions and findings by question."""

    title: str
    language: str
    sections: Sequence[Section]
    introduction: str = ""
    consent: str = ""
    leads: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, Remark] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[str, int]:
        questions = (q.id for section in self.sections for q in section.questions)
        return {id_: number for number, id_ in enumerate(questions, start=1)}


def preview(questionnaire: Questionnaire) -> Preview:
    """A sound questionnaire, in whatever language it is."""
    filled = with_names(questionnaire, office=OFFICE, procedure=PROCEDURE)
    shown = Preview(
        title=filled.title,
        language=filled.language,
        sections=filled.sections,
        introduction=filled.introduction,
        consent=filled.consent.text,
    )
    return replace(shown, leads=leads(filled, shown.numbers))


def with_names(questionnaire: Questionnaire, **names: str) -> Questionnaire:
    """The questionnaire with office and procedure put into its texts."""
    texts = {
        key: fill(text, names=names, questionnaire=questionnaire)
        for key, text in texts_of(questionnaire).items()
    }
    filled = Translation(
        questionnaire.id, questionnaire.language, True, tuple(texts.items())
    )
    return translated(questionnaire, filled)


def draft_preview(text: str, findings: Iterable[Finding]) -> Preview | None:
    """What can be shown of a faulty definition, each finding at its question.

    None when it is not even TOML.
    """
    try:
        source, _ = clean(read_toml(text))
    except (ValueError, RecursionError):
        return None
    drafts = draft_questions(source)
    if not drafts:
        return None
    places = {draft.where: f"c{n}" for n, draft in enumerate(drafts, start=1)}
    remarks: dict[str, Remark] = {}
    for found in findings:
        place = places.get(found.where) or places.get(found.where.split(", ")[0])
        if place and place not in remarks:
            remarks[place] = Remark(place, found.sentence)
    return Preview(
        title=str(source.get("title", "")),
        language=str(source.get("language", "vi")),
        sections=_draft_sections(source, drafts, places),
        introduction=str(source.get("introduction", "")),
        consent=str(source.get("consent", {}).get("text", "")),
        remarks=remarks,
    )


def _draft_sections(
    source: Table, drafts: Iterable[DraftQuestion], places: Mapping[str, str]
) -> list[Section]:
    titles = (
        {str(f.get("id")): str(f.get("title", "")) for f in source["factor"]}
        if (source.get("factor"))
        else {}
    )
    headings = source.get("heading", {})
    sections: list[Section] = []
    for draft in drafts:
        question = _draft_question(source, draft, places[draft.where])
        if sections and sections[-1].id == draft.section:
            last = sections.pop()
            sections.append(replace(last, questions=(*last.questions, question)))
            continue
        heading = str(headings.get(draft.section, {}).get("title", ""))
        title = titles.get(draft.section, heading)
        sections.append(Section(draft.section, title, (question,)))
    return sections


def _draft_question(source: Table, draft: DraftQuestion, id_: str) -> Question:
    text = str(draft.source.get("text", "…"))
    hint = str(draft.source.get("hint", ""))
    required = bool(draft.source.get("required", True))
    scale = source.get("scale", {}).get(draft.source.get("scale", ""))
    if draft.kind == "scale" and scale:
        labels = tuple(str(label) for label in scale.get("labels", ()))
        return Criterion(
            id=id_,
            text=text,
            hint=hint,
            required=required,
            scale=Scale("draft", labels, int(scale.get("satisfied_from", 0))),
        )
    options = tuple(
        Option(f"o{n}", n, str(option.get("label", "…")))
        for n, option in enumerate(draft.options, start=1)
    )
    kind = draft.kind if draft.kind in ("number", "date") else "text"
    if options or draft.kind in ("single", "multiple"):
        kind = draft.kind if draft.kind == "multiple" else "single"
    return Question(
        id=id_, text=text, hint=hint, kind=kind, required=required, options=options
    )

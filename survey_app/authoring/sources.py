"""Find the questionnaire a command means: a file, or the id of a published one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import questionnaires
from questionnaires import Questionnaire
from questionnaires.translations import Translation, parse_translation, translated
from survey_app.authoring import judging
from survey_app.errors import Refused


@dataclass(frozen=True, slots=True)
class Source:
    """A questionnaire and the translations that are at hand for it."""

    questionnaire: Questionnaire
    translations: tuple[Translation, ...]

    def in_language(self, language: str) -> Questionnaire:
        """The questionnaire in a language.

        Raises
        ------
        Refused
            If there is no translation, naming those there are.
        """
        if language in ("", self.questionnaire.language):
            return self.questionnaire
        for translation in self.translations:
            if translation.language == language:
                return translated(self.questionnaire, translation)
        there = [self.questionnaire.language, *(t.language for t in self.translations)]
        raise Refused(
            f"Phiếu “{self.questionnaire.id}” chưa có bản dịch “{language}”."
            f" Đang có: {', '.join(there)}."
        )


def find(name: str, translation_files: Sequence[Path] = ()) -> Source:
    """The questionnaire in a file, or published in the database under an id.

    Raises
    ------
    Refused
        With every reason why it cannot be used.
    """
    path = Path(name)
    source = _of_file(path) if path.is_file() else _published(name)
    return _with_files(source, translation_files)


def _of_file(path: Path) -> Source:
    judged = judging.judge(path.read_bytes(), filename=path.name)
    if judged.questionnaire is None or judged.findings:
        raise Refused(*(f"{path}: {_line(found)}" for found in judged.findings))
    shipped = _shipped_translations(judged.questionnaire)
    return Source(judged.questionnaire, judged.translations or shipped)


def _published(name: str) -> Source:
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from survey_app import create_app, db, languages
    from survey_app.models import Definition

    app = create_app()
    with app.app_context(), db.read() as session:
        try:
            definition = session.get(Definition, name)
        except (OperationalError, ProgrammingError):
            definition = None
        if definition is None:
            raise Refused(
                f"Không có tệp và cũng không có phiếu đã công bố nào tên “{name}”."
                " Nếu chưa lập cơ sở dữ liệu, xin chạy sipas db upgrade."
            )
        questionnaire = questionnaires.parse(definition.text)
        rows = languages.latest(session, name)
        return Source(
            questionnaire,
            tuple(parse_translation(row.text, questionnaire) for row in rows),
        )


def _shipped_translations(questionnaire: Questionnaire) -> tuple[Translation, ...]:
    """Those that come with the program, for one of its own forms."""
    return tuple(
        parse_translation(text, questionnaire)
        for text in judging.shipped_translations()
        if judging.translated_form(text) == questionnaire.id
        and not judging.judge_translation(text, questionnaire)
    )


def _with_files(source: Source, paths: Sequence[Path]) -> Source:
    """Translations given as files win over those at hand."""
    found = {t.language: t for t in source.translations}
    reasons = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        findings = judging.judge_translation(text, source.questionnaire)
        reasons += [f"{path}: {_line(each)}" for each in findings]
        if not findings:
            translation = parse_translation(text, source.questionnaire)
            found[translation.language] = translation
    if reasons:
        raise Refused(*reasons)
    return Source(source.questionnaire, tuple(found.values()))


def _line(found: judging.Finding) -> str:
    return f"{found.place}: {found.sentence}" if found.place else found.sentence

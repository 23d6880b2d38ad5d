"""Translations of a published form: a workbook out, the filled one in, publish."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires import DefinitionRejected, Questionnaire
from questionnaires.translations import parse_translation, translated
from survey_app import clock, db, languages
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.authoring import judging, previews, queries, translation_workbook
from survey_app.authoring.access import MAY_PUBLISH, MAY_SEE
from survey_app.authoring.blueprint import bp
from survey_app.authoring.judging import Finding
from survey_app.authoring.views import TOML, XLSX, attachment
from survey_app.errors import NotFound

_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class JudgedTranslation:
    """A translation that was looked at; ``text`` is what would be published."""

    text: str = ""
    findings: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        return bool(self.text) and not self.findings and not self.reasons


@bp.get("/<questionnaire_id>/translation-<language>.xlsx")
@allowed(*MAY_SEE)
def translation_workbook_of(
    questionnaire_id: str, language: str
) -> ResponseReturnValue:
    """Every text beside an empty cell, filled as far as a translation is published."""
    if not _LANGUAGE.fullmatch(language):
        raise NotFound
    with db.read() as session:
        form = queries.find(session, questionnaire_id).questionnaire
        try:
            texts = dict(languages.translation(session, form, language).texts)
        except KeyError:
            texts = {}
    content = translation_workbook.write(form, language, texts)
    return attachment(content, XLSX, f"{questionnaire_id}.{language}.xlsx")


@bp.get("/<questionnaire_id>/translation-<language>.toml")
@allowed(*MAY_SEE)
def translation_file(questionnaire_id: str, language: str) -> ResponseReturnValue:
    """The latest published translation, byte for byte."""
    with db.read() as session:
        for row in languages.latest(session, questionnaire_id):
            if row.language == language:
                name = f"{questionnaire_id}.{language}.toml"
                return attachment(row.text.encode("utf-8"), TOML, name)
    raise NotFound


@bp.get("/<questionnaire_id>/translations")
@allowed(*MAY_PUBLISH)
def translations(questionnaire_id: str) -> ResponseReturnValue:
    with db.read() as session:
        form = queries.find(session, questionnaire_id).questionnaire
    return _page(form, JudgedTranslation())


@bp.post("/<questionnaire_id>/translations")
@allowed(*MAY_PUBLISH)
def judge_translation(questionnaire_id: str) -> ResponseReturnValue:
    """Everything there is to say about a filled workbook; nothing is stored."""
    with db.read() as session:
        form = queries.find(session, questionnaire_id).questionnaire
    judged = _judged(form)
    return _page(form, judged), 200 if judged.is_sound else 422


@bp.post("/<questionnaire_id>/translations/publish")
@allowed(*MAY_PUBLISH)
def publish_translation(questionnaire_id: str) -> ResponseReturnValue:
    """Publish the translation as the next version of its language."""
    now = clock.now()
    with db.read() as session:
        form = queries.find(session, questionnaire_id).questionnaire
    judged = _judged(form)
    if not judged.is_sound:
        return _page(form, judged), 422
    found = parse_translation(judged.text, form)
    with db.begin() as session:
        version = languages.publish_translation(session, judged.text, now=now)
        if version is not None:
            detail = {
                "language": found.language,
                "version": version,
                "reviewed": found.reviewed,
            }
            audit.record(
                session,
                current_account(),
                "translation.published",
                form.id,
                detail,
                now=now,
            )
    name = languages.name_of(found.language)
    flash(
        f"Đã công bố bản dịch {name}, phiên bản {version}."
        if version
        else f"Bản dịch {name} này đã được công bố từ trước; không có gì thay đổi."
    )
    return redirect(
        url_for(".questionnaire", questionnaire_id=form.id, language=found.language),
        code=303,
    )


def _judged(form: Questionnaire) -> JudgedTranslation:
    """What came: a file wins over the text in the box."""
    file = request.files.get("file")
    reviewed = "reviewed" in request.form
    if file is not None and file.filename:
        content = file.read()
        if content.startswith(b"PK") or file.filename.lower().endswith(".xlsx"):
            return _judged_workbook(content, form, reviewed=reviewed)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return JudgedTranslation(findings=judging.judge(content).findings)
    else:
        text = request.form.get("text", "").replace("\r\n", "\n")
    if not text.strip():
        return JudgedTranslation(reasons=("Chưa chọn tệp bản dịch nào.",))
    return _with_language(text, judging.judge_translation(text, form), form)


def _judged_workbook(
    content: bytes, form: Questionnaire, *, reviewed: bool
) -> JudgedTranslation:
    try:
        text, rows = translation_workbook.read(content, reviewed=reviewed)
    except DefinitionRejected as rejected:
        return JudgedTranslation(
            findings=tuple(judging.finding(p) for p in rejected.problems)
        )
    findings = tuple(
        replace(found, place=f"{found.where} (dòng {rows[found.where]})")
        if found.where in rows
        else found
        for found in judging.judge_translation(text, form)
    )
    return _with_language(text, findings, form)


def _with_language(
    text: str, findings: tuple[Finding, ...], form: Questionnaire
) -> JudgedTranslation:
    """A form is not translated into its own language, nor into none there is."""
    language = judging.language_of(text)
    reasons = []
    if not findings and language == form.language:
        reasons.append("Phiếu vốn viết bằng ngôn ngữ này nên không cần bản dịch.")
    elif not findings and not _LANGUAGE.fullmatch(language):
        reasons.append(
            f"Mã ngôn ngữ “{language}” không hợp lệ: dùng hai hoặc ba chữ thường, ví dụ"
            " en, km, cjm."
        )
    return JudgedTranslation(text, findings, tuple(reasons))


def _page(form: Questionnaire, judged: JudgedTranslation) -> str:
    preview = None
    if judged.is_sound:
        words = parse_translation(judged.text, form)
        preview = previews.preview(translated(form, words))
    offered = {k: n for k, n in languages.NAMES.items() if k != form.language}
    return render_template(
        "authoring/translations.html",
        form=form,
        judged=judged,
        preview=preview,
        offered=offered,
        language=judging.language_of(judged.text),
        reviewed="reviewed = true" in judged.text,
    )

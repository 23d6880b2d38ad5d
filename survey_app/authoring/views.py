"""Pages that show what is published: the list, one questionnaire, its files."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from survey_app import db, languages
from survey_app.accounts.access import allowed, current_account
from survey_app.authoring import previews, queries, words
from survey_app.authoring.access import MAY_PUBLISH, MAY_SEE
from survey_app.authoring.blueprint import bp
from survey_app.collect import pages
from survey_app.errors import NotFound

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOML = "application/toml; charset=utf-8"


@bp.get("/")
@allowed(*MAY_SEE)
def questionnaires() -> ResponseReturnValue:
    """Every published questionnaire, searched and sorted by the address."""
    search, sort = request.args.get("q", ""), request.args.get("sort", "")
    with db.read() as session:
        found = queries.published(session, search=search, sort=sort)
    return render_template(
        "authoring/questionnaires.html",
        published=found,
        search=search,
        sort=sort,
        words=words,
        may_publish=current_account().role in MAY_PUBLISH,
    )


@bp.get("/<questionnaire_id>/")
@allowed(*MAY_SEE)
def questionnaire(questionnaire_id: str) -> ResponseReturnValue:
    """One questionnaire: where it comes from, its languages, and how it looks."""
    language = request.args.get("language", "")
    with db.read() as session:
        found = queries.find(session, questionnaire_id)
        try:
            shown = languages.translated(
                session, found.questionnaire, language or found.questionnaire.language
            )
        except KeyError:
            raise NotFound from None
        versions = queries.translation_versions(session, questionnaire_id)
        relatives = queries.relatives(session, found)
    return render_template(
        "authoring/questionnaire.html",
        found=found,
        shown=shown,
        preview=previews.preview(shown),
        versions=versions,
        relatives=relatives,
        words=words,
        may_publish=current_account().role in MAY_PUBLISH,
    )


@bp.get("/<questionnaire_id>/definition.toml")
@allowed(*MAY_SEE)
def definition(questionnaire_id: str) -> ResponseReturnValue:
    """The published text, byte for byte."""
    with db.read() as session:
        text = queries.find(session, questionnaire_id).text
    return attachment(text.encode("utf-8"), TOML, f"{questionnaire_id}.toml")


@bp.get("/<questionnaire_id>/xlsform.xlsx")
@allowed(*MAY_SEE)
def xlsform(questionnaire_id: str) -> ResponseReturnValue:
    """The questionnaire in all its languages for KoboToolbox, ODK and the like."""
    from questionnaires.xlsform_export import export_xlsform

    with db.read() as session:
        found = queries.find(session, questionnaire_id)
        translations = [
            languages.translation(session, found.questionnaire, language.code)
            for language in found.languages
            if not language.is_original
        ]
    content = export_xlsform(found.questionnaire, translations)
    return attachment(content, XLSX, f"{questionnaire_id}.xlsx")


@bp.get("/preview.css")
@allowed(*MAY_SEE)
def preview_style() -> ResponseReturnValue:
    """The citizens' own style sheet, kept inside the column of the preview."""
    style = pages.style().replace("body{", "&{", 1)
    reply = Response(f".phone{{{style}}}", mimetype="text/css")
    reply.headers["Cache-Control"] = "private, max-age=300"
    return reply


def attachment(content: bytes, kind: str, filename: str) -> Response:
    """A file to be saved."""
    reply = Response(content, content_type=kind)
    reply.headers.set("Content-Disposition", "attachment", filename=filename)
    return reply

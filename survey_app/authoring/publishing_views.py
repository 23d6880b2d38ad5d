"""Bring a new questionnaire: upload or write, see findings and preview, publish."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaires.translations import translated
from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.authoring import judging, operations, previews, queries
from survey_app.authoring.access import MAY_PUBLISH
from survey_app.authoring.blueprint import bp
from survey_app.authoring.judging import Judged
from survey_app.errors import Refused


@bp.get("/new")
@allowed(*MAY_PUBLISH)
def new_questionnaire() -> ResponseReturnValue:
    """An empty page, or a published questionnaire to begin from."""
    text = ""
    if template := request.args.get("from", ""):
        with db.read() as session:
            text = queries.find(session, template).text
    return _page(Judged(text=text), is_judged=False)


@bp.post("/new")
@allowed(*MAY_PUBLISH)
def judge_questionnaire() -> ResponseReturnValue:
    """Everything there is to say about a file or a text; nothing is stored."""
    judged, nothing = _judged()
    is_good = judged.is_sound and not nothing
    return _page(judged, reasons=nothing), 200 if is_good else 422


@bp.post("/publish")
@allowed(*MAY_PUBLISH)
def publish_questionnaire() -> ResponseReturnValue:
    """Publish for good what the judge finds nothing wrong with."""
    now = clock.now()
    judged, nothing = _judged()
    if judged.questionnaire is None or judged.findings or nothing:
        return _page(judged, reasons=nothing), 422
    form = judged.questionnaire
    try:
        with db.begin() as session:
            operations.publish(
                session, form, judged.text, judged.translation_texts, now=now
            )
            detail = {
                "title": form.title,
                "languages": [t.language for t in judged.translations],
            }
            audit.record(
                session,
                current_account(),
                "questionnaire.published",
                form.id,
                detail,
                now=now,
            )
    except Refused as refused:
        return _page(judged, reasons=refused.reasons), 422
    flash(f"Đã công bố phiếu “{form.id}”. Từ nay phiếu này không sửa được nữa.")
    return redirect(url_for(".questionnaire", questionnaire_id=form.id), code=303)


def _judged() -> tuple[Judged, tuple[str, ...]]:
    """What came: a file wins over the text in the box."""
    with db.read() as session:
        earlier = queries.definition_texts(session)
    file = request.files.get("file")
    if file is not None and file.filename:
        judged = judging.judge(file.read(), filename=file.filename, earlier=earlier)
        return judged, ()
    text = request.form.get("text", "").replace("\r\n", "\n")
    if not text.strip():
        return Judged(), ("Chưa chọn tệp và ô định nghĩa còn trống.",)
    judged = judging.judge_definition(
        text,
        translation_texts=[
            words.replace("\r\n", "\n") for words in request.form.getlist("translation")
        ],
        earlier=earlier,
    )
    return judged, ()


def _page(
    judged: Judged, *, is_judged: bool = True, reasons: tuple[str, ...] = ()
) -> str:
    shown = request.form.get("shown", "")
    return render_template(
        "authoring/new.html",
        judged=judged,
        preview=_preview(judged, shown),
        shown=shown,
        is_judged=is_judged and not reasons,
        reasons=reasons,
        language_of=judging.language_of,
    )


def _preview(judged: Judged, language: str) -> previews.Preview | None:
    """The form in the language asked for, or what can be shown of a faulty one."""
    form = judged.questionnaire
    if form is None:
        return previews.draft_preview(judged.text, judged.findings)
    for words in judged.translations:
        if words.language == language:
            form = translated(form, words)
    return previews.preview(form)

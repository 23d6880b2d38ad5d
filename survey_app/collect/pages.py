"""The pages that citizens see: small, without cookies, in the language asked for."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, render_template, request
from markupsafe import Markup, escape

from questionnaires import Problem, Questionnaire, Section
from questionnaires.answers import ORDER, seen_answers
from questionnaires.order import SEEDS, sections_in_order
from questionnaires.routing import rule_as_json
from survey_app.collect import ballots, conditions, remarks, texts
from survey_app.collect.ballots import LANGUAGE, Fields
from survey_app.collect.errors import CitizenNotice
from survey_app.collect.library import Edition
from survey_app.collect.library import library as library
from survey_app.collect.openings import Place
from survey_app.collect.packing import PackedPage
from survey_app.collect.remarks import Remark
from survey_app.collect.wording import ORIGINAL, Words, spoken, words

GAP = "{nonce}"
_PACKAGE = Path(__file__).parent.parent


def fresh_page(edition: Edition, place: Place) -> PackedPage:
    """The form as it is before anything is chosen, all but the nonce."""
    shuffles = any(section.shuffle for section in edition.questionnaire.sections)
    seed = random.choice(SEEDS) if shuffles else 0
    key = (place, edition.language.code, seed)
    found = library().page(key)
    if found is None:
        html = questionnaire_page(edition, place, seed=seed)
        before, _, after = html.rpartition(GAP)
        found = library().keep(key, PackedPage.of(before, after))
    return found


def returned_page(
    edition: Edition,
    place: Place,
    fields: Fields,
    *,
    nonce: str,
    problems: list[Problem],
    was_open_too_long: bool = False,
) -> str:
    """The form as it was sent, everything chosen kept, in the same order."""
    seed = next(iter(fields.get(ORDER, ())), "")
    names = names_at(place, words(edition.language.code))
    answers = seen_answers(edition.questionnaire, fields)
    spoken_of = texts.as_text(edition.questionnaire, names, answers)
    return questionnaire_page(
        edition,
        place,
        seed=int(seed) if re.fullmatch(r"[0-9]{1,3}", seed) else 0,
        nonce=nonce,
        chosen=fields,
        problems=remarks.remarks(spoken_of, problems),
        was_open_too_long=was_open_too_long,
    )


def questionnaire_page(
    edition: Edition,
    place: Place,
    *,
    seed: int,
    nonce: str = GAP,
    chosen: Fields | None = None,
    problems: Sequence[Remark] = (),
    was_open_too_long: bool = False,
) -> str:
    """The form, fresh or returned with everything chosen and what to put right."""
    say = words(edition.language.code)
    answers = seen_answers(edition.questionnaire, chosen or {})
    questionnaire = texts.as_markup(
        edition.questionnaire, names_at(place, say), answers
    )
    sections = sections_in_order(questionnaire, seed)
    numbers = _numbers(sections)
    ordered = sorted(problems, key=lambda p: numbers.get(p.where, len(numbers) + 1))
    return render_template(
        "collect/questionnaire.html",
        questionnaire=questionnaire,
        edition=edition,
        sections=sections,
        seed=seed if any(section.shuffle for section in sections) else None,
        place=place,
        numbers=numbers,
        leads=conditions.leads(questionnaire, numbers),
        rules={
            q.id: _json(rule_as_json(q.show_if))
            for q in questionnaire.questions
            if q.show_if
        },
        checks=_checks(questionnaire),
        spoken=_spoken(questionnaire, say),
        ranges={
            q.id: say("remark.out_of_range", range=remarks.range_of(q, say))
            for q in questionnaire.questions
            if q.minimum is not None or q.maximum is not None
        },
        nonce=nonce,
        chosen={} if chosen is None else chosen,
        is_returned=bool(problems) or was_open_too_long,
        is_filled=chosen is not None,
        remarks=ordered,
        remark_of={remark.where: remark for remark in reversed(ordered)},
        confirming={remark.confirm for remark in ordered},
        was_open_too_long=was_open_too_long,
        names=ballots,
        **frame(say, edition.language.code),
    )


def names_at(place: Place, say: Words) -> dict[str, str]:
    """What texts are told about the place; which procedure it was nobody keeps."""
    return {"office": place.office, "procedure": say("form.the_procedure")}


def page(template: str, status: int = 200, /, **values: Any) -> tuple[str, int]:
    """Any other page for citizens."""
    shown = frame(words(language()))
    return render_template(f"collect/{template}", **values, **shown), status


def language() -> str:
    """The language asked for by the address or sent with a form; "" for none."""
    if request.method == "POST" and (sent := request.form.get(LANGUAGE)):
        return sent
    return request.args.get("lang", "")


def in_language(path: str, code: str) -> str:
    """An address of ours that stays in a language."""
    return f"{path}?lang={code}" if code in spoken()[1:] else path


def said(notice: CitizenNotice) -> str:
    """A notice in one line, to stand beside a field."""
    say, key = words(language()), f"notice.{type(notice).__name__}"
    return f"{say(f'{key}.message')} {say(f'{key}.advice')}"


def packed(page: PackedPage, nonce: str) -> Response:
    """A ready page as a reply, compressed for every phone that reads gzip."""
    if _reads_gzip():
        response = Response(page.filled(nonce), mimetype="text/html")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(page.filled_plain(nonce), mimetype="text/html")
    return response


def finish(response: Response) -> Response:
    """The headers of every citizen page, and gzip for those not compressed yet."""
    headers = response.headers
    if response.mimetype not in ("text/html", "text/javascript"):
        return response
    headers["X-Sipas"] = "1"  # tells the script that it was really we who answered
    headers["Content-Security-Policy"] = policy()
    headers["Vary"] = "Accept-Encoding"
    if "Content-Encoding" not in headers and _reads_gzip():
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        headers["Content-Encoding"] = "gzip"
    return response


def frame(say: Words, lang: str = "") -> dict[str, Any]:
    """What the frame of every page needs.

    ``lang`` is the language of the form; what speaks another one is marked: ``ui``
    for our own words, ``own`` for names of offices, which stay in Vietnamese.
    """
    lang = lang or say.language
    return {
        "style": Markup(style()),
        "script": f"/static/collect-{script_digest()}.js",
        "say": say,
        "lang": lang,
        "ui": _marked(say.language, lang),
        "own": _marked(ORIGINAL, lang),
        "in_language": lambda path: in_language(path, say.language),
    }


@cache
def style() -> str:
    """The style sheet that stands in the page, without comments and line breaks."""
    text = (_PACKAGE / "templates/collect/citizen.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,>]) ?|(?<=:) ", r"\1", text).strip()


@cache
def policy() -> str:
    """Only our own style sheet, by its hash, our own script and our own forms."""
    digest = b64encode(hashlib.sha256(style().encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self';"
        " img-src data:; connect-src 'self'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    )


@cache
def script() -> bytes:
    """Rules of routing, steps, and keeping answers, as one file."""
    parts = [
        (_PACKAGE / "static" / name).read_text(encoding="utf-8")
        for name in ("routing.js", "steps.js", "collect.js")
    ]
    text = re.sub(r"^(export |import .*$)", "", "\n".join(parts), flags=re.MULTILINE)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"^\s*(//.*)?\n?", "", text, flags=re.MULTILINE)
    return f'(()=>{{"use strict";\n{text}}})();\n'.encode()


@cache
def script_digest() -> str:
    """The script's name holds its hash, so that phones may keep it for ever."""
    return hashlib.sha256(script()).hexdigest()[:12]


def _marked(language: str, around: str) -> Markup:
    """The lang attribute of words in a language, where the page is in another."""
    return Markup("") if language == around else Markup(f' lang="{language}"')


def _numbers(sections: Sequence[Section]) -> dict[str, int]:
    """The number each question carries, in the order they are shown."""
    shown = (q.id for section in sections for q in section.questions)
    return {id_: number for number, id_ in enumerate(shown, 1)}


def _checks(questionnaire: Questionnaire) -> str:
    return _json(
        [
            {
                "id": check.id,
                "where": check.where,
                "rule": rule_as_json(check.rule),
                "text": escape(check.text),
                "hard": check.hard,
            }
            for check in questionnaire.checks
        ]
    )


def _spoken(questionnaire: Questionnaire, say: Words) -> str:
    """What the script says, as JSON: its own words, and what it can find missing."""
    missing = {
        kind: remarks.sentence_for("required", kind, say)
        for kind in {question.kind for question in questionnaire.questions}
    }
    kinds = {"number": "not_a_number", "date": "not_a_date"}
    wrong = {
        f"not_{kind}": say(f"remark.{code}")
        for kind, code in kinds.items()
        if kind in missing
    }
    rest = {"consent": say("remark.no_consent")}
    if questionnaire.checks:
        rest["confirm"] = say("form.confirm")
    return _json(say.below("script") | missing | wrong | rest)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _reads_gzip() -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")

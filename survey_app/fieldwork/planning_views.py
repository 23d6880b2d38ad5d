"""Two plans side by side, and a calculator for sizes, differences and power."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from sampling.size import WishImpossible
from survey_app import db
from survey_app.accounts.access import allowed
from survey_app.errors import Refused
from survey_app.fieldwork import plans, queries
from survey_app.fieldwork.access import MAY_PLAN, MAY_SEE
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.plan_forms import PlanForm
from survey_app.fieldwork.planning_calculator import CalculatorForm, computed
from survey_app.fieldwork.planning_preview import Preview


@bp.get("/waves/<wave_code>/plan/compare")
@allowed(*MAY_PLAN)
def compare_plans(wave_code: str) -> ResponseReturnValue:
    """Two sets of choices in the address, what each gives beside the other."""
    sides = [_side(wave_code, letter) for letter in ("a", "b")]
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
    page = render_template("fieldwork/plan_compare.html", wave=wave, sides=sides)
    return page, 422 if any(form.errors or why for form, _, why in sides) else 200


@bp.get("/calculator")
@allowed(*MAY_SEE)
def size_calculator() -> ResponseReturnValue:
    """How many for a margin, what a number gives, how many to find a difference."""
    form = CalculatorForm(request.args or None, meta={"csrf": False})
    found, wrong = None, False
    if not request.args or form.validate():
        try:
            found = computed(form)
        except WishImpossible:
            wrong = True
    page = render_template(
        "fieldwork/plan_calculator.html", form=form, found=found, wrong=wrong
    )
    return page, 422 if form.errors or wrong else 200


def _side(
    wave_code: str, letter: str
) -> tuple[PlanForm, Preview | None, tuple[str, ...]]:
    prefix = f"{letter}-"
    given = any(name.startswith(prefix) for name in request.args)
    formdata = request.args if given else None
    form = PlanForm(formdata, prefix=prefix, meta={"csrf": False})
    if not given or not form.validate():
        return form, None, ()
    try:
        with db.read() as session:
            wave = queries.find_wave(session, wave_code)
            return form, plans.planned(session, wave, form.wish()), ()
    except Refused as refused:
        return form, None, refused.reasons

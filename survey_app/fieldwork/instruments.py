"""Whether a questionnaire and a rule set can be used, and used together."""

from __future__ import annotations

from sqlalchemy.orm import Session

import questionnaires
from analysis import rules
from survey_app.models import Definition, PublishedRuleSet


def definition_problems(
    session: Session, questionnaire_id: str, rule_set_id: str
) -> list[str]:
    """Why questionnaire and rule set cannot be used together, as sentences."""
    definition = session.get(Definition, questionnaire_id)
    published = session.get(PublishedRuleSet, rule_set_id)
    problems = []
    questionnaire = rule_set = None
    if definition is None:
        problems.append(f"Không có mẫu phiếu “{questionnaire_id}”.")
    elif definition.kind != "citizen":
        problems.append(f"Mẫu phiếu “{questionnaire_id}” không dành cho người dân.")
    else:
        try:
            questionnaire = questionnaires.parse(definition.text)
        except questionnaires.DefinitionRejected:
            problems.append(f"Mẫu phiếu “{questionnaire_id}” có lỗi, không dùng được.")
    if published is None:
        problems.append(f"Không có cách tính “{rule_set_id}”.")
    else:
        try:
            rule_set = rules.parse(published.text)
        except rules.RuleSetRejected:
            problems.append(f"Cách tính “{rule_set_id}” có lỗi, không dùng được.")
    if questionnaire and rule_set and rules.check_against(rule_set, questionnaire):
        problems.append(
            f"Cách tính “{rule_set_id}” không hợp với mẫu phiếu “{questionnaire_id}”."
        )
    return problems

"""How the figures of a report were made, for the page and for the record."""

from __future__ import annotations

from analysis.responses import FrozenSet
from analysis.results import Header
from analysis.rule_set import RuleSet
from questionnaires import Questionnaire


def header(
    frozen: FrozenSet, questionnaire: Questionnaire, rule_set: RuleSet
) -> Header:
    """Wave, questionnaire, rule set, seed and hashes of a report."""
    manifest = frozen.manifest
    wave = manifest["wave"]
    return Header(
        wave_id=str(wave["id"]),
        wave_name=str(wave.get("name", "")),
        period_start=wave.get("period_start"),
        period_end=wave.get("period_end"),
        simulated=bool(wave.get("simulated", False)),
        live=frozen.live,
        version=manifest.get("version"),
        frozen_at=manifest.get("frozen_at"),
        program_version=manifest.get("program_version"),
        seed=manifest.get("seed"),
        questionnaire_id=questionnaire.id,
        questionnaire_title=questionnaire.title,
        questionnaire_sha256=str(manifest["questionnaire"].get("sha256", "")),
        rule_id=rule_set.id,
        rule_title=rule_set.title,
        rule_version=rule_set.version,
        rule_status=rule_set.status,
        rule_citation=rule_set.citation,
        rule_sha256=rule_set.sha256,
        factor_rule=rule_set.factor_rule,
        index_rule=rule_set.index_rule,
        missing_part=rule_set.missing_part,
        field_to_office=rule_set.rollup.field_to_office,
        office_to_province=rule_set.rollup.office_to_province,
        counted=rule_set.counted,
        confidence=rule_set.confidence,
        files=dict(manifest.get("files", {})),
    )

"""The sheet that travels with a frozen set: what it is, how made, and its hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from survey_app.models import FrozenPlan, Wave
from survey_app.results.gathering import Gathered
from survey_app.results.preparation import Prepared
from survey_app.results.strata import Weighting, frame_sizes
from survey_app.results.words import SIMULATED

MANIFEST = "manifest.json"


def describe(
    wave: Wave,
    prepared: Prepared,
    *,
    version: int | None,
    frozen_at: datetime | None,
    reason: str,
    seed: int | None,
    files: Mapping[str, str],
) -> dict[str, Any]:
    """All that a reader of the files must know; version, moment, seed are null for
    a live preview, which has no files."""
    gathered = prepared.gathered
    consent = prepared.questionnaire.consent
    return {
        **({"notice": SIMULATED} if wave.simulated else {}),
        "wave": {
            "id": wave.code,
            "name": wave.name,
            "simulated": wave.simulated,
            "period_start": wave.period_start.isoformat(),
            "period_end": wave.period_end.isoformat(),
        },
        "version": version,
        "frozen_at": frozen_at.isoformat(timespec="seconds") if frozen_at else None,
        "reason": reason,
        "program_version": program_version(),
        "seed": seed,
        "files": dict(files),
        "questionnaire": asdict(gathered.questionnaire),
        "rule_set": asdict(gathered.rule_set),
        "plan": _plan(gathered.plan),
        "strata_map": _strata_map(gathered, prepared.weighting),
        "offices": [asdict(office) for office in gathered.offices],
        "consent": {"version": consent.version, "text": consent.text},
    }


def to_bytes(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; OSError or ValueError when there is none to read."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError(f"{folder / MANIFEST} is not an object")
    return manifest


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_folder(folder: Path, manifest_sha256: str | None = None) -> list[str]:
    """What is wrong with a frozen folder; an empty list when it is as it was made.

    ``manifest_sha256`` is the hash kept in the database; without it only the files
    are held against the manifest.
    """
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError):
        return [f"Không đọc được {MANIFEST} trong {folder.name}."]
    problems = []
    if manifest_sha256 and sha256_of(folder / MANIFEST) != manifest_sha256:
        problems.append(f"{MANIFEST} đã bị thay đổi sau khi chốt.")
    for name, sha256 in manifest.get("files", {}).items():
        path = folder / name
        if not path.is_file():
            problems.append(f"Thiếu tệp {name}.")
        elif sha256_of(path) != sha256:
            problems.append(f"Tệp {name} đã bị thay đổi sau khi chốt.")
    known = {MANIFEST, *manifest.get("files", {})}
    problems += [
        f"Tệp {path.name} không thuộc bộ số liệu."
        for path in sorted(folder.iterdir())
        if path.name not in known
    ]
    return problems


@cache
def program_version() -> str:
    return version("sipas")


def _plan(plan: FrozenPlan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
        "version": plan.version,
        "sha256": plan.sha256,
        "reason": plan.reason,
        "text": plan.document,
    }


def _strata_map(gathered: Gathered, weighting: Weighting) -> dict[str, Any]:
    """Who was joined with whom, its hash, and the offices that left the design."""
    drawn = {stratum for _, stratum in weighting.strata}
    return {
        "sha256": weighting.sha256,
        "classes": [asdict(found) for found in weighting.classes.values()],
        "strata": [asdict(stratum) for stratum in weighting.strata.values()],
        "left_out": sorted({s.office for s in weighting.strata.values() if s.left_out}),
        "never_issued": {
            stratum: size
            for stratum, size in sorted(frame_sizes(gathered).items())
            if stratum not in drawn
        },
    }

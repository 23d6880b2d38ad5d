"""What the results pages look up: waves, their frozen sets, and who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.errors import NotAllowed, NotFound
from survey_app.models import (
    Account,
    Definition,
    FrozenSet,
    Office,
    Role,
    Wave,
    WaveOffice,
    WaveStatus,
)
from survey_app.results import reading
from survey_app.results.preview import MAY_PREVIEW, can_be_previewed
from survey_app.results.reading import Results

OVERSEERS = (Role.ADMINISTRATOR, Role.PLANNER, Role.ANALYST, Role.SUPERVISOR)
MAY_FREEZE = (Role.ADMINISTRATOR, Role.ANALYST)


@dataclass(frozen=True, slots=True)
class Version:
    """One frozen set of a wave."""

    number: int
    folder: str
    manifest_sha256: str
    reason: str
    frozen_at: datetime


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave in the list: what there is to see of it for this account."""

    code: str
    name: str
    period_start: date
    period_end: date
    status: WaveStatus
    simulated: bool
    versions: tuple[Version, ...]
    may_preview: bool
    own_office: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A wave's results as one page shows them; without a version they are live."""

    wave: WaveRow
    results: Results
    version: Version | None
    made_at: datetime


def waves(session: Session, account: Account) -> list[WaveRow]:
    """Waves with something to see for this account, newest period first."""
    found = session.execute(
        select(Wave, Definition)
        .join(Definition, Definition.id == Wave.questionnaire_id)
        .order_by(Wave.period_end.desc(), Wave.code)
    )
    rows = [_row(session, wave, definition, account) for wave, definition in found]
    return [row for row in rows if _has_something(row, account)]


def show(
    session: Session, account: Account, code: str, version: str, *, now: datetime
) -> Shown:
    """The results of one wave for one account.

    ``version`` is a number as typed in the address; empty is the newest.

    Raises
    ------
    NotFound
        If there is no such wave or version, or nothing to see of it yet.
    NotAllowed
        If the account is a leader whose office was not judged in it.
    """
    found = session.execute(
        select(Wave, Definition)
        .join(Definition, Definition.id == Wave.questionnaire_id)
        .where(Wave.code == code)
    ).one_or_none()
    if found is None:
        raise NotFound
    wave, definition = found
    row = _row(session, wave, definition, account)
    if account.role is Role.LEADER and row.own_office is None:
        raise NotAllowed
    if not row.versions:
        if not row.may_preview:
            raise NotFound
        found_live = reading.live(session, wave, now=now)
        return Shown(row, found_live.results, None, found_live.made_at)
    chosen = _version(row, version)
    results = reading.from_folder(
        reading.frozen_root() / chosen.folder, chosen.manifest_sha256
    )
    return Shown(row, results, chosen, chosen.frozen_at)


def find_wave(session: Session, code: str) -> Wave:
    wave = session.scalar(select(Wave).where(Wave.code == code))
    if wave is None:
        raise NotFound
    return wave


def _row(
    session: Session, wave: Wave, definition: Definition, account: Account
) -> WaveRow:
    sets = session.scalars(
        select(FrozenSet)
        .where(FrozenSet.wave_id == wave.id)
        .order_by(FrozenSet.version.desc())
    )
    return WaveRow(
        code=wave.code,
        name=wave.name,
        period_start=wave.period_start,
        period_end=wave.period_end,
        status=wave.status,
        simulated=wave.simulated,
        versions=tuple(
            Version(s.version, s.folder, s.manifest_sha256, s.reason, s.frozen_at)
            for s in sets
        ),
        may_preview=account.role in MAY_PREVIEW and can_be_previewed(wave, definition),
        own_office=_own_office(session, wave, account),
    )


def _own_office(session: Session, wave: Wave, account: Account) -> str | None:
    """Code of the leader's office in this wave. Codes are re-used: the key decides."""
    return session.scalar(
        select(Office.code)
        .join(WaveOffice, WaveOffice.office_id == Office.id)
        .where(WaveOffice.wave_id == wave.id, Office.id == account.office_id)
    )


def _has_something(row: WaveRow, account: Account) -> bool:
    if account.role is Role.LEADER:
        return bool(row.versions and row.own_office)
    if account.role in MAY_FREEZE and row.status is not WaveStatus.DRAFT:
        return True
    return bool(row.versions or row.may_preview)


def _version(row: WaveRow, wanted: str) -> Version:
    if not wanted:
        return row.versions[0]
    for version in row.versions:
        if str(version.number) == wanted:
            return version
    raise NotFound

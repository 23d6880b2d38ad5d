"""Codes for the citizens who were drawn: matched with the officer's own file.

The file is read, its drawn rows get their codes, and nothing of it is kept. A
code is made from its invitation each time, so a reprint is the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from survey_app import codes, settings, tables
from survey_app.errors import Refused
from survey_app.fieldwork.addresses import Address, Site
from survey_app.fieldwork.transaction_columns import COLUMNS
from survey_app.fieldwork.transaction_file import dossier_code
from survey_app.fieldwork.transactions import locked
from survey_app.models import (
    Counter,
    Invitation,
    Office,
    OneStopShop,
    Transaction,
    Wave,
    WaveStatus,
)

DOSSIER = next(column for column in COLUMNS if column.id == "dossier")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with the names its slip carries."""

    id: UUID
    version: int
    dossier_hash: str
    office: str
    shop: str | None
    counter: str | None
    service_field: str


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip to print; the dossier code is on the part the officer cuts off."""

    dossier: str
    office: str
    shop: str | None
    counter: str | None
    service_field: str
    address: Address


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The drawn rows of a file with their codes."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    slips: Sequence[Slip]
    drawn: int
    invited: Sequence[Invited]

    def sheet(self) -> list[list[str]]:
        """The rows as they came, each followed by its code and address."""
        width = len(self.header)
        sheet = [[*self.header, "Mã phiếu", "Địa chỉ trả lời"]]
        for row, slip in zip(self.rows, self.slips, strict=True):
            filled = [*row, *[""] * width][:width]
            sheet.append([*filled, slip.address.typed, slip.address.url])
        return sheet


def matched(
    session: Session,
    wave: Wave,
    source: BinaryIO,
    *,
    site: Site,
    counter_id: int | None = None,
) -> HandedOut:
    """Find the drawn rows of a file and make their codes; nothing is changed.

    Parameters
    ----------
    counter_id : int, optional
        Only transactions of this counter: all that its officer may see.

    Raises
    ------
    FileRefused, Refused
        If the file cannot be read, holds no drawn row, or the wave gives out no
        codes now.
    """
    _refuse_closed(wave)
    invited = {i.dossier_hash: i for i in _invited(session, wave, counter_id)}
    if not invited:
        raise Refused(
            "Không có phiếu nào để phát: đợt khảo sát chưa chốt kế hoạch chọn mẫu"
            + (" hoặc quầy này không có hồ sơ trong mẫu." if counter_id else ".")
        )
    table = tables.read(source, (DOSSIER,))
    rows, slips, found = _matched(wave, table, invited, site)
    if not found:
        raise Refused(
            "Không hồ sơ nào trong tệp thuộc mẫu đã chọn. Vui lòng chọn đúng tệp đã"
            " dùng để nhập hồ sơ của đợt này."
        )
    return HandedOut(table.header.cells, rows, slips, len(invited), found)


def note_issued(
    session: Session, wave_id: int, handed: HandedOut, *, now: datetime
) -> None:
    """Write down that these codes are out, for those not out before.

    Raises
    ------
    Refused
        If the wave was closed, or a code was reissued, since the file was read.
    """
    _refuse_closed(locked(session, wave_id))
    versions = {invited.id: invited.version for invited in handed.invited}
    ids = list(versions)
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        stored = session.execute(
            select(Invitation.id, Invitation.code_version).where(
                Invitation.id.in_(some)
            )
        ).all()
        if dict(stored) != {key: versions[key] for key in some}:
            raise Refused("Mã phiếu vừa được cấp lại. Vui lòng thực hiện lại.")
        session.execute(
            update(Invitation)
            .where(Invitation.id.in_(some), Invitation.issued_at.is_(None))
            .values(issued_at=now)
        )


def reissue(
    session: Session,
    wave_id: int,
    dossier: str,
    *,
    site: Site,
    counter_id: int | None = None,
    now: datetime,
) -> Slip:
    """A new code for one drawn dossier; the code before it opens nothing any more.

    Raises
    ------
    Refused
        If the dossier was not drawn, or its ballot is already in.
    """
    wave = locked(session, wave_id)
    _refuse_closed(wave)
    code = dossier_code(dossier)
    if code is None:
        raise Refused("Mã hồ sơ không đúng dạng, ví dụ H01.30-220105-0001.")
    key = settings.keys().code
    wanted = codes.dossier_hash(key, wave.code, code)
    query = _query(wave, counter_id).where(Transaction.dossier_hash == wanted)
    row = session.execute(query).first()
    if row is None:
        raise Refused("Hồ sơ này không thuộc mẫu đã chọn.")
    invited = Invited(*row)
    fresh = codes.slip_code(key, invited.id, invited.version + 1)
    replaced = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invited.id,
            Invitation.code_version == invited.version,
            Invitation.spent.is_(False),
        )
        .values(
            code_version=invited.version + 1,
            code_hash=codes.code_hash(key, fresh),
            issued_at=now,
        )
        .returning(Invitation.id)
    )
    if replaced.first() is None:
        raise Refused("Phiếu của hồ sơ này đã được ghi nhận nên không cấp lại mã.")
    return _slip(code, invited, site.slip(fresh))


def _refuse_closed(wave: Wave) -> None:
    if wave.status not in (WaveStatus.DRAFT, WaveStatus.OPEN):
        raise Refused("Đợt khảo sát đã đóng nên không phát mã nữa.")


def _query(
    wave: Wave, counter_id: int | None
) -> Select[UUID, int, str, str, str, str, str]:
    query = (
        select(
            Invitation.id,
            Invitation.code_version,
            Transaction.dossier_hash,
            Office.name,
            OneStopShop.name,
            Counter.name,
            Invitation.service_field,
        )
        .join(Transaction, Transaction.id == Invitation.transaction_id)
        .join(Office, Office.id == Invitation.office_id)
        .outerjoin(OneStopShop, OneStopShop.id == Invitation.shop_id)
        .outerjoin(Counter, Counter.id == Invitation.counter_id)
        .where(Invitation.wave_id == wave.id)
    )
    if counter_id is not None:
        query = query.where(Invitation.counter_id == counter_id)
    return query


def _invited(session: Session, wave: Wave, counter_id: int | None) -> list[Invited]:
    return [Invited(*row) for row in session.execute(_query(wave, counter_id))]


def _matched(
    wave: Wave, table: tables.Table, invited: Mapping[str, Invited], site: Site
) -> tuple[list[Sequence[str]], list[Slip], list[Invited]]:
    key = settings.keys().code
    rows: list[Sequence[str]] = []
    slips: list[Slip] = []
    found: dict[UUID, Invited] = {}
    for row in table.rows:
        dossier = dossier_code(row.at(table.places["dossier"]))
        if dossier is None:
            continue
        match = invited.get(codes.dossier_hash(key, wave.code, dossier))
        if match is None or match.id in found:
            continue
        found[match.id] = match
        code = codes.slip_code(key, match.id, match.version)
        rows.append(row.cells)
        slips.append(_slip(dossier, match, site.slip(code)))
    return rows, slips, list(found.values())


def _slip(dossier: str, invited: Invited, address: Address) -> Slip:
    return Slip(
        dossier,
        invited.office,
        invited.shop,
        invited.counter,
        invited.service_field,
        address,
    )

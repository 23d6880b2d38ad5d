"""Offices over the years: edited, closed, merged, never forgotten.

What was stays: a closed office keeps its waves, a merged one leads to its successor.
Each function takes a session and never commits it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from survey_app.errors import NotFound, Refused
from survey_app.fieldwork.office_import import shops_by_rule
from survey_app.formats import day as shown
from survey_app.formats import folded
from survey_app.models import (
    Account,
    Counter,
    Invitation,
    Office,
    OfficeSuccession,
    OneStopShop,
    Poster,
    Response,
    Transaction,
)


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """What may change of an office while it stays the same office."""

    name: str
    level: str
    kind: str = ""
    parent_code: str | None = None
    source: str = ""
    source_status: str = ""
    note: str = ""


def fetch(session: Session, office_id: int) -> Office:
    """An office with its places.

    Raises
    ------
    NotFound
        If there is none with this key.
    """
    places = selectinload(Office.shops).selectinload(OneStopShop.counters)
    office = session.get(Office, office_id, options=[places])
    if office is None:
        raise NotFound
    return office


def edit(
    session: Session, office: Office, words: OfficeWords
) -> dict[str, dict[str, str | None]]:
    """Put an office in other words; what changed, from what to what.

    Raises
    ------
    Refused
        If there is no superior with the code said.
    """
    if problems := _parent_problems(session, words, office.code):
        raise Refused(*problems)
    changed = {
        f.name: {"from": getattr(office, f.name), "to": getattr(words, f.name)}
        for f in fields(words)
        if getattr(office, f.name) != getattr(words, f.name)
    }
    for name in changed:
        setattr(office, name, getattr(words, name))
    office.search_name = folded(f"{office.name} {office.code}")
    return changed


def add(session: Session, code: str, words: OfficeWords, *, valid_from: date) -> Office:
    """A new office with one place by rule.

    Raises
    ------
    Refused
        With every reason: the code is in use on that day, no such superior.
    """
    problems = _code_problems(session, code, valid_from)
    problems += _parent_problems(session, words, code)
    if problems:
        raise Refused(*problems)
    office = Office(
        code=code,
        valid_from=valid_from,
        valid_to=None,
        search_name=folded(f"{words.name} {code}"),
        **asdict(words),
    )
    for shop_code, name, first, last in shops_by_rule(office):
        shop = OneStopShop(code=shop_code, name=name, valid_from=first, valid_to=last)
        shop.counters.append(
            Counter(code="1", name="Quầy 1", valid_from=first, valid_to=last)
        )
        office.shops.append(shop)
    session.add(office)
    session.flush()
    return office


def close(session: Session, office: Office, last_day: date | None) -> None:
    """Say on which day an office ends, with all its places; None opens it again.

    Raises
    ------
    Refused
        With every reason: before it began, before its last transaction, replaced.
    """
    problems = []
    if last_day is None or (office.valid_to and last_day > office.valid_to):
        problems += _successor_problems(session, office)
        problems += _code_problems(
            session,
            office.code,
            office.valid_to or office.valid_from,
            besides=office.id,
        )
    if last_day is not None:
        problems += _ending_problems(session, office, last_day)
    if problems:
        raise Refused(*dict.fromkeys(problems))
    _end(session, office, last_day)


def merge(
    session: Session,
    predecessors: Sequence[Office],
    code: str,
    words: OfficeWords,
    *,
    since: date,
) -> Office:
    """One office in the place of others: they end the day before it begins.

    Waves, transactions and ballots stay with the predecessors they were of.

    Raises
    ------
    Refused
        With every reason.
    """
    eve, ids = since - timedelta(days=1), {office.id for office in predecessors}
    problems = [] if ids else ["Chưa chọn đơn vị nào để sắp xếp."]
    for office in predecessors:
        problems += _ending_problems(session, office, eve)
        problems += _successor_problems(session, office)
        if office.valid_to is not None and office.valid_to < eve:
            problems.append(
                f"{office.name} đã hết hiệu lực từ ngày {shown(office.valid_to)}."
            )
    problems = list(dict.fromkeys(problems))
    problems += _code_problems(session, code, since, besides=ids)
    problems += _parent_problems(session, words, code)
    if problems:
        raise Refused(*problems)
    for office in predecessors:
        _end(session, office, eve)
    successor = add(session, code, words, valid_from=since)
    session.add_all(
        OfficeSuccession(
            predecessor_id=office.id, successor_id=successor.id, since=since
        )
        for office in predecessors
    )
    session.flush()
    return successor


def _end(session: Session, office: Office, last_day: date | None) -> None:
    """An end for an office and for those of its places that were open with it.

    Places that were to begin later never were, so they go; what is tied to them has
    been refused before.
    """
    before = office.valid_to
    office.valid_to = last_day
    for shop in list(office.shops):
        places: list[OneStopShop | Counter] = [*shop.counters, shop]
        for place in places:
            if last_day and place.valid_from > last_day:
                session.delete(place)
            elif place.valid_to in (None, before) or (
                last_day and place.valid_to and place.valid_to > last_day
            ):
                place.valid_to = last_day
    session.flush()
    session.expire(office, ["shops"])


def _later_places_problems(session: Session, office: Office, day: date) -> list[str]:
    """Places that begin after a day and are tied to posters, slips or accounts."""
    shops = [shop for shop in office.shops if shop.valid_from > day]
    counters = [c for shop in office.shops for c in shop.counters if c.valid_from > day]
    keys = {shop.id for shop in shops}, {counter.id for counter in counters}
    used = []
    for table in (Poster, Invitation, Response, Transaction):
        used.append(select(table.id).where(table.shop_id.in_(keys[0])))
        used.append(select(table.id).where(table.counter_id.in_(keys[1])))
    used.append(select(Account.id).where(Account.counter_id.in_(keys[1])))
    if any(session.scalar(query.limit(1)) is not None for query in used):
        return [
            f"{office.name} có nơi tiếp nhận hoặc quầy bắt đầu sau ngày {shown(day)}"
            " đã có áp phích, phiếu hoặc tài khoản."
        ]
    return []


def _ending_problems(session: Session, office: Office, last_day: date) -> list[str]:
    if last_day < office.valid_from:
        return [
            f"{office.name} bắt đầu có hiệu lực ngày {shown(office.valid_from)},"
            f" không kết thúc vào ngày {shown(last_day)} được."
        ]
    problems = _later_places_problems(session, office, last_day)
    last = session.scalar(
        select(func.max(Transaction.returned_on)).where(
            Transaction.office_id == office.id
        )
    )
    if last is not None and last > last_day:
        problems.append(
            f"{office.name} có hồ sơ trả kết quả đến ngày {shown(last)} trong khung"
            f" mẫu, sau ngày {shown(last_day)}."
        )
    return problems


def _successor_problems(session: Session, office: Office) -> list[str]:
    names = session.scalars(
        select(Office.name)
        .join(OfficeSuccession, OfficeSuccession.successor_id == Office.id)
        .where(OfficeSuccession.predecessor_id == office.id)
    )
    return [f"{office.name} đã được sắp xếp vào {name}." for name in names]


def _code_problems(
    session: Session, code: str, since: date, *, besides: int | set[int] = 0
) -> list[str]:
    """Other offices that have this code on this day or later."""
    left_out = {besides} if isinstance(besides, int) else besides
    there = session.scalars(
        select(Office).where(
            Office.code == code,
            Office.id.not_in(left_out),
            or_(Office.valid_to.is_(None), Office.valid_to >= since),
        )
    )
    return [
        f"Mã {code} là của {office.name} từ ngày {shown(office.valid_from)}"
        + (f" đến ngày {shown(office.valid_to)}." if office.valid_to else " đến nay.")
        for office in there
    ]


def _parent_problems(session: Session, words: OfficeWords, own: str) -> list[str]:
    if words.parent_code is None:
        return []
    if words.parent_code == own:
        return ["Đơn vị không thể là cấp trên của chính mình."]
    found = select(Office.id).where(Office.code == words.parent_code).limit(1)
    if session.scalar(found) is None:
        return [f"Không có đơn vị cấp trên nào mang mã {words.parent_code}."]
    return []

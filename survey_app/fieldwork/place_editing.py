"""One-stop shops and counters: added, renamed, ended, opened again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.errors import NotFound, Refused
from survey_app.fieldwork.office_file import CODE
from survey_app.formats import day as shown
from survey_app.models import Counter, Office, OneStopShop, Poster, Transaction

Place = OneStopShop | Counter


def shop_of(session: Session, office: Office, shop_id: int) -> OneStopShop:
    """A shop of this office.

    Raises
    ------
    NotFound
        If the office has no such shop.
    """
    shop = session.get(OneStopShop, shop_id)
    if shop is None or shop.office_id != office.id:
        raise NotFound
    return shop


def counter_of(session: Session, office: Office, counter_id: int) -> Counter:
    """A counter of this office.

    Raises
    ------
    NotFound
        If the office has no such counter.
    """
    counter = session.get(Counter, counter_id)
    if counter is None or counter.shop.office_id != office.id:
        raise NotFound
    return counter


def add_shop(
    session: Session, office: Office, code: str, name: str, *, valid_from: date
) -> OneStopShop:
    """Another place of an office, with its first counter.

    Raises
    ------
    Refused
        With every reason.
    """
    problems = _problems(code, name, valid_from, office)
    taken = select(OneStopShop.id).where(OneStopShop.code == code).limit(1)
    if session.scalar(taken) is not None:
        problems.append(f"Đã có Bộ phận Một cửa mang mã {code}.")
    if problems:
        raise Refused(*problems)
    shop = OneStopShop(
        code=code, name=name, valid_from=valid_from, valid_to=office.valid_to
    )
    office.shops.append(shop)
    add_counter(session, shop, "1", "Quầy 1", valid_from=valid_from)
    return shop


def add_counter(
    session: Session, shop: OneStopShop, code: str, name: str, *, valid_from: date
) -> Counter:
    """Another counter of a shop.

    Raises
    ------
    Refused
        With every reason.
    """
    problems = _problems(code, name, valid_from, shop)
    if code in {counter.code for counter in shop.counters}:
        problems.append(f"{shop.name} đã có quầy mang mã {code}.")
    if problems:
        raise Refused(*problems)
    counter = Counter(
        code=code, name=name, valid_from=valid_from, valid_to=shop.valid_to
    )
    shop.counters.append(counter)
    session.flush()
    return counter


def change(session: Session, place: Place, name: str, *, valid_to: date | None) -> None:
    """Another name, another last day; a shop takes its counters along.

    Raises
    ------
    Refused
        With every reason: no name, an end before the beginning or before what
        happened there, an end after that of the office.
    """
    owner = place.office if isinstance(place, OneStopShop) else place.shop
    problems = [] if name else ["Chưa ghi tên."]
    if valid_to is not None and valid_to < place.valid_from:
        problems.append(
            f"Bắt đầu ngày {shown(place.valid_from)}, không kết thúc sớm hơn."
        )
    if owner.valid_to is not None and (valid_to is None or valid_to > owner.valid_to):
        problems.append(f"{owner.name} kết thúc ngày {shown(owner.valid_to)}.")
    if valid_to is not None:
        problems += _still_used(session, place, valid_to)
    if problems:
        raise Refused(*problems)
    before, place.name, place.valid_to = place.valid_to, name, valid_to
    if isinstance(place, OneStopShop):
        for counter in place.counters:
            if counter.valid_to in (None, before) or (
                valid_to is not None and counter.valid_to > valid_to
            ):
                counter.valid_to = valid_to


def _problems(
    code: str, name: str, valid_from: date, owner: Office | Place
) -> list[str]:
    problems = []
    if not CODE.fullmatch(code):
        problems.append(
            "Mã chỉ gồm chữ không dấu, số, dấu chấm, gạch; tối đa 24 ký tự."
        )
    if not name:
        problems.append("Chưa ghi tên.")
    if valid_from < owner.valid_from or (
        owner.valid_to is not None and valid_from > owner.valid_to
    ):
        problems.append(f"{owner.name} không có hiệu lực vào ngày {shown(valid_from)}.")
    return problems


def _still_used(session: Session, place: Place, last_day: date) -> list[str]:
    is_shop = isinstance(place, OneStopShop)
    column = Transaction.shop_id if is_shop else Transaction.counter_id
    last = session.scalar(
        select(func.max(Transaction.returned_on)).where(column == place.id)
    )
    problems = []
    if last is not None and last > last_day:
        problems.append(
            f"Khung mẫu có hồ sơ trả tại đây đến ngày {shown(last)},"
            f" sau ngày {shown(last_day)}."
        )
    hung = Poster.shop_id if is_shop else Poster.counter_id
    hanging = select(Poster.id).where(hung == place.id, Poster.revoked_at.is_(None))
    if session.scalar(hanging.limit(1)) is not None:
        problems.append("Còn áp phích đang dùng tại đây; vui lòng thu hồi trước.")
    return problems

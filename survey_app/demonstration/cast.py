"""People to sign in as: one of every role, all with one password made at each start."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import Account, Counter, Office, OneStopShop, Role, Wave

CAST = {
    Role.ADMINISTRATOR: ("quantri", "Nguyễn Thị Quản Trị"),
    Role.PLANNER: ("kehoach", "Trần Văn Kế Hoạch"),
    Role.ANALYST: ("phantich", "Lê Thị Phân Tích"),
    Role.SUPERVISOR: ("giamsat", "Phạm Văn Giám Sát"),
    Role.LEADER: ("lanhdao", "Võ Thị Lãnh Đạo"),
    Role.COUNTER_OFFICER: ("tainquay", "Huỳnh Văn Tại Quầy"),
    Role.INTERVIEWER: ("dieutra", "Đặng Thị Điều Tra"),
}


def cast(session: Session, *, closed: Wave, open_: Wave, now: datetime) -> None:
    """Make the accounts; nobody can sign in before a password is given out."""
    leads, serves = _office_to_lead(session, closed), _counter_to_serve(session, open_)
    for role, (username, name) in CAST.items():
        session.add(
            Account(
                username=username,
                name=name,
                role=role,
                office=leads if role is Role.LEADER else None,
                counter=serves if role is Role.COUNTER_OFFICER else None,
                password_hash="",
                created_at=now,
            )
        )


def give_out(session: Session, password_hash: str) -> None:
    """Give the whole cast a password; sessions of an earlier start are over."""
    usernames = [username for username, _ in CAST.values()]
    for account in session.scalars(
        select(Account).where(Account.username.in_(usernames))
    ):
        account.password_hash = password_hash
        account.one_time_until = None
        account.active = True
        account.session_version += 1


def _office_to_lead(session: Session, wave: Wave) -> Office:
    offices = sorted(wave.offices, key=lambda office: office.code)
    return next(office for office in offices if office.level == "huyen")


def _counter_to_serve(session: Session, wave: Wave) -> Counter:
    office = min(wave.offices, key=lambda office: office.code)
    query = select(Counter).join(OneStopShop).where(OneStopShop.office_id == office.id)
    return session.scalars(query.order_by(Counter.id).limit(1)).one()

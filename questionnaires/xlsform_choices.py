"""The lists of choices of a workbook: options, scales and special answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from questionnaires.model import Problem
from questionnaires.routing import SPECIAL_CODES
from questionnaires.shape import Table
from questionnaires.xlsform_sheets import Line, Lines, identifier

LIST_COLUMNS = ("list_name", "name", "sipas_code", "sipas_satisfied", "sipas_specify")


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the choices sheet with the id it gets here."""

    line: Line
    name: str
    id: str

    @property
    def is_special(self) -> bool:
        return self.name in SPECIAL_CODES

    def option(self, code: int, label: str) -> Table:
        written = self.line.get("sipas_code")
        option: Table = {
            "id": self.id,
            "code": int(written) if written.isdigit() else code,
            "label": label,
        }
        if self.line.get("sipas_specify"):
            option["specify"] = True
        return option


@dataclass(slots=True)
class ChoiceList:
    """All the choices under one list name."""

    name: str
    choices: list[Choice] = field(default_factory=list)

    @property
    def scale(self) -> str:
        """The id of the scale this is, "" when it is a plain list."""
        marked = any(c.line.get("sipas_satisfied") for c in self.choices)
        return identifier(self.name.split("__")[0], "s") if marked else ""

    @property
    def specials(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.is_special]

    @property
    def plain(self) -> list[Choice]:
        return [choice for choice in self.choices if not choice.is_special]

    @property
    def satisfied_from(self) -> int:
        levels = [n for n, c in enumerate(self.plain, start=1) if _satisfied(c)]
        return levels[0] if levels else 0


def read_choices(sheet: Lines, problems: list[Problem]) -> dict[str, ChoiceList]:
    """The lists by name, every fault of the sheet noted with its row."""
    lists: dict[str, ChoiceList] = {}
    for line in sheet.rows:
        list_name, name = line.get("list_name"), line.get("name")
        if not list_name and not name:
            continue
        if not list_name or not name:
            missing = "name" if list_name else "list_name"
            problems.append(Problem("missing", line.where, missing))
            continue
        found = lists.setdefault(list_name, ChoiceList(list_name))
        if any(choice.name == name for choice in found.choices):
            problems.append(Problem("duplicate_option", line.where, name))
            continue
        taken = {choice.id for choice in found.choices}
        found.choices.append(Choice(line, name, _fresh(identifier(name, "o"), taken)))
    for found in lists.values():
        if found.scale:
            problems += _scale_problems(found)
    return lists


def _fresh(wish: str, taken: set[str]) -> str:
    number = 1
    found = wish
    while found in taken:
        number += 1
        found = f"{wish[:28]}_{number}"
    return found


def _satisfied(choice: Choice) -> bool:
    return bool(choice.line.get("sipas_satisfied"))


def _scale_problems(scale: ChoiceList) -> list[Problem]:
    """A scale runs 1, 2, 3 … and is satisfied from some level to the top."""
    found = []
    for level, choice in enumerate(scale.plain, start=1):
        out_of_turn = choice.name != str(level)
        if out_of_turn or (level >= scale.satisfied_from) != _satisfied(choice):
            found.append(Problem("bad_level", choice.line.where, choice.name))
    return found

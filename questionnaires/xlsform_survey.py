"""The rows of a survey sheet as questions in groups, with the ids they get here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.model import Problem
from questionnaires.xlsform_choices import ChoiceList
from questionnaires.xlsform_sheets import Line, Lines, identifier

KINDS = {
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "date": "date",
    "text": "text",
    "string": "text",
    "note": "note",
}
READ = {
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "sipas_shuffle",
    "sipas_status",
    "sipas_source",
    "disabled",
}
WITHOUT_EFFECT = {"appearance", "required_message", "guidance_hint", "note"}
REFUSED = {
    "autoplay",
    "calculate",
    "calculation",
    "choice_filter",
    "count",
    "default",
    "image",
    "audio",
    "video",
    "big-image",
    "parameters",
    "query",
    "read_only",
    "readonly",
    "repeat_count",
    "rows",
    "save_to",
    "trigger",
}

_SELECT = re.compile(
    r"(?:add )?(?P<word>select[_ ]one|select1|select[_ ]multiple|select all that apply)"
    r"(?: prompt using)?(?: from)?\s+(?P<list>\S+)"
    r"(?P<other>\s+(?:or_other|or specify other|or other))?",
    re.IGNORECASE,
)
_GROUP = re.compile(r"(begin|end)[ _]group", re.IGNORECASE)
_COMPANION = re.compile(r"(.+)__(text|special|note)")
_TRUE = {"yes", "true", "true()"}


@dataclass(slots=True)
class Item:
    """One row that means something: a question, a note or the head of a group."""

    line: Line
    name: str
    id: str
    type: str
    kind: str
    groups: tuple[Item, ...]
    choices: ChoiceList | None = None
    or_other: bool = False
    belongs_to: str = ""
    taken: bool = field(default=False, compare=False)

    @property
    def is_group(self) -> bool:
        return self.kind == "group"

    @property
    def path(self) -> str:
        return "/".join([*(group.name for group in self.groups), self.name])

    @property
    def top(self) -> str:
        """The name of the outermost group, "" outside of all."""
        return self.groups[0].name if self.groups else ""

    @property
    def is_criterion(self) -> bool:
        return bool(self.kind == "single" and self.choices and self.choices.scale)


def read_survey(
    sheet: Lines,
    choices: Mapping[str, ChoiceList],
    problems: list[Problem],
    notices: list[Problem],
) -> list[Item]:
    """Questions, notes and groups in the order of the sheet."""
    _judge_columns(sheet, problems, notices)
    reader = _Reader(choices, problems, notices)
    for line in sheet.rows:
        reader.read(line)
    for group in reader.open:
        problems.append(Problem("group_not_closed", group.line.where, group.name))
    return reader.items


def _judge_columns(
    sheet: Lines, problems: list[Problem], notices: list[Problem]
) -> None:
    """Cells in columns we cannot honour are refused; harmless ones are left out."""
    for column in sheet.columns:
        head = column.split("::")[0]
        used = [line for line in sheet.rows if line.get(column)]
        if column in READ or not used:
            continue
        if head in REFUSED or head in ("media", "bind", "control", "instance", "body"):
            problems += [Problem("unsupported_column", x.where, column) for x in used]
        elif head in WITHOUT_EFFECT:
            notices += [Problem("column_left_out", x.where, column) for x in used]
        else:
            notices.append(Problem("column_left_out", used[0].where, column))


@dataclass(slots=True)
class _Reader:
    choices: Mapping[str, ChoiceList]
    problems: list[Problem]
    notices: list[Problem]
    items: list[Item] = field(default_factory=list)
    open: list[Item] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)

    def read(self, line: Line) -> None:
        written = " ".join(line.get("type").split())
        if line.get("disabled").lower() in _TRUE:
            self.notices.append(Problem("row_disabled", line.where, line.get("name")))
        elif not written:
            self._without_type(line)
        elif group := _GROUP.fullmatch(written):
            if group[1].lower() == "end":
                self._end(line)
            else:
                self._begin(line)
        elif select := _SELECT.fullmatch(written):
            self._select(line, written, select)
        elif kind := KINDS.get(written.lower()):
            self._add(line, written, kind)
        else:
            self.problems.append(Problem("unsupported_type", line.where, written))

    def _without_type(self, line: Line) -> None:
        """A row without type is a comment, unless it names or asks something."""
        if line.get("name") or line.said("label"):
            self.problems.append(Problem("missing", line.where, "type"))

    def _begin(self, line: Line) -> None:
        item = self._add(line, "group", "group")
        if item:
            self.open.append(item)

    def _end(self, line: Line) -> None:
        if self.open:
            self.open.pop()
        else:
            self.problems.append(Problem("group_not_opened", line.where))

    def _select(self, line: Line, written: str, select: re.Match[str]) -> None:
        found = self.choices.get(select["list"])
        if found is None:
            self.problems.append(Problem("unknown_list", line.where, select["list"]))
            return
        word = select["word"].lower()
        several = "multiple" in word or "all" in word
        item = self._add(line, written, "multiple" if several else "single")
        if item:
            item.choices = found
            item.or_other = bool(select["other"])
            item.type = "select_multiple" if several else "select_one"

    def _add(self, line: Line, written: str, kind: str) -> Item | None:
        name = line.get("name")
        if not name:
            self.problems.append(Problem("missing", line.where, "name"))
            return None
        belongs_to, new_id = self._id(line, name, kind)
        item = Item(line, name, new_id, written.lower(), kind, tuple(self.open))
        item.belongs_to = belongs_to
        if item.path.lower() in self.paths:
            self.problems.append(Problem("duplicate_id", line.where, name))
        self.paths.add(item.path.lower())
        self.items.append(item)
        return item

    def _id(self, line: Line, name: str, kind: str) -> tuple[str, str]:
        """Whose companion a row is, if any, and the id it gets."""
        companion = _COMPANION.fullmatch(name)
        owner = companion[1] if companion else ""
        if companion and (kind == "note" or any(x.name == owner for x in self.items)):
            return owner, ""
        if kind == "note":
            return "", ""
        reserved = kind == "group" and name in ("overall", "facts", "profile")
        wish = name if reserved else identifier(name, "q")
        found, number = wish, 1
        while found in self.ids:
            number += 1
            found = f"{wish[:28]}_{number}"
        self.ids.add(found)
        if found != name and kind != "group":
            self.notices.append(Problem("renamed", line.where, f"{name} → {found}"))
        return "", found

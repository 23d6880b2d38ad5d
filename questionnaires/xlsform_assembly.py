"""Put the parts of a workbook together to the tables of a definition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from questionnaires.model import Problem
from questionnaires.shape import Table
from questionnaires.xlsform_questions import Questions
from questionnaires.xlsform_rules import Rules
from questionnaires.xlsform_sheets import Line, Lines, identifier, language_code
from questionnaires.xlsform_survey import Item
from questionnaires.xlsform_texts import Texts

RANKS = {"factor": 0, "overall": 1, "facts": 2, "profile": 3}
TABLES = {"overall": "overall_question", "facts": "fact", "profile": "profile"}
PROSE = {
    "introduction": ("", "introduction"),
    "consent": ("consent", "text"),
    "consent_interview": ("consent", "interview_text"),
}


@dataclass(frozen=True, slots=True)
class Assembled:
    """The tables of the definition and of each translation."""

    definition: Table
    translations: dict[str, Table]


def assemble(
    sheets: dict[str, Lines],
    items: list[Item],
    problems: list[Problem],
    notices: list[Problem],
) -> Assembled:
    """The definition of a workbook whose rows have been read."""
    maker = _Maker(sheets, items, problems, notices)
    for item in items:
        maker.take(item)
    maker.finish()
    form = {key: value for key, value in maker.form.items() if value}
    return Assembled(form, maker.texts.translations(form["id"]))


class _Maker:
    def __init__(
        self,
        sheets: dict[str, Lines],
        items: list[Item],
        problems: list[Problem],
        notices: list[Problem],
    ) -> None:
        self.sheets = sheets
        self.items = items
        self.problems = problems
        self.notices = notices
        self.rules = Rules(items, problems)
        settings = sheets["settings"].rows
        self.settings = settings[0] if settings else Line("settings", 1, {}, {})
        self.texts = Texts(self._base(), self.rules.ids)
        self.questions = Questions(items, self.rules, self.texts, problems, notices)
        self.form = self._whole()
        self.notes: list[Item] = []
        self.rank = 0

    def take(self, item: Item) -> None:
        """One row of the survey sheet."""
        if item.kind == "note":
            self._note(item)
        elif not (item.is_group or item.taken or item.belongs_to):
            self._question(item)

    def finish(self) -> None:
        """What can be told only after the last row."""
        self.form["scale"] = self.questions.scales
        self.form["special"] = self.questions.specials
        self.form["heading"] = {
            section: self._heading(section)
            for section, table in TABLES.items()
            if self.form[table]
        }
        self.form["check"] = self._checks()
        for note in self.notes:
            self._notice("note_left_out", note, self.texts.plain(note.line, "label"))
        shown = {factor["id"] for factor in self.form["factor"]}
        shown |= set(self.form["heading"])
        for item in self.items:
            if item.is_group and (item.groups or item.id not in shown):
                self._notice("heading_left_out", item, item.name)
            elif item.belongs_to and not item.taken and item.kind != "note":
                self.problems.append(
                    Problem("bad_companion", item.line.where, item.name)
                )

    def _base(self) -> str:
        """The language of the form, as the headers of the survey sheet name it."""
        languages = self.sheets["survey"].languages
        wish = self.settings.get("default_language")
        return wish if wish in languages else (languages[:1] or [""])[0]

    def _whole(self) -> Table:
        """Title, source, consent: the form itself."""
        said = {
            line.get("key"): line.get("name") or line.get("value")
            for line in self.sheets["sipas"].rows
        }
        for language in self.sheets["survey"].languages:
            title = said.get(f"title.{language_code(language)}")
            if language != self.texts.base and title:
                self.texts.others.setdefault(language, {})["title"] = title
        title = self.settings.get("form_title") or self.settings.get("form_id")
        spoken = language_code(self.texts.base) if self.texts.base else "vi"
        return {
            "id": identifier(self.settings.get("form_id") or title or "form", "f"),
            "title": title,
            "audience": said.get("audience", "citizen"),
            "language": said.get("language", spoken),
            "introduction": "",
            "source": _source(said),
            "consent": {"version": said.get("consent.version", "")},
            "special": {},
            "reference": _under(said, "reference."),
            "scale": {},
            "heading": {},
            "factor": [],
            "overall_question": {},
            "fact": [],
            "profile": [],
        }

    def _note(self, item: Item) -> None:
        if not item.groups and item.name in PROSE:
            outer, key = PROSE[item.name]
            name = f"{outer}.{key}" if outer else key
            text = self.texts.said(name, item.line, "label")
            (self.form[outer] if outer else self.form)[key] = text
        else:
            self.notes.append(item)

    def _question(self, item: Item) -> None:
        section = self._section(item)
        if RANKS[section] < self.rank:
            self._problem("out_of_order", item, section)
        self.rank = max(self.rank, RANKS[section])
        factor = self._factor(item) if section == "factor" else {}
        table = self.questions.table(item, self._notes_before(item))
        if section == "factor":
            factor["criterion"].append(table)
        elif section == "overall":
            if self.form["overall_question"]:
                self._problem("out_of_order", item, section)
            self.form["overall_question"] = table
        else:
            self.form[TABLES[section]].append(table)

    def _section(self, item: Item) -> str:
        if not item.is_criterion:
            return "profile" if item.top == "profile" else "facts"
        if item.top == "overall":
            return "overall"
        others = [x for x in self.items if x.groups[:1] == item.groups[:1]]
        asked = [x for x in others if x.kind not in ("group", "note")]
        if len(item.groups) != 1 or not all(x.is_criterion for x in asked):
            self._problem("scale_outside_factor", item)
        return "factor"

    def _factor(self, item: Item) -> Table:
        head = item.groups[0] if item.groups else item
        factors: list[Table] = self.form["factor"]
        if not factors or factors[-1]["id"] != head.id:
            key = f"section.{head.id}"
            factor: Table = {
                "id": head.id,
                "title": self.texts.said(f"{key}.title", head.line, "label"),
            }
            if note := self._section_note(head.name, f"{key}.note"):
                factor["note"] = note
            if head.line.get("sipas_shuffle"):
                factor["shuffle"] = True
            factors.append(factor | {"criterion": []})
        return factors[-1]

    def _notes_before(self, item: Item) -> list[str]:
        """Notes that belong to no section go along with the question after them."""
        found = [note for note in self.notes if not note.belongs_to]
        for note in found:
            self.notes.remove(note)
            self._notice("note_in_hint", note, item.name)
        return [self.texts.plain(note.line, "label") for note in found]

    def _section_note(self, name: str, key: str) -> str:
        for note in self.notes:
            if note.belongs_to == name:
                self.notes.remove(note)
                return self.texts.said(key, note.line, "label")
        return ""

    def _heading(self, section: str) -> Table:
        key = f"section.{section}"
        heads = [x for x in self.items if x.is_group and not x.groups]
        head = next((x for x in heads if x.name == section), None)
        if head is None:
            return {"title": self.form["title"]}
        heading = {"title": self.texts.said(f"{key}.title", head.line, "label")}
        if note := self._section_note(section, f"{key}.note"):
            heading["note"] = note
        return heading

    def _checks(self) -> list[Table]:
        """The sheet of checks, and those constraints that are not among them."""
        listed: list[Table] = []
        for line in self.sheets["sipas_checks"].rows:
            check_id = line.get("id")
            check: Table = {
                "id": check_id,
                "where": line.get("where"),
                "rule": self.rules.read(line, "rule", line.get("rule")) or [],
                "text": self.texts.said(f"check.{check_id}", line, "text"),
            }
            if line.get("hard").lower() in ("yes", "true"):
                check["hard"] = True
            listed.append(check)
        rules = [check["rule"] for check in listed if check.get("hard")]
        return listed + [c for c in self.questions.checks if c["rule"] not in rules]

    def _problem(self, code: str, item: Item, detail: str = "") -> None:
        self.problems.append(Problem(code, item.line.where, detail))

    def _notice(self, code: str, item: Item, detail: str = "") -> None:
        self.notices.append(Problem(code, item.line.where, detail))


def _source(said: dict[str, str]) -> Table:
    """The decision; a day that is none stays a text, and the judge says so."""
    found: Table = _under(said, "source.")
    try:
        return found | {"date": date.fromisoformat(found["date"])}
    except (KeyError, ValueError):
        return found


def _under(said: dict[str, str], prefix: str) -> Table:
    return {
        key.removeprefix(prefix): value
        for key, value in said.items()
        if key.startswith(prefix)
    }

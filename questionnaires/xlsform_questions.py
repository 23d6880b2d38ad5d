"""One row of a survey sheet, and the choices it names, as a question."""

from __future__ import annotations

from questionnaires.draft import SPECIAL_KEYS
from questionnaires.model import Problem
from questionnaires.shape import Table
from questionnaires.xlsform_choices import Choice, ChoiceList
from questionnaires.xlsform_rules import Rules
from questionnaires.xlsform_survey import Item
from questionnaires.xlsform_texts import Texts

TEXT_LENGTH = 1_000
OTHER = "Khác (ghi rõ)"

_REQUIRED = {"yes": True, "true": True, "true()": True, "1": True}
_REQUIRED |= dict.fromkeys(("", "no", "false", "false()", "0"), False)


class Questions:
    """Makes questions, and gathers the scales, special answers and checks they use."""

    def __init__(
        self,
        items: list[Item],
        rules: Rules,
        texts: Texts,
        problems: list[Problem],
        notices: list[Problem],
    ) -> None:
        self.items = items
        self.rules = rules
        self.texts = texts
        self.problems = problems
        self.notices = notices
        self.scales: dict[str, Table] = {}
        self.specials: dict[str, str] = {}
        self.checks: list[Table] = []

    def table(self, item: Item, notes: list[str]) -> Table:
        """What a question says in the definition; notes before it join its hint."""
        line = item.line
        hint = self.texts.said(f"{item.id}.hint", line, "hint")
        found: Table = {
            "id": item.id,
            "text": self.texts.said(f"{item.id}.text", line, "label"),
            "hint": " ".join(part for part in (*notes, hint) if part),
        }
        if item.is_criterion and item.choices:
            found["scale"] = self._scale(item.choices)
        else:
            found["kind"] = item.kind
        if not self._is_required(item):
            found["required"] = False
        found["show_if"] = self.rules.relevant(item)
        found |= self._special_keys(item)
        found["source"] = [s.strip() for s in line.get("sipas_source").split(",") if s]
        found["status"] = line.get("sipas_status")
        found |= self._limited(item)
        return {
            key: value for key, value in found.items() if value not in ("", None, [])
        }

    def _limited(self, item: Item) -> Table:
        """Range, length and options, as constraint and choices give them."""
        message = self.texts.plain(item.line, "constraint_message")
        limits = self.rules.limits(item, message)
        self.checks += limits.checks
        found = limits.bounds
        if item.type == "decimal":
            self._notice("whole_numbers_only", item)
        if item.kind == "text" and "max_length" not in found:
            found["max_length"] = TEXT_LENGTH
            self._notice("length_set", item, str(TEXT_LENGTH))
        if item.choices and not item.is_criterion:
            found["option"] = self._options(item, item.choices, limits.exclusive)
        return found

    def _scale(self, found: ChoiceList) -> str:
        labels = [
            self.texts.said(f"scale.{found.scale}.{level}", choice.line, "label")
            for level, choice in enumerate(found.plain, start=1)
        ]
        table = {"satisfied_from": found.satisfied_from, "labels": labels}
        if self.scales.setdefault(found.scale, table) != table:
            where = found.choices[0].line.where
            self.problems.append(Problem("lists_differ", where, found.name))
        return found.scale

    def _is_required(self, item: Item) -> bool:
        written = item.line.get("required")
        if written.replace(" ", "") == f"${{{item.name}__special}}=''":
            return True
        if written.lower() not in _REQUIRED:
            self._problem("unsupported_expression", item, f"required: {written}")
        return _REQUIRED.get(written.lower(), False)

    def _special_keys(self, item: Item) -> Table:
        """The special answers a question allows, their labels kept in one place."""
        allowed: list[Choice] = list(item.choices.specials) if item.choices else []
        for other in self.items:
            is_companion = other.kind == "single" and other.name.endswith("__special")
            if is_companion and other.belongs_to == item.name:
                other.taken = True
                allowed += other.choices.specials if other.choices else []
                if other.choices and other.choices.plain:
                    self._problem("bad_special", other, other.choices.plain[0].name)
        for choice in allowed:
            label = self.texts.said(f"special.{choice.name}", choice.line, "label")
            if self.specials.setdefault(choice.name, label) != label:
                where = choice.line.where
                self.problems.append(
                    Problem("special_labels_differ", where, choice.name)
                )
        names = {choice.name for choice in allowed}
        return {key: True for value, key in SPECIAL_KEYS.items() if value in names}

    def _options(
        self, item: Item, choices: ChoiceList, exclusive: set[str]
    ) -> list[Table]:
        found = []
        for code, choice in enumerate(choices.plain, start=1):
            key = f"{item.id}.option.{choice.id}"
            label = self.texts.said(key, choice.line, "label")
            option = choice.option(code, label)
            if choice.name in exclusive:
                option["exclusive"] = True
            found.append(option)
        self._specify(item, found)
        return found

    def _specify(self, item: Item, options: list[Table]) -> None:
        """A text beside the question, or ``or_other``, asks to specify."""
        by_id = {option["id"]: option for option in options}
        for text in self.items:
            if text.belongs_to == item.name and text.kind == "text":
                text.taken = True
                opener = self.rules.opener(text, item)
                if opener in by_id:
                    by_id[opener]["specify"] = True
                else:
                    self._problem("bad_specify", text, text.name)
        if item.or_other:
            if "other" not in by_id:
                code = max((option["code"] for option in options), default=0) + 1
                options.append({"id": "other", "code": code, "label": OTHER})
                self._notice("other_added", item, OTHER)
            by_id.get("other", options[-1])["specify"] = True

    def _problem(self, code: str, item: Item, detail: str = "") -> None:
        self.problems.append(Problem(code, item.line.where, detail))

    def _notice(self, code: str, item: Item, detail: str = "") -> None:
        self.notices.append(Problem(code, item.line.where, detail))

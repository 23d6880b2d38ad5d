"""What a workbook says in each language: one for the form, the rest to translate."""

from __future__ import annotations

import re
from collections.abc import Mapping

from questionnaires.shape import Table
from questionnaires.xlsform_sheets import Line, language_code

_REFERENCE = re.compile(r"\$\{\s*([^${}\s]+)\s*\}")


class Texts:
    """Gives texts in the language of the form and keeps those of the others.

    ``base`` is the name of that language in the headers, "" where there is but one;
    ``ids`` gives the id of a question from its name, for ``${name}`` in a text.
    """

    def __init__(self, base: str, ids: Mapping[str, str]) -> None:
        self.base = base
        self.ids = ids
        self.others: dict[str, dict[str, str]] = {}

    def said(self, key: str, line: Line, column: str) -> str:
        """The text of a cell, under the key that its translations get."""
        for language, text in line.said(column).items():
            if language not in (self.base, ""):
                self.others.setdefault(language, {})[key] = self._own(text)
        return self.plain(line, column)

    def plain(self, line: Line, column: str) -> str:
        """The text of a cell that is not translated."""
        shown = line.said(column)
        return self._own(shown.get(self.base) or shown.get("", ""))

    def translations(self, form_id: str) -> dict[str, Table]:
        """A translation file for each other language, by its code."""
        return {
            language_code(language): {
                "questionnaire": form_id,
                "language": language_code(language),
                "reviewed": False,
                "text": texts,
            }
            for language, texts in self.others.items()
        }

    def _own(self, text: str) -> str:
        """Earlier answers named our way; what stands in for them is not in XLSForm."""
        return _REFERENCE.sub(
            lambda match: f"{{answer:{self.ids.get(match[1], match[1])}|…}}", text
        )

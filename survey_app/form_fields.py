"""Form fields that several staff pages need, with problems told in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice


class OneOf(SelectField):  # type: ignore[misc]
    """A list to choose one entry from; what is not in the list is refused."""

    def __init__(
        self, label: str, offered: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(label, choices=_choices(offered), **options)

    def offer(self, offered: Iterable[tuple[str, str]]) -> None:
        """Replace the entries by these pairs of value and text."""
        self.choices = _choices(offered)

    def pre_validate(self, form: object) -> None:
        if all(choice.value != self.data for choice in self.choices or ()):
            raise ValidationError("Vui lòng chọn một mục trong danh sách.")


def _choices(offered: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in offered]

"""How commands print: a table for people or JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import click

from survey_app.formats import number

as_json = click.option("--json", "as_json", is_flag=True, help="In dưới dạng JSON.")


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(
    rows: Sequence[Mapping[str, object]], titles: Mapping[str, str]
) -> None:
    """Columns by id and title; numbers to the right."""
    cells = [[_text(row.get(key)) for key in titles] for row in rows]
    widths = [
        max(len(title), *(len(row[i]) for row in cells), 0)
        for i, title in enumerate(titles.values())
    ]
    right = [
        bool(rows) and all(isinstance(row.get(key), int | float) for row in rows)
        for key in titles
    ]
    for line in [list(titles.values()), *cells]:
        click.echo(
            "  ".join(
                cell.rjust(width) if to_right else cell.ljust(width)
                for cell, width, to_right in zip(line, widths, right, strict=True)
            ).rstrip()
        )


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "có", False: "không", None: "–"}[value]
    if isinstance(value, int | float):
        return number(value, 0 if float(value).is_integer() else 4)
    return str(value)

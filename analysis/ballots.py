"""The ballots of one selection, as arrays a figure can be computed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import AnyArray, BoolArray, FloatArray, IntArray, codes, sums
from analysis.design import Design, SecondPhase, Stage, stratified
from analysis.responses import FrozenSet, FrozenSetRefused
from questionnaires import Criterion, Questionnaire

NOT_APPLICABLE, DONT_KNOW, REFUSED, OFF_ROUTE, LEFT_EMPTY = -1, -2, -3, -4, -5
MISSING = (DONT_KNOW, REFUSED, LEFT_EMPTY)
COMPLETED = "completed"


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """n ballots in order of office, then variance stratum.

    Attributes
    ----------
    items : tuple of Criterion, length J
        The criteria, then the overall question if there is one.
    levels : array of int8, shape (n, J)
        Stored codes.
    satisfied, answered, missing : array of bool, shape (n, J)
        Satisfied answers; valid answers; "don't know", refused, left empty.
    weight : array of float, shape (n,)
        Transactions each ballot stands for.
    office : array of int, shape (n,)
        Place of its office in the manifest.
    field : array of str, shape (n,)
        Service field.
    stratum : array of str, shape (n,)
        Selection and variance stratum.
    frame_size : array of float, shape (n,)
        Transactions in the frame of that stratum.
    psu : array of int, shape (n,)
        One number per person.
    response_class : array of str, shape (n,)
        Selection and response class.
    """

    items: tuple[Criterion, ...]
    levels: AnyArray
    satisfied: BoolArray
    answered: BoolArray
    missing: BoolArray
    weight: FloatArray
    office: IntArray
    field: AnyArray
    stratum: AnyArray
    frame_size: FloatArray
    psu: AnyArray
    response_class: AnyArray

    def where(self, rows: BoolArray | IntArray | slice) -> Ballots:
        """The ballots of some rows; offices stay whole or leave whole."""
        return Ballots(
            self.items, *(getattr(self, name)[rows] for name in Ballots.__slots__[1:])
        )

    @property
    def size(self) -> int:
        return len(self.weight)

    @property
    def alone(self) -> bool:
        """Whether every ballot came from another person."""
        return len(np.unique(self.psu)) == self.size

    @property
    def fractions(self) -> tuple[AnyArray, IntArray, FloatArray, FloatArray]:
        """Strata: label, row -> stratum, responses and frame of each.

        Rows of a stratum stand together, so that runs of labels are enough.
        """
        begins = np.ones(self.size, dtype=bool)
        begins[1:] = self.stratum[1:] != self.stratum[:-1]
        starts = np.flatnonzero(begins)
        h = np.cumsum(begins) - 1
        responses = np.bincount(h, minlength=len(starts)).astype(np.float64)
        return self.stratum[starts], h, responses, self.frame_size[starts]

    def parts(self, rows: int) -> Iterator[slice]:
        """Stretches of whole offices of about that many rows."""
        begins = np.ones(self.size, dtype=bool)
        begins[1:] = self.office[1:] != self.office[:-1]
        start = 0
        for stop in [*np.flatnonzero(begins)[1:].tolist(), self.size]:
            if stop - start >= rows or stop == self.size:
                yield slice(start, stop)
                start = stop

    def lonely_offices(self) -> IntArray:
        """Offices with a stratum of one response from a larger frame."""
        _, h, responses, size = self.fractions
        alone = (responses < 2) & (responses < size)
        offices: IntArray = np.unique(self.office[alone[h]])
        return offices


def items_of(questionnaire: Questionnaire) -> tuple[Criterion, ...]:
    """The criteria in order, then the overall question if there is one."""
    overall = (questionnaire.overall,) if questionnaire.overall else ()
    return (*questionnaire.criteria, *overall)


def gather(
    frozen: FrozenSet,
    questionnaire: Questionnaire,
    offices: Sequence[str],
    selection: str,
) -> Ballots:
    """The ballots that came in by one selection, sorted.

    Ballots of ``open`` have no design: each counts 1, in a stratum of its
    office with a frame without end.

    Raises
    ------
    FrozenSetRefused
        If a ballot rates an office that the manifest does not list, or a
        counted ballot lacks weight or frame size.
    """
    table = frozen.responses
    rows = np.flatnonzero(frozen.of_selection(selection))
    place = _places(table["office"][rows], offices)
    free = selection == "open"
    stratum = table["office" if free else "variance_stratum"][rows]
    order = np.lexsort((stratum, place))
    rows, place, stratum = rows[order], place[order], stratum[order]
    weight = np.ones(len(rows)) if free else table["weight"][rows]
    size = np.full(len(rows), np.inf) if free else table["frame_size"][rows]
    problems = []
    if not np.all(np.isfinite(weight) & (weight > 0)):
        problems.append(f"{selection}: ballots without a weight above 0")
    if np.any(np.isnan(size)):
        problems.append(f"{selection}: ballots without a frame size")
    _, h = codes(stratum)
    if len(np.unique(h * (len(offices) + 1) + place)) != len(np.unique(h)):
        problems.append(f"{selection}: a variance stratum spans two offices")
    if problems:
        raise FrozenSetRefused(problems)
    items = items_of(questionnaire)
    levels = np.empty((len(rows), len(items)), dtype=np.int8)
    for j, item in enumerate(items):
        levels[:, j] = frozen.answers(item.id)[rows]
    cut = np.array([item.scale.satisfied_from for item in items])
    return Ballots(
        items=items,
        levels=levels,
        satisfied=levels >= cut,
        answered=levels >= 1,
        missing=np.isin(levels, MISSING),
        weight=weight.astype(np.float64),
        office=place,
        field=table["service_field"][rows],
        stratum=np.char.add(f"{selection}/", stratum),
        frame_size=size.astype(np.float64),
        psu=np.arange(len(rows)) if free else table["psu"][rows],
        response_class=np.char.add(
            f"{selection}/", _joined(frozen, "response_class", rows)
        ),
    )


def together(groups: Sequence[Ballots]) -> Ballots:
    """Ballots of several selections as one set, in order of office."""
    groups = [group for group in groups if group.size] or list(groups[:1])
    if len(groups) == 1:
        return groups[0]
    columns = [
        np.concatenate([getattr(group, name) for group in groups])
        for name in Ballots.__slots__[1:]
    ]
    joint = Ballots(groups[0].items, *columns)
    order = np.lexsort((joint.stratum, joint.office))
    return joint.where(order)


@dataclass(frozen=True, slots=True, eq=False)
class Silent:
    """Issued units that did not answer, by variance stratum and class.

    Attributes
    ----------
    stratum, response_class : array of str, shape (S,)
        With the selection before each label.
    count : array of float, shape (S,)
        How many.
    """

    stratum: AnyArray
    response_class: AnyArray
    count: FloatArray


def silent_units(ballots: Ballots, frozen: FrozenSet) -> Silent | None:
    """Those a response phase needs; ``None`` where classes are the strata.

    Where every response class is one variance stratum, responses over frame is
    the fraction and nothing more is needed.
    """
    if np.array_equal(ballots.stratum, ballots.response_class):
        return None
    labels, h, _, _ = ballots.fractions
    classes, c = codes(ballots.response_class)
    pairs = len(np.unique(h * (len(classes) + 1) + c))
    if pairs == len(labels) == len(classes):
        return None
    table = frozen.dispositions
    silent = np.flatnonzero(table["outcome"] != COMPLETED)
    selection = np.char.add(table["selection"][silent], "/")
    return Silent(
        np.char.add(selection, _joined(frozen, "stratum", silent, table)),
        np.char.add(selection, _joined(frozen, "response_class", silent, table)),
        table["count"][silent],
    )


def _joined(
    frozen: FrozenSet,
    column: str,
    rows: IntArray,
    table: Mapping[str, AnyArray] | None = None,
) -> AnyArray:
    """Planned strata or classes of some rows as they were joined at closing.

    The manifest's map knows those without a ballot too; where it is silent, a
    label stands for itself.
    """
    table = frozen.responses if table is None else table
    found = frozen.joined(column)
    selection = np.char.add(table["selection"][rows], "/")
    labels, number = codes(np.char.add(selection, table[column][rows]))
    names = [found.get(label, label.split("/", 1)[1]) for label in labels.tolist()]
    joined: AnyArray = np.array(names, dtype=np.str_)[number]
    return joined


def selection_of(ballots: Ballots, offices: Sequence[str]) -> dict[str, str]:
    """The selection that each office's ballots came by, by code of the office."""
    first = np.unique(ballots.office, return_index=True)[1]
    return {
        offices[int(ballots.office[row])]: str(ballots.stratum[row]).split("/", 1)[0]
        for row in first
    }


def design_of(ballots: Ballots, silent: Silent | None) -> Design:
    """How these ballots came to be, non-response as the second phase."""
    strata, h, responses, size = ballots.fractions
    one_stage = stratified(
        ballots.weight,
        h,
        ballots.frame_size,
        psu=None if ballots.alone else ballots.psu,
        labels=tuple(map(str, strata)),
    )
    if silent is None:
        return one_stage
    classes, c = codes(ballots.response_class)
    number = {label: k for k, label in enumerate(strata.tolist())}
    place = {label: k for k, label in enumerate(classes.tolist())}
    known = np.array(
        [
            s in number and r in place
            for s, r in zip(silent.stratum, silent.response_class, strict=True)
        ],
        dtype=bool,
    )
    silent_h = np.array([number[s] for s in silent.stratum[known]], dtype=np.int64)
    silent_c = np.array([place[r] for r in silent.response_class[known]], dtype=int)
    count = silent.count[known]
    issued_h = responses + sums(count, silent_h, len(strata))
    issued_c = np.bincount(c, minlength=len(classes)) + sums(
        count, silent_c, len(classes)
    )
    stage = one_stage.stages[0]
    fraction = np.minimum(issued_h / size, 1.0)[stage.psu_stratum]
    drawn = Stage(stage.psu, stage.psu_stratum, fraction, stage.labels)
    phase = SecondPhase(c, issued_c, silent_h, silent_c, count)
    return Design(one_stage.weight, (drawn,), phase)


def _places(codes_of_rows: AnyArray, offices: Sequence[str]) -> IntArray:
    """Place of each row's office in the manifest."""
    distinct, number = codes(codes_of_rows)
    place = {code: k for k, code in enumerate(offices)}
    unknown = [str(code) for code in distinct if code not in place]
    if unknown:
        raise FrozenSetRefused([f"offices not in the manifest: {', '.join(unknown)}"])
    places = np.array([place[code] for code in distinct], dtype=np.int64)
    return places[number] if len(number) else np.zeros(0, dtype=np.int64)

"""One case at a time: read it, compute it, compare every expected number."""

import importlib
import json
import math
import pkgutil
import warnings
from dataclasses import dataclass

import tests.reference_cases as package
from tests.reference_cases.comparison import Mismatch, compare


class Unsupported(Exception):
    """A kind of case that is not computed, and why."""


@dataclass(frozen=True)
class Case:
    """A case file: ``content`` as read, ``folder`` where data/ lies."""

    name: str
    content: dict
    folder: object

    @property
    def estimator(self):
        return self.content["estimator"]

    @property
    def expected(self):
        return self.content["expected"]


@dataclass(frozen=True)
class Outcome:
    name: str
    status: str
    error: float | None
    note: str = ""


def handlers():
    """Functions by kind of estimator, from every ``*_cases`` module here."""
    found = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        if module.endswith("_cases"):
            loaded = importlib.import_module(f"{package.__name__}.{module}")
            found |= getattr(loaded, "HANDLERS", {})
            for kind, function in getattr(loaded, "KINDS", {}).items():
                found[kind] = _of_content(function)
    return found


def _of_content(function):
    """A function of the file's content and the data folder, as a handler."""
    return lambda case: function(case.content, case.folder / "data")


def run(folder):
    """The outcome of every case of a folder, in order of name."""
    by_kind = handlers()
    for path in sorted((folder / "cases").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        case = Case(path.stem, content, folder)
        yield outcome_of(case, by_kind)


def outcome_of(case, by_kind):
    """Compute one case and compare it."""
    handler = by_kind.get(case.estimator["kind"])
    if handler is None:
        kind = case.estimator["kind"]
        return Outcome(case.name, "unsupported", None, f"no {kind}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=RuntimeWarning)
            found = handler(case)
    except Unsupported as reason:
        return Outcome(case.name, "unsupported", None, str(reason))
    except Exception as error:  # every other case must still be run
        return Outcome(case.name, "FAIL", None, f"{type(error).__name__}: {error}")
    try:
        leave = {"se"} if is_raked(case) else set()
        worst = compare(found, case.expected, case.content["tolerance"], leave=leave)
    except Mismatch as mismatch:
        worst = mismatch.error if math.isfinite(mismatch.error) else None
        return Outcome(case.name, "FAIL", worst, str(mismatch))
    note = "standard errors apart: ours are GREG's" if leave else ""
    return Outcome(case.name, "ok", worst, note)


def is_raked(case):
    """R's rake() has other standard errors; the cases' own README says so."""
    steps = case.content.get("adjust") or []
    steps = steps if isinstance(steps, list) else [steps]
    return any(step.get("method") == "rake" for step in steps)

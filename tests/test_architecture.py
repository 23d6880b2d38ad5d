"""Who may import whom, and when. The rule is drawn in README.md.

The three core packages are pure: what is not on their list, they may not use.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PURE = {
    "__future__",
    "abc",
    "bisect",
    "collections",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "itertools",
    "json",
    "math",
    "numbers",
    "operator",
    "re",
    "statistics",
    "string",
    "textwrap",
    "tomllib",
    "types",
    "typing",
    "unicodedata",
}
CORE = {
    "questionnaires": {"questionnaires"},
    "sampling": {"sampling", "numpy", "scipy"},
    "analysis": {"analysis", "questionnaires", "numpy", "scipy"},
}
# One module each, and nobody else in its package.
IN_ADDITION = {
    "questionnaires/xlsform.py": {"openpyxl", "io", "warnings", "zipfile"},
    "analysis/responses.py": {"polars", "pathlib"},
}
IN_FUNCTIONS_OF_ANALYSIS = {"statsmodels"}

APPLICATION = {
    "analysis",
    "questionnaires",
    "sampling",
    "survey_app",
    "alembic",
    "argon2",
    "click",
    "flask",
    "flask_limiter",
    "flask_login",
    "flask_wtf",
    "itsdangerous",
    "markupsafe",
    "numpy",
    "openpyxl",
    "PIL",
    "polars",
    "psycopg",
    "pydyf",
    "pyreadstat",
    "qrcode",
    "sqlalchemy",
    "waitress",
    "weasyprint",
    "werkzeug",
    "wtforms",
    "xlsxwriter",
}
# Libraries that a few modules know; the rest of the application does not.
KEPT_TOGETHER = {
    "alembic": ("survey_app/upgrade.py", "survey_app/migrations/"),
    "argon2": ("survey_app/accounts/passwords.py",),
    "flask_login": ("survey_app/accounts/",),
    "polars": ("survey_app/results/", "survey_app/estimate/reading.py"),
    "pyreadstat": ("survey_app/estimate/reading.py",),
    "qrcode": ("survey_app/qr.py",),
    "waitress": ("survey_app/server.py",),
}
FEATURES = {
    "estimate": set(),
    "accounts": set(),
    "collect": {"accounts"},
    "fieldwork": {"accounts", "collect"},
    "hand_over": {"accounts", "collect", "fieldwork"},
    "api": {"accounts", "collect", "fieldwork", "hand_over"},
    "results": {"accounts", "collect", "fieldwork"},
    "authoring": {"accounts", "collect"},
    "rule_sets": {"accounts", "results"},
    "paper": {"accounts", "authoring", "collect", "fieldwork"},
    "demonstration": {"accounts", "collect", "fieldwork", "results"},
}
# The modules that put features together; all others below survey_app know none.
ASSEMBLY = {"__init__", "__main__", "check_up", "cli", "commands", "health"}

HEAVY = ("scipy.stats", "statsmodels", "polars", "pandas", "weasyprint")
WEB = ("flask", "sqlalchemy", "werkzeug", "jinja2", "numpy", "scipy")


def modules(package):
    return sorted((ROOT / package).rglob("*.py"))


def place(path):
    return path.relative_to(ROOT).as_posix()


def imports(path, *, inside_functions=True):
    """Full names of what a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if inside_functions else _at_start(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _at_start(node):
    """What runs when the module is imported: everything but bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _at_start(child)


def root_of(name):
    return name.split(".")[0]


@pytest.mark.parametrize("package", CORE)
def test_a_core_package_imports_only_what_it_may(package):
    strays = []
    for path in modules(package):
        allowed = PURE | CORE[package] | IN_ADDITION.get(place(path), set())
        if package == "analysis":
            allowed |= IN_FUNCTIONS_OF_ANALYSIS
        strays += [
            f"{place(path)}: {name}"
            for name in imports(path)
            if root_of(name) not in allowed
        ]

    assert strays == []


def test_the_application_imports_only_what_it_may():
    allowed = APPLICATION | sys.stdlib_module_names
    strays = [
        f"{place(path)}: {name}"
        for path in modules("survey_app")
        for name in imports(path)
        if root_of(name) not in allowed
    ]

    assert strays == []


@pytest.mark.parametrize("library", KEPT_TOGETHER)
def test_a_library_is_known_only_where_it_belongs(library):
    strays = [
        place(path)
        for path in modules("survey_app")
        for name in imports(path)
        if root_of(name) == library
        and not place(path).startswith(KEPT_TOGETHER[library])
    ]

    assert strays == []


@pytest.mark.parametrize("package", [*CORE, "survey_app"])
def test_what_is_slow_to_import_is_imported_where_it_is_used(package):
    strays = [
        f"{place(path)}: {name}"
        for path in modules(package)
        for name in imports(path, inside_functions=False)
        if name.startswith(HEAVY)
    ]

    assert strays == []


@pytest.mark.parametrize("package", CORE)
def test_a_core_package_asks_no_clock_no_file_and_no_shared_dice(package):
    asked = [
        f"{place(path)}:{node.lineno} {call}"
        for path in modules(package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (call := ast.unparse(node.func))
        and _is_impure(call)
    ]

    assert asked == []


def _is_impure(call):
    owner, _, name = call.rpartition(".")
    return (
        call in ("open", "input", "print", "eval", "exec", "__import__")
        or name in ("now", "today", "utcnow", "fromtimestamp")
        or (
            owner.endswith(("np.random", "numpy.random"))
            and name not in ("Generator", "PCG64", "SeedSequence")
        )
    )


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_knows_only_the_features_below_it(feature):
    allowed = FEATURES[feature] | {feature}
    strays = [
        f"{place(path)}: {name}"
        for path in modules(f"survey_app/{feature}")
        for name in imports(path)
        if name.split(".")[:1] == ["survey_app"]
        and name.split(".")[1] in FEATURES.keys() - allowed
    ]

    assert strays == []


def test_what_the_features_share_knows_no_feature():
    strays = [
        f"{place(path)}: {name}"
        for path in [
            *(ROOT / "survey_app").glob("*.py"),
            *modules("survey_app/models"),
        ]
        if path.stem not in ASSEMBLY
        for name in imports(path)
        if name.startswith("survey_app.") and name.split(".")[1] in FEATURES
    ]

    assert strays == []


@pytest.mark.parametrize("package", [*CORE, "survey_app"])
def test_no_two_modules_need_each_other(package):
    names = {_module_name(path): path for path in modules(package)}
    needs = {
        name: {
            target
            for imported in imports(path, inside_functions=False)
            if (target := _nearest(imported, names)) and target != name
        }
        for name, path in names.items()
        if path.name != "__init__.py"  # a package's front door names its rooms
    }

    assert _cycle(needs) is None


def _module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _nearest(imported, names):
    """The module that an imported name lives in: itself, or where it is taken from."""
    for candidate in (imported, imported.rpartition(".")[0]):
        if candidate in names:
            return candidate
    return None


def _cycle(needs):
    done = set()

    def visit(name, way):
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return None
        for other in sorted(needs.get(name, ())):
            if found := visit(other, [*way, name]):
                return found
        done.add(name)
        return None

    return next((found for name in sorted(needs) if (found := visit(name, []))), None)


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import survey_app.cli", (*HEAVY, *WEB)),
        (
            "import sys; sys.argv = ['sipas', '--help']\n"
            "from survey_app.cli import main\n"
            "try: main()\n"
            "except SystemExit: pass",
            (*HEAVY, *WEB),
        ),
        (
            "import tempfile, survey_app\n"
            "survey_app.create_app({'INSTANCE': tempfile.mkdtemp()})",
            HEAVY,
        ),
    ],
    ids=["the list of commands", "help", "the application"],
)
def test_starting_loads_nothing_that_is_not_needed_yet(code, absent, tmp_path):
    script = f"{code}\nimport sys; sys.stderr.write(' '.join(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path), "PATH": "", "LANG": "C.UTF-8"},
    )

    assert set(ran.stderr.split()) & set(absent) == set()

"""Holds the house against its plan: every area owns something, stands in the table, stays small."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from tests import house

CONTRIBUTING = (house.ROOT / "CONTRIBUTING.md").read_text("utf-8")
# Single places that no area has twice: schema, addresses, who may what, what Django looks for here.
SINGLE = {"admin", "annexes", "management", "migrations", "models", "templatetags"}
LONGEST = 425
# Packages whose public names other modules build on: a docstring says what each is.
TOLD = ("services", "selectors", "views", "forms")
NUMBERS = {"int", "float", "Decimal", "Fraction"}
# Names that do not say what they are counted in, as `cap_cases` or `most_bytes` would.
UNNAMED = re.compile(
    r"(^|_)(amount|bound|cap|chance|days|divisor|floor|high|least|limit|low|mean|middle|most"
    r"|percent|rates?|shares?|size|unit|weight|width|height)$"
)
UNITS = re.compile(
    r"\b(ballots|bytes|cases?|columns|courts|days|files|fractions?|hours|minutes|months?|pixels"
    r"|per ?cent|places|points?|ranks?|ratios?|rows|seconds|signs|times|units?|voters|years?)\b"
    r"|%|\b0 (to|and) 1\b|from above 0 to 1",
    re.IGNORECASE,
)
# Words of their own: what the API answers, the plain document, the ballot's protocol and its
# verifier beside the rows of the board.
OWN_WORDS = ("systems/views/shapes.py", "papers/document.py", "ballots/verify.py")
MEANT_TWICE = {"BoardEvent", "Column", "_Reader"}
# Recounts a ballot for people who have this one file and Python.
ALONE = "courts/ballots/verify.py"
Definition = ast.FunctionDef | ast.ClassDef


def test_the_table_of_areas_is_made_from_the_addresses() -> None:
    shown = CONTRIBUTING.split(house.BEGIN)[1].split(house.END)[0].strip()
    assert shown == house.table(), "python -m tests.house prints the table as it should be"


def test_every_package_is_an_area_or_a_single_place() -> None:
    packages = {path.parent.name for path in (house.ROOT / "courts").glob("*/__init__.py")}
    assert packages - SINGLE == set(house.areas())


@pytest.mark.parametrize("folder", ["templates/courts", "static/courts"])
def test_templates_and_static_files_stand_under_areas(folder: str) -> None:
    names = {path.name for path in (house.ROOT / folder).iterdir() if path.is_dir()}
    assert names <= set(house.areas())


@pytest.mark.parametrize("area", house.areas())
def test_an_area_says_what_it_owns(area: str) -> None:
    assert house.owned(area)


def test_one_place_asks_what_time_it_is() -> None:
    """The rest asks `courts.database_clock`: of several servers none goes by its own clock."""
    own = re.compile(
        r"timezone\.(now|localdate|localtime)\(\)|\btime\.time\(\)|datetime\.now\(|\bNow\(\)"
    )
    asking = {
        path.relative_to(house.ROOT).as_posix()
        for folder in ("courts", "qualityyear")
        for path in (house.ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and own.search(path.read_text("utf-8"))
    }
    assert asking == {"courts/database_clock.py"}


def test_a_long_module_says_why() -> None:
    """Past about 400 lines a module's docstring gives the reason why it is not split."""
    silent = []
    for path in sorted((house.ROOT / "courts").rglob("*.py")):
        name, text = path.relative_to(house.ROOT).as_posix(), path.read_text("utf-8")
        if "migrations" in path.parts or name == ALONE or text.count("\n") <= LONGEST:
            continue
        if not re.search(r"^(Long|One file) because ", text.split('"""')[1], re.MULTILINE):
            silent.append(name)
    assert silent == []


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def modules(pattern: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of `courts` of a pattern, by their paths inside it; migrations left out."""
    folder = house.ROOT / "courts"
    for path in sorted(folder.glob(pattern)):
        if "migrations" not in path.parts:
            yield path.relative_to(folder).as_posix(), parsed(path)


def test_a_class_name_has_one_meaning() -> None:
    """Within `courts`; `scoring` may call its own things as the notice calls them."""
    meant = defaultdict(list)
    for name, module in modules("**/*.py"):
        if name in OWN_WORDS or name.startswith("management/"):
            continue
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                meant[node.name].append(name)
    twice = {name: places for name, places in meant.items() if len(places) > 1}
    assert set(twice) == MEANT_TWICE, twice


def test_a_service_names_the_errors_it_raises() -> None:
    """In the docstring of each public function, by the error's name or that of a wider one."""
    wider: dict[str, Sequence[str]] = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for _name, module in modules("**/*.py")
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    }
    silent = []
    for name, module in modules("*/services/*.py"):
        for node in module.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            told = ast.get_docstring(node) or ""
            silent += [
                f"{name} {node.name}: {error}"
                for error in sorted(raised(node))
                if not any(one in told for one in (error, *ancestors(error, wider)))
            ]
    assert silent == []


def public(trees: Iterable[tuple[str, ast.Module]]) -> Iterator[tuple[str, Definition]]:
    """The public functions and classes of modules, each with where it stands."""
    for name, module in trees:
        for node in module.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
                yield f"{name} {node.name}", node


def told_modules() -> Iterator[tuple[str, ast.Module]]:
    for name, module in modules("**/*.py"):
        if set(TOLD) & set(name.split("/")) or name.startswith("files/"):
            yield name, module
    for path in sorted((house.ROOT / "scoring").rglob("*.py")):
        yield path.relative_to(house.ROOT).as_posix(), parsed(path)


def test_what_others_build_on_says_in_a_sentence_what_it_is() -> None:
    """A docstring begins with a sentence; it says more than the name."""
    silent = []
    for place, node in public(told_modules()):
        first = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
        words = re.findall(r"[a-z]+", first.casefold())
        if first[-1:] not in {".", "?"} or "".join(words) == re.sub(r"_", "", node.name.casefold()):
            silent.append(place)
    assert silent == []


def test_a_quantity_says_its_unit() -> None:
    """In its name, or in the docstring of its function or class.

    Held are numbers that a function takes or a class holds under a name of `UNNAMED`.
    """
    silent = [
        f"{place}: {name}"
        for place, node in public(told_modules())
        for name, annotation in given(node)
        if annotation is not None
        and UNNAMED.search(name)
        and NUMBERS & {one.id for one in ast.walk(annotation) if isinstance(one, ast.Name)}
        and not UNITS.search(ast.get_docstring(node) or "")
    ]
    assert silent == []


def given(node: Definition) -> Iterator[tuple[str, ast.expr | None]]:
    """What a function takes or a class holds, by name, and of which type."""
    if isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                yield line.target.id, line.annotation
        return
    for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        yield one.arg, one.annotation


def raised(function: ast.FunctionDef) -> set[str]:
    """The errors that the function itself raises by name."""
    return {
        node.exc.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.func, ast.Name)
        and (node.exc.func.id.endswith("Error") or node.exc.func.id == "PermissionDenied")
    }


def ancestors(error: str, wider: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for base in wider.get(error, ()):
        yield base
        yield from ancestors(base, wider)


def test_views_render_templates_of_their_own_area() -> None:
    """But for those of an area below, which is where the page's parts are."""
    elsewhere = [
        f"{path.parts[-3]}: {match[0]}"
        for path in sorted((house.ROOT / "courts").glob("*/views/*.py"))
        for match in re.finditer(r'"courts/(\w+)/[\w/]+\.html"', path.read_text("utf-8"))
        if match[1] != path.parts[-3]
    ]
    assert elsewhere == [
        'accounts: "courts/ballots/replaced.html"',
        'desks: "courts/scores/ranking/no_year.html"',
        'systems: "courts/extracts/preview.html"',
    ]

"""Owns setting up a quality year: its edition, courts, baseline figures and caps, all or nothing.

The rulebook is a folder of TOML files, the annexes a folder of CSV files named after its years:
courts.csv; baseline_<baseline year>.csv where the rules compare with that year; caps_<year>.csv
where they cap an item. What was set up once is never changed from here; courts and figures that are
already stored are kept and must agree with the files.

Long because a year is set up whole, or not at all, and each file is read against the one before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

import courts
import scoring
from courts import database_clock
from courts.figures.services.figures import Overlay, lay_over
from courts.figures.services.imports import write_figures
from courts.files.cells import Cell
from courts.files.on_disk import source_files
from courts.files.sheets import Column, Problem, Row, SourceFile, read
from courts.frame import events
from courts.frame.listing import enumerated
from courts.frame.reasons import SET_UP
from courts.models import Cap, Court, QualityYear, RulebookEdition, User
from courts.rulebooks.selectors.supplements import Offer, newer
from courts.rulebooks.services.supplements import store
from courts.setup.services.new_courts import leave_out_of_years
from courts.years.month_locks import hold_alone
from courts.years.selectors.supplements import in_force
from courts.years.selectors.years import CourtRow, YearRules, courts_by_name, courts_of
from courts.years.services.entries import Entry, court_expected, read_entries
from courts.years.services.sides import keep_sides
from scoring.schema import CapRule, Level, Rulebook
from scoring.supplements import Supplement, load_supplements

ANNEXES = Path(courts.__file__).parent / "annexes"
ACTION = "setup_year"
# What may be the code of a level; the rules of a year say which there are.
LEVEL = re.compile(r"[a-z][a-z0-9_]{0,15}", re.ASCII)

COURT_COLUMNS = (
    *(Column(code) for code in ("code", "order", "short_name", "name", "name_ko", "level")),
    Column("name_en", optional=True),
)


class SetupError(Exception):
    """What keeps a year from being set up, every problem of it."""

    def __init__(self, problems: Iterable[Problem | str]) -> None:
        self.found = tuple(problems)
        self.problems = tuple(str(problem) for problem in self.found)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class SetupResult:
    """The year, whether this run made it, and whether its edition differs from the files.

    `unused` names files of the annexes that the rules ask nothing of; `offers` are supplements
    beside the files that are newer than what the year has taken up, `supplements` how many this run
    took up.
    """

    year: QualityYear
    created: bool
    differs: bool = False
    courts: int = 0
    figures: int = 0
    caps: int = 0
    unused: tuple[str, ...] = ()
    supplements: int = 0
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Annexes:
    """The files beside a rulebook; None for what its rules do not use."""

    courts: SourceFile
    baseline: SourceFile | None
    caps: SourceFile | None
    unused: tuple[str, ...]

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Those that are read, in the order they are needed."""
        return tuple(filter(None, (self.courts, self.baseline, self.caps)))


def rulebook_folder(code: str) -> Path:
    """The folder of a bundled rulebook, by code, or of any other, by path.

    Raises `SetupError`.
    """
    bundled = scoring.BUNDLED / code
    if "/" not in code and bundled.is_dir():
        return bundled
    if Path(code).is_dir():
        return Path(code)
    known = enumerated(sorted(path.name for path in scoring.BUNDLED.iterdir() if path.is_dir()))
    raise SetupError(
        [
            _("没有规则“%(code)s”：可用 %(known)s，或规则文件夹的路径。")
            % {"code": code, "known": known}
        ]
    )


def setup_year(*, folder: Path, data: Path | None = None, actor: User | None = None) -> SetupResult:
    """Store a year and all that its annexes say; a year that is there already stays as it is.

    RulebookError or SetupError name everything that is wrong.
    """
    rulebook = scoring.load_rulebook(folder)
    supplements = load_supplements(folder, rulebook)
    with transaction.atomic():
        year = (
            QualityYear.objects.select_for_update(of=("self",))
            .select_related("edition", "court")
            .filter(code=rulebook.code)
            .first()
        )
        if year is not None:
            differs = year.edition.sha256 != rulebook.sha256
            return SetupResult(
                year, False, differs=differs, offers=newer(supplements, in_force([year])[year.pk])
            )
        return _set_up(rulebook, supplements, _annexes(rulebook, folder, data), actor)


def _annexes(rulebook: Rulebook, folder: Path, data: Path | None) -> Annexes:
    """The files that the rules use; `SetupError` names every one that is not there."""
    bundled = ANNEXES / rulebook.code
    place = data or (bundled if bundled.is_dir() else folder)
    names = {
        "courts.csv": True,
        f"baseline_{rulebook.baseline_year}.csv": scoring.compares_years(rulebook),
        f"caps_{rulebook.year}.csv": rulebook.caps is not None,
    }
    there = {name: (place / name).is_file() for name in names}
    missing = [name for name, is_used in names.items() if is_used and not there[name]]
    if missing:
        raise SetupError(
            _("文件夹 %(place)s 中没有 %(name)s。") % {"place": place, "name": name}
            for name in missing
        )
    files = [
        source_files([place / name])[0] if is_used else None for name, is_used in names.items()
    ]
    unused = tuple(name for name, is_used in names.items() if there[name] and not is_used)
    courts_file, baseline_file, caps_file = files
    assert courts_file is not None  # noqa: S101  every year has courts
    return Annexes(courts_file, baseline_file, caps_file, unused)


def _set_up(
    rulebook: Rulebook,
    supplements: Sequence[Supplement],
    annexes: Annexes,
    actor: User | None,
) -> SetupResult:
    root = store_courts(annexes.courts, rulebook.label_of_level)
    edition = _edition(rulebook, root)
    year = QualityYear(code=rulebook.code, court=root, year=rulebook.year, edition=edition)
    _save(year, annexes.courts)
    if edition.quality_year is None:
        edition.quality_year = year
        edition.save(update_fields=["quality_year"])
    keep_sides(root, rulebook)
    rows = courts_of(year)
    baseline = _baseline(rulebook, annexes.baseline, rows) if annexes.baseline else []
    caps = _caps(rulebook, rulebook.caps, annexes.caps, rows, baseline)
    problems = [
        problem
        for cap, row in caps
        for problem in _cleaned(cap, row.file, row.number, exclude=["quality_year", "court"])
    ]
    if problems:
        raise SetupError(problems)
    figures = 0
    if annexes.baseline is not None:
        file = annexes.baseline
        hold_alone(year)
        overlay = _checked(lay_over(baseline, YearRules.single(rulebook), year), file)
        reason = SET_UP % {"code": year.code, "file": file.name}
        write_figures(overlay=overlay, people=(actor, None), reason=reason)
        figures = sum(map(len, overlay.changes.values()))
    for cap, _row in caps:
        cap.quality_year = year
        cap.save()
    for said in supplements:
        store(year=year, said=said, by=actor)
    result = SetupResult(
        year=year,
        created=True,
        supplements=len(supplements),
        courts=len(rows),
        figures=figures,
        caps=len(caps),
        unused=annexes.unused,
    )
    events.record(
        action=ACTION,
        year=year,
        actor=actor,
        data={
            "edition": edition.sha256,
            "files": [{"name": file.name, "sha256": file.sha256} for file in annexes.files],
            "courts": result.courts,
            "figures": result.figures,
            "caps": result.caps,
            "supplements": [
                {"code": said.code, "version": said.version, "sha256": said.sha256}
                for said in supplements
            ],
        },
    )
    return result


def _edition(rulebook: Rulebook, root: Court) -> RulebookEdition:
    """The edition of this text that is in force, made where there is none."""
    enacted = RulebookEdition.objects.filter(state__in=RulebookEdition.ENACTED)
    stored = enacted.filter(sha256=rulebook.sha256).first()
    if stored is not None:
        return stored
    edition = RulebookEdition(
        code=rulebook.code,
        title=str(rulebook.title),
        sha256=rulebook.sha256,
        sources=dict(rulebook.sources),
        court=root,
        state=RulebookEdition.State.IN_FORCE,
        from_month=1,
        enacted_at=database_clock.now(),
    )
    edition.full_clean()
    edition.save()
    return edition


def store_courts(file: SourceFile, levels: Collection[str] | None = None) -> Court:
    """The courts of the file; those already stored must stand at the same place of the tree.

    `levels` are those of the rules; where no rules are at hand, any code may be one.

    Called inside a transaction; `SetupError` names everything that is wrong.
    """
    rows, problems = read(file, COURT_COLUMNS)
    problems += _wrong_levels(file, rows, levels)
    problems += [
        row.problem("order", _("应为1至9999的序号。"))
        for row in rows
        if not _is_digits(row.cells["order"])
    ]
    if problems:
        raise SetupError(problems)
    stored = {
        court.code: court
        for court in Court.objects.filter(code__in=[str(row.cells["code"]) for row in rows])
    }
    # The court that runs the assessment comes first: the others point at it.
    rows.sort(key=lambda row: row.cells["level"] != _top_level(rows))
    root: Court | None = None
    for row in rows:
        court = stored.get(str(row.cells["code"]))
        if court is None:
            court = Court(
                **{code: str(cell) for code, cell in row.cells.items()} | {"parent": root}
            )
            problems += _cleaned(court, row.file, row.number)
            if not problems:
                court.save()
                leave_out_of_years(court)
        elif court.level != row.cells["level"] or court.parent_id != (root and root.pk):
            expected = _("已有这个代码的法院，但审级或上级法院不同。")
            problems.append(row.problem("code", expected))
        root = root or court
    if problems or root is None:
        raise SetupError(problems)
    return root


def _wrong_levels(
    file: SourceFile, rows: Sequence[Row], levels: Collection[str] | None
) -> list[Problem]:
    expected = _("应为审级的代码：%(levels)s。") % {
        "levels": enumerated(levels or (level.value for level in Level))
    }
    wrong = [
        row.problem("level", expected)
        for row in rows
        if not LEVEL.fullmatch(str(row.cells["level"]))
        or (levels is not None and row.cells["level"] not in levels)
    ]
    if rows and not wrong and {row.cells["level"] for row in rows} == {Level.GRASSROOTS.value}:
        expected = _("文件中没有中级法院。")
        wrong.append(Problem(file.name, None, "level", "", expected))
    return wrong


def _top_level(rows: Sequence[Row]) -> str:
    """The level of the court that runs the assessment: the usual one, else that of the first."""
    levels = [str(row.cells["level"]) for row in rows]
    return Level.INTERMEDIATE.value if Level.INTERMEDIATE in levels else levels[0] if levels else ""


def _baseline(rulebook: Rulebook, file: SourceFile, rows: Sequence[CourtRow]) -> list[Entry]:
    entries, problems = read_entries([file], rows, YearRules.single(rulebook), with_notes=True)
    expected = _("应为 %(year)s 年的月份。") % {"year": rulebook.baseline_year}
    problems += [
        entry.row.problem("month", expected)
        for entry in entries
        if entry.month.year != rulebook.baseline_year
    ]
    if problems:
        raise SetupError(problems)
    return entries


def _checked(overlay: Overlay, file: SourceFile) -> Overlay:
    """Baseline figures that are already stored are never changed from here."""
    expected = _("与已有数据 %(old)s 不同。")
    problems = overlay.errors + [
        change.entry.row.problem("value", expected % {"old": change.old})
        for changes in overlay.changes.values()
        for change in changes
        if not change.is_new
    ]
    if overlay.replaced:
        problems.append(Problem(file.name, None, "", "", _("基数年份已有演示数据。")))
    if problems:
        raise SetupError(problems)
    return overlay


def _caps(
    rulebook: Rulebook,
    rule: CapRule | None,
    file: SourceFile | None,
    rows: Sequence[CourtRow],
    baseline: Sequence[Entry],
) -> list[tuple[Cap, Row]]:
    """The caps, whose baseline must be the sum of the capped item's figures; none without rule."""
    if rule is None or file is None:
        return []
    total, reduction, cap = (
        f"overturned_{rulebook.baseline_year}",
        "reduction_target",
        f"cap_{rulebook.year}",
    )
    lines, problems = read(file, [Column(code) for code in ("court", total, reduction, cap)])
    named = courts_by_name(rows)
    sums = _sums(rulebook.item_by_code[rule.item].metrics, baseline)
    caps: dict[str, tuple[Cap, Row]] = {}
    for line in lines:
        court = named.get(str(line.cells["court"]))
        wrong = [column for column in (total, reduction, cap) if not _is_digits(line.cells[column])]
        problems += [line.problem(column, _("应为非负整数。")) for column in wrong]
        if court is None:
            problems.append(line.problem("court", court_expected(rows)))
        elif court.code in caps:
            problems.append(line.problem("court", _("该法院重复出现。请删去一行。")))
        if court is None or wrong:
            continue
        cases, fewer, most = (int(str(line.cells[c])) for c in (total, reduction, cap))
        if sums.get(court.code) != cases:
            expected = _("应等于 %(year)s 年基础数据各项之和 %(sum)s。")
            values = {"year": rulebook.baseline_year, "sum": sums.get(court.code, _("（无）"))}
            problems.append(line.problem(total, expected % values))
        if most != cases - fewer:
            expected = _("应等于 %(cases)s − %(fewer)s。")
            problems.append(line.problem(cap, expected % {"cases": cases, "fewer": fewer}))
        row = Cap(court_id=court.pk, baseline_cases=cases, reduction_cases=fewer, cap_cases=most)
        caps[court.code] = (row, line)
    missing = [court.code for court in rows if court.code not in caps]
    if lines and missing:
        expected = _("缺少这些法院：%(courts)s。") % {"courts": enumerated(missing)}
        problems.append(Problem(file.name, None, "court", "", expected))
    if problems:
        raise SetupError(problems)
    return list(caps.values())


def _sums(figures: Sequence[str], baseline: Sequence[Entry]) -> dict[str, int]:
    """The sum of the figures for each court in the baseline year, where all of them are given."""
    last = max((entry.month for entry in baseline), default=None)
    parts: dict[str, list[int]] = defaultdict(list)
    for entry in baseline:
        if entry.month == last and entry.metric.code in figures and entry.value is not None:
            parts[entry.court.code].append(entry.value)
    return {court: sum(v) for court, v in parts.items() if len(v) == len(figures)}


def _is_digits(cell: Cell) -> bool:
    text = str(cell)
    return text.isascii() and text.isdigit() and len(text) <= len("9999999")


def _save(row: models.Model, file: SourceFile) -> None:
    problems = _cleaned(row, file.name, None)
    if problems:
        raise SetupError(problems)
    row.save()


def _cleaned(
    row: models.Model, file: str, number: int | None, exclude: Iterable[str] = ()
) -> list[Problem]:
    """What the model has against a row."""
    try:
        row.full_clean(exclude=set(exclude))
    except ValidationError as error:
        return [
            Problem(file, number, "" if field == "__all__" else field, "", " ".join(messages))
            for field, messages in error.message_dict.items()
        ]
    return []

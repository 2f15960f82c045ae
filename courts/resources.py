"""Owns what django-import-export carries in and out: workbooks of lists, files for the services.

An export is a plain workbook. An import reads nothing itself: the whole file goes to the service
that the command line uses too, so that the same checks, history and events apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import tablib
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.formats.base_formats import XLSX, Format
from import_export.resources import ModelResource, Resource
from import_export.results import Result
from import_export.widgets import NumberWidget

from courts.exports import defused
from courts.models import AppraisalTarget, Cap, Court, Figure, MonthlyReturn, QualityYear, User
from courts.permissions import import_sides
from courts.selectors.metrics import MetricNames
from courts.services.caps import read_caps
from courts.services.imports import ImportResult, import_figures
from courts.services.motion_making import move_baseline, move_cap_file, move_target_file
from courts.services.prefectures import import_courts
from courts.services.sheets import Problem, SourceFile
from courts.services.targets import import_targets

# --- Out -------------------------------------------------------------------------------------

# What XML, and so a workbook, cannot hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def plain_cell(value: Any) -> Any:
    """A value that no spreadsheet will compute; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    return defused(UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value))


class Workbook(XLSX):
    """An Excel workbook without formulas."""

    def _escape_formulae(self, dataset: tablib.Dataset) -> None:
        """The package would turn every number into text, and sees no formula but `=`."""
        for row in [dataset.lpop() for _row in range(dataset.height)]:
            dataset.append([plain_cell(cell) for cell in row])


class ListResource(ModelResource):
    """A list with its headings in the reader's language."""

    def get_export_headers(self, *args: Any, **kwargs: Any) -> list[str]:
        return [str(heading) for heading in super().get_export_headers(*args, **kwargs)]


def _column(heading: Any, attribute: str) -> Field:
    return Field(column_name=heading, attribute=attribute)


def _number(heading: Any, attribute: str) -> Field:
    return Field(
        column_name=heading, attribute=attribute, widget=NumberWidget(coerce_to_string=False)
    )


class CourtResource(ListResource):
    code = _column(_("代码"), "code")
    order = _number(_("序号"), "order")
    short_name = _column(_("简称"), "short_name")
    name = _column(_("全称"), "name")
    name_ko = _column(_("朝鲜文名称"), "name_ko")
    level = _column(_("审级"), "get_level_display")
    parent = _column(_("上级法院"), "parent__code")

    class Meta:
        model = Court
        fields = ("code", "order", "short_name", "name", "name_ko", "level", "parent")


class ReturnResource(ListResource):
    court = _column(_("法院"), "court__code")
    court_name = _column(_("法院简称"), "court__short_name")
    month = _column(_("月份"), "period")
    side = _column(_("类别"), "get_side_display")
    state = _column(_("状态"), "get_state_display")
    origin = _column(_("来源"), "get_origin_display")
    submitted_by = _column(_("提交人"), "submitted_by__username")
    verified_by = _column(_("核实人"), "verified_by__username")
    demo = Field(column_name=_("演示"))

    class Meta:
        model = MonthlyReturn
        fields = (
            "court",
            "court_name",
            "month",
            "side",
            "state",
            "origin",
            "submitted_by",
            "verified_by",
            "demo",
        )

    def dehydrate_demo(self, row: MonthlyReturn) -> str:
        return _t("演示数据") if row.is_demo else ""


class FigureResource(ListResource):
    court = _column(_("法院"), "monthly_return__court__code")
    court_name = _column(_("法院简称"), "monthly_return__court__short_name")
    month = _column(_("月份"), "monthly_return__period")
    metric = _column(_("指标"), "metric")
    metric_name = Field(column_name=_("指标名称"))
    value = _number(_("数值"), "value")
    note = _column(_("说明"), "note")
    side = _column(_("类别"), "monthly_return__get_side_display")
    state = _column(_("状态"), "monthly_return__get_state_display")
    demo = Field(column_name=_("演示"))

    class Meta:
        model = Figure
        fields = (
            "court",
            "court_name",
            "month",
            "metric",
            "metric_name",
            "value",
            "note",
            "side",
            "state",
            "demo",
        )

    def before_export(self, queryset: Any, **kwargs: Any) -> None:
        self.names = MetricNames(get_language() or "")

    def dehydrate_metric_name(self, figure: Figure) -> str:
        return self.names.of_return(figure.monthly_return, figure.metric)

    def dehydrate_demo(self, figure: Figure) -> str:
        return _t("演示数据") if figure.monthly_return.is_demo else ""


class TargetResource(ListResource):
    year = _column(_("质量年"), "quality_year__code")
    item = _column(_("考核项"), "item")
    level = _column(_("适用审级"), "get_level_display")
    court = _column(_("适用法院"), "court__code")
    from_month = _number(_("自几月起"), "from_month")
    percent = _number(_("目标值（%）"), "percent")
    document = _column(_("依据文件"), "document")
    decided_on = _column(_("文件日期"), "decided_on")

    class Meta:
        model = AppraisalTarget
        fields = (
            "year",
            "item",
            "level",
            "court",
            "from_month",
            "percent",
            "document",
            "decided_on",
        )


class CapResource(ListResource):
    year = _column(_("质量年"), "quality_year__code")
    court = _column(_("法院"), "court__code")
    court_name = _column(_("法院简称"), "court__short_name")
    baseline_cases = _number(_("上年合计（件）"), "baseline_cases")
    reduction_cases = _number(_("减少目标（件）"), "reduction_cases")
    cap_cases = _number(_("上限（件）"), "cap_cases")
    from_month = _number(_("自几月起"), "from_month")

    class Meta:
        model = Cap
        fields = (
            "year",
            "court",
            "court_name",
            "baseline_cases",
            "reduction_cases",
            "cap_cases",
            "from_month",
        )


# --- In --------------------------------------------------------------------------------------


class WholeFile(Format):
    """A file that only the service may open: a table of one cell, which is the file."""

    HEADING = "file"

    def get_title(self) -> str:
        return "CSV / XLSX"

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        return tablib.Dataset([in_stream], headers=[self.HEADING])


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One row that would be written."""

    cells: tuple[str, ...]
    old: str
    new: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a service did with a file, or would do."""

    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    lines: tuple[PreviewLine, ...]
    unchanged: int

    @property
    def new(self) -> int:
        return sum(line.is_new for line in self.lines)

    @property
    def changed(self) -> int:
        return len(self.lines) - self.new

    @property
    def digest(self) -> str:
        """What a person who confirms has seen."""
        return sha256(repr((self.lines, self.unchanged, self.warnings)).encode()).hexdigest()


class ServiceResult(Result):
    """The package's result, as the service gave it; `moved` when it is not what was confirmed."""

    def __init__(self, outcome: Outcome, *, moved: bool) -> None:
        super().__init__()
        self.outcome = outcome
        self.moved = moved

    def has_errors(self) -> bool:
        return bool(self.outcome.problems)

    def has_validation_errors(self) -> bool:
        return False


class ServiceResource(Resource):
    """Hands the file to a service; what was not confirmed exactly so is not written."""

    columns: tuple[str, ...] = ()
    headings: tuple[Any, ...] = ()

    @classmethod
    def get_display_name(cls) -> str:
        return cls.__name__

    def import_data(
        self,
        dataset: tablib.Dataset,
        dry_run: bool = False,
        raise_errors: bool = False,
        file_name: str = "",
        user: User | None = None,
        year: QualityYear | None = None,
        confirmed: str = "",
        **kwargs: Any,
    ) -> ServiceResult:
        if user is None or year is None:
            raise ValueError("An import needs somebody who imports, and a year.")
        file = SourceFile(file_name, dataset[WholeFile.HEADING][0])
        with transaction.atomic():
            outcome = self.outcome(year=year, file=file, user=user, apply=not dry_run)
            moved = not dry_run and outcome.digest != confirmed
            if moved or outcome.problems:
                transaction.set_rollback(True)
        return ServiceResult(outcome, moved=moved)

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        raise NotImplementedError


class FigureImport(ServiceResource):
    """Figures of the sides that the account's office answers for; another person verifies them.

    Those of the year are handed in on behalf of their courts. Those of the year before, which no
    page of returns shows, wait as a motion.
    """

    columns = ("court", "month", "metric", "value")
    headings = (_("法院"), _("月份"), _("指标"))

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = import_figures(year=year, files=[file], actor=user, apply=False)
        sides = import_sides(user)
        language = get_language() or ""
        foreign = [
            change.entry.row.problem("metric", _t("这是另一部门负责的指标，您不能导入。"))
            for change in result.changes
            if change.entry.metric.side not in sides
        ]
        lines = [
            PreviewLine(
                cells=(
                    change.entry.court.label(language),
                    str(change.entry.month),
                    change.entry.metric.label.get(language),
                ),
                old=_text(change.old),
                new=_text(change.new),
                is_new=change.is_new,
            )
            for change in result.changes
        ]
        if apply and not result.errors and not foreign:
            self._put(year, file, user, result)
        return _outcome([*result.errors, *foreign], result.warnings, lines, result.unchanged)

    def _put(self, year: QualityYear, file: SourceFile, user: User, result: ImportResult) -> None:
        own = [change for change in result.changes if change.entry.month.year == year.year]
        before = [change for change in result.changes if change.entry.month.year != year.year]
        if own:
            import_figures(year=year, files=[file], actor=user, of_years={year.year})
        if before:
            move_baseline(user=user, year=year, file=file, changes=before)


class TargetImport(ServiceResource):
    """Appraisal targets of one year; what differs is put to another person."""

    columns = ("court", "item", "target", "document", "decided_on")
    headings = (_("法院"), _("考核项"), _("依据文件"), _("文件日期"))

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = import_targets(year=year, files=[file], actor=user, apply=False)
        if apply and result.changes:
            entries = [change.entry for change in result.changes]
            move_target_file(user=user, year=year, file=file, entries=entries)
        language = get_language() or ""
        lines = [
            PreviewLine(
                cells=(
                    change.entry.court.label(language)
                    if change.entry.court
                    else str(AppraisalTarget.Level(change.entry.level).label),
                    change.entry.item,
                    change.entry.document,
                    str(change.entry.decided_on or ""),
                ),
                old=_text(change.old),
                new=_text(change.entry.percent),
                is_new=change.old is None,
            )
            for change in result.changes
        ]
        return _outcome(result.errors, (), lines, result.unchanged)


class CapImport(ServiceResource):
    """Caps of one year; what differs is put to another person."""

    columns = ("court", "baseline_cases", "reduction_cases", "cap_cases")
    headings = (_("法院"),)

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = read_caps(year=year, file=file)
        if apply and result.changes:
            move_cap_file(user=user, year=year, file=file, changes=result.changes)
        language = get_language() or ""
        lines = [
            PreviewLine(
                cells=(change.court.label(language),),
                old="" if change.old is None else _difference(change.old),
                new=_difference(change),
                is_new=change.old is None,
            )
            for change in result.changes
        ]
        return _outcome(result.errors, (), lines, result.unchanged)


def _difference(cap: Any) -> str:
    """A cap as it comes about."""
    return f"{cap.baseline_cases} − {cap.reduction_cases} = {cap.cap_cases}"


class CourtImport:
    """The courts of a prefecture: names and tree; those that are there stay as they are."""

    columns = ("code", "order", "short_name", "name", "name_ko", "level")
    headings = (_("代码"), _("全称"), _("审级"))

    def outcome(self, *, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = import_courts(user=user, file=file, apply=apply)
        lines = [
            PreviewLine(
                cells=(court.code, court.name, str(court.get_level_display())),
                old="",
                new=_t("新增"),
                is_new=True,
            )
            for court in result.created
        ]
        return _outcome(result.problems, (), lines, result.unchanged)


def carried_out(act: Callable[[], Outcome], confirmed: str) -> tuple[Outcome, bool]:
    """What came of a confirmed import, and whether it had moved: then nothing was written."""
    with transaction.atomic():
        outcome = act()
        moved = outcome.digest != confirmed
        if moved or outcome.problems:
            transaction.set_rollback(True)
    return outcome, moved


def _outcome(
    problems: Sequence[Problem],
    warnings: Sequence[str],
    lines: Sequence[PreviewLine],
    unchanged: int,
) -> Outcome:
    return Outcome(tuple(problems), tuple(warnings), tuple(lines), unchanged)


def _text(value: object) -> str:
    return "" if value is None else format(value, "f") if hasattr(value, "as_tuple") else str(value)

"""Who is assessed: a tree of courts, an intermediate court over its grassroots courts; and how
they changed during a year: a new name, a merger, a split, an end, each by two people.

Terms: a change *holds from* a month of its year: months before stay as they were. Of a merger
`other` is the court that takes over, of a split the court that is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from courts.models.sides import LONGEST_SIDE, side_form

if TYPE_CHECKING:
    from courts.models.years import QualityYear

LONGEST_DOCUMENT = 200

# A court's short, full, Korean and English name.
Names = tuple[str, str, str, str]
NO_NAMES: Names = ("", "", "", "")


class CourtQuerySet(models.QuerySet["Court"]):
    def under(self, root: Court | int) -> CourtQuerySet:
        """The intermediate court and its grassroots courts, in the order of the notice.

        This is a whole prefecture: the accounts' scope. What is assessed is `of_year`.
        """
        key = root if isinstance(root, int) else root.pk
        return self.filter(Q(pk=key) | Q(parent=key)).order_by("order", "code")

    def of_year(self, year: QualityYear) -> CourtQuerySet:
        """The courts that a quality year assesses, in the order of the notice.

        A court left out of the year is not among them: every list, sum, rate and difference of
        the year takes its courts from here.
        """
        return self.under(year.court_id).exclude(left_out_of=year)

    def in_month(self, year: QualityYear, month: int) -> CourtQuerySet:
        """The courts of a year that are assessed in one of its months, each by its name of then.

        Those left out, ended by then or not set up yet are not among them.
        """
        absent = CourtChange.objects.absences(year, month)
        ended = absent.filter(kind__in=CourtChange.ENDING).values("court")
        to_come = absent.filter(kind=CourtChange.Kind.SPLIT).values("other")
        return (
            self.of_year(year).exclude(pk__in=ended).exclude(pk__in=to_come).named_in(year, month)
        )

    def named_in(self, year: QualityYear, month: int) -> CourtQuerySet:
        """The same courts with the names they had in a month; `label` and `full_name` tell them."""
        later = CourtChange.objects.named("pk", year.year, month)
        return self.annotate(names_then=Subquery(later.values("old_names")[:1]))

    def counting_for(self, year: QualityYear) -> CourtQuerySet:
        """The courts of a year, and those merged into others by then: whose figures it may need."""
        merged = CourtChange.objects.filter(court=OuterRef("pk"), kind=CourtChange.Kind.MERGED)
        left_out = year.left_out.through.objects.filter(court=OuterRef("pk"), qualityyear=year)
        return self.under(year.court_id).filter(Exists(merged) | ~Exists(left_out))

    def roots(self) -> CourtQuerySet:
        """The intermediate courts."""
        return self.filter(parent__isnull=True)


class Court(models.Model):
    """One court. Its `code` is public: it stands in files, addresses and exports."""

    code = models.CharField(
        _("代码"),
        max_length=32,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9-]*\Z", _("只能用小写字母、数字和连字符，以字母开头。"))
        ],
    )
    order = models.PositiveSmallIntegerField(_("序号"))
    short_name = models.CharField(_("简称"), max_length=20)
    name = models.CharField(_("全称"), max_length=60)
    name_ko = models.CharField(_("朝鲜文名称"), max_length=60, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    level = models.CharField(_("审级"), max_length=LONGEST_SIDE)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级法院"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        limit_choices_to={"parent__isnull": True},
    )

    history = HistoricalRecords()
    objects = CourtQuerySet.as_manager()

    class Meta:
        verbose_name = _("法院")
        verbose_name_plural = _("法院")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=side_form("level"),
                name="court_level_form",
                violation_error_message=_("审级的代码不合格式。"),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="court_not_own_parent",
                violation_error_message=_("法院不能以自己为上级法院。"),
            ),
            models.UniqueConstraint(
                fields=["name"],
                name="court_name_unique",
                violation_error_message=_("已有同名法院。"),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def label(self, language: str) -> str:
        """The name to show in a language: short in Chinese, else the language's own."""
        return label_of(self.names, language)

    def full_name(self, language: str) -> str:
        """The full name in a language: the language's own where there is one."""
        return full_name_of(self.names, language)

    @property
    def names(self) -> Names:
        """The names of the month that the court was read for, else today's."""
        then = self.__dict__.get("names_then")
        return all_names(then or (self.short_name, self.name, self.name_ko, self.name_en))

    @property
    def root(self) -> Court:
        """The intermediate court whose assessment this court belongs to."""
        return self.parent or self

    @property
    def root_key(self) -> int:
        """The key of `root`, without reading it."""
        return self.parent_id or self.pk


def label_of(names: Sequence[str], language: str) -> str:
    """Of a court's names the one to show in a language, as `Court.label` does."""
    return _own(names, language) or names[0]


def full_name_of(names: Sequence[str], language: str) -> str:
    """Of a court's names the full one in a language, as `Court.full_name` does."""
    return _own(names, language) or names[1]


def all_names(names: Sequence[str]) -> Names:
    """Short, full, Korean and English name; what was stored before the English ones lacks it."""
    short_name, name, name_ko, *name_en = names
    return short_name, name, name_ko, name_en[0] if name_en else ""


def _own(names: Sequence[str], language: str) -> str:
    _short_name, _name, name_ko, name_en = all_names(names)
    return {"ko": name_ko, "en": name_en}.get(language[:2], "")


class CourtChangeQuerySet(models.QuerySet["CourtChange"]):
    def of_prefecture(self, root: int) -> CourtChangeQuerySet:
        """The changes of a prefecture's courts, in their order."""
        return self.filter(quality_year__court=root).order_by(
            "quality_year__year", "from_month", "pk"
        )

    def named(self, court: str, year: object, month: object) -> CourtChangeQuerySet:
        """The new names that a court of that reference took after a month, the nearest first."""
        later = Q(quality_year__year__gt=year) | Q(quality_year__year=year, from_month__gt=month)
        return self.filter(later, court=OuterRef(court), kind=CourtChange.Kind.RENAMED).order_by(
            "quality_year__year", "from_month"
        )

    def absences(self, year: QualityYear, month: int) -> CourtChangeQuerySet:
        """The changes because of which a court is not assessed in a month of the year."""
        ended = Q(kind__in=CourtChange.ENDING, from_month__lte=month)
        begins = Q(kind=CourtChange.Kind.SPLIT, from_month__gt=month)
        return self.filter(ended | begins, quality_year=year)


class CourtChange(models.Model):
    """One change, as a confirmed motion wrote it; it is never changed.

    `old_names` are the names before a new one, as `all_names` reads them. `shares` are, of a split,
    the figures of the whole year before that are the new court's, by metric; the rest stays with
    the court that was split.
    """

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("更名")
        MERGED = "merged", _("并入他院")
        SPLIT = "split", _("分设新院")
        ABOLISHED = "abolished", pgettext_lazy("法院", "撤销")

    # The court is assessed no more.
    ENDING = (Kind.MERGED, Kind.ABOLISHED)

    quality_year = models.ForeignKey(
        "courts.QualityYear",
        verbose_name=_("质量年"),
        on_delete=models.PROTECT,
        related_name="changes",
    )
    kind = models.CharField(_("变动"), max_length=16, choices=Kind)
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="changes"
    )
    other = models.ForeignKey(
        Court,
        verbose_name=_("接收或者新设的法院"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="changes_beside",
    )
    from_month = models.PositiveSmallIntegerField(_("自几月起"))
    old_names = models.JSONField(_("原名称"), default=list, blank=True)
    shares = models.JSONField(_("划给新院的上年数据"), default=dict, blank=True)
    document = models.CharField(_("文号和文件名称"), max_length=LONGEST_DOCUMENT)
    decided_on = models.DateField(_("文件日期"))
    motion = models.OneToOneField(
        "courts.Motion",
        verbose_name=_("事项"),
        on_delete=models.PROTECT,
        related_name="court_change",
    )

    objects = CourtChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("法院变动")
        verbose_name_plural = _("法院变动")
        ordering = ["quality_year", "from_month", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["renamed", "merged", "split", "abolished"]),
                name="court_change_kind_known",
                violation_error_message=_("没有这种变动。"),
            ),
            models.CheckConstraint(
                condition=Q(from_month__gte=1, from_month__lte=12),
                name="court_change_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["merged", "split"], other__isnull=False)
                | Q(kind__in=["renamed", "abolished"], other__isnull=True),
                name="court_change_other_of_kind",
                violation_error_message=_("并入和分设须写明另一个法院，更名和撤销不写。"),
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("court")),
                name="court_change_not_itself",
                violation_error_message=_("法院不能并入自己，也不能从自己分设。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="renamed") | Q(old_names=[]),
                name="court_change_names_of_kind",
                violation_error_message=_("只有更名才有原名称。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="split") | Q(shares={}),
                name="court_change_shares_of_kind",
                violation_error_message=_("只有分设才划出上年数据。"),
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="court_change_has_document",
                violation_error_message=_("法院变动须写明文件。"),
            ),
            models.UniqueConstraint(
                fields=["court"],
                condition=Q(kind__in=["merged", "abolished"]),
                name="court_change_ends_once",
                violation_error_message=_("该法院已经并入他院或者撤销。"),
            ),
            models.UniqueConstraint(
                fields=["other"],
                condition=Q(kind="split"),
                name="court_change_begins_once",
                violation_error_message=_("该法院已经设立。"),
            ),
            models.UniqueConstraint(
                fields=["court", "quality_year", "from_month"],
                condition=Q(kind="renamed"),
                name="court_change_one_name",
                violation_error_message=_("该法院自该月起已经更名。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.get_kind_display()} {self.quality_year} {self.from_month}"

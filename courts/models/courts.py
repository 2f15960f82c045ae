"""Who is assessed: a tree of courts, an intermediate court over its grassroots courts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courts.models.sides import LONGEST_SIDE, side_form

if TYPE_CHECKING:
    from courts.models.years import QualityYear


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
        """The name to show in a language: short in Chinese, the Korean name in Korean."""
        return self.name_ko if language.startswith("ko") and self.name_ko else self.short_name

    @property
    def root(self) -> Court:
        """The intermediate court whose assessment this court belongs to."""
        return self.parent or self

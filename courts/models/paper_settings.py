"""Owns how a year's bulletins look on paper: letterhead, imprint, copies, carrier."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courts.models.bulletins import Bulletin
from courts.models.years import QualityYear


class PaperSettings(models.Model):
    """How a year's bulletins look on paper (GB/T 9704): letterhead, imprint, carrier.

    Letterhead sizes are points. An issue keeps a copy of them as they were when it was signed.
    """

    class First(models.TextChoices):
        KOREAN = "ko", _("朝鲜文在上")
        CHINESE = "zh", _("汉文在上")

    quality_year = models.OneToOneField(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="paper"
    )
    carrier = models.CharField(
        _("载体"),
        max_length=8,
        choices=Bulletin.Carrier,
        default=Bulletin.Carrier.REDHEAD,
    )
    letterhead = models.CharField(_("版头"), max_length=60)
    letterhead_ko = models.CharField(_("朝鲜文版头"), max_length=60, blank=True)
    korean_line = models.BooleanField(_("版头印朝鲜文"), default=True)
    first_line = models.CharField(_("文字顺序"), max_length=2, choices=First, default=First.KOREAN)
    letterhead_points = models.DecimalField(
        _("汉文版头字号（磅）"), max_digits=4, decimal_places=1, default="27.5"
    )
    letterhead_ko_points = models.DecimalField(
        _("朝鲜文版头字号（磅）"), max_digits=4, decimal_places=1, default="22"
    )
    document_code = models.CharField(_("发文机关代字"), max_length=20, blank=True)
    series = models.CharField(_("简报名称"), max_length=60, blank=True)
    series_ko = models.CharField(_("朝鲜文简报名称"), max_length=60, blank=True)
    issued_by = models.CharField(_("编发单位"), max_length=60, blank=True)
    issued_by_ko = models.CharField(_("朝鲜文编发单位"), max_length=60, blank=True)
    addressee = models.CharField(_("主送"), max_length=200)
    addressee_ko = models.CharField(_("朝鲜文主送"), max_length=200, blank=True)
    signature = models.CharField(_("署名"), max_length=60)
    signature_ko = models.CharField(_("朝鲜文署名"), max_length=60, blank=True)
    copies_to = models.CharField(_("抄送"), max_length=300, blank=True)
    copies_to_ko = models.CharField(_("朝鲜文抄送"), max_length=300, blank=True)
    printed_by = models.CharField(_("印发机关"), max_length=60)
    printed_by_ko = models.CharField(_("朝鲜文印发机关"), max_length=60, blank=True)
    copies = models.PositiveSmallIntegerField(_("印数"), null=True, blank=True)
    internal = models.BooleanField(_("标“内部资料”"), default=False)
    internal_note = models.CharField(_("印制单位"), max_length=60, blank=True)
    in_korean = models.BooleanField(_("另出朝鲜文本"), default=False)
    version = models.PositiveIntegerField(_("修改次数"), default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("通报版式")
        verbose_name_plural = _("通报版式")
        ordering = ["quality_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(carrier__in=["redhead", "series"]),
                name="paper_carrier_known",
                violation_error_message=_("没有这种载体。"),
            ),
            models.CheckConstraint(
                condition=Q(first_line__in=["ko", "zh"]),
                name="paper_first_line_known",
                violation_error_message=_("没有这种文字顺序。"),
            ),
            models.CheckConstraint(
                condition=Q(letterhead_points__gte=12, letterhead_points__lte=60)
                & Q(letterhead_ko_points__gte=12, letterhead_ko_points__lte=60),
                name="paper_letterhead_size",
                violation_error_message=_("字号须在12至60磅之间。"),
            ),
            models.CheckConstraint(
                condition=Q(copies__isnull=True) | Q(copies__gte=1, copies__lte=9999),
                name="paper_copies_range",
                violation_error_message=_("印数须在1至9999之间。"),
            ),
            models.CheckConstraint(
                condition=~Q(letterhead="")
                & ~Q(addressee="")
                & ~Q(signature="")
                & ~Q(printed_by=""),
                name="paper_named",
                violation_error_message=_("版头、主送、署名和印发机关都须填写。"),
            ),
            models.CheckConstraint(
                condition=Q(carrier="redhead") & ~Q(document_code="")
                | Q(carrier="series") & ~Q(series="") & ~Q(issued_by=""),
                name="paper_of_carrier",
                violation_error_message=_("红头文件须有发文机关代字，编号简报须有名称和编发单位。"),
            ),
            models.CheckConstraint(
                condition=Q(korean_line=False) | ~Q(letterhead_ko=""),
                name="paper_korean_line",
                violation_error_message=_("版头印朝鲜文时须填写朝鲜文版头。"),
            ),
            models.CheckConstraint(
                condition=Q(internal=False) | ~Q(internal_note=""),
                name="paper_internal_note",
                violation_error_message=_("内部资料须写明印制单位。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.quality_year)

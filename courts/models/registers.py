"""Registers: the cases behind counts (正文三). What a register is made of, its supplement says.

Terms: a *line* is one case, matter, training or question. `values` hold what is not personal,
`personal` what is, until it is erased by rule; of the erased a salted digest is kept. A *tally*
says towards which metric a line counts, and in which month.
"""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.courts import Court
from courts.models.years import QualityYear

LONGEST_CODE = 64
LONGEST_NAME = 200
LONGEST_NOTE = 500
A_MONTH = Q(month__gte=1, month__lte=12)


class RegisterDraw(models.Model):
    """Lots drawn for one court and month: the list they were drawn from, and the seed.

    `numbers` is the whole list in order, emptied when its lines are erased; `sha256` its digest.
    Whoever holds list and seed can draw the same again (`scoring.lots`).
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="draws"
    )
    register = models.CharField(_("台账"), max_length=LONGEST_CODE)
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="draws"
    )
    month = models.PositiveSmallIntegerField(_("月"))
    seed = models.CharField(_("种子"), max_length=64)
    numbers = models.JSONField(_("全部案号"), default=list, blank=True)
    size = models.PositiveIntegerField(_("案件数"))
    wanted = models.PositiveIntegerField(_("抽中数"))
    sha256 = models.CharField(_("案号清单校验值（SHA-256）"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("摇号人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("摇号时间"))

    class Meta:
        verbose_name = _("抽查摇号")
        verbose_name_plural = _("抽查摇号")
        ordering = ["quality_year", "register", "-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=A_MONTH,
                name="register_draw_month",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=1) & Q(size__gte=F("wanted")),
                name="register_draw_size",
                violation_error_message=_("抽中数须至少为1，不得多于案件数。"),
            ),
            models.CheckConstraint(
                condition=~Q(seed="") & ~Q(sha256=""),
                name="register_draw_seeded",
                violation_error_message=_("摇号须有种子和清单校验值。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.register} {self.month} {self.seed}"


class RegisterLine(models.Model):
    """One line of a register. `number` counts from 1 for each register and court of a year.

    `month` is that of the register's leading date, None outside the year. `due_on` is when the line
    should have moved on from its state. `identity` is a digest by which no line stands there twice;
    it is emptied with what is personal. `is_made` marks lines of the demonstration.
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="lines"
    )
    register = models.CharField(_("台账"), max_length=LONGEST_CODE)
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="lines"
    )
    number = models.PositiveIntegerField(_("序号"))
    state = models.CharField(_("状态"), max_length=LONGEST_CODE)
    month = models.PositiveSmallIntegerField(_("月"), null=True, blank=True)
    due_on = models.DateField(_("本环节期限"), null=True, blank=True)
    values = models.JSONField(_("内容"), default=dict, blank=True)
    personal = models.JSONField(_("个人信息"), default=dict, blank=True)
    identity = models.CharField(_("查重值"), max_length=64, blank=True)
    salt = models.CharField(_("盐值"), max_length=64)
    digest = models.CharField(_("个人信息校验值"), max_length=64)
    draw = models.ForeignKey(
        RegisterDraw,
        verbose_name=_("抽查摇号"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
    )
    is_made = models.BooleanField(_("演示数据"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("登记时间"))
    erased_at = models.DateTimeField(_("清除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("台账记录")
        verbose_name_plural = _("台账记录")
        ordering = ["quality_year", "register", "court", "number"]
        indexes = [
            models.Index(
                fields=["quality_year", "register", "month", "court"], name="register_line_month"
            ),
            models.Index(
                fields=["quality_year", "register", "state", "court", "due_on"],
                name="register_line_state",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "register", "court", "number"],
                name="register_line_number",
                violation_error_message=_("这个序号已经用过。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year", "register", "court", "identity"],
                condition=~Q(identity=""),
                name="register_line_once",
                violation_error_message=_("台账里已有这一条。"),
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | A_MONTH,
                name="register_line_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1)
                & Q(version__gte=1)
                & ~Q(register="")
                & ~Q(state="")
                & ~Q(salt="")
                & ~Q(digest=""),
                name="register_line_whole",
                violation_error_message=_("记录须有台账、序号、状态和校验值。"),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(personal={}, identity=""),
                name="register_line_erased",
                violation_error_message=_("已清除的记录不得再有个人信息。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.register} {self.court} {self.number}"


class RegisterTally(models.Model):
    """That a line counts towards a metric in a month; written anew whenever the line is saved.

    Year, register and court are the line's, so that counts are one aggregate over one index.
    `is_second` is whether figures are filled from another register.
    """

    line = models.ForeignKey(
        RegisterLine, verbose_name=_("台账记录"), on_delete=models.CASCADE, related_name="tallies"
    )
    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="+"
    )
    register = models.CharField(_("台账"), max_length=LONGEST_CODE)
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    metric = models.CharField(_("指标"), max_length=LONGEST_CODE)
    month = models.PositiveSmallIntegerField(_("月"))
    is_second = models.BooleanField(_("只作对照"), default=False)

    class Meta:
        verbose_name = _("台账计数")
        verbose_name_plural = _("台账计数")
        ordering = ["line", "metric"]
        indexes = [
            models.Index(
                fields=["quality_year", "register", "metric", "court", "month", "is_second"],
                name="register_tally_count",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "metric"],
                name="register_tally_once",
                violation_error_message=_("一条记录在一项指标里只计一次。"),
            ),
            models.CheckConstraint(
                condition=A_MONTH,
                name="register_tally_month",
                violation_error_message=_("月份应在1至12之间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.metric} {self.month}"


class RegisterLineChange(models.Model):
    """One act on a line: who, when, from which state to which, and the codes of what changed.

    `version` is the line's after the act. `digest` is that of what was personal afterwards.
    """

    line = models.ForeignKey(
        RegisterLine, verbose_name=_("台账记录"), on_delete=models.CASCADE, related_name="changes"
    )
    version = models.PositiveIntegerField(_("版本"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"))
    from_state = models.CharField(_("原状态"), max_length=LONGEST_CODE, blank=True)
    to_state = models.CharField(_("新状态"), max_length=LONGEST_CODE)
    fields = models.JSONField(_("改动的栏目"), default=list, blank=True)
    digest = models.CharField(_("个人信息校验值"), max_length=64)

    class Meta:
        verbose_name = _("台账改动")
        verbose_name_plural = _("台账改动")
        ordering = ["line", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "version"],
                name="register_change_once",
                violation_error_message=_("这一版已有改动记录。"),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & ~Q(to_state="") & ~Q(digest=""),
                name="register_change_whole",
                violation_error_message=_("改动须有版本、状态和校验值。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.version}"


class RegisterChangePayload(models.Model):
    """What the changed fields were before and after; deleted when the line is erased."""

    change = models.OneToOneField(
        RegisterLineChange,
        verbose_name=_("台账改动"),
        on_delete=models.CASCADE,
        related_name="payload",
    )
    before = models.JSONField(_("原内容"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("新内容"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    note = models.CharField(_("说明"), max_length=LONGEST_NOTE, blank=True)

    class Meta:
        verbose_name = _("台账改动内容")
        verbose_name_plural = _("台账改动内容")

    def __str__(self) -> str:
        return str(self.change)


class RegisterFile(models.Model):
    """A file in a field of a line; its kind is that of its bytes, whatever its name.

    Deleted when the line is erased, if the field is personal; another file takes its place.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        DOCX = "docx", _("Word 文档")
        XLSX = "xlsx", _("Excel 工作簿")
        PNG = "png", _("图片")
        JPEG = "jpeg", _("照片")

    line = models.ForeignKey(
        RegisterLine, verbose_name=_("台账记录"), on_delete=models.CASCADE, related_name="files"
    )
    field = models.CharField(_("栏目"), max_length=LONGEST_CODE)
    name = models.CharField(_("文件名"), max_length=LONGEST_NAME)
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    content = models.BinaryField(_("内容"))
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("台账附件")
        verbose_name_plural = _("台账附件")
        ordering = ["line", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "field"],
                name="register_file_one",
                violation_error_message=_("这一栏已有文件。"),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1),
                name="register_file_size",
                violation_error_message=_("文件是空的。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["pdf", "docx", "xlsx", "png", "jpeg"]),
                name="register_file_kind",
                violation_error_message=_("附件只能是 pdf、docx、xlsx 或图片。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegisterLineView(models.Model):
    """That somebody opened a line, or took away a list, with what is personal in it."""

    class Way(models.TextChoices):
        PAGE = "page", _("打开记录")
        FILE = "file", _("打开附件")
        LIST = "list", _("查看清单")
        EXPORT = "export", _("导出清单")

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="+"
    )
    register = models.CharField(_("台账"), max_length=LONGEST_CODE)
    line = models.ForeignKey(
        RegisterLine,
        verbose_name=_("台账记录"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="views",
    )
    way = models.CharField(_("方式"), max_length=8, choices=Way)
    lines = models.PositiveIntegerField(_("条数"), default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("查看人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        verbose_name = _("台账查看记录")
        verbose_name_plural = _("台账查看记录")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["page", "file", "list", "export"]),
                name="register_view_way",
                violation_error_message=_("没有这种方式。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.way} {self.at}"

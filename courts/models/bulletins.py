"""Bulletins (四·1): the issues that tell courts of a month, their files, readers and paper.

Terms: an *issue* is one bulletin, made from one snapshot; it is a draft, then signed by each office
whose side it tells of, then published; it may be withdrawn, and never comes back. A *restatement's*
issue names the one it corrects. A *block* is one paragraph, heading or table of the prose; every
block has a version of its own, so that two people edit two blocks at once.

Long because what holds an issue from draft to archive are constraints over the same few rows.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courts.models.reviews import LONGEST_REASON
from courts.models.sides import (
    LONGEST_SIDE,
    LONGEST_SIDES,
    SIDE_MESSAGE,
    parted,
    side_form,
    sides_form,
)
from courts.models.years import YEAR_MESSAGE, QualityYear

LONGEST_BLOCK = 4000
# An issue has a field of the name `settings`.
ACCOUNT = settings.AUTH_USER_MODEL


class Bulletin(models.Model):
    """One issue. `prose` is what was written, `settings` how the year's paper looked then.

    `prose` is, by language, the list of blocks (`courts.bulletins.selectors.blocks`). `settings` is
    filled when the issue is signed. `writers` are all who edited it; none of them signs it.
    """

    class Carrier(models.TextChoices):
        REDHEAD = "redhead", _("红头文件")
        SERIES = "series", _("编号简报")

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SIGNED = "signed", _("已签发")
        PUBLISHED = "published", _("已通报")
        WITHDRAWN = "withdrawn", _("已撤回")

    # One of these at a time stands for a snapshot.
    STANDING = (State.DRAFT, State.SIGNED, State.PUBLISHED)

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="bulletins"
    )
    snapshot = models.ForeignKey(
        "courts.Snapshot",
        verbose_name=_("数据快照"),
        on_delete=models.PROTECT,
        related_name="bulletins",
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDES)
    month = models.PositiveSmallIntegerField(_("月"))
    carrier = models.CharField(_("载体"), max_length=8, choices=Carrier)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.DRAFT)
    number = models.PositiveIntegerField(_("号"), null=True, blank=True)
    number_year = models.PositiveSmallIntegerField(_("编号年份"), null=True, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    title_ko = models.CharField(_("朝鲜文标题"), max_length=200, blank=True)
    in_korean = models.BooleanField(_("另出朝鲜文本"), default=False)
    dated_on = models.DateField(_("成文日期"), null=True, blank=True)
    prose = models.JSONField(_("正文"), default=dict)
    settings = models.JSONField(_("版式设置"), default=dict)
    template_sha256 = models.CharField(_("模板校验值（SHA-256）"), max_length=64, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    made_by = models.ForeignKey(
        ACCOUNT,
        verbose_name=_("起草人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("起草时间"))
    writers: models.ManyToManyField = models.ManyToManyField(
        ACCOUNT, verbose_name=_("参与编辑的人"), blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        ACCOUNT,
        verbose_name=_("发布人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        ACCOUNT,
        verbose_name=_("撤回人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=LONGEST_REASON, blank=True)
    restates = models.ForeignKey(
        "self",
        verbose_name=_("更正的通报"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="restated_by",
    )

    # The blocks have a history of their own: `BlockRevision`.
    history = HistoricalRecords(excluded_fields=["prose", "settings"])

    class Meta:
        verbose_name = _("通报")
        verbose_name_plural = _("通报")
        ordering = ["quality_year", "month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "side"],
                condition=Q(state__in=["draft", "signed", "published"]),
                name="bulletin_one_a_snapshot",
                violation_error_message=_("这份数据快照已有通报。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year", "carrier", "number_year", "number"],
                condition=Q(number__isnull=False),
                name="bulletin_number_once",
                violation_error_message=_("这个编号已经用过。"),
            ),
            models.CheckConstraint(
                condition=sides_form("side"),
                name="bulletin_side_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(carrier__in=["redhead", "series"]),
                name="bulletin_carrier_known",
                violation_error_message=_("没有这种载体。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "signed", "published", "withdrawn"]),
                name="bulletin_state_known",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="bulletin_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, number_year__isnull=True)
                | Q(number__gte=1, number_year__gte=2000, number_year__lte=2099),
                name="bulletin_number_whole",
                violation_error_message=YEAR_MESSAGE,
            ),
            models.CheckConstraint(
                condition=~Q(title="") & (Q(in_korean=False) | ~Q(title_ko="")),
                name="bulletin_has_title",
                violation_error_message=_("请写明标题。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "published"])
                | Q(number__isnull=False, dated_on__isnull=False),
                name="bulletin_signed_with_number",
                violation_error_message=_("签发前须有编号和成文日期。"),
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=True)
                | Q(published_by__isnull=True)
                | ~Q(published_by=F("made_by")),
                name="bulletin_two_people",
                violation_error_message=_("起草人不得签发、发布自己起草的通报，须由另一人办理。"),
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(state="published")
                    | Q(published_by__isnull=False, published_at__isnull=False)
                )
                & (
                    ~Q(state__in=["draft", "signed"])
                    | Q(published_by__isnull=True, published_at__isnull=True)
                ),
                name="bulletin_published_whole",
                violation_error_message=_("已通报的须有发布人和时间。"),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")
                )
                | (
                    ~Q(state="withdrawn")
                    & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                ),
                name="bulletin_withdrawn_whole",
                violation_error_message=_("撤回须写明时间和原因。"),
            ),
            models.CheckConstraint(
                condition=Q(restates__isnull=True) | ~Q(restates=F("id")),
                name="bulletin_restates_another",
                violation_error_message=_("更正的须是另一份通报。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sides(self) -> frozenset[str]:
        """The sides whose figures the issue tells of."""
        return frozenset(parted(self.side))


class BulletinSignature(models.Model):
    """The signature under an issue of the office that looks after one side.

    Triggers hold that who drafted an issue never signs it, and that a signed or published issue
    has the signature of each of its sides.
    """

    bulletin = models.ForeignKey(
        Bulletin, verbose_name=_("通报"), on_delete=models.CASCADE, related_name="signatures"
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    by = models.ForeignKey(
        ACCOUNT, verbose_name=_("签发人"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("签发时间"))

    class Meta:
        verbose_name = _("通报的签发")
        verbose_name_plural = _("通报的签发")
        ordering = ["bulletin", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "side"],
                name="bulletin_signature_once",
                violation_error_message=_("这一类别已经签发过。"),
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="bulletin_signature_side",
                violation_error_message=SIDE_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} {self.side}"


class BlockRevision(models.Model):
    """What a block of an issue said in one version; rows are only added.

    The unique key holds the optimistic version: two people who saw the same version never both
    write the next one.
    """

    bulletin = models.ForeignKey(
        Bulletin, verbose_name=_("通报"), on_delete=models.PROTECT, related_name="revisions"
    )
    language = models.CharField(_("语言"), max_length=2)
    block = models.CharField(_("段落"), max_length=80)
    version = models.PositiveIntegerField(_("版本"))
    text = models.TextField(_("内容"), max_length=LONGEST_BLOCK, blank=True)
    data = models.JSONField(_("手填数字的依据"), default=dict)
    by = models.ForeignKey(
        ACCOUNT,
        verbose_name=_("编辑人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("通报段落的修改")
        verbose_name_plural = _("通报段落的修改")
        ordering = ["bulletin", "language", "block", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "language", "block", "version"],
                name="block_revision_once",
                violation_error_message=_("这一段已被他人修改。"),
            ),
            models.CheckConstraint(
                condition=Q(language__in=["zh", "ko"]) & Q(version__gte=1) & ~Q(block=""),
                name="block_revision_whole",
                violation_error_message=_("修改须写明语言、段落和版本。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.language} {self.block} {self.version}"


class BlockEditor(models.Model):
    """Which block of an issue an account has open, and when its page last answered."""

    bulletin = models.ForeignKey(
        Bulletin, verbose_name=_("通报"), on_delete=models.CASCADE, related_name="editors"
    )
    user = models.ForeignKey(
        ACCOUNT,
        verbose_name=_("编辑人"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    language = models.CharField(_("语言"), max_length=2)
    block = models.CharField(_("段落"), max_length=80, blank=True)
    seen_at = models.DateTimeField(_("最后动作"))

    class Meta:
        verbose_name = _("正在编辑通报的人")
        verbose_name_plural = _("正在编辑通报的人")
        ordering = ["bulletin", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "user"],
                name="block_editor_once",
                violation_error_message=_("这个人已在编辑。"),
            ),
            models.CheckConstraint(
                condition=Q(language__in=["zh", "ko"]),
                name="block_editor_language",
                violation_error_message=_("没有这种语言。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.user} {self.block}"


class BulletinFile(models.Model):
    """The bytes of an issued paper, as they left; never made again from the snapshot.

    `scope` is the code of the court that the file was cut for, empty for the full bulletin.
    """

    class Kind(models.TextChoices):
        DOCX = "docx", _("Word 文档")
        PDF = "pdf", _("PDF")
        HTML = "html", _("网页")
        XLSX = "xlsx", _("Excel 工作簿")
        SNAPSHOT = "json", _("数据快照")

    bulletin = models.ForeignKey(
        Bulletin, verbose_name=_("通报"), on_delete=models.PROTECT, related_name="files"
    )
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    language = models.CharField(_("语言"), max_length=2, default="zh")
    scope = models.CharField(_("适用法院"), max_length=32, blank=True, default="")
    name = models.CharField(_("文件名"), max_length=200)
    content = models.BinaryField(_("内容"))
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = _("通报文件")
        verbose_name_plural = _("通报文件")
        ordering = ["bulletin", "scope", "language", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "kind", "language", "scope"],
                name="bulletin_file_once",
                violation_error_message=_("这份通报已有这种文件。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["docx", "pdf", "html", "xlsx", "json"]),
                name="bulletin_file_kind",
                violation_error_message=_("没有这种文件。"),
            ),
            models.CheckConstraint(
                condition=Q(language__in=["zh", "ko"]),
                name="bulletin_file_language",
                violation_error_message=_("没有这种语言。"),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1) & ~Q(sha256=""),
                name="bulletin_file_whole",
                violation_error_message=_("文件是空的。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BulletinReceipt(models.Model):
    """Who opened an issue first when, and for which court."""

    bulletin = models.ForeignKey(
        Bulletin, verbose_name=_("通报"), on_delete=models.PROTECT, related_name="receipts"
    )
    user = models.ForeignKey(
        ACCOUNT,
        verbose_name=_("阅读人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    court = models.ForeignKey(
        "courts.Court", verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(_("阅读时间"))

    class Meta:
        verbose_name = _("通报回执")
        verbose_name_plural = _("通报回执")
        ordering = ["bulletin", "court", "read_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "user"],
                name="bulletin_receipt_once",
                violation_error_message=_("这个人已经读过。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.user}"

"""The record as a chain: a digest of every act, history row, decision and publication, linked.

Terms: an *entry* stands for one row of a stream (`courts.frame.record`). Its *digest* is of the
row's values and a salt; its *link* is of the link before it and of the entry itself, so that the
newest link, the *head*, stands for everything before it. Triggers hold all three tables.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

DIGEST = 64


class RecordEntry(models.Model):
    """One row that was sealed. `seq` counts from 1 without a gap."""

    seq = models.PositiveBigIntegerField(_("序号"), primary_key=True)
    stream = models.CharField(_("种类"), max_length=32)
    row_id = models.PositiveBigIntegerField(_("行"))
    # Of rows that people go on working on, which version was sealed; 0 of all others.
    version = models.PositiveBigIntegerField(_("版本"), default=0)
    digest = models.CharField(_("内容校验值"), max_length=DIGEST)
    at = models.DateTimeField(_("封存时间"), db_index=True)
    link = models.CharField(_("链值"), max_length=DIGEST, unique=True)

    class Meta:
        verbose_name = _("记录链")
        verbose_name_plural = _("记录链")
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "row_id", "version"],
                name="record_row_once",
                violation_error_message=_("这一行已经封存。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.stream} {self.row_id}"


class RecordSalt(models.Model):
    """What keeps a digest from being guessed; goes when the row's content goes."""

    entry = models.OneToOneField(
        RecordEntry,
        verbose_name=_("记录"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="salt",
    )
    salt = models.CharField(_("盐"), max_length=DIGEST)

    class Meta:
        verbose_name = _("记录的盐")
        verbose_name_plural = _("记录的盐")

    def __str__(self) -> str:
        return str(self.entry_id)


class RecordErasure(models.Model):
    """That the content of an entry was erased, by which rule and when; the digest stays."""

    entry = models.OneToOneField(
        RecordEntry,
        verbose_name=_("记录"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="erasure",
    )
    rule = models.CharField(_("依据"), max_length=40)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("记录内容的删除")
        verbose_name_plural = _("记录内容的删除")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.rule}"

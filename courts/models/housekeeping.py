"""When housekeeping ran last: one row, so that every server and every page sees the same."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

THE_ROW = 1
LONGEST_VERSION = 40


class HousekeepingRun(models.Model):
    """The last run. Made by the migration, so that a new server is late only after a while.

    `whole_at` is when every duty was last done, `tried_at` when the last run ended. `counts` says
    how much each duty did then, `failed` the codes of those that failed; neither holds a name.
    `probed_at` is written by the health check, which has to know that the database takes writes.
    """

    whole_at = models.DateTimeField(_("最近完成"), default=timezone.now)
    tried_at = models.DateTimeField(_("最近运行"), default=timezone.now)
    counts = models.JSONField(_("处理数量"), default=dict, blank=True)
    failed = models.JSONField(_("未完成的部分"), default=list, blank=True)
    version = models.CharField(_("版本"), max_length=LONGEST_VERSION, blank=True)
    probed_at = models.DateTimeField(_("最近写入检查"), null=True, blank=True)

    class Meta:
        verbose_name = _("日常维护")
        verbose_name_plural = _("日常维护")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=THE_ROW),
                name="housekeeping_run_one_row",
                violation_error_message=_("日常维护只有一行记录。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.whole_at):%Y-%m-%d %H:%M}"

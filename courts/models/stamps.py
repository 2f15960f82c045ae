"""A word that is another one after every change of the rows that scores are made from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST = 40


class DataStamp(models.Model):
    """A word of a transaction that changed something; all rows together are the data's stamp.

    Written by triggers (`courts.frame.stamping`), never by the application. Words are drawn at
    random, so a database that is restored from a backup and then written to never comes back to a
    stamp it had before. Later transactions take old words away. `root` is the key of the
    intermediate court whose prefecture changed; 0 where any may have.
    """

    root = models.PositiveBigIntegerField(_("地区"), default=0, db_default=0, db_index=True)
    value = models.CharField(_("标记"), max_length=LONGEST)

    class Meta:
        verbose_name = _("数据标记")
        verbose_name_plural = _("数据标记")

    def __str__(self) -> str:
        return self.value

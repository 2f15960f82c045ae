"""Text that somebody typed and has not sent: kept per account, thing and field until it is used.

A *thing* is the address that the text is meant for. A draft is its account's alone: no list, record
or page of anybody else shows it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_THING = 300
LONGEST_FIELD = 200
LONGEST_DRAFT = 5000


class Draft(models.Model):
    """The text of one field as it was typed last. Deleted when the form is accepted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    thing = models.CharField(_("用于"), max_length=LONGEST_THING)
    field = models.CharField(_("栏目"), max_length=LONGEST_FIELD)
    text = models.TextField(_("内容"), max_length=LONGEST_DRAFT)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("草稿")
        verbose_name_plural = _("草稿")
        ordering = ["thing", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "thing", "field"],
                name="draft_user_thing_field",
                violation_error_message=_("这一栏已有草稿。"),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="draft_has_text",
                violation_error_message=_("内容不得为空。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing} {self.field}"

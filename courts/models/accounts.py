"""Who signs in: an account belongs to one court; what it may do follows from its groups.

The groups and what they allow are listed in `courts.permissions`, nowhere else.
"""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class AccountRecords(HistoricalRecords):
    """History of what a person changes: a login that only stamps its time is no change."""

    def post_save(
        self, instance: models.Model, created: bool, using: str | None = None, **kwargs: Any
    ) -> None:
        written = kwargs.get("update_fields")
        if created or written is None or not set(written) <= set(self.excluded_fields):
            super().post_save(instance, created, using=using, **kwargs)


class User(AbstractUser):
    """One person at one desk. `court` is empty only for accounts that see no court's data."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    court = models.ForeignKey(
        "courts.Court",
        verbose_name=_("所属法院"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
    )

    history = AccountRecords(excluded_fields=["password", "last_login"], m2m_fields=["groups"])

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.username

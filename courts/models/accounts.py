"""Who signs in: an account belongs to one court; what it may do follows from its groups.

The groups and what they allow are listed in `courts.permissions`, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import Q
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
    # Somebody else knows the password: the first thing its owner does is to set another.
    must_change_password = models.BooleanField(_("首次登录须改密码"), default=False, editable=False)

    # How many of the tour's five steps its owner has seen; five: all, or skipped.
    tour_step = models.PositiveSmallIntegerField(_("引导看到第几步"), default=0, editable=False)

    history = AccountRecords(
        excluded_fields=["password", "last_login", "must_change_password", "tour_step"],
        m2m_fields=["groups"],
    )

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tour_step__lte=5),
                name="user_tour_step",
                violation_error_message=_("引导只有五步。"),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the password. One that is only hashed anew meanwhile was set by nobody."""
        with CredentialChange.made_by(user=self, by=self):
            return super().check_password(raw_password)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.username


class CredentialChange(models.Model):
    """What an account signs in with was set: when, and by whom; empty where nobody said so.

    A trigger (`courts.accounts.credential_watch`) writes the line, so that none is missing whoever
    sets a password and however. Second factors and sign-on identities write theirs here too.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password", _("密码")
        FACTOR = "factor", _("第二因素")
        IDENTITY = "identity", _("登录身份")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="credential_changes",
    )
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("登录凭据变更")
        verbose_name_plural = _("登录凭据变更")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "at"], name="credential_change_user_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["password", "factor", "identity"]),
                name="credential_change_kind_known",
                violation_error_message=_("没有这种凭据。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"

    @classmethod
    @contextmanager
    def made_by(cls, *, user: User, by: User) -> Iterator[None]:
        """Say who made the changes of a user's credentials that are written inside.

        The account's row is held, so that nobody else's change is taken for one of these.
        """
        with transaction.atomic():
            User.objects.select_for_update().order_by().filter(pk=user.pk).first()
            own = cls.objects.filter(user_id=user.pk)
            last = own.values_list("pk", flat=True).first() or 0
            yield
            own.filter(pk__gt=last, by=None).update(by=by)

"""Owns reading the account of a request: with its court, in one query whose SQL is made once."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db.models import BigAutoField, QuerySet

from courts.models import User
from courts.models.prepared import Prepared, QueryValue


def _with_court(pk: QueryValue) -> QuerySet[User]:
    return User.objects.filter(pk=pk).select_related("court__parent").order_by()


_account = Prepared(_with_court, BigAutoField)


class AccountBackend(ModelBackend):
    """Django's accounts in the database; the court comes along, since every page asks for it."""

    def get_user(self, user_id: int) -> User | None:
        """The account, unless it was closed. One query."""
        for user in _account(user_id):
            return user if self.user_can_authenticate(user) else None
        return None

"""Owns what a check of the record asks of accounts: their groups are what history says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.utils.translation import gettext as _

from courts.frame.record import record_check
from courts.models import User


@record_check
def groups() -> Iterator[str]:
    """Each fault in words, by the account's key."""
    history = User.history.model._default_manager
    newest = dict(
        history.order_by().values("id").annotate(last=Max("history_id")).values_list("last", "id")
    )
    told: dict[int, set[int]] = defaultdict(set)
    rows: Any = apps.get_model("courts", "HistoricalUser_groups")._default_manager
    for history_id, group in rows.filter(history__in=list(newest)).values_list(
        "history_id", "group_id"
    ):
        told[newest[history_id]].add(group)
    has: dict[int, set[int]] = defaultdict(set)
    for user, group in User.groups.through.objects.values_list("user_id", "group_id"):
        has[user].add(group)
    for user in sorted(told.keys() | has.keys()):
        if told[user] != has[user]:
            yield _("账号第%(row)s行的角色与它的历史不符。") % {"row": user}

"""Prepared queries make their SQL once and ask each time; nobody is told another's answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import BigAutoField, CharField, DateField, DateTimeField, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.accounts.backend import AccountBackend
from courts.models import Deputyship, QualityYear, User
from courts.models.prepared import Prepared, PreparedByKey, QueryValue
from courts.notices.selectors.inbox import unread_count
from courts.permissions import roles
from courts.years.selectors.years import rulebook_in, years_for
from tests.pages import account

pytestmark = pytest.mark.database


def fresh(user: User) -> User:
    """The account as the next request reads it."""
    found = AccountBackend().get_user(user.pk)
    assert found is not None
    return found


@pytest.mark.django_db
def test_sql_is_made_once_and_the_database_asked_each_time() -> None:
    made: list[str] = []

    def joined(name: QueryValue, since: QueryValue, day: QueryValue) -> QuerySet[User]:
        made.append("made")
        rows = User.objects.filter(username=name, date_joined__gte=since)
        return rows.exclude(date_joined__date=day).order_by("pk")

    ask = Prepared(joined, CharField, DateTimeField, DateField)
    before, never = timezone.now() - timedelta(minutes=1), date(2001, 1, 1)
    assert ask("one", before, never) == []
    one, other = (User.objects.create_user(name) for name in ("one", "other"))
    with CaptureQueriesContext(connection) as queries:
        assert ask("one", before, never) == [one]
        assert ask("other", before, never) == [other]
        assert ask("one", before + timedelta(hours=1), never) == []
        assert ask("one", before, timezone.localdate()) == []
    assert len(queries) == 4
    User.objects.filter(pk=one.pk).update(name="changed")
    assert [user.name for user in ask("one", before, never)] == ["changed"]
    assert made == ["made"]
    with pytest.raises(TypeError, match="takes 3 values"):
        ask("one")


@pytest.mark.django_db
def test_a_query_is_written_once_under_its_key() -> None:
    ask = PreparedByKey(most=1)
    written: list[tuple[str, ...]] = []

    def rows(*names: str) -> list[User]:
        def write() -> QuerySet[User]:
            written.append(names)
            return User.objects.filter(username__in=names).prefetch_related("groups").order_by("pk")

        return ask(names, write)

    # Django asks nothing for none, and neither is that kept.
    assert rows() == rows() == []
    users = [User.objects.create_user(name) for name in ("one", "other")]
    users[0].groups.add(Group.objects.get_or_create(name="office")[0])
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            found = rows("one", "other")
            assert [[group.name for group in user.groups.all()] for user in found] == [
                ["office"],
                [],
            ]
        assert len(queries) == 2
        users[1].save()
    assert rows("one") == users[:1]
    assert rows("one", "other") == users
    assert written == [(), ("one", "other"), ("one",), ("one", "other")]


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection() -> None:
    names = Prepared(lambda pk: User.objects.filter(pk=pk).values_list("username"), BigAutoField)
    users = [User.objects.create_user(f"user-{number}") for number in range(4)]
    assert names(users[0].pk) == [("user-0",)]

    def asked(user: User) -> list[Any]:
        found = [row for _time in range(20) for row in names(user.pk)]
        connection.close()
        return found

    with ThreadPoolExecutor(len(users)) as pool:
        found = list(pool.map(asked, users))
    assert found == [[(user.username,)] * 20 for user in users]


def test_what_changed_is_seen_by_the_next_request(
    year: QualityYear, django_assert_num_queries: Any
) -> None:
    office, deputy = account("office", "yanbian", "office"), account("deputy", "yanbian", "party")
    today = timezone.localdate()
    row = Deputyship.objects.create(
        principal=office,
        deputy=deputy,
        role="office",
        from_day=today,
        until_day=today,
        reason="休假",
        made_by=account("admin", "yanbian", "admin"),
        made_at=timezone.now(),
    )
    assert [roles(fresh(user)) for user in (office, deputy)] == [{"office"}, {"office", "party"}]
    row.until_day = row.from_day = today - timedelta(days=1)
    row.save()
    assert [roles(fresh(user)) for user in (office, deputy)] == [{"office"}, {"party"}]
    office.groups.remove(Group.objects.get(name="office"))
    assert roles(fresh(office)) == set()
    assert years_for(fresh(office)) == []
    reader = fresh(deputy)
    with django_assert_num_queries(2):
        # The roles, and the years with their court and edition.
        assert [found.court for found in years_for(reader)] == [reader.court]
    assert unread_count(reader) == 0
    User.objects.filter(pk=deputy.pk).update(is_active=False)
    assert AccountBackend().get_user(deputy.pk) is None


def test_a_rulebook_is_read_where_its_hash_is_not_known(
    year: QualityYear, django_assert_num_queries: Any
) -> None:
    reader = account("reader", "yanbian", "office")
    (found,) = years_for(reader)
    expected = rulebook_in(type(year.edition).objects.get(pk=year.edition_id))
    with django_assert_num_queries(0):
        assert rulebook_in(found.edition) is expected
    with django_assert_num_queries(1):
        assert found.edition.sources == year.edition.sources

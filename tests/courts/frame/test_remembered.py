"""Tests that what is kept is never stale: every table a page computes from changes the stamp."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.db.models.signals import pre_migrate
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.frame import remembered as module
from courts.frame.read_once import ReadsOnce
from courts.frame.remembered import remembered, remembered_rows, stamp_of_now, stamp_of_page
from courts.frame.stamping import KEPT, OF_A_COURT, STAMPED, put_up, tables, take_down
from courts.models import (
    BallotRound,
    Cap,
    Court,
    DataStamp,
    Draft,
    Figure,
    MonthlyReturn,
    Notice,
    QualityYear,
    User,
)
from tests.pages import account, client_of, elsewhere, give

ROOT = "/yanbian-2019"
PAGES = (
    f"{ROOT}/2019-06/",
    f"{ROOT}/dashboard/2019-06/",
    f"{ROOT}/dashboard/2019-06/trends/",
    f"{ROOT}/2019-06/yanji/court/",
    f"{ROOT}/2019-06/yanji/what-if/?_part=answer&appeal_revised=1",
    f"{ROOT}/2019-06/yanji/outlook/",
    f"{ROOT}/2019-06/yanji/",
)
# Who asks and how it is served; and the writers of editions, who are named, not computed with.
OF_THE_ACCOUNT = {
    "django_session",
    "auth_group",
    "auth_permission",
    "auth_group_permissions",
    "courts_user_user_permissions",
    "django_content_type",
    "courts_notice",
    "courts_noticemute",
    "courts_datastamp",
}


@pytest.fixture
def stamped(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> QualityYear:
    """A year in a database that is really committed to, and nothing kept yet."""
    monkeypatch.setattr(module, "_kept", module._Kept())
    call_command("setup_year", "yanbian-2019", verbosity=0)
    year = QualityYear.objects.get(code="yanbian-2019")
    for metric in ("appeal_revised", "appeal_remanded", "retrial_revised"):
        give(year, ("yanji", "2019-06", metric, 3))
    for metric in ("retrial_remanded", "retrial_directed"):
        give(year, ("yanji", "2019-06", metric, 0))
    return year


@pytest.fixture
def leader(stamped: QualityYear) -> User:
    return account("leader", stamped.court.code, "leader")


def shown(user: User, address: str = PAGES[0]) -> str:
    response: Any = client_of(user).get(address)
    assert response.status_code == 200
    # The form's token is another one each time.
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def committed() -> str:
    """The stamp that another connection sees."""
    found = stamp_of_now()
    connection.close()
    return found


@pytest.mark.django_db(transaction=True)
class TestStamp:
    def test_every_table_has_its_triggers(self, stamped: QualityYear) -> None:
        for name, table in tables().items():
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute(
                        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass"
                        " AND NOT tgisinternal",
                        [table],
                    )
                else:
                    cursor.execute(
                        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                        [table],
                    )
                there = {row[0] for row in cursor.fetchall()}
            assert any(one.startswith(name) for one in there), table

    def test_pages_read_no_table_without_a_trigger(
        self, leader: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held = set(tables().values()) | OF_THE_ACCOUNT
        client = client_of(leader)
        for address in PAGES:
            monkeypatch.setattr(module, "_kept", module._Kept())
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            read = {
                name
                for query in queries.captured_queries
                for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
            }
            assert read - held == set(), address
            assert len(read & set(tables().values())) >= 4, address

    def test_every_write_makes_another_stamp(self, stamped: QualityYear) -> None:
        seen = [stamp_of_now()]
        assert seen[0]
        figure = Figure.objects.filter(monthly_return__year=2019).earliest("pk")

        def act(change: Any) -> None:
            change()
            seen.append(stamp_of_now())

        act(lambda: Figure.objects.filter(pk=figure.pk).update(value=4))
        act(
            lambda: Figure.objects.bulk_create(
                [Figure(monthly_return=figure.monthly_return, metric="cases_closed", value=1)],
                ignore_conflicts=True,
            )
        )
        act(lambda: Cap.objects.first().delete())  # type: ignore[union-attr]
        act(lambda: stamped.left_out.add(Court.objects.get(code="antu")))
        with connection.cursor() as cursor:
            act(lambda: cursor.execute("UPDATE courts_figure SET value = 5"))
        assert len(set(seen)) == len(seen)

    def test_columns_that_no_list_shows_leave_the_stamp(self, leader: User) -> None:
        before = stamp_of_now()
        users = User.objects.filter(pk=leader.pk)
        users.update(last_login=timezone.now())
        users.update(tour_step=3)
        assert stamp_of_now() == before
        users.update(name="another")
        assert stamp_of_now() != before

    def test_a_column_of_a_table_may_go(self, leader: User) -> None:
        """PostgreSQL keeps a column that a trigger names: a migration has them taken down."""
        take_down()
        with connection.schema_editor() as editor:
            editor.execute("ALTER TABLE courts_user ADD COLUMN spare integer")
            editor.execute("ALTER TABLE courts_user DROP COLUMN spare")
        before = stamp_of_now()
        User.objects.filter(pk=leader.pk).update(name="while they are down")
        assert stamp_of_now() == before
        put_up()
        User.objects.filter(pk=leader.pk).update(name="again")
        assert stamp_of_now() != before

    def test_migrating_nothing_leaves_them_up(self, stamped: QualityYear) -> None:
        """A backup reads every table for minutes; a server that starts meanwhile waits for none."""
        pre_migrate.send(apps.get_app_config("courts"), using="default", plan=[])
        before = stamp_of_now()
        Figure.objects.update(value=11)
        assert (stamp_of_now() == before) == (connection.vendor == "sqlite")
        put_up()
        before = stamp_of_now()
        Figure.objects.update(value=12)
        assert stamp_of_now() != before

    def test_what_was_rolled_back_leaves_the_stamp(self, stamped: QualityYear) -> None:
        before = stamp_of_now()
        with transaction.atomic():
            Figure.objects.update(value=9)
            transaction.set_rollback(True)
        assert stamp_of_now() == before

    def test_reading_leaves_the_stamp(self, leader: User) -> None:
        before = stamp_of_now()
        for address in PAGES:
            shown(leader, address)
        assert stamp_of_now() == before

    def test_put_up_again_adds_nothing(self, stamped: QualityYear) -> None:
        put_up()
        before = stamp_of_now()
        Figure.objects.update(value=8)
        assert stamp_of_now() != before

    def test_old_words_are_taken_away(self, stamped: QualityYear) -> None:
        for value in range(2 * KEPT):
            Figure.objects.update(value=value)
        # On SQLite there is one writer at a time, and one word.
        words = DataStamp.objects.filter(root=stamped.court_id)
        assert 1 <= words.count() <= KEPT + 1

    def test_two_writers_wait_for_nothing_and_both_are_seen(self, stamped: QualityYear) -> None:
        figures = list(Figure.objects.order_by("pk")[:2])
        seen = [stamp_of_now()]

        def other() -> None:
            Figure.objects.filter(pk=figures[1].pk).update(value=71)
            connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Figure.objects.filter(pk=figures[0].pk).update(value=70)
                # SQLite has one writer at a time: the other comes after the first.
                if connection.vendor == "postgresql":
                    pool.submit(other).result(timeout=20)
                    seen.append(pool.submit(committed).result(timeout=20))
            seen.append(stamp_of_now())
            if connection.vendor == "sqlite":
                pool.submit(other).result(timeout=20)
                seen.append(stamp_of_now())
        assert len(set(seen)) == 3


@pytest.mark.django_db(transaction=True)
class TestPrefectures:
    """What one prefecture writes leaves what was computed for another."""

    @pytest.fixture
    def other(self, stamped: QualityYear) -> QualityYear:
        other = elsewhere(stamped)
        revised = ("appeal_revised", "appeal_remanded", "retrial_revised")
        metrics = (*revised, "retrial_remanded", "retrial_directed")
        give(other, *(("meihekou", "2019-06", metric, 3) for metric in metrics))
        return other

    def stamps(self, *years: QualityYear) -> list[str]:
        return [stamp_of_now(year.court_id) for year in years]

    def test_each_has_its_own_stamp(self, stamped: QualityYear, other: QualityYear) -> None:
        ours, theirs = self.stamps(stamped, other)
        everything = stamp_of_now()
        there = Figure.objects.filter(monthly_return__court__code="meihekou")
        there.update(value=4)
        again, later = self.stamps(stamped, other)
        assert (again, stamp_of_now() == everything) == (ours, False)
        assert later != theirs
        # Rows that a statement did not change are nobody's.
        there.filter(value=77).update(value=78)
        assert self.stamps(stamped, other) == [again, later]

    @pytest.mark.parametrize("name", sorted(OF_A_COURT))
    def test_the_keys_lead_to_a_court(self, stamped: QualityYear, name: str) -> None:
        model: Any = apps.get_model("courts", name)
        for key in OF_A_COURT[name]:
            model = model._meta.get_field(key).related_model
        assert model is Court
        assert name in STAMPED

    def test_a_statement_over_both_changes_both(
        self, stamped: QualityYear, other: QualityYear
    ) -> None:
        before = self.stamps(stamped, other)
        Figure.objects.update(value=5)
        assert not set(before) & set(self.stamps(stamped, other))
        before = self.stamps(stamped, other)
        with transaction.atomic():
            for code in ("yanji", "meihekou"):
                MonthlyReturn.objects.filter(court__code=code, month=6).update(version=9)
        assert not set(before) & set(self.stamps(stamped, other))

    def test_what_is_everybodys_changes_both(
        self, stamped: QualityYear, other: QualityYear
    ) -> None:
        before = self.stamps(stamped, other)
        with transaction.atomic():
            Court.objects.filter(code="meihekou").update(order=7)
            Figure.objects.filter(monthly_return__court__code="meihekou").update(value=6)
        assert not set(before) & set(self.stamps(stamped, other))

    def test_what_is_moved_or_deleted_changes_where_it_was(
        self, stamped: QualityYear, other: QualityYear
    ) -> None:
        before = self.stamps(stamped, other)
        moved = MonthlyReturn.objects.filter(court__code="meihekou", month=6)
        moved.update(court=Court.objects.get(code="antu"))
        assert not set(before) & set(self.stamps(stamped, other))
        before = self.stamps(stamped, other)
        Figure.objects.filter(monthly_return__court__code="antu", value=3).delete()
        ours, theirs = self.stamps(stamped, other)
        assert (ours != before[0], theirs) == (True, before[1])

    def test_pages_of_another_prefecture_keep_what_they_computed(
        self, leader: User, stamped: QualityYear, other: QualityYear
    ) -> None:
        theirs = account("their-leader", "tonghua", "leader")
        page = "/tonghua-2019/2019-06/meihekou/"
        shown(leader)
        before = shown(theirs, page)
        figures = Figure.objects.filter(monthly_return__court__code="meihekou")
        figures.filter(metric="appeal_revised").update(value=1)
        with CaptureQueriesContext(connection) as queries:
            shown(leader)
        assert '"courts_figure"' not in " ".join(one["sql"] for one in queries.captured_queries)
        assert shown(theirs, page) != before
        # The same page of ours is made anew once a figure of ours changes.
        before = shown(leader)
        Figure.objects.filter(metric="appeal_revised").update(value=300)
        assert shown(leader) != before

    def test_who_stands_outside_sees_every_change(
        self, stamped: QualityYear, other: QualityYear
    ) -> None:
        def read() -> int:
            found = remembered_rows("all figures", Figure.objects.all)
            return max(row.value or 0 for row in found)

        on_a_page(read)
        for number, code in enumerate(("meihekou", "yanji"), start=90_001):
            Figure.objects.filter(monthly_return__court__code=code).update(value=number)
            assert on_a_page(read)[0] == number


@pytest.mark.django_db(transaction=True)
class TestKept:
    def test_kept_until_anything_changes(self, stamped: QualityYear) -> None:
        made: list[int] = []

        def make() -> int:
            made.append(1)
            return len(made)

        first = stamp_of_now()
        assert [remembered(first, "a", make), remembered(first, "a", make)] == [1, 1]
        assert remembered(first, "b", make) == 2
        Figure.objects.update(value=7)
        second = stamp_of_now()
        assert remembered(second, "a", make) == 3
        # A page that began before the change finds nothing of its time any more.
        assert remembered(first, "a", make) == 4
        assert remembered(second, "a", make) == 3

    def test_nothing_is_kept_that_changed_while_it_was_made(self, stamped: QualityYear) -> None:
        stamp = stamp_of_now()

        def make() -> str:
            Figure.objects.update(value=6)
            return "half old"

        assert remembered(stamp, "a", make) == "half old"
        assert remembered(stamp, "a", lambda: "anew") == "anew"
        assert remembered(stamp_of_now(), "a", lambda: "new") == "new"

    def test_nothing_is_kept_inside_a_transaction(self, stamped: QualityYear) -> None:
        stamp = stamp_of_now()
        assert remembered(stamp, "a", lambda: 1) == 1
        with transaction.atomic():
            assert stamp_of_now() == ""
            assert remembered(stamp, "a", lambda: 2) == 2
        assert remembered(stamp, "a", lambda: 3) == 1

    def test_only_so_much_is_kept(
        self, stamped: QualityYear, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "MOST", 2)
        stamp = stamp_of_now()
        for key in "aba":
            remembered(stamp, key, lambda: "old")
        remembered(stamp, "c", lambda: "old")
        assert remembered(stamp, "a", lambda: "new") == "old"
        assert remembered(stamp, "b", lambda: "new") == "new"


def on_a_page(read: Any) -> tuple[Any, list[str]]:
    """What is read while a page is made that only reads, and the queries asked for it."""
    answer = HttpResponse()

    def page(_request: HttpRequest) -> HttpResponse:
        stamp_of_page()
        with CaptureQueriesContext(connection) as queries:
            answer.read_rows = read()  # type: ignore[attr-defined]
        answer.asked = [one["sql"] for one in queries]  # type: ignore[attr-defined]
        return answer

    found: Any = ReadsOnce(page)(RequestFactory().get("/"))
    return found.read_rows, found.asked


def never_kept() -> list[Any]:
    """Queries that hang on what is not stamped, each in another way."""
    drafts = Draft.objects.filter(user=OuterRef("pk"))
    return [
        Notice.objects.all,
        lambda: User.objects.filter(Exists(drafts)),
        lambda: User.objects.annotate(has_draft=Exists(drafts)),
        lambda: User.objects.filter(pk__in=Draft.objects.values("user")),
        lambda: User.objects.order_by("notices__pk"),
        lambda: User.objects.prefetch_related("notices"),
        lambda: BallotRound.objects.prefetch_related("scrutineers", "voters"),
        lambda: BallotRound.objects.filter(closes_at__gt=Now()),
        lambda: BallotRound.objects.annotate(now=Now()),
    ]


@pytest.mark.django_db(transaction=True)
class TestRows:
    def test_kept_until_a_table_changes(self, stamped: QualityYear) -> None:
        def read() -> list[tuple[str, bool]]:
            rows = Court.objects.filter(parent=stamped.court_id).prefetch_related("users__groups")
            found = remembered_rows("courts", lambda: rows)
            return [(row.name, any(one.groups.all() for one in row.users.all())) for row in found]

        first, asked = on_a_page(read)
        assert len(first) == 8
        assert not any(has for _name, has in first)
        # With courts without anybody there are no groups to read.
        assert len(asked) == 2
        assert on_a_page(read) == (first, [])
        account("desk", first_court := "yanji", "litigation")
        found, asked = on_a_page(read)
        assert len(asked) == 3
        assert [name for name, has in found if has] == [Court.objects.get(code=first_court).name]
        assert on_a_page(read) == (found, [])

    @pytest.mark.parametrize("number", range(9))
    def test_never_kept(self, stamped: QualityYear, number: int) -> None:
        write = never_kept()[number]
        key = ("never kept", number)
        for _time in range(2):
            assert len(on_a_page(lambda: remembered_rows(key, write))[1]) == 1

    def test_read_anew_where_no_page_only_reads(self, stamped: QualityYear) -> None:
        write = Court.objects.all
        on_a_page(lambda: remembered_rows("all courts", write))
        with CaptureQueriesContext(connection) as queries:
            assert len(remembered_rows("all courts", write)) == 9
        assert len(queries) == 1

    def test_kept_for_the_day(self, stamped: QualityYear) -> None:
        def read() -> int:
            return len(remembered_rows("courts of the day", Court.objects.all))

        on_a_page(read)
        assert on_a_page(read) == (9, [])
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            assert len(on_a_page(read)[1]) == 1

    def test_what_a_page_tries_and_takes_back_is_read_anew(self, stamped: QualityYear) -> None:
        """As where a motion's page carries it out to show what it does, and rolls it back."""

        def names() -> set[str]:
            return {row.name for row in remembered_rows("names", Court.objects.all)}

        def tried() -> list[bool]:
            found = ["tried" in names()]
            with transaction.atomic():
                Court.objects.filter(code="antu").update(name="tried")
                found.append("tried" in names())
                transaction.set_rollback(True)
            return [*found, "tried" in names()]

        assert on_a_page(tried)[0] == [False, True, False]
        assert on_a_page(tried)[0] == [False, True, False]

    def test_the_stamp_is_asked_for_once_more_for_all_that_a_page_made(
        self, stamped: QualityYear
    ) -> None:
        def read() -> list[int]:
            kinds = (Court, QualityYear, User)
            return [len(remembered_rows(("all", kind), kind.objects.all)) for kind in kinds]

        def page(_request: HttpRequest) -> HttpResponse:
            stamp_of_page()
            read()
            return HttpResponse()

        for asked in (5, 1):
            with CaptureQueriesContext(connection) as queries:
                ReadsOnce(page)(RequestFactory().get("/"))
            assert len(queries) == asked

    def test_what_changed_before_the_end_of_the_page_is_not_kept(
        self, stamped: QualityYear
    ) -> None:
        def read() -> set[str]:
            return {row.name for row in remembered_rows("changing", Court.objects.all)}

        def read_and_change() -> set[str]:
            before = read()
            Court.objects.filter(code="antu").update(name="changed")
            return before

        assert "changed" not in on_a_page(read_and_change)[0]
        found, asked = on_a_page(read)
        assert "changed" in found
        assert len(asked) == 1

    def test_a_page_is_answered_although_the_database_goes_at_its_end(
        self, stamped: QualityYear, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(_root: int | None = None) -> str:
            raise OperationalError

        def read() -> int:
            found = len(remembered_rows("before it went", Court.objects.all))
            monkeypatch.setattr(module, "stamp_of_now", gone)
            return found

        assert on_a_page(read)[0] == 9

    def test_a_query_that_finds_nothing_is_not_asked(self, stamped: QualityYear) -> None:
        assert on_a_page(lambda: remembered_rows("none", Court.objects.none)) == ([], [])


@pytest.mark.django_db(transaction=True)
class TestPages:
    def test_a_second_look_asks_for_little(self, leader: User) -> None:
        client = client_of(leader)
        for address in PAGES:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            text = " ".join(query["sql"] for query in queries.captured_queries)
            if "outlook" not in address:
                assert '"courts_figure"."value"' not in text, address

    @pytest.mark.parametrize("address", [*PAGES[:4], PAGES[-1]])
    def test_a_change_is_seen_at_once(self, leader: User, address: str) -> None:
        before = shown(leader, address)
        assert shown(leader, address) == before
        june = Figure.objects.filter(monthly_return__year=2019)
        june.filter(metric="appeal_revised").update(value=300)
        assert shown(leader, address) != before


def test_names_are_models() -> None:
    assert all(apps.get_model("courts", name) for name in STAMPED)

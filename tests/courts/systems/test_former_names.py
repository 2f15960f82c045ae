"""What the API and the published views say of courts that were renamed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from courts.changes.selectors.plans import Kind
from courts.models import CourtChange, QualityYear, User
from courts.systems.services.published_views import SCHEMA, put_up_views
from courts.years.selectors.years import find_year
from tests.courts.changes.conftest import ORDER, change, people
from tests.courts.systems.test_api import API, call, secret_of
from tests.courts.systems.test_published_views import on_postgresql
from tests.pages import account

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# `people` is a fixture of the folder of changes.
__all__ = ["people"]

FIRST = ("新区法院", "珲春新区人民法院", "신구법원", "New District Court")
SECOND = ("图江法院", "图江市人民法院", "도강법원", "Tujiang Court")


@pytest.fixture
def renamed_twice(year: QualityYear, people: dict[str, User]) -> QualityYear:
    """Hunchun has new names from July and from September on."""
    order = replace(ORDER, kind=Kind.RENAMED, court="hunchun", names=FIRST)
    change(people, order)
    # As a change was stored before courts had English names.
    CourtChange.objects.update(old_names=["珲春法院", "珲春市人民法院", "훈춘시인민법원"])
    change(people, replace(order, names=SECOND, from_month=9))
    return find_year()


def test_the_api_tells_today_s_names_and_those_before(renamed_twice: QualityYear) -> None:
    secret = secret_of(account("root", "yanbian", "admin"))
    told = {row["code"]: row for row in call(secret, f"{API}/years/yanbian-2019/courts").json()}
    assert told["yanji"]["former_names"] == []
    row = told["hunchun"]
    assert (row["short_name"], row["name"], row["name_ko"], row["name_en"]) == SECOND
    before, between = row["former_names"]
    assert (before["before"], before["short_name"]) == ("2019-07", "珲春法院")
    assert (before["name"], before["name_en"]) == ("珲春市人民法院", "")
    assert between == {
        "before": "2019-09",
        "short_name": FIRST[0],
        "name": FIRST[1],
        "name_ko": FIRST[2],
        "name_en": FIRST[3],
    }


@on_postgresql
def test_a_view_tells_the_names_before(renamed_twice: QualityYear) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE bi_reader")
        put_up_views(root=renamed_twice.court, readers=["bi_reader"])
        cursor.execute(
            f"SELECT court, before, short_name, name, name_en FROM {SCHEMA}.former_names"
            " ORDER BY before"
        )
        assert cursor.fetchall() == [
            ("hunchun", "2019-07", "珲春法院", "珲春市人民法院", ""),
            ("hunchun", "2019-09", FIRST[0], FIRST[1], FIRST[3]),
        ]
        cursor.execute(f"SELECT name_en FROM {SCHEMA}.courts WHERE court = 'hunchun'")
        assert cursor.fetchall() == [(SECOND[3],)]

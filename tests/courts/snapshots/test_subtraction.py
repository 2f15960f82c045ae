"""No two numbers that a court can get tell, one less the other, of fewer than four other courts.

Which courts a number hangs on is not taken from the code that made it: each court's figures are
changed in turn, and whatever moves, in any page, export, answer of the API, paper or extract, hangs
on that court. All pairs are then tried, and each less the own row. `test_hidden_points` has every
other address, where nothing may move at all.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from courts.bulletins.selectors.prose.issues import _read
from courts.bulletins.selectors.prose.own import own_draft, own_month, released_means
from courts.closings.selectors.snapshots import compose, inputs_of
from courts.models import Cap, Closing, Court, Figure, QualityYear
from courts.snapshots.aggregates import FEWEST_COURTS, releasable
from courts.systems.services.tokens import TokenValues, make_token
from scoring.facts import Month
from tests.courts.conftest import COURTS, GRASSROOTS
from tests.pages import account, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

BOTH = ("litigation", "enforcement")
AT = "2020-01-10 08:00"
BASE, DIRECTION = "/yanbian-2019/base/", "/yanbian-2019/2019-12/direction/"
API = "/api/v1/years/yanbian-2019/months/2019-12"
TABLES = ("caps", "table1", "others")
# What the office wrote when it closed the month; it names a court.
REASON = "敦化法院少报一件"
# By the year of the figures, so that a share of the two moves as well.
GREATER = {2018: 40, 2019: 300}

VERDICTS = ("▲", "▼", "＝", "向好", "变差", "持平", "无可比数")

Numbers = dict[tuple[str, Any], str]


class _Back(Exception):  # noqa: N818
    """Takes back a change of figures."""


def is_verdict(text: str) -> bool:
    """Whether it says how the numbers beside it moved, and so follows from what is told anyway."""
    return text in VERDICTS or text.startswith("可比的")


def check_verdicts(text: str) -> None:
    """The verdicts and their counts in the file of directions follow from the changes in it."""
    rows = [[cell.lstrip("'") for cell in row] for row in csv.reader(io.StringIO(text))]
    good: dict[str, list[bool]] = {}
    for court, goal, _code, _label, way, before, _basis, _now, _of, change, _unit, verdict in (
        row for row in rows if len(row) == 12 and row[11] in VERDICTS
    ):
        if not before:
            assert verdict == "无可比数"
            continue
        if any(digit in "123456789" for digit in change):
            is_better = change.startswith("-") == (way == "越低越好")
            assert verdict == ("向好" if is_better else "变差"), (court, change, verdict)
        good.setdefault(f"{court} · {goal}", []).append(verdict == "向好")
    sentences = {row[0]: row[1] for row in rows if row[1:] and row[1].startswith("可比的")}
    assert sentences.keys() == good.keys()
    for name, found in good.items():
        counts = [int(one) for one in re.findall(r"([0-9]+)项", sentences[name])]
        assert sum(counts[0::2]) == len(found)
        assert sum(counts[1::2]) == sum(found)


def numbers_of_page(text: str) -> Iterator[tuple[int, str]]:
    """The texts between tags of a page's main part."""
    main = text[text.index("<main") : text.index("</main")]
    main = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main)
    yield from enumerate(part.strip() for part in re.split(r"<[^>]*>", main))


def numbers_of_list(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The cells of a file."""
    for row, cells in enumerate(csv.reader(io.StringIO(text))):
        for place, cell in enumerate(cells):
            yield (row, place), cell


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The values of an answer by where they stand, but for places: the own place is the court's."""
    if isinstance(data, dict | list):
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        for key, value in pairs:
            if key not in ("rank", "salt", "digest"):
                yield from leaves(value, (*path, key))
    else:
        yield path, repr(data)


class Reader:
    """A court's desk and its system, with all that they can get that holds more than own rows."""

    def __init__(self, year: QualityYear, court: str) -> None:
        self.year, self.court = year, court
        self.office = account("closes", "yanbian", "office")
        self.client = client_of(account("reads", court, *BOTH))
        values = TokenValues(
            court=Court.objects.select_related("parent").get(code=court),
            name="本院系统",
            sees="court",
            reads=True,
            reads_current=True,
            sends="",
            per_minute=600,
            expires_on=timezone.localdate() + timedelta(days=30),
        )
        admin = account("keeps-tokens", "yanbian", "admin")
        self.secret = make_token(user=admin, values=values)[1]

    def everything(self) -> Numbers:
        found: Numbers = {}

        def take(name: str, told: Iterator[tuple[Any, str]]) -> None:
            found.update({(name, place): text for place, text in told if not is_verdict(text)})

        for page in (BASE, DIRECTION, f"{DIRECTION}?court={self.court}", f"{BASE}?month=6"):
            take(page, numbers_of_page(self.get(page)))
        lists = [f"{BASE}?_export=csv&table={name}" for name in TABLES]
        for address in lists:
            take(address, numbers_of_list(self.get(address)))
        directions = self.get(f"{DIRECTION}?_export=csv")
        check_verdicts(directions)
        take(f"{DIRECTION}?_export=csv", numbers_of_list(directions))
        for name in ("scorecards", "figures"):
            headers = {"authorization": f"Bearer {self.secret}"}
            answer = Client().get(f"{API}/{name}", headers=headers)
            assert answer.status_code == 200
            take(name, leaves(answer.json()))
        parts = self.snapshot()
        # As the court reads its file: without salts and digests of parts, which are drawn anew.
        take("extract", leaves(json.loads(parts.extract([self.court]).text)))
        month = _read(parts)
        means = released_means(month, self.court)
        draft = own_draft(own_month(month, self.court), means, "zh")
        take("paper", ((key, repr(one)) for key, one in draft.ledger.numbers.items()
                       if ":rank:" not in key))  # fmt: skip
        take("means", ((key, repr(one)) for key, one in means.points.items()))
        return found

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return answer.content.decode("utf-8-sig")

    def snapshot(self) -> Any:
        """The month as closing would freeze it now."""
        closings = [
            Closing(
                quality_year=self.year, month=12, side=side, number=1, by=self.office,
                at=timezone.now(), gaps=[], reason=REASON,
            )
            for side in BOTH
        ]  # fmt: skip
        inputs = inputs_of(QualityYear.objects.get(pk=self.year.pk), Month(2019, 12))
        return compose(inputs, BOTH, closings, data_at=timezone.now(), reason=REASON)


def enlarge(court: str) -> None:
    """Make all of a court's figures, and its caps, far greater, each year's otherwise."""
    for of_year, factor in GREATER.items():
        rows = Figure.objects.filter(
            monthly_return__court__code=court, monthly_return__year=of_year, value__isnull=False
        )
        assert rows.update(value=F("value") * factor + 7)
    Cap.objects.filter(court__code=court).update(
        baseline_cases=F("baseline_cases") + 200, cap_cases=F("cap_cases") + 200
    )


def hanging(reader: Reader, courts: list[str]) -> dict[tuple[str, Any], frozenset[str]]:
    """By number the courts that it hangs on."""
    before = reader.everything()
    moved: dict[tuple[str, Any], set[str]] = {}
    for court in courts:
        try:
            with transaction.atomic():
                enlarge(court)
                after = reader.everything()
                raise _Back
        except _Back:
            pass
        assert after.keys() == before.keys()
        for place, text in after.items():
            if text != before[place]:
                moved.setdefault(place, set()).add(court)
    return {place: frozenset(found) for place, found in moved.items()}


@time_machine.travel(AT, tick=False)
@pytest.mark.parametrize("court", ["yanji", pytest.param("yanbian", marks=pytest.mark.nightly)])
def test_all_pairs(made_year: QualityYear, court: str) -> None:
    QualityYear.objects.filter(pk=made_year.pk).update(ranking_shown="own")
    made_year.refresh_from_db()
    reader = Reader(made_year, court)
    assert REASON not in reader.snapshot().extract([court]).text
    others = [code for code in COURTS if code != court]
    found = hanging(reader, others)
    # Sums, means and what they are compared with, on every carrier.
    carriers = {name for name, _place in found}
    assert {BASE, DIRECTION, "scorecards", "figures", "means"} <= carriers
    assert {f"{DIRECTION}?_export=csv", f"{BASE}?_export=csv&table=caps"} <= carriers
    assert len(found) > 60
    told = {place: courts for place, courts in found.items() if len(courts) < FEWEST_COURTS}
    assert told == {}
    groups = set(found.values())
    for one, other in combinations(groups, 2):
        for left in (one, one - {court}):
            assert len(left ^ other) >= FEWEST_COURTS, (left, other)
    assert all(releasable(list(groups), court))
    # What hangs on other courts hangs on the same ones, whatever is told.
    assert groups == {frozenset(GRASSROOTS) - {court}}


def test_the_same_search_finds_a_sum_over_all_beside_one_over_some() -> None:
    """The canary sings: the groups that stood beside each other before would be found out."""
    below = frozenset(GRASSROOTS) - {"yanji"}
    assert not all(releasable([below, below | {"yanbian"}], "yanji"))

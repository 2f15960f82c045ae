"""Canaries for an account that sees its own points only: nothing of another court's, anywhere.

Every address of the application is asked, in every format it offers, for every role that sees its
own points only, under both settings. Two searches:

* other courts have figures, totals and words that occur nowhere else, and no answer holds them;
* other courts' figures are changed so that the own place and all bands stay, and every answer is
  the same to the byte. Whatever depends on another court in any way fails here: a median, a rank
  after a trial, a range of ranks, a list.

Raw figures in the administration are `ADMIN_RULES`' to grant, not this setting's: an administrator
may export them, so only points are searched there.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urljoin

import pytest
import time_machine
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from courts.models import (
    Court,
    Figure,
    QualityYear,
    RegisterLine,
    RegisterTally,
    Scenario,
    SpecialCase,
    User,
)
from courts.scores.selectors.ranking_shown import culture_of
from courts.scores.selectors.rankings import ranking_page
from courts.scores.selectors.scores import month_scores
from courts.years.selectors.periods import open_period
from scoring.facts import Month
from tests.pages import account, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

RESTRICTED = ("bands", "own")
MONTHS = (6, 12)
# Figures of other courts, and what anybody wrote of them, that stand nowhere else.
CANARY_FIGURES = {"closing_days": 9_400_000, "retrial_petitions_received": 73_000}
CANARY_WORDS = ("密语甲", "密语乙")
CANARY_NUMBERS = re.compile(r"(?<![\d.])(9,?400,?0\d\d|73,?0\d\d)(?!\d)")
# Pages that are looked at in an earlier month too: there an outlook has something left to say.
COURSE = {
    f"courts:{name}"
    for name in (
        "ranking",
        "scorecard",
        "court_page",
        "what_if",
        "outlook",
        "small_counts",
        "return_effect",
    )
}
# Trials that would pass every other court, or fall behind it; and wishes for a place or a total.
TRIALS = (
    "?appeal_revised=0&appeal_remanded=0",
    "?appeal_revised=9999",
    "?goal=60",
    "?rank=1",
    "?rank=3&appeal_revised=1",
)
# Accounts: role names, and the court.
ACCOUNTS = {
    "desk": ("yanji", ("litigation", "enforcement")),
    "root_desk": ("yanbian", ("litigation", "enforcement")),
    "scrutineer": ("yanji", ("scrutineer",)),
    "admin": ("yanji", ("admin",)),
}


# --- What is asked ---------------------------------------------------------------------------

# Pages that show, beside the court's own row, sums over the ranked courts where at least four
# others reported: they move with other courts' figures by design. What they may show is in
# tests/courts/snapshots/test_subtraction.py, which changes each court in turn and tries all pairs.
SUMS = ("courts:direction", "courts:base")


def names(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every address that is not of the administration, with its parameters."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from names(entry, inner)
        else:
            yield f"{namespace}{entry.name or entry.pattern}", entry.pattern.converters


def addresses(year: QualityYear, court: str) -> list[str]:
    """Every address with the court's own parameters, in both months, then with another court's."""
    edition = year.edition_id
    case, scenario = (
        model.objects.filter(court__code=court).values_list("pk", flat=True)
        for model in (SpecialCase, Scenario)
    )
    found = []
    for month in MONTHS:
        for owner in (court, "dunhua"):
            values: dict[str, Any] = {
                "year_code": year.code,
                "month": Month(year.year, month),
                "court_code": owner,
                "side": "litigation",
                "metric": "appeal_revised",
                "item_code": "GM" if court == "yanbian" else "L1",
                "reading_code": "grassroots_mean" if court == "yanbian" else "step",
                "file": "rulebook.toml",
                "name": "general",
                "code": f"{year.code}-12",
                "file_pk": 1,
                "entry": 1,
                "number": 1,
                "snapshot": 1,
                "register": "overturned",
                "item": "L1",
                "paper": "order",
                "position": 1,
                "kind": "html",
            }
            keys = {"courts:case": case, "courts:case_file": case, "courts:scenario": scenario}
            for name, parameters in names(get_resolver()):
                if name in SUMS:
                    continue
                if name.startswith("api:"):
                    # Answers tokens alone: tests/courts/bulletins/test_extents.py.
                    continue
                if month != MONTHS[-1] and name not in COURSE:
                    continue
                if owner != court and "court_code" not in parameters:
                    continue
                unknown = set(parameters) - values.keys() - {"pk"}
                assert not unknown, f"say here what stands for {unknown} of {name}"
                rows = keys.get(name, [edition])
                for pk in rows:
                    arguments = {key: values.get(key, pk) for key in parameters}
                    found.append(reverse(name, kwargs=arguments))
    what_if = [
        reverse("courts:what_if", args=[year.code, Month(year.year, month), court])
        for month in MONTHS
    ]
    found += [address + trial for address in what_if for trial in TRIALS]
    found += [f"{address}{TRIALS[1]}&_part=answer" for address in what_if]
    lists = reverse("courts:scenarios", args=[year.code, Month(year.year, 12), court])
    found += [f"{lists}?with={pk}{end}" for pk in scenario for end in ("", "&_export=csv")]
    readings = reverse("courts:readings", args=[year.code])
    found += [
        f"{readings}?{query}{end}"
        for query in ("step=whole", "grassroots_mean=by_docket", "missed_target=attainment")
        for end in ("", "&_export=csv", "&_export=xlsx")
    ]
    return list(dict.fromkeys(found))


def offered(address: str, text: str) -> Iterator[str]:
    """The files that a page offers of itself: exports, parts, the figures behind charts.

    Pictures and workbooks of charts are drawn from the same figures.
    """
    for link in re.findall(r'(?:href|src|data-[a-z-]+)="([^"]*[?&]_[^"]*)"', text):
        target = urljoin(address, html.unescape(link))
        is_drawn = "_chart=" in target and "_format=csv" not in target
        if target.startswith("/") and not is_drawn:
            yield target


def text_of(response: Any) -> str:
    """What can be read of an answer: a workbook with all its parts, but not when it was made."""
    if response.streaming:
        content = b"".join(response.streaming_content)
    else:
        content = response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            kept = [name for name in book.namelist() if name != "docProps/core.xml"]
            return "\n".join(book.read(name).decode() for name in kept)
    text = html.unescape(content.decode(errors="replace"))
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r'(data-token=|"token": )"[^"]*"', "", text)


def answers(client: Client, wanted: list[str]) -> dict[str, str]:
    """What every address answers, and every file that an answer offers; never a fault."""
    found: dict[str, str] = {}
    waiting = list(wanted)
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = client.get(address)
        # How the server does is no fault of a page: nothing keeps house in a test.
        assert response.status_code < 500 or address == "/healthz", address
        found[address] = f"{response.status_code} {response.get('Location', '')}\n"
        found[address] += text_of(response)
        if response.status_code == 200:
            waiting.extend(offered(address.partition("?")[0], found[address]))
    return found


# --- What is hidden --------------------------------------------------------------------------


def set_figure(court: str, month: int, metric: str, value: int) -> None:
    rows = Figure.objects.filter(
        monthly_return__court__code=court,
        monthly_return__year=2019,
        monthly_return__month=month,
        metric=metric,
    )
    assert rows.update(value=value) == 1


def others(own: str) -> list[str]:
    """The grassroots courts but one's own."""
    courts = Court.objects.filter(parent__code="yanbian").exclude(code=own)
    return list(courts.order_by("order").values_list("code", flat=True))


def mark(own: str) -> None:
    """Give every other court figures that stand nowhere else."""
    for place, court in enumerate(others(own)):
        for month in MONTHS:
            for metric, start in CANARY_FIGURES.items():
                set_figure(court, month, metric, start + place)


def leave_cases(year: QualityYear, number: int) -> None:
    """Cases behind the figures of a court that nobody else may see, nor count."""
    line = RegisterLine.objects.create(
        quality_year=year,
        register="overturned",
        court=Court.objects.get(code="dunhua"),
        number=number,
        state="explained",
        month=12,
        values={"kind": "appeal_revised", "cause": "writing"},
        personal={"case_number": CANARY_WORDS[0], "judge": CANARY_WORDS[1]},
        salt="00",
        digest="0",
        opened_at=timezone.now(),
    )
    RegisterTally.objects.create(
        line=line,
        quality_year=year,
        register=line.register,
        court=line.court,
        metric="appeal_revised",
        month=12,
    )


def decide(year: QualityYear, court: str, by: User) -> None:
    """A decision of the party group on another court, with words and points of its own."""
    SpecialCase.objects.create(
        quality_year=year,
        court=Court.objects.get(code=court),
        item="L3.2",
        side="litigation",
        month=12,
        reasons=CANARY_WORDS[0],
        applied_by=by,
        applied_at=timezone.now(),
        state="decided",
        points="1.37",
        meeting="第七次",
        meeting_on=date(2019, 12, 30),
        closing_note=CANARY_WORDS[1],
        closed_by=by,
        closed_at=timezone.now(),
    )


def apply(year: QualityYear, court: str, by: User) -> None:
    """An application of one's own court that waits, so that its page has something to show."""
    SpecialCase.objects.create(
        quality_year=year,
        court=Court.objects.get(code=court),
        item="L3.2",
        side="litigation",
        month=12,
        reasons="系列案件",
        applied_by=by,
        applied_at=timezone.now(),
    )


def keep(year: QualityYear, court: str, by: User) -> None:
    """A shared trial of each month, kept by somebody who sees everything."""
    for month in MONTHS:
        Scenario.objects.create(
            quality_year=year,
            court=Court.objects.get(code=court),
            month=month,
            title="少改判",
            figures={"appeal_revised": 1},
            is_shared=True,
            created_by=by,
            created_at=timezone.now(),
        )


def points(year: QualityYear, own: str) -> set[str]:
    """Totals and halves of other courts, as pages write them, that are not one's own too."""
    hidden, known = set[str](), set[str]()
    for month in MONTHS:
        for card in month_scores(year, Month(2019, month)).scoreboard.scorecards:
            numbers = {str(card.total), str(card.litigation), str(card.enforcement)}
            (known if card.court == own else hidden).update(numbers)
    # Round numbers are points of items too; the odd ones are nobody else's.
    return {number for number in hidden if not number.endswith("0")} - known


def seen(year: QualityYear, user: User) -> list[Any]:
    """What the setting itself lets the account see: its place and the bands, in both months."""
    found: list[Any] = []
    own = user.court.code if user.court else ""
    for month in MONTHS:
        board = month_scores(year, Month(2019, month)).scoreboard
        found.append(board.court(own).rank)
        if year.ranking_shown == "bands":
            period = open_period(user, year.code, str(Month(2019, month)), "verified")
            found.append(culture_of(user, period, ranking_page(period)).bands)
        if board.court(own).rank is None:
            # The rules themselves take the mean of all courts into its points.
            found.append(board.court(own).total)
    return found


# So many swaps, and so many other changes, are enough to show through wherever anything does.
ENOUGH = 2


class _Back(Exception):  # noqa: N818
    """Takes back a change that did not do."""


def swap(first: str, second: str) -> None:
    """Exchange the enforcement figures of two courts: the mean of all stays, both totals move."""
    for month in MONTHS:
        rows = [
            list(
                Figure.objects.filter(
                    monthly_return__court__code=court,
                    monthly_return__year=2019,
                    monthly_return__month=month,
                    monthly_return__side="enforcement",
                ).order_by("metric")
            )
            for court in (first, second)
        ]
        for one, other in zip(*rows, strict=True):
            assert one.metric == other.metric
            one.value, other.value = other.value, one.value
        Figure.objects.bulk_update([*rows[0], *rows[1]], ["value"])


def worsen(court: str, more: int) -> None:
    """Give a court more revised judgments: its litigation points fall."""
    for month in MONTHS:
        rows = Figure.objects.filter(
            monthly_return__court__code=court,
            monthly_return__year=2019,
            monthly_return__month=month,
            metric="appeal_revised",
        )
        assert rows.update(value=F("value") + more) == 1


def change(year: QualityYear, user: User) -> set[str]:
    """Change totals of two other courts or more, and nothing that the setting shows.

    The courts whose totals changed.
    """
    own = user.court.code if user.court else ""
    before = seen(year, user)
    totals = {c.court: c.total for c in month_scores(year, Month(2019, 12)).scoreboard.scorecards}
    rest = others(own)
    pairs = [(one, other) for place, one in enumerate(rest) for other in rest[place + 1 :]]
    acts = [partial(swap, *pair) for pair in pairs]
    acts += [partial(worsen, court, more) for court in rest for more in (1, 3, 8)]
    done = {swap: 0, worsen: 0}
    for act in acts:
        if done[act.func] == ENOUGH:
            continue
        try:
            with transaction.atomic():
                act()
                if seen(year, user) != before:
                    raise _Back
        except _Back:
            continue
        done[act.func] += 1
    for number in range(4, 9):
        leave_cases(year, number)
    board = month_scores(year, Month(2019, 12)).scoreboard
    changed = {card.court for card in board.scorecards if card.total != totals[card.court]}
    assert own not in changed
    assert len(changed) >= 2
    return changed


def prepared(year: QualityYear, who: str, shown: str) -> tuple[User, Client]:
    court, roles = ACCOUNTS[who]
    user = account(who, court, *roles, is_staff="admin" in roles)
    office = account("sees-all", "yanbian", "office")
    mark(court)
    for number in range(1, 4):
        leave_cases(year, number)
    decide(year, "dunhua", office)
    apply(year, court, user)
    keep(year, court, office)
    show(year, shown)
    return user, client_of(user)


def show(year: QualityYear, shown: str) -> None:
    QualityYear.objects.filter(pk=year.pk).update(ranking_shown=shown)
    year.refresh_from_db()


def differing(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The addresses whose answers differ, with the first lines that do."""
    found = {}
    for address, text in before.items():
        lines = zip(text.splitlines(), after[address].splitlines(), strict=False)
        if text != after[address]:
            found[address] = next((pair for pair in lines if pair[0] != pair[1]), ("", "longer"))
    return found


def found_in(text: str, hidden: set[str]) -> list[str]:
    """Which of the hidden things a text holds."""
    numbers = set(re.findall(r"(?<![\d.])\d+\.\d\d(?!\d)", text))
    canaries = CANARY_NUMBERS.findall(text)
    return [*sorted(numbers & hidden), *canaries, *(word for word in CANARY_WORDS if word in text)]


@pytest.mark.usefixtures("all_draws")
@time_machine.travel("2020-01-10 08:00", tick=False)
@pytest.mark.parametrize(
    "who",
    [
        # The others see no more than this one.
        pytest.param(who, marks=[] if who == "desk" else pytest.mark.nightly)
        for who in ACCOUNTS
    ],
)
def test_nothing_of_another_court_stands_or_shows_through(made_year: QualityYear, who: str) -> None:
    """First their own place alone, then bands over changed figures: only the ranking may differ."""
    user, client = prepared(made_year, who, "own")
    own = ACCOUNTS[who][0]
    wanted = addresses(made_year, own)
    hidden = points(made_year, own)
    before = answers(client, wanted)
    if "desk" in who:
        assert sum(text.startswith("200") for text in before.values()) > 60
    show(made_year, "bands")
    change(made_year, user)
    hidden |= points(made_year, own)
    assert len(hidden) > 15
    after = answers(client, wanted)
    for answered in (before, after):
        told = {place: found_in(text, hidden) for place, text in answered.items()}
        assert {place: found for place, found in told.items() if found} == {}
    month = re.compile(rf"/{made_year.code}/2019-\d\d/(\?|$)")
    ranking = {address for address in before | after if month.match(address)}
    kept = before.keys() - ranking
    assert kept == after.keys() - ranking
    # How the server does is told anew every time, and hangs on what the machine does besides.
    kept -= {"/healthz"}
    assert differing({a: before[a] for a in kept}, after) == {}


@time_machine.travel("2020-01-10 08:00", tick=False)
@pytest.mark.parametrize("who", ["desk", "root_desk"])
def test_bands_tell_nothing_within(made_year: QualityYear, who: str) -> None:
    user, client = prepared(made_year, who, "bands")
    month = reverse("courts:ranking", args=[made_year.code, "2019-12"])
    wanted = [month, *(f"{month}?_export={kind}" for kind in ("csv", "xlsx"))]
    before = answers(client, wanted)
    change(made_year, user)
    assert differing(before, answers(client, wanted)) == {}


def test_the_same_search_finds_them_where_all_is_published(made_year: QualityYear) -> None:
    """The canaries sing: in full a desk's pages hold other courts' points, and change with them."""
    user, client = prepared(made_year, "desk", "full")
    hidden = points(made_year, "yanji")
    december = [made_year.code, "2019-12"]
    wanted = [
        reverse("courts:ranking", args=december),
        reverse("courts:readings", args=december[:1]),
        reverse("courts:court_page", args=[*december, "yanji"]),
        reverse("courts:what_if", args=[*december, "yanji"]) + TRIALS[0],
    ]
    before = answers(client, wanted)
    assert found_in(before[wanted[0]], hidden)
    assert found_in(before[wanted[1]], hidden)
    change(made_year, user)
    after = answers(client, wanted)
    assert all(before[address] != after[address] for address in wanted[:3])


@pytest.mark.parametrize("shown", RESTRICTED)
def test_no_trial_tells_where_another_court_stands(made_year: QualityYear, shown: str) -> None:
    """Trial by trial, from the best to the worst: no answer hangs on other courts."""
    user, client = prepared(made_year, "desk", shown)
    pages = [
        reverse("courts:what_if", args=[made_year.code, "2019-12", "yanji"]),
        reverse("courts:return_effect", args=[made_year.code, "yanji", "2019-12", "litigation"]),
    ]
    trials = [f"{pages[0]}?appeal_revised={value}&_part=answer" for value in range(100, 240, 20)]

    def told() -> list[str]:
        said = [text_of(client.get(address)) for address in trials]
        # The panel beside the grid takes what is stored, verified or not.
        for value in (100, 150, 200):
            set_figure("yanji", 12, "appeal_remanded", value)
            said.append(text_of(client.get(pages[1])))
        set_figure("yanji", 12, "appeal_remanded", 60)
        return said

    set_figure("yanji", 12, "appeal_remanded", 60)
    before = told()
    change(made_year, user)
    assert told() == before
    assert "名次" not in "".join(before)


@pytest.mark.parametrize("shown", RESTRICTED)
def test_the_points_taken_from_other_courts_name_none(made_year: QualityYear, shown: str) -> None:
    _user, client = prepared(made_year, "root_desk", shown)
    card = reverse("courts:scorecard", args=[made_year.code, "2019-12", "yanbian"])
    text = text_of(client.get(card))
    assert "各院得分平均" in text
    assert "各院的得分本年度不公布" in text
    names_of = Court.objects.filter(parent__code="yanbian").values_list("short_name", flat=True)
    item = text[text.index('id="GM"') :]
    assert [name for name in names_of if f"{name} " in item.partition("</details>")[0]] == []


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_for_who_sees_all_is_not_shown_to_the_desk(made_year: QualityYear) -> None:
    """Pages are remembered between requests: never from one way of showing to the other."""
    _user, client = prepared(made_year, "desk", "own")
    office = client_of(User.objects.get(username="sees-all"))
    address = reverse("courts:court_page", args=[made_year.code, "2019-12", "yanji"])
    for _again in range(2):
        assert "各院中位" in text_of(office.get(address))
        assert "各院中位" not in text_of(client.get(address))

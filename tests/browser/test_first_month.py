"""From an empty database to a first published month, by the thread and the keyboard alone.

Whoever does a step opens the first page, and goes on by what stands there: no address is typed but
that of the first page. Everything is reached by Tab. The courts' desks and the command centre read
Korean, all others Chinese.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Locator, Page, expect

from courts.models import Bulletin, Consultation, ConsultationAnswer, User
from tests.browser.test_returns import METRICS, VALUES

pytestmark = pytest.mark.django_db(transaction=True)

KOREAN = "ko-KR"
CODES = ("hedong", "hetao")
PASSWORD = "Hetao-2019-qiu"
OWN = "河边的柳树-1987"
MOST_TABS = 250
FEBRUARY = datetime(2019, 2, 3, 9, tzinfo=UTC)
# The step of the thread that is next.
NEXT = ".setup-thread [aria-current=step] a"

COURTS = """code,order,short_name,name,name_ko,level
hetao,1,河套中院,河套中级人民法院,하투중급인민법원,intermediate
hedong,2,河东法院,河东县人民法院,하동현인민법원,grassroots
"""
ADMINS = """username,name,court,roles
admin1,管理甲,hetao,系统管理员
admin2,管理乙,hetao,系统管理员
"""
ACCOUNTS = """username,name,court,roles
office1,审管甲,hetao,审判管理办公室
office2,审管乙,hetao,审判管理办公室
centre1,指挥甲,hetao,执行指挥中心
centre2,指挥乙,hetao,执行指挥中心
leader1,领导甲,hetao,领导小组
leader2,领导乙,hetao,领导小组
leader3,领导丙,hetao,领导小组
party,党组,hetao,院党组
desk-hetao,中院报表,hetao,诉讼报表岗、执行报表岗
desk-hedong,河东报表,河东法院,诉讼报表岗、执行报表岗
"""
TARGETS = """court,item,target,document,decided_on
,L2.1,6,州法〔2019〕3号,2019-01-10
,L3.1,85,州法〔2019〕3号,2019-01-10
,L4.1,1,州法〔2019〕3号,2019-01-10
,L5.1,3,州法〔2019〕3号,2019-01-10
"""
# Figures of a year that the notice's own checks agree with.
FIGURES = tomllib.loads(
    (Path(__file__).parents[1] / "courts" / "setup" / "notice_month.toml").read_text("utf-8")
)["all"]["current"]
# January of a court of middle size, and twelve times as much of the year before.
FIGURES |= dict(zip(METRICS, VALUES, strict=True))
BASE_FIGURES = {metric: 12 * FIGURES[metric] for metric in METRICS[:11]}
BASE = "\n".join(
    ["court,month,metric,value"]
    + [
        f"{court},2018-12,{metric},{value}"
        for court in ("hetao", "hedong")
        for metric, value in BASE_FIGURES.items()
    ]
)


class Person:
    """Somebody at a browser of their own, without a mouse."""

    def __init__(self, page: Page, name: str, password: str) -> None:
        self.page, self.name, self.password = page, name, password
        # The browser asks us for files from now on, and not only once somebody waits for that.
        page.on("filechooser", lambda _chooser: None)

    def reach(self, target: Locator) -> Locator:
        """Go to it by Tab, past the menu by the link that is first on every page."""
        expect(target).to_be_visible()
        if target.evaluate(
            "node => document.activeElement === document.body && !!node.closest('main')"
        ):
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
        for _ in range(MOST_TABS):
            if target.evaluate("node => node === document.activeElement"):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.name} does not reach {target} by Tab")

    def press(self, target: str) -> None:
        """Press a link or button, told by a selector, and wait for the page it leads to."""
        self.reach(self.page.locator(target).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, target: str, text: str) -> None:
        """Type into a field."""
        self.reach(self.page.locator(target).first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, target: str, value: str) -> None:
        """Go down a list of choices to the value."""
        self.reach(self.page.locator(target).first)
        for _ in range(MOST_TABS):
            if self.page.locator(target).first.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.name} finds no {value} in {target}")

    def unfold(self, target: str) -> None:
        """Unfold what is folded."""
        self.reach(self.page.locator(target).first)
        self.page.keyboard.press("Enter")

    def tick(self, target: str) -> None:
        """Tick a box."""
        self.reach(self.page.locator(target).first)
        self.page.keyboard.press("Space")

    def choose_file(self, target: str, name: str, text: str) -> None:
        """Choose a file at a field, as from the machine's own window."""
        self.reach(self.page.locator(target).first)
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Enter")
        asked.value.set_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})

    def bring(self, name: str, text: str) -> None:
        """Choose a file at the page's one field for files, look at the preview and confirm it."""
        self.choose_file("input[type=file]", name, text)
        self.press("form:has(input[type=file]) button")
        self.press("form:has(input[name=confirmed]) button.button-main")

    def begin(self) -> None:
        """Open the first page, and sign in where it asks."""
        self.page.goto("/")
        if self.page.locator("#id_username").is_visible():
            self.write("#id_username", self.name)
            self.write("#id_password", self.password)
            self.press("form[action$='login/'] button")
            if self.page.locator("#id_old_password").is_visible():
                self.write("#id_old_password", self.password)
                self.write("#id_new_password1", OWN)
                self.write("#id_new_password2", OWN)
                self.press("form:has(#id_old_password) button")
                self.password = OWN
                self.page.goto("/")


People = Callable[..., Person]


@pytest.fixture
def person(new_profile: Callable[..., BrowserContext]) -> People:
    """Return what brings in somebody, by name and the password that they were told."""

    def come(name: str, password: str = PASSWORD, locale: str = "zh-CN") -> Person:
        return Person(new_profile(locale).new_page(), name, password)

    return come


def waiting(address: str) -> str:
    """The first thing that waits on a first page and is done at an address with this in it."""
    return f".open-work li li a[href*='{address}']"


def slips_of(maker: Person) -> dict[str, str]:
    """The one-time passwords on the slips that the page shows, by username."""
    slips = maker.page.locator(".slip").all()
    return dict(slip.locator("dd").all_inner_texts() for slip in slips)


def test_an_empty_database_becomes_a_published_month(person: People) -> None:
    """Both courts meet the targets of L2.1, L3.1, L4.1 and L5.1: 6, 3, 6 and 3 points. What is
    compared with 2018 is a twelfth of it: no fall, 0 points. 80 of 100 cases are closed, which is
    the target of C2: 7.5 points, of the intermediate court 6.25."""
    User.objects.create_superuser("root", password=PASSWORD)
    with time_machine.travel(FEBRUARY, tick=True):
        slips = bring_in_people(person)
        office, second = (person(name, slips[name]) for name in ("office1", "office2"))
        centre, other = (person(name, slips[name], KOREAN) for name in ("centre1", "centre2"))
        desks = [person(f"desk-{court}", slips[f"desk-{court}"], KOREAN) for court in CODES]
        open_year(office, second)
        follow_thread(office, second)
        hand_in(desks)
        verify_and_close([office, centre])
        ask(office, desks)
        write(office)
        for signer in (second, other):
            signer.begin()
            signer.press(waiting("/sign/"))
            signer.press("button[value=sign]")
        # The second signature makes it whole; the same page publishes it.
        other.press("button[value=publish]")
        expect(other.page.locator("ol.steps ~ p a.button-main")).to_be_visible(timeout=90_000)
    issue = Bulletin.objects.get()
    assert (issue.state, issue.number) == ("published", 1)
    told = {
        (part["content"]["code"], item["item"]): item["points"]
        for part in json.loads(issue.snapshot.text)["parts"]
        if part["name"].startswith("court/")
        for item in part["content"]["score"]["items"]
    }
    expected = {"L1": "0.00", "L2.1": "6.00", "L3.1": "3.00", "L4.1": "6.00", "L5.1": "3.00"}
    for court, closed in (("hedong", "7.50"), ("hetao", "6.25")):
        assert {item: told[court, item] for item in (*expected, "C2")} == expected | {"C2": closed}


def bring_in_people(person: People) -> dict[str, str]:
    """Courts, two administrators, and everybody else; the one-time passwords by username."""
    root = person("root")
    root.begin()
    root.press(NEXT)
    root.bring("courts.csv", COURTS)
    root.begin()
    root.press(NEXT)
    root.bring("accounts.csv", ADMINS)
    slips = slips_of(root)
    first, second = (person(name, slips[name]) for name in ("admin1", "admin2"))
    first.begin()
    first.press(NEXT)
    first.bring("accounts.csv", ACCOUNTS)
    made = slips_of(first)
    # Whoever knows a password is no second person for that account until another has seen it.
    for _account in made:
        second.begin()
        second.press(waiting("/accounts/"))
        second.press("button[value=confirm]")
    return made


def open_year(office: Person, second: Person) -> None:
    """The rules that come with the project, drafted by one, in force by another."""
    office.begin()
    office.press(NEXT)
    office.press("a[href='/editions/new/']")
    office.choose("#id_source", "bundled:yanbian-2019")
    office.write("#id_summary", "新年度")
    office.press("form:has(#id_source) button")
    office.press("form[action$='/propose/'] button")
    second.begin()
    second.press(waiting("/editions/"))
    second.press("a[href$='/year/']")
    for code in CODES:
        box = f"input[name=courts][value='{code}']"
        if not second.page.locator(box).is_checked():
            second.tick(box)
    second.tick("#id_sure")
    second.press("form:has(input[name=courts]) button")


def follow_thread(office: Person, second: Person) -> None:
    """Deadline, targets, readings, the year before, a ballot: then the thread is gone."""
    office.begin()
    office.press(NEXT)
    office.write("#id_day", "8")
    office.write("#id_reason", "按通知")
    office.press("form:has(#id_day) button")

    office.begin()
    office.press(NEXT)
    office.press("main a[href$='/targets/import/']")
    office.bring("targets.csv", TARGETS)
    second.begin()
    second.press(waiting("/motions/"))
    second.press("button[value=confirm]")

    office.begin()
    office.press(".setup-thread form button")

    office.begin()
    office.press(NEXT)
    office.press("main a[href$='/base/give/']")
    office.choose_file("#base-file", "base.csv", BASE)
    office.write("#file-source", "2018年司法统计年报")
    office.press("form:has(#base-file) button")
    second.begin()
    second.press(waiting("/motions/"))
    second.press("button[value=confirm]")

    office.begin()
    office.press(NEXT)
    office.press("main a.button-main")
    for name in ("指挥乙", "党组"):
        office.tick(f"label:has-text('{name}') > input[name=scrutineers]")
    office.press("form.round-form button")
    office.begin()
    expect(office.page.locator("h1")).to_be_visible()
    expect(office.page.locator(".setup-thread")).to_have_count(0)


def hand_in(desks: Iterable[Person]) -> None:
    """Type the figures of January, a digit after the other, and hand them in by one chord."""
    for desk, court in zip(desks, CODES, strict=True):
        for side in ("litigation", "enforcement"):
            desk.begin()
            desk.press(waiting(f"/returns/{court}/2019-01/{side}/"))
            cells = desk.page.locator("tr[data-metric] input[data-column=total]")
            expect(cells.first).to_be_focused()
            for metric in desk.page.locator("tr[data-metric]").all():
                code = metric.get_attribute("data-metric")
                desk.page.keyboard.type(str(FIGURES[code]))
                desk.page.keyboard.press("Enter")
            with desk.page.expect_navigation():
                desk.page.keyboard.press("Control+Enter")
            # A slow browser lays the focus on the button after the page is there.
            expect(desk.page.locator("form button.button-main")).to_be_focused()
            with desk.page.expect_navigation():
                desk.page.keyboard.press("Enter")
            expect(desk.page.locator("h1 .state")).to_have_class("state state-submitted")


def verify_and_close(reviewers: Iterable[Person]) -> None:
    """Each office what it looks after: all clean returns at once, then its side of the month."""
    for reviewer in reviewers:
        reviewer.begin()
        reviewer.press("main a[href$='/reviews/']")
        reviewer.press("main form[method=post] button.button-main")
    for reviewer in reviewers:
        reviewer.begin()
        reviewer.press("main a[href$='/close/']")
        reviewer.press("button[value=close]")


def ask(office: Person, desks: Iterable[Person]) -> None:
    """The office asks; each desk confirms all lines of a side, then of the other.

    This goes by the true time: the database itself lets nothing be answered after the end, and its
    clock does not travel.
    """
    with time_machine.travel(time_machine.escape_hatch.datetime.datetime.now(UTC), tick=True):
        office.begin()
        office.press(waiting("/consultations/"))
        office.press("form[action*='/consultations/'] button")
        for desk in desks:
            for _side in range(2):
                desk.begin()
                desk.press(waiting("/consultations/"))
                desk.press("form.actions button")
    answers = ConsultationAnswer.objects.values_list("verdict", flat=True)
    assert set(answers) == {ConsultationAnswer.Verdict.CONFIRMED}
    # Three days pass.
    Consultation.objects.update(opened_at=FEBRUARY - timedelta(days=3), ends_at=FEBRUARY)


def write(office: Person) -> None:
    """The bulletin as it is drafted, with a number and a date."""
    office.begin()
    office.press(waiting("/bulletins/"))
    office.press("form[action*='/bulletins/'] button.button-main")
    if not office.page.locator("form.issue-form").is_visible():
        office.unfold("details:has(form.issue-form) > summary")
    office.write("form.issue-form [name=number_year]", "2019")
    office.write("form.issue-form [name=number]", "1")
    # In which order the parts of a date are typed is the browser's own language.
    office.reach(office.page.locator("form.issue-form [name=dated_on]")).fill("2019-02-11")
    office.press("form.issue-form button")

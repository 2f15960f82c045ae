"""Whatever moves points takes two people: every act, every address, every role alone.

Scores of the whole year are computed before and after what one person can do by themselves; a
second person of the right office then moves them, so that the attempts are known to be real ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from courts.admin import site
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import (
    AppraisalTarget,
    Bulletin,
    Cap,
    CaseVerification,
    Court,
    Difference,
    EntryOnBehalf,
    Event,
    Extract,
    Figure,
    MonthlyReturn,
    Motion,
    PaperTally,
    QualityYear,
    ReadingDecision,
    Restatement,
    SpecialCase,
    User,
)
from courts.motions.selectors.effects import month_boards
from courts.motions.services.motions import confirm, refuse, trial, withdraw
from courts.reviews.services.reviews import verify
from courts.rulebooks.services.motions import move_target
from courts.rulebooks.services.target_edits import TargetValues
from courts.setup.services.points_acts import ACTS
from courts.years.open_work import open_work
from courts.years.selectors.slots import Slot
from scoring import BUNDLED
from scoring.facts import Month
from scoring.schema import Side
from tests.at_once import at_once
from tests.courts.extract_fixtures import extract
from tests.pages import account, client_of
from tests.test_access_matrix import MATRIX, addresses

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019"
MONTH = "2019-12"
RETURN = f"{ROOT}/returns/yanji/{MONTH}/litigation/"
METRIC = "appeals_filed"
PEOPLE = {
    "office": ("yanbian", "office"),
    "office2": ("yanbian", "office"),
    "centre": ("yanbian", "centre"),
    "centre2": ("yanbian", "centre"),
    "leader": ("yanbian", "leader"),
    "party": ("yanbian", "party"),
    "admin": ("yanbian", "admin"),
    "desk": ("yanji", "litigation"),
}


@pytest.fixture
def people(made_year: QualityYear) -> dict[str, User]:
    return {name: account(name, court, role) for name, (court, role) in PEOPLE.items()}


def scores(year: QualityYear) -> list[tuple[object, ...]]:
    """Every court's total, rank and items of every month, from the database as it is now."""
    fresh = QualityYear.objects.select_related("court", "edition").get(pk=year.pk)
    return [
        (str(month), card.court, card.total, card.rank, score.item.code, score.points)
        for month, board in sorted(month_boards(fresh, range(1, 13)).items())
        for card in board.board.scorecards
        for score in card.items
    ]


def stored(month: str = MONTH, metric: str = METRIC) -> int:
    number, month_number = map(int, month.split("-"))
    value = Figure.objects.get(
        monthly_return__court__code="yanji",
        monthly_return__year=number,
        monthly_return__month=month_number,
        metric=metric,
    ).value
    assert value is not None
    return value


# --- What one person can try ------------------------------------------------------------------


def bring_in(client: Any, *rows: tuple[object, ...]) -> Any:
    """Figures through the administration: look, then hand in."""
    year = QualityYear.objects.get()
    lines = ["court,month,metric,value", *(",".join(map(str, row)) for row in rows)]
    file = SimpleUploadedFile("figures.csv", "\n".join(lines).encode())
    data = {"year": year.pk, "import_file": file, "format": "0", "resource": "0"}
    preview = client.post(reverse("admin:courts_figure_import"), data)
    form = (preview.context or {}).get("confirm_form") if preview.status_code == 200 else None
    if form is None:
        return preview
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent["year"] = getattr(sent["year"], "pk", sent["year"])
    return client.post(reverse("admin:courts_figure_process_import"), sent)


def import_year(client: Any) -> None:
    bring_in(client, ("yanji", MONTH, METRIC, stored() - 30))


def import_baseline(client: Any) -> None:
    bring_in(client, ("yanji", "2018-12", METRIC, stored("2018-12") + 300))


def import_enforcement(client: Any) -> None:
    # 3087 of 3232 + 93 are 92.8 % and meet C1; of 3232 + 900 they are 74.7 % and do not.
    bring_in(client, ("yanji", MONTH, "open_past_limit", 900))


def write_on_behalf(client: Any) -> None:
    until = (timezone.localdate() + timedelta(days=5)).isoformat()
    client.post(f"{RETURN}reopen/", {"reason": "核对", "until": until})
    figure = Figure.objects.get(
        monthly_return__court__code="yanji",
        monthly_return__year=2019,
        monthly_return__month=12,
        metric=METRIC,
    )
    cells = [{"metric": METRIC, "value": str(stored() - 40), "seen_version": figure.version}]
    user = client.session["_auth_user_id"]
    body = json.dumps({"user": user, "cells": cells, "reason": "核对"})
    client.post(f"{RETURN}behalf/cells/", body, content_type="application/json")
    client.post(f"{RETURN}cells/", body, content_type="application/json")
    version = MonthlyReturn.objects.get(pk=figure.monthly_return_id).version
    client.post(f"{RETURN}submit/", {"version": version, "on_behalf": "核对"})
    client.post(f"{RETURN}review/", {"act": "hand_in", "version": version, "reason": "核对"})


def upload_extract(client: Any) -> None:
    lines = f"court,month,metric,value\nyanji,{MONTH},{METRIC},{stored() - 50}\n"
    file = SimpleUploadedFile("e.csv", lines.encode())
    shown = client.post(f"{ROOT}/extracts/", {"source": "平台", "file": file})
    if shown.status_code == 200 and shown.context:
        client.post(f"{ROOT}/extracts/confirm/", {"ticket": shown.context.get("ticket", "")})


def settle_difference(client: Any) -> None:
    """Of the extract that the fixture sets beside the return."""
    own, said = stored("2019-06"), stored("2019-06") - 20
    data = {
        "act": "settle",
        "version": 0,
        "extract_value": said,
        "court_value": own,
        "stands": "return",
        "note": "可采",
    }
    client.post(f"{ROOT}/differences/yanji/2019-06/{METRIC}/", data)
    key = f"yanji/2019-06/{METRIC}/0/{said}/{own}"
    client.post(f"{ROOT}/differences/", {"pick": key, "stands": "return", "note": "可采"})


def adopt_reading(client: Any) -> None:
    data = {
        "value": "whole",
        "from_month": "1",
        "seen": "0",
        "note": "会议决定",
        "document": "",
        "decided_on": "2019-06-01",
        "sure": "yes",
    }
    client.post(f"{ROOT}/readings/step/", data)


def take_supplement(client: Any) -> None:
    text = (BUNDLED / "yanbian-2019" / "supplements" / "averages.toml").read_text("utf-8")
    later = text.replace("version = 1", "version = 2")
    file = SimpleUploadedFile("averages.toml", later.encode())
    client.post(f"{ROOT}/supplements/", {"upload": "1", "file": file, "reason": "更正"})


VALUE = {"document": "文件", "decided_on": "2019-01-15", "reason": "更正"}


def set_targets(client: Any) -> None:
    """Enter, change, take away, bring in: each would move an item of Yanji or of all."""
    own = VALUE | {"item": "L3.1", "scope": "court:yanji", "percent": "0"}
    client.post(f"{ROOT}/targets/new/", own)
    for row in AppraisalTarget.objects.filter(item="L2.1"):
        changed = VALUE | {"percent": "0", "version": row.version}
        client.post(f"{ROOT}/targets/{row.pk}/", changed)
    for row in AppraisalTarget.objects.filter(item="L4.1"):
        client.post(f"{ROOT}/targets/{row.pk}/remove/", {"version": row.version, "reason": "x"})
    file = SimpleUploadedFile("t.csv", b"court,item,target\nyanji,L5.1,0\n")
    preview = client.post(f"{ROOT}/targets/import/", {"file": file})
    if preview.status_code == 200 and preview.context["brought"].waiting:
        client.post(f"{ROOT}/targets/import/", preview.context["brought"].waiting.initial)


def set_caps(client: Any) -> None:
    cap = Cap.objects.get(court__code="yanji")
    sent = {"baseline_cases": 252, "reduction_cases": 100, "reason": "从严"}
    client.post(f"{ROOT}/caps/yanji/", sent | {"version": cap.version})
    client.post(f"{ROOT}/caps/", {"reason": "按规则"})
    file = SimpleUploadedFile("c.csv", b"court,baseline_cases,reduction_cases\ntumen,23,9\n")
    preview = client.post(f"{ROOT}/caps/import/", {"file": file})
    if preview.status_code == 200 and preview.context["brought"].waiting:
        client.post(f"{ROOT}/caps/import/", preview.context["brought"].waiting.initial)


def write_in_admin(client: Any) -> None:
    """Add, change, delete, import at every model of the administration."""
    for model in site._registry:
        info = (model._meta.app_label, model._meta.model_name)
        row = model._default_manager.first()
        data = {
            "reason": "x",
            "post": "yes",
            "percent": "0",
            "value": "0",
            "points": "0",
            "state": "verified",
            "cap_cases": "1",
            "left_out": [court.pk for court in Court.objects.all()],
        }
        names: list[tuple[str, list[Any]]] = [("add", [])]
        if row is not None and model is not User:
            names += [("change", [row.pk]), ("delete", [row.pk])]
        for name, arguments in names:
            address = reverse("admin:{}_{}_{}".format(*info, name), args=arguments)
            seen = ""
            if client.get(address).status_code == 200:
                line = getattr(row, "history", None)
                found = line.order_by("-history_id").first() if line and arguments else None
                seen = str(found.history_id) if found else ""
            client.post(address, data | {"seen": seen})


def change_courts(client: Any) -> None:
    """One court more or fewer would move the mean and the ranks of all others."""
    root = Court.objects.get(code="yanbian")
    new = {
        "code": "xincheng",
        "level": "grassroots",
        "parent": root.pk,
        "name": "新城市人民法院",
        "short_name": "新城",
        "order": "10",
        "reason": "新设",
    }
    client.post(reverse("admin:courts_court_add"), new)
    text = "code,order,short_name,name,name_ko,level\n"
    text += "yanbian,1,延边中院,延边朝鲜族自治州中级人民法院,,intermediate\n"
    text += "xinqu,11,新区法院,新区人民法院,,grassroots\n"
    file = SimpleUploadedFile("courts.csv", text.encode())
    shown = client.post("/courts/import/", {"file": file})
    if shown.status_code == 200 and shown.context["brought"].waiting:
        client.post("/courts/import/", shown.context["brought"].waiting.initial)


def end_court(client: Any) -> None:
    """Antu is no more from July on: the others' ranks and their mean would move."""
    data = {
        "kind": "abolished",
        "court": "antu",
        "from_month": 7,
        "document": "州编〔2019〕21号",
        "decided_on": "2019-06-20",
        "reason": "机构调整",
        "attachments": SimpleUploadedFile("文件.pdf", b"%PDF-1.7 paper"),
    }
    client.post(f"{ROOT}/court-changes/", data)


def press_case(client: Any) -> None:
    """Apply, verify for both offices, and decide, as far as one gets."""
    client.post(f"{ROOT}/cases/new/", {"item": "L3.1", "month": "12", "reasons": "系列案件"})
    for pk in SpecialCase.objects.values_list("pk", flat=True):
        acts: tuple[dict[str, str], ...] = (
            {"act": "verify", "office": "office", "note": "属实"},
            {"act": "verify", "office": "centre", "note": "属实"},
            {"act": "decide", "points": "1", "meeting_on": "2020-01-10", "meeting": "第1次"},
        )
        for data in acts:
            seen = SpecialCase.objects.get(pk=pk).version
            client.post(f"{ROOT}/cases/{pk}/", data | {"seen": seen})


def say_yes_to_everything(client: Any) -> None:
    """Confirm whatever waits, one by one and together, as if one were the second person."""
    for motion in Motion.objects.all():
        seen = trial(motion).digest if motion.state == "waiting" else ""
        address = f"{ROOT}/motions/{motion.pk}/"
        client.post(address, {"act": "confirm", "seen": seen, "note": "同意"})
    for row in MonthlyReturn.objects.filter(state="submitted").select_related("court"):
        place = f"{row.period}/{row.court.code}/{row.side}"
        address = f"{ROOT}/returns/{row.court.code}/{row.period}/{row.side}/review/"
        client.post(address, {"act": "verify", "version": row.version})
        client.post(f"{ROOT}/reviews/", {"pick": f"{place}@{row.version}"})


ATTEMPTS: tuple[Callable[[Any], None], ...] = (
    import_year,
    import_baseline,
    import_enforcement,
    upload_extract,
    settle_difference,
    adopt_reading,
    take_supplement,
    set_targets,
    set_caps,
    end_court,
    press_case,
    write_in_admin,
    change_courts,
)


@pytest.fixture
def differing(made_year: QualityYear) -> QualityYear:
    """June, where an extract says other than the return; and an application in December."""
    SpecialCase.objects.create(
        quality_year=made_year,
        court=Court.objects.get(code="yanji"),
        item="L3.2",
        side="litigation",
        month=12,
        reasons="系列案件",
        applied_by=account("applicant", "yanji", "litigation"),
        applied_at=timezone.now(),
    )
    june = ("yanji", "2019-06", METRIC)
    extract(made_year, (*june, stored("2019-06") - 20))
    return made_year


@pytest.mark.walk
@pytest.mark.parametrize(
    "name",
    [
        # Who may begin such an act, on each side, and who may none; the others by night.
        pytest.param(
            name, marks=[] if name in {"office", "centre", "desk"} else pytest.mark.nightly
        )
        for name in PEOPLE
    ],
)
def test_one_person_alone_moves_no_point(
    differing: QualityYear, people: dict[str, User], name: str
) -> None:
    before = scores(differing)
    assert before
    client = client_of(people[name])
    for attempt in (*ATTEMPTS, write_on_behalf):
        attempt(client)
        say_yes_to_everything(client)
        assert scores(differing) == before, attempt.__name__
    if name == "office":
        # They were real ones: all kinds of motions and a return wait for somebody else. No office
        # gives points by these rules: tests/courts/assessments tries that.
        kinds = set(Motion.Kind.values) - {Motion.Kind.ASSESSED}
        assert set(Motion.objects.values_list("kind", flat=True)) == kinds
        assert set(Motion.objects.values_list("state", flat=True)) == {"waiting"}
        assert MonthlyReturn.objects.filter(state="submitted").exists()


SECOND: tuple[tuple[Callable[[Any], None], str, str], ...] = (
    (import_year, "office", "office2"),
    (import_baseline, "office", "office2"),
    (import_enforcement, "centre", "centre2"),
    (upload_extract, "office", "office2"),
    (settle_difference, "office", "office2"),
    (adopt_reading, "office", "centre"),
    (set_targets, "office", "centre2"),
    (end_court, "office", "centre"),
    (write_on_behalf, "office", "office2"),
)


@pytest.mark.parametrize(("act", "first", "second"), SECOND)
def test_a_second_person_of_the_right_office_moves_them(
    differing: QualityYear,
    people: dict[str, User],
    act: Callable[[Any], None],
    first: str,
    second: str,
) -> None:
    before = scores(differing)
    act(client_of(people[first]))
    for name in set(PEOPLE) - {"office", "office2", "centre", "centre2"}:
        say_yes_to_everything(client_of(people[name]))
    assert scores(differing) == before
    say_yes_to_everything(client_of(people[second]))
    assert scores(differing) != before


def test_the_other_office_does_not_confirm_what_is_not_its_own(
    differing: QualityYear, people: dict[str, User]
) -> None:
    """Figures belong to the office of their side; rules to either interpreting office."""
    before = scores(differing)
    for act in (import_year, import_baseline, upload_extract, settle_difference):
        act(client_of(people["office"]))
    say_yes_to_everything(client_of(people["centre"]))
    assert scores(differing) == before


# --- The registry -----------------------------------------------------------------------------

# Addresses that take something and move no point, whoever asks; each has been thought about.
MOVES_NOTHING = {
    "courts:login_second": "a way in",
    "courts:password_again": "a way in to ballots",
    "courts:second_factor": "the account's own way in",
    "courts:second_factors": "ends others' second factors, by two administrators",
    "courts:sessions": "ends the account's own sessions",
    "courts:login": "signing in",
    "courts:logout": "signing out",
    "courts:password": "an account's own password",
    "courts:tour": "how much of the tour an account has seen",
    "courts:return_take_back": "a court's own submission, taken back before its review",
    "courts:review_begin": "says that a review is begun",
    "courts:month_profile": "how forecasts spread a year over its months; no point reads it",
    "courts:drafts": "texts that are not sent yet",
    "courts:return_cell": "comments and marks beside a figure",
    "courts:return_unlock": "asks to open a return; opening keeps what was verified",
    "courts:return_behalf": "objections to entries, and what came of them",
    "courts:return_paste": "a look at a pasted block, whose cells are saved as typed ones are",
    "courts:grid_paste": "a look at a pasted block, whose cells are saved as typed ones are",
    "courts:upload": "a file that waits for its desk",
    "courts:upload_discard": "throws a waiting file away",
    "courts:upload_headings": "what headings of a file stand for",
    "courts:upload_sources": "what headings of a system stand for",
    "courts:readings_looked_at": "says that the office looked at the readings",
    "courts:deadline": "until when is entered",
    "courts:ranking_shown": "how much of the ranking courts see",
    "courts:case_days": "in how many days applications are verified",
    "courts:proposals": "what comes of alarms on figures",
    "courts:action_new": "asks a court to find a cause; figures stay",
    "courts:action": "the course of an action; figures stay",
    "courts:measures": "what a court does about the tasks of the year",
    "courts:meetings": "calls a meeting",
    "courts:meeting": "topics of a meeting, and its end",
    "courts:meeting_topic": "what a meeting decides, and its tasks",
    "courts:register_new": "a case behind a count; figures stay",
    "courts:register_line": "a case behind a count; figures stay",
    "courts:register_import": "cases behind counts; figures stay",
    "courts:register_draws": "lots drawn; figures stay",
    "courts:register_drawn": "lots drawn again; nothing is written",
    "courts:consultation_new": "asks courts about a closed month",
    "courts:consultation": "what came of answers; figures stay",
    "courts:consultation_court": "a court's answers about its own lines",
    "courts:issuing_terms": "how long courts are asked and may object",
    "courts:bulletin_paper": "how bulletins look on paper",
    "courts:word_template": "the Word template, which a second person takes into use",
    "courts:objection_new": "a court's objection, which an office answers",
    "courts:courts_import": "new courts, which no year that is there assesses",
    "courts:notices": "an account's own notices",
    "courts:notice": "an account's own notice",
    "courts:accounts": "makes proposed accounts, or says that one looked through them",
    "courts:accounts_import": "accounts, which count as their maker's until confirmed",
    "courts:account": "confirms an account, gives it a password, or closes it",
    "courts:deputies": "who stands in for a second person, by a document",
    "courts:deputy": "ends that somebody stands in",
    "courts:handover": "says that work was taken over",
    "courts:api_tokens": "a token, which reads, or sends what an office then looks through",
    "courts:api_token": "a token, which reads, or sends what an office then looks through",
    "courts:acceptance_make": "a package of what there is; two of the leading group sign it",
    "courts:acceptance_sign": "a signature, the second by another person of the leading group",
    "courts:scenario_new": "a kept trial",
    "courts:scenario": "a kept trial",
    "set_language": "the language of the pages",
}


def test_every_address_that_takes_something_is_declared() -> None:
    """A new address that can be posted to is put in the registry, or its reason not to be here."""
    taking = {
        name.partition("?")[0]
        for name, verbs in MATRIX.items()
        if set(verbs.get("post", "lm")) - set("lm")
    }
    declared = {name for act in ACTS for name in (*act.proposed_on, *act.confirmed_on)}
    own = {name for name in declared if not name.startswith("admin:")}
    assert taking == (own | MOVES_NOTHING.keys()) & taking
    assert not own & MOVES_NOTHING.keys()
    assert own | MOVES_NOTHING.keys() <= taking | {"courts:logout"}
    known = set(addresses(get_resolver()))
    assert {name for name in declared if name.startswith("admin:")} <= known


def test_every_act_has_two_steps_and_a_constraint(db: None) -> None:
    models: list[Any] = [*site._registry, Difference, Extract, ReadingDecision]
    models += [CaseVerification, PaperTally, Bulletin, Restatement]
    constraints = {constraint.name for model in models for constraint in model._meta.constraints}
    assert len({act.code for act in ACTS}) == len(ACTS)
    assert set(Motion.Kind.values) <= {act.code for act in ACTS}
    for act in ACTS:
        steps = (act.proposed, act.confirmed, act.proposed_on, act.confirmed_on)
        assert all(steps), act.code
        assert str(act.first) != str(act.second)
        if act.code != "ballot":  # its second are the scrutineers, by the protocol
            assert act.constraint in constraints, act.code


# --- The course of a motion -------------------------------------------------------------------


def moved(year: QualityYear, user: User, percent: str = "100") -> Motion:

    values = TargetValues(Decimal(percent), "文件", date(2019, 1, 15))
    scope = ("L3.1", "", "yanji")
    return move_target(
        user=user, year=year, scope=scope, values=values, seen_version=0, reason="按省院文件"
    )


def test_the_page_says_who_what_and_what_it_does(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    """A target of 100 percent (at least) is met by nobody: Yanji loses the 3 points of L3.1."""
    before = scores(made_year)
    motion = moved(made_year, people["office"])
    text = client_of(people["centre"]).get(f"{ROOT}/motions/{motion.pk}/").content.decode()
    for words in (
        "office",
        "按省院文件",
        "L3.1",
        "100% · 文件 · 2019-01-15",
        "L3.1 3.00→0.00",
        "得分和名次的影响",
    ):
        assert words in text
    assert 'value="confirm"' in text
    own = client_of(people["office"]).get(f"{ROOT}/motions/{motion.pk}/").content.decode()
    assert "须由另一人确认" in own
    assert 'value="confirm"' not in own
    assert 'value="withdraw"' in own
    # Looking at it wrote nothing.
    assert scores(made_year) == before
    assert not AppraisalTarget.objects.filter(court__code="yanji").exists()
    listed = client_of(people["centre"]).get(f"{ROOT}/motions/").content.decode()
    assert "等您确认" in listed
    for name in ("desk", "leader", "party", "admin"):
        client = client_of(people[name])
        assert client.get(f"{ROOT}/motions/{motion.pk}/").status_code == 404
        assert client.get(f"{ROOT}/motions/").status_code == 403


def test_it_stands_on_the_desk_of_who_can_confirm_it(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    motion = moved(made_year, people["office"])
    for name in ("office2", "centre", "centre2"):
        (item,) = open_work(people[name]).of("motion_targets")
        assert (item.since, item.by) == (motion.moved_at, "office")
        desk = client_of(people[name]).get(f"{ROOT}/desk/").content.decode()
        assert item.address in desk
    for name in ("office", "desk", "leader", "party", "admin"):
        assert open_work(people[name]).of("motion_targets") == ()


def test_queries_do_not_grow_with_what_waits(
    made_year: QualityYear, people: dict[str, User], django_assert_num_queries: Any
) -> None:
    client = client_of(people["centre"])
    moved(made_year, people["office"])
    client.get(f"{ROOT}/motions/")
    with CaptureQueriesContext(connection) as before:
        client.get(f"{ROOT}/motions/")
    for percent in range(5):
        moved(made_year, people["office"], str(percent))
    with django_assert_num_queries(len(before)):
        assert client.get(f"{ROOT}/motions/").content.decode().count("/motions/") > 5


def test_refused_with_a_reason_or_withdrawn_it_changes_nothing(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    before = scores(made_year)
    motion = moved(made_year, people["office"])
    with pytest.raises(ReturnError, match="不同意的原因"):
        refuse(user=people["office2"], motion=motion, note=" ")
    with pytest.raises(PermissionDenied, match="您本人提出"):
        refuse(user=people["office"], motion=motion, note="x")
    refuse(user=people["office2"], motion=motion, note="依据不对")
    with pytest.raises(StateError, match="未同意"):
        confirm(user=people["centre"], motion=motion, seen="")
    other = moved(made_year, people["office"])
    with pytest.raises(PermissionDenied, match="只有提出人"):
        withdraw(user=people["office2"], motion=other)
    withdraw(user=people["office"], motion=other)
    with pytest.raises(StateError, match="已撤回"):
        confirm(user=people["centre"], motion=other, seen="")
    assert scores(made_year) == before
    acts = Event.objects.filter(action__endswith="_motion").order_by("pk")
    assert [(act.action, str(act.actor)) for act in acts] == [
        ("move_motion", "office"),
        ("refuse_motion", "office2"),
        ("move_motion", "office"),
        ("withdraw_motion", "office"),
    ]
    shown = client_of(people["office"]).get(f"{ROOT}/motions/{motion.pk}/").content.decode()
    assert "依据不对" in shown
    assert "100% · 文件" in shown


def test_what_was_moved_against_another_state_is_refused(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    first, second = moved(made_year, people["office"]), moved(made_year, people["office2"], "50")
    seen = trial(second).digest
    with pytest.raises(StaleError, match="您打开之后"):
        confirm(user=people["centre"], motion=first, seen=seen)
    confirm(user=people["centre"], motion=first, seen=trial(first).digest)
    page = client_of(people["centre"]).get(f"{ROOT}/motions/{second.pk}/").content.decode()
    assert "已有目标值" in page
    assert 'value="confirm"' not in page
    with pytest.raises(ReturnError):
        confirm(user=people["centre"], motion=second, seen=trial(second).digest)
    assert AppraisalTarget.objects.get(court__code="yanji", item="L3.1").percent == 100


def test_a_mover_who_left_the_office_moves_nothing(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    motion = moved(made_year, people["office"])
    people["office"].groups.clear()
    with pytest.raises(ReturnError, match="审判管理办公室"):
        confirm(user=people["office2"], motion=motion, seen=trial(motion).digest)
    assert not AppraisalTarget.objects.filter(court__code="yanji").exists()


@pytest.mark.database
def test_the_database_keeps_first_and_second_apart(
    differing: QualityYear, people: dict[str, User]
) -> None:
    office, now = people["office"], timezone.now()
    motion = moved(differing, office)
    row = MonthlyReturn.objects.filter(court__code="yanji", year=2019).first()
    assert row is not None
    entry = EntryOnBehalf.objects.create(
        monthly_return=row, by=office, at=now, reason="x", changes={}
    )
    taken = Extract.objects.get()
    decision = ReadingDecision.objects.create(
        quality_year=differing,
        reading="step",
        number=1,
        value="whole",
        from_month=1,
        note="x",
        decided_on=timezone.localdate(),
        by=office,
        at=now,
    )
    wrong = (
        (motion, {"state": "confirmed", "decided_by": office, "decided_at": now}),
        (motion, {"state": "refused", "decided_by": office, "decided_at": now, "note": "x"}),
        (motion, {"state": "withdrawn", "decided_by": people["office2"], "decided_at": now}),
        (motion, {"state": "confirmed"}),
        (entry, {"verified_by": office, "verified_at": now}),
        (taken, {"uploaded_by": office, "confirmed_by": office}),
        (decision, {"confirmed_by": office}),
        (row, {"submitted_by": office, "verified_by": office, "submitted_at": now}),
    )
    for found, values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            type(found).objects.filter(pk=found.pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_does(made_year: QualityYear) -> None:
    office = account("office", "yanbian", "office")
    seconds = [account(f"second{number}", "yanbian", "office") for number in (1, 2)]
    motion = moved(made_year, office)
    seen = trial(motion).digest

    def say_yes(user: User) -> str:
        try:
            confirm(user=user, motion=motion, seen=seen)
        except StateError as error:
            return error.message
        return "confirmed"

    assert sorted(at_once([partial(say_yes, user) for user in seconds])) == [
        "confirmed",
        "这件事项已确认，不能再办理。",
    ]
    assert AppraisalTarget.objects.get(court__code="yanji").version == 1
    assert Event.objects.filter(action="confirm_motion").count() == 1


# --- Figures that an office brings in ---------------------------------------------------------


def test_figures_brought_in_reopen_wait_and_are_seen_by_the_court(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    before, old = scores(made_year), stored()
    import_year(client_of(people["office"]))
    row: Any = MonthlyReturn.objects.get(
        court__code="yanji", year=2019, month=12, side="litigation"
    )
    assert (row.state, row.submitted_by, row.verified_by) == ("submitted", people["office"], None)
    assert row.verified_figures[METRIC] == old
    assert row.reopenings.get().outcome == "submitted"
    assert row.entries_on_behalf.get().changes == {METRIC: [old, old - 30]}
    assert row.submissions.latest("number").figures[METRIC] == old - 30
    assert scores(made_year) == before
    # The court sees it, and may object; the office then cannot verify before that is settled.
    entry = row.entries_on_behalf.get()
    desk = client_of(people["desk"])
    assert "figures.csv" in desk.get(RETURN).content.decode()
    desk.post(f"{RETURN}behalf/{entry.pk}/", {"text": "与登记簿不符"})
    slot = Slot(made_year, row.court, Month(2019, 12), Side.LITIGATION)
    with pytest.raises(ReturnError, match="异议尚未处理"):
        verify(user=people["office2"], slot=slot, seen_version=row.version)
    client = client_of(people["office"])
    client.post(f"{RETURN}behalf/{entry.pk}/", {"act": "settle", "text": "已核对登记簿"})
    with pytest.raises(PermissionDenied):
        verify(user=people["office"], slot=slot, seen_version=row.version)
    verify(user=people["office2"], slot=slot, seen_version=row.version)
    entry.refresh_from_db()
    assert entry.verified_by == people["office2"]
    assert scores(made_year) != before
    assert stored() == old - 30


def test_made_up_figures_stay_marked_until_real_ones_are_verified(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    MonthlyReturn.objects.filter(year=2019).update(is_demo=True)
    bring_in(client_of(people["office"]), ("yanji", MONTH, METRIC, 400))
    row = MonthlyReturn.objects.get(court__code="yanji", year=2019, month=12, side="litigation")
    assert (row.is_demo, row.state) == (True, "submitted")
    assert row.verified_figures
    values = {figure.metric: figure.value for figure in row.figures.all()}
    assert {metric for metric, value in values.items() if value is not None} == {METRIC}
    slot = Slot(made_year, row.court, Month(2019, 12), Side.LITIGATION)
    verify(user=people["office2"], slot=slot, seen_version=row.version)
    row.refresh_from_db()
    assert (row.is_demo, row.state, row.verified_figures) == (False, "verified", None)


def test_a_court_objects_to_its_figures_of_the_year_before(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    import_baseline(client_of(people["office"]))
    motion = Motion.objects.get()
    desk, address = client_of(people["desk"]), f"{ROOT}/motions/{motion.pk}/"
    assert address in desk.get(f"{ROOT}/returns/yanji/").content.decode()
    assert "二审立案数" in desk.get(address).content.decode()
    elsewhere = client_of(account("tumen", "tumen", "litigation"))
    assert elsewhere.get(address).status_code == 404
    desk.post(address, {"act": "object", "note": "去年附件数是对的"})
    with pytest.raises(ReturnError, match="对异议的处理结果"):
        confirm(user=people["office2"], motion=motion, seen=trial(motion).digest)
    old = stored("2018-12")
    confirm(user=people["office2"], motion=motion, seen=trial(motion).digest, note="已与法院核对")
    assert stored("2018-12") == old + 300
    row = MonthlyReturn.objects.get(court__code="yanji", year=2018, month=12, side="litigation")
    assert (row.submitted_by, row.verified_by) == (people["office"], people["office2"])


# --- The operator's way -----------------------------------------------------------------------


def test_commands_count_at_once_and_say_so(
    year: QualityYear, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "figures.csv"
    figures.write_text("court,month,metric,value\nyanji,2019-12,appeals_filed,100\n", "utf-8")
    targets = tmp_path / "targets.csv"
    targets.write_text("court,item,target\n,L2.1,5\n", "utf-8")
    for arguments in (
        ("import_figures", str(figures)),
        ("import_targets", str(targets)),
        ("import_extract", str(figures), "--source", "平台"),
    ):
        call_command(*arguments)
        captured = capsys.readouterr()
        assert "不经另一人确认" in captured.err, arguments
        assert "不经另一人确认" not in captured.out
    assert AppraisalTarget.objects.get().percent == 5
    assert Extract.objects.get().uploaded_by is None
    assert MonthlyReturn.objects.get(year=2019).state == "verified"

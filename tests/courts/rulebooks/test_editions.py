"""Owns proving how an edition goes from draft to force, and that in force it never changes."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import scoring
from courts.files.sheets import SourceFile
from courts.frame.refusals import RuleError
from courts.models import Event, QualityYear, RulebookEdition, User
from courts.rulebooks.selectors.edition_effects import effect_page
from courts.rulebooks.selectors.editions import faults_of
from courts.rulebooks.services import edition_archives, editions
from courts.scores.selectors.scores import scoreboard
from courts.years.selectors.years import edition_of, find_year, rulebook_of
from scoring.facts import Month
from tests.pages import account, client_of, elsewhere, give, made_year, more_courts, office, year

__all__ = ["made_year", "office", "year"]

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PER_PERCENT = ("items", 0, "rule", "per_percent")
State = RulebookEdition.State


@pytest.fixture
def second(year: QualityYear) -> User:
    """Another person of the same office."""
    return account("office2", "yanbian", "office", name="审管办二岗")


def copied(user: User, edition: RulebookEdition) -> RulebookEdition:
    return editions.copy_edition(user=user, edition=edition, summary="更正")


def edited(user: User, draft: RulebookEdition, value: str = "2") -> RulebookEdition:
    """The draft with other points for each percent of L1."""
    editions.edit_values(
        user=user,
        edition=draft,
        seen_version=fresh(draft).version,
        file="litigation.toml",
        values={PER_PERCENT: Decimal(value)},
    )
    return fresh(draft)


def proposed(user: User, draft: RulebookEdition) -> RulebookEdition:
    editions.propose(user=user, edition=draft, seen_version=fresh(draft).version)
    return fresh(draft)


def fresh(edition: RulebookEdition) -> RulebookEdition:
    return RulebookEdition.objects.select_related("court").get(pk=edition.pk)


def in_force(user: User, edition: RulebookEdition, month: int) -> RulebookEdition:
    return editions.put_in_force(
        user=user,
        edition=edition,
        seen_version=fresh(edition).version,
        seen_in_force=find_year(edition.code).edition_id,
        month=month,
    )


# --- From draft to force ---------------------------------------------------------------------


def test_months_before_keep_the_earlier_edition(
    year: QualityYear, office: User, second: User
) -> None:
    """L1 of Yanji, 252 cases in 2018, by 4 points a percent until June and by 2 from July on.

    June: 126 by the months, 124 counted, 2/126 = 1.5873 % and 6.35 points. December: 247 of 252,
    5/252 = 1.9841 %; 7.94 points at first, 3.97 afterwards.
    """
    parts = ("appeal_remanded", "retrial_revised", "retrial_remanded", "retrial_directed")
    for month, cases in (("2019-06", 124), ("2019-12", 247)):
        give(year, ("yanji", month, "appeal_revised", cases))
        give(year, *(("yanji", month, part, 0) for part in parts))
    june, december = Month(2019, 6), Month(2019, 12)

    def points() -> list[Decimal | None]:
        found = find_year("yanbian-2019")
        return [scoreboard(found, m).court("yanji").item("L1").points for m in (june, december)]

    first = year.edition
    assert points() == [Decimal("6.35"), Decimal("7.94")]
    in_force(second, proposed(office, edited(office, copied(office, first))), 7)
    assert points() == [Decimal("6.35"), Decimal("3.97")]
    now = find_year("yanbian-2019")
    assert edition_of(now, june) == first
    assert edition_of(now, december) == now.edition != first
    assert rulebook_of(now, june).sha256 == first.sha256
    assert [fresh(first).state, fresh(now.edition).state] == [State.SUPERSEDED, State.IN_FORCE]


def test_a_later_correction_takes_over_from_its_month_whatever_was_between(
    year: QualityYear, office: User, second: User
) -> None:
    """From July the second, then from April the third: January to March keep the first."""
    first = year.edition
    july = in_force(second, proposed(office, edited(office, copied(office, first), "2")), 7)
    april = in_force(second, proposed(office, edited(office, copied(office, july), "3")), 4)
    now = find_year("yanbian-2019")
    months = [edition_of(now, Month(2019, number)) for number in range(1, 13)]
    assert months == [first] * 3 + [april] * 9


def test_nobody_puts_in_force_what_they_wrote_or_proposed(
    year: QualityYear, office: User, second: User
) -> None:
    centre = account("centre", "yanbian", "centre")
    draft = edited(office, copied(office, year.edition))
    draft = edited(second, draft, "3")
    found = proposed(second, draft)
    for person in (office, second):
        with pytest.raises(PermissionDenied):
            in_force(person, found, 1)
    assert in_force(centre, found, 1).enacted_by == centre


def test_the_database_wants_a_second_person_too(year: QualityYear, office: User) -> None:
    draft = copied(office, year.edition)
    with pytest.raises(IntegrityError, match="edition_second_person"), transaction.atomic():
        RulebookEdition.objects.filter(pk=draft.pk).update(enacted_by=office)


def test_an_edition_in_force_never_changes(year: QualityYear, office: User, second: User) -> None:
    """The service, and the database for whoever goes round it."""
    edition = year.edition
    values: dict[str, Any] = {
        "sources": {"rulebook.toml": ""},
        "sha256": "0" * 64,
        "code": "other",
        "from_month": 2,
        "state": "draft",
    }
    for name, value in values.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            RulebookEdition.objects.filter(pk=edition.pk).update(**{name: value})
    with pytest.raises(RuleError, match="现行"):
        edited(office, edition)
    later = in_force(second, proposed(office, edited(office, copied(office, edition))), 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        RulebookEdition.objects.filter(pk=edition.pk).update(state="in_force")
    assert fresh(later).state == State.IN_FORCE


def test_two_who_act_on_the_same_sight_are_not_both_right(
    year: QualityYear, office: User, second: User
) -> None:
    seen = year.edition_id
    one = proposed(office, edited(office, copied(office, year.edition), "2"))
    other = proposed(office, edited(office, copied(office, year.edition), "3"))
    in_force(second, one, 3)
    with pytest.raises(RuleError, match="另一个版本已经生效"):
        editions.put_in_force(
            user=second, edition=other, seen_version=other.version, seen_in_force=seen, month=3
        )
    assert find_year("yanbian-2019").edition == one


def test_a_stale_edit_is_refused(year: QualityYear, office: User) -> None:
    draft = copied(office, year.edition)
    edited(office, draft)
    with pytest.raises(RuleError, match="又有改动"):
        editions.edit_values(
            user=office,
            edition=draft,
            seen_version=draft.version,
            file="litigation.toml",
            values={PER_PERCENT: 3},
        )


def test_a_faulty_draft_is_kept_and_cannot_be_proposed(year: QualityYear, office: User) -> None:
    """Points of L1 from 40 to 39 leave each level at 99 of 100; a metric is misspelt."""
    draft = copied(office, year.edition)
    text = draft.sources["litigation.toml"].replace("grassroots = 40", "grassroots = 39", 1)
    text = text.replace('"retrial_directed"]', '"retrial_direct"]', 1)
    editions.edit_text(
        user=office,
        edition=draft,
        seen_version=draft.version,
        file="litigation.toml",
        text=text.replace("\n", "\r\n"),
    )
    draft = fresh(draft)
    assert draft.sources["litigation.toml"] == text
    assert [(f.file, f.key) for f in faults_of(draft)] == [
        ("litigation.toml", "items[L1].rule.figures"),
        ("litigation.toml", "items"),
    ]
    with pytest.raises(RuleError, match="2处错误"):
        proposed(office, draft)


def test_the_same_text_is_no_proposal(year: QualityYear, office: User) -> None:
    with pytest.raises(RuleError, match="完全相同"):
        proposed(office, copied(office, year.edition))


def test_a_correction_stays_in_its_year(year: QualityYear, office: User, second: User) -> None:
    draft = copied(office, year.edition)
    editions.edit_values(
        user=office,
        edition=draft,
        seen_version=draft.version,
        file="rulebook.toml",
        values={("baseline_year",): 2017},
    )
    with pytest.raises(RuleError, match="年度和基期"):
        in_force(second, proposed(office, fresh(draft)), 1)


def test_a_proposal_goes_back_with_a_reason(year: QualityYear, office: User, second: User) -> None:
    found = proposed(office, edited(office, copied(office, year.edition)))
    editions.send_back(user=second, edition=found, seen_version=found.version, reason="请核对附件")
    assert (fresh(found).state, fresh(found).proposed_by) == (State.DRAFT, None)
    event = Event.objects.get(action="send_back_edition")
    assert (event.actor, event.reason, event.data["edition"]) == (second, "请核对附件", found.pk)


def test_every_edit_is_recorded_value_by_value(year: QualityYear, office: User) -> None:
    edited(office, copied(office, year.edition), "2.5")
    event = Event.objects.get(action="edit_edition")
    assert event.data["changes"] == [["litigation.toml", "items[L1].rule.per_percent", "4", "2.5"]]


def test_a_draft_is_thrown_away_and_the_record_stays(year: QualityYear, office: User) -> None:
    draft = copied(office, year.edition)
    editions.discard(user=office, edition=draft, seen_version=draft.version)
    assert RulebookEdition.objects.count() == 1
    assert Event.objects.filter(action="discard_edition", data__edition=draft.pk).exists()


def test_only_the_office_drafts(year: QualityYear) -> None:
    for role in ("centre", "leader", "party", "admin"):
        with pytest.raises(PermissionDenied):
            copied(account(role, "yanbian", role), year.edition)
    with pytest.raises(PermissionDenied):
        copied(account("yanji", "yanji", "litigation"), year.edition)


# --- Files -----------------------------------------------------------------------------------


def bundled() -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (scoring.BUNDLED / "yanbian-2019").glob("*.toml")}


def packed(files: dict[str, bytes], folder: str = "") -> SourceFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return SourceFile("rules.zip", buffer.getvalue())


def test_files_go_out_and_in_byte_for_byte(year: QualityYear, office: User) -> None:
    """With lines as Windows ends them, and a folder around the files."""
    given = {name: content.replace(b"\n", b"\r\n") for name, content in bundled().items()}
    draft = editions.import_edition(user=office, file=packed(given, "rules/"), summary="导入")
    out = edition_archives.archive(draft.sources)
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == given
    again = editions.import_edition(user=office, file=SourceFile("x.zip", out), summary="再导入")
    assert (again.sources, again.sha256) == (draft.sources, draft.sha256)
    assert edition_archives.archive(again.sources) == out


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SourceFile("x.zip", b"no archive"), "不是可以打开的"),
        (packed({"rulebook.toml": b""}), "缺少：metrics.toml、litigation.toml、enforcement.toml"),
        (packed({"extra.toml": b""}), "“extra.toml”不应在压缩包里"),
        (packed({"rulebook.toml": b"\xff"}), "UTF-8"),
        (packed({"rulebook.toml": b"\x00"}), "不能保存"),
        (packed({"rulebook.toml": b" " * (edition_archives.MOST_BYTES + 1)}), "太大"),
    ],
)
def test_what_is_wrong_with_an_archive(
    year: QualityYear, office: User, file: SourceFile, said: str
) -> None:
    with pytest.raises(RuleError, match=said):
        editions.import_edition(user=office, file=file, summary="导入")
    assert RulebookEdition.objects.count() == 1


# --- Effects ---------------------------------------------------------------------------------


def test_the_effect_on_a_past_month(made_year: QualityYear, office: User) -> None:
    """Only L1 differs, and only where its points do; totals move by half of it (weight 50)."""
    draft = edited(office, copied(office, made_year.edition), "2")
    page = effect_page(draft, "2019-12")
    board = scoreboard(made_year, Month(2019, 12))
    for court in page.courts:
        points = board.court(court.code).item("L1").points
        if court.code == "yanbian" or not points:
            continue
        changed = {item.code: item for item in court.items}
        assert set(changed) <= {"L1"}
        if changed:
            after, before = Decimal(changed["L1"].after or 0), Decimal(changed["L1"].before or 0)
            assert before == points
            assert abs(court.moved - (after - before) / 2) <= Decimal("0.01")
    assert page.any_change
    assert fresh(draft).state == State.DRAFT
    assert made_year.edition_id == find_year("yanbian-2019").edition_id


# --- Pages -----------------------------------------------------------------------------------


def page(name: str, *arguments: object) -> str:
    return reverse(f"courts:{name}", args=arguments)


def test_through_the_pages_from_copy_to_force(
    made_year: QualityYear, office: User, second: User
) -> None:
    writer, other = client_of(office), client_of(second)
    first = made_year.edition_id
    response = writer.post(page("edition_new"), {"source": first, "summary": "更正 L1"})
    draft = RulebookEdition.objects.get(state="draft")
    assert response.headers["Location"] == page("edition", draft.pk)
    part = page("edition_part", draft.pk, "litigation.toml", "items-1")
    form = writer.get(part).context["form"]
    values = {name: form.get_initial_for_field(f, name) for name, f in form.fields.items()}
    values["items[L1].rule.per_percent"] = "2.0"
    assert writer.post(part, values).status_code == 302
    text = writer.get(page("edition_differences", draft.pk)).content.decode()
    assert "items[L1].rule.per_percent" in text
    assert "2.0" in text
    version = fresh(draft).version
    writer.post(page("edition_propose", draft.pk), {"version": version})
    assert fresh(draft).state == State.PROPOSED
    assert writer.get(page("edition_enact", draft.pk)).status_code == 403
    confirm = other.get(page("edition_enact", draft.pk))
    assert confirm.context["effect"].month == "2019-12"
    unsure = {"version": version + 1, "in_force": first, "month": 7}
    other.post(page("edition_enact", draft.pk), unsure)
    assert fresh(draft).state == State.PROPOSED
    other.post(page("edition_enact", draft.pk), {**unsure, "sure": "on"})
    assert fresh(draft).state == State.IN_FORCE
    assert find_year("yanbian-2019").edition_id == draft.pk
    ranking = other.get(page("ranking", "yanbian-2019", "2019-06")).content.decode()
    assert RulebookEdition.objects.get(pk=first).sha256[:8] in ranking


def test_a_proposal_tells_those_who_may_put_it_in_force(
    year: QualityYear, office: User, second: User
) -> None:
    draft = edited(office, copied(office, year.edition))
    assert client_of(second).get(page("editions")).context["waiting"] == ()
    proposed(office, draft)
    assert client_of(second).get(page("editions")).context["waiting"] == (draft,)
    assert client_of(office).get(page("editions")).context["waiting"] == ()


def test_the_codes_of_metrics_stand_beside_the_fields_that_name_them(
    year: QualityYear, office: User
) -> None:
    client = client_of(office)
    item = page("edition_part", year.edition_id, "litigation.toml", "items-1")
    assert ("appeal_revised", "二审被改判") in client.get(item).context["metrics"]
    head = page("edition_part", year.edition_id, "rulebook.toml", "general")
    assert client.get(head).context["metrics"] == ()


def test_drafts_are_the_offices_own(year: QualityYear, office: User) -> None:
    draft = copied(office, year.edition)
    desk = client_of(account("yanji", "yanji", "litigation"))
    assert desk.get(page("edition", draft.pk)).status_code == 404
    assert desk.get(page("edition", year.edition_id)).status_code == 200
    assert page("edition", draft.pk) not in desk.get(page("editions")).content.decode()
    elsewhere(year)
    stranger = client_of(account("stranger", "tonghua", "office"))
    for name in ("edition", "edition_differences", "edition_effect", "edition_files"):
        assert stranger.get(page(name, year.edition_id)).status_code == 404


def test_what_is_in_force_has_no_form_to_change_it(year: QualityYear, office: User) -> None:
    client = client_of(office)
    part = page("edition_part", year.edition_id, "litigation.toml", "items-1")
    assert "disabled" in client.get(part).content.decode()
    form = client.get(part).context["form"]
    values = {name: form.get_initial_for_field(f, name) for name, f in form.fields.items()}
    client.post(part, {**values, "items[L1].rule.per_percent": "1"})
    text = page("edition_text", year.edition_id, "litigation.toml")
    assert "readonly" in client.get(text).content.decode()
    client.post(text, {"version": year.edition.version, "text": "x = 1"})
    files = {"version": year.edition.version, "file": io.BytesIO(packed(bundled()).content)}
    client.post(page("edition_files", year.edition_id), files)
    assert fresh(year.edition).sources == year.edition.sources


def test_faults_stand_on_the_page_by_file_and_key(year: QualityYear, office: User) -> None:
    draft = copied(office, year.edition)
    client = client_of(office)
    text = page("edition_text", draft.pk, "rulebook.toml")
    broken = draft.sources["rulebook.toml"].replace("weight = 50", "weight = 60", 1)
    client.post(text, {"version": draft.version, "text": broken})
    shown = client.get(page("edition", draft.pk)).content.decode()
    assert "各类权重合计为110%，应为100%" in shown
    client.post(text, {"version": fresh(draft).version, "text": "code = "})
    shown = client.get(page("edition", draft.pk)).content.decode()
    assert "不是有效的TOML文件" in shown
    assert "只能作为文本修改" in shown


def test_the_exports(made_year: QualityYear, office: User) -> None:
    client = client_of(office)
    draft = edited(office, copied(office, made_year.edition))
    for name, arguments, words in (
        ("editions", [], "yanbian-2019"),
        ("edition_differences", [draft.pk], "items[L1].rule.per_percent"),
        ("edition_effect", [draft.pk], "延吉法院"),
    ):
        csv = client.get(page(name, *arguments) + "?_export=csv").content.decode("utf-8-sig")
        assert words in csv
        assert client.get(page(name, *arguments) + "?_export=xlsx").status_code == 200


def test_queries_do_not_grow(made_year: QualityYear, office: User) -> None:
    """With courts, drafts, edits and proposals."""
    client = client_of(office)
    draft = edited(office, copied(office, made_year.edition))
    names = ("edition", "edition_differences", "edition_effect")
    addresses = [page("editions"), *(page(name, draft.pk) for name in names)]

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
            counts.append(len(found))
        return counts

    before = queries()
    assert max(before) <= 24
    more_courts(made_year, 20)
    for number in range(3, 8):
        edited(office, draft, str(number))
        edited(office, copied(office, made_year.edition), str(number))
    assert queries() == before


def test_the_trigger_is_there() -> None:
    """A migration that makes the table anew on SQLite drops it; it must put it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        assert ("edition_in_force_held",) in cursor.fetchall()

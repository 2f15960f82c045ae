"""Writing an issue on its page: drafts, blocks, two editors, numbers, receipts, and the paper."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from courts.bulletins.selectors.prose.issues import prose_of, wording_faults
from courts.bulletins.services.prose import (
    BlockEntry,
    BlockStatus,
    leave_block_out,
    make_draft,
    save_block,
)
from courts.models import (
    BlockRevision,
    Bulletin,
    BulletinReceipt,
    Event,
    PaperSettings,
    QualityYear,
    User,
)
from tests.courts.issue_fixtures import (
    ask_nobody,
    closed_month,
    issued,
    people_of_issuing,
)
from tests.pages import client_of

pytestmark = pytest.mark.django_db
ROOT = "/yanbian-2019/bulletins/"


@pytest.fixture
def people(made_year: QualityYear) -> dict[str, User]:
    return people_of_issuing()


@pytest.fixture
def issue(made_year: QualityYear, people: dict[str, User]) -> Bulletin:
    """A draft of December by the first of the office."""
    return make_draft(user=people["office2"], snapshot=closed_month(made_year, people["office"]))


def post(client: Any, issue: Bulletin, user: User, act: str, **more: Any) -> Any:
    content = {"act": act, "user": str(user.pk), "language": "zh", "since": 0, **more}
    return client.post(
        f"{ROOT}{issue.pk}/blocks/", json.dumps(content), content_type="application/json"
    )


def block_of(issue: Bulletin, key: str) -> dict[str, Any]:
    from courts.bulletins.selectors.editing import block_shown

    issue.refresh_from_db()
    prose = prose_of(issue, "zh")
    return block_shown(prose, prose.block[key]).as_json()


@pytest.mark.database
def test_a_closed_month_is_drafted_once(made_year: QualityYear, people: dict[str, User]) -> None:
    snapshot = closed_month(made_year, people["office"])
    client = client_of(people["office2"])
    page = client.get(ROOT).content.decode()
    assert "12月已关账，还没有通报" in page
    answer = client.post(f"{ROOT}draft/{snapshot.pk}/")
    made = Bulletin.objects.get()
    assert answer["Location"] == f"{ROOT}{made.pk}/edit/"
    assert made.title == "关于2019年1—12月全州法院\n“审判执行质量年”活动考核情况的通报"
    assert (made.state, made.side, made.made_by) == ("draft", "both", people["office2"])
    # A desk drafts none, and there is none to draft any more.
    assert client.post(f"{ROOT}draft/{snapshot.pk}/").status_code == 404
    assert client_of(people["desk"]).post(f"{ROOT}draft/{snapshot.pk}/").status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.create(
            quality_year=made_year,
            snapshot=snapshot,
            side="both",
            month=12,
            carrier="redhead",
            title="又一份",
            made_at=made.made_at,
        )


def test_the_page_shows_every_block_with_its_numbers(
    issue: Bulletin, people: dict[str, User], django_assert_max_num_queries: Any
) -> None:
    client = client_of(people["office2"])
    client.get(f"{ROOT}{issue.pk}/edit/")
    with django_assert_max_num_queries(30):
        page = client.get(f"{ROOT}{issue.pk}/edit/").content.decode()
    # One more is what an added paragraph is made from.
    assert page.count('data-block="') == len(prose_of(issue, "zh").blocks) + 1
    assert 'data-key="all:L1:value">579</a>' in page
    assert client_of(people["desk"]).get(f"{ROOT}{issue.pk}/edit/").status_code == 404


def test_a_number_opens_to_figures_paragraph_and_who_verified(
    issue: Bulletin, people: dict[str, User]
) -> None:
    client = client_of(people["office2"])
    page = client.get(f"{ROOT}{issue.pk}/number/", {"key": "all:L1:value"}).content.decode()
    assert "附件1·二·1" in page
    # Nine courts with five figures each; Yanji's revised on appeal stand among them.
    assert page.count("<tr>") == 1 + 9 * 5
    assert issue.snapshot.sha256[:16] in page
    part = client.get(f"{ROOT}{issue.pk}/number/", {"key": "all:L1:value", "part": "1"})
    assert b"<html" not in part.content
    assert client.get(f"{ROOT}{issue.pk}/number/", {"key": "all:L9"}).status_code == 404


def test_a_block_is_saved_over_the_version_seen(issue: Bulletin, people: dict[str, User]) -> None:
    user = people["office2"]
    client = client_of(user)
    block = block_of(issue, "problems.cap")
    text = block["text"].replace("超过全年控制上限。", "超过全年控制上限，须高度重视。")
    answer = post(
        client, issue, user, "save", block="problems.cap", seen=1, text=text, keys=block["keys"]
    ).json()
    assert answer["result"] == {"status": "saved", "block": "problems.cap"}
    [saved] = answer["blocks"]
    assert (saved["version"], saved["text"], saved["changed_by"]) == (2, text, str(user))
    # Stored are the keys, not the numbers.
    issue.refresh_from_db()
    held = issue.prose["zh"]["edited"]["problems.cap"]["text"]
    assert "⟦court/yanbian:L1:cap⟧" in held
    assert issue.version == 2
    # The same text again is no write.
    again = post(
        client, issue, user, "save", block="problems.cap", seen=2, text=text, keys=block["keys"]
    ).json()
    assert again["result"]["status"] == "unchanged"
    assert BlockRevision.objects.filter(bulletin=issue).count() == 1


def test_two_editors_lose_nothing(issue: Bulletin, people: dict[str, User]) -> None:
    """Of one version each writes: the second is told of the first and keeps its own text."""
    first, second = people["office2"], people["centre"]
    one, two = client_of(first), client_of(second)
    block = block_of(issue, "measures.1")
    common = {"block": "measures.1", "seen": 1, "keys": block["keys"]}
    other = {"block": "measures.5", "seen": 1, "keys": block_of(issue, "measures.5")["keys"]}
    assert post(one, issue, first, "save", text="逐案评查。", **common).status_code == 200
    answer = post(two, issue, second, "save", text="重点评查。", **common).json()
    assert answer["result"] == {"status": "conflict", "block": "measures.1"}
    [theirs] = answer["blocks"]
    assert (theirs["text"], theirs["changed_by"]) == ("逐案评查。", str(first))
    # Another block at the same time is nobody's conflict, and both stay.
    answer = post(two, issue, second, "save", text="培训。", open="measures.5", **other).json()
    assert answer["result"]["status"] == "saved"
    assert block_of(issue, "measures.1")["text"] == "逐案评查。"
    assert block_of(issue, "measures.5")["text"] == "培训。"
    # The first hears of it, and of who is there.
    answer = post(one, issue, first, "look").json()
    assert {"name": str(second), "block": "measures.5"} in answer["others"]
    assert {one["key"] for one in answer["blocks"]} == {"measures.1", "measures.5"}
    assert set(issue.writers.all()) == {first, second}


@pytest.mark.database
def test_the_database_takes_no_version_twice(issue: Bulletin, people: dict[str, User]) -> None:
    values: dict[str, Any] = {
        "bulletin": issue,
        "language": "zh",
        "block": "measures.1",
        "version": 2,
        "at": issue.made_at,
    }
    BlockRevision.objects.create(text="甲", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        BlockRevision.objects.create(text="乙", **values)
    # And never another text of one.
    with pytest.raises(IntegrityError), transaction.atomic():
        BlockRevision.objects.filter(bulletin=issue).update(text="丙")


def test_a_typed_number_is_marked_until_somebody_says_why(
    issue: Bulletin, people: dict[str, User]
) -> None:
    user = people["office2"]
    client = client_of(user)
    text = "全州法院共召开质量分析会3次。"
    checked = post(client, issue, user, "check", block="measures.5", text=text).json()["checked"]
    [finding] = checked["findings"]
    assert (finding["code"], finding["text"], finding["severity"]) == ("typed", "3", "error")
    assert checked["typed"] == ["3"]
    # Checking saves nothing.
    assert block_of(issue, "measures.5")["version"] == 1
    values = {"block": "measures.5", "seen": 1, "text": text}
    assert post(client, issue, user, "save", **values).json()["errors"] == 1
    assert len(wording_faults(Bulletin.objects.get(pk=issue.pk))) == 1
    values = values | {"seen": 2, "reasons": {"3": "办公室会议记录"}}
    assert post(client, issue, user, "save", **values).json()["errors"] == 0
    shown = block_of(issue, "measures.5")
    assert ["typed", "3", "", "办公室会议记录"] in shown["runs"]
    # Names with numbers are no figures.
    text = "按照延中法〔2019〕14号文件，实现“8090”目标，见L2.1。"
    checked = post(client, issue, user, "check", block="measures.5", text=text).json()["checked"]
    assert checked["findings"] == []


def test_a_number_changed_within_its_brackets_is_no_field(
    issue: Bulletin, people: dict[str, User]
) -> None:
    user = people["office2"]
    block = block_of(issue, "overall.cap")
    text = block["text"].replace("⟦579⟧", "⟦578⟧", 1)
    keys = {"578": block["keys"]["579"], **block["keys"]}
    values = {"block": "overall.cap", "text": text, "keys": keys}
    checked = post(client_of(user), issue, user, "check", **values).json()["checked"]
    [finding] = checked["findings"]
    assert (finding["code"], finding["text"]) == ("unknown_field", "⟦578⟧")


def test_findings_stand_beside_the_text_as_it_is_edited(
    issue: Bulletin, people: dict[str, User]
) -> None:
    user = people["office2"]
    block = block_of(issue, "enforcement.C2")
    text = block["text"] + "执结率上升⟦80⟧%。"
    values = {"block": "enforcement.C2", "text": text, "keys": block["keys"]}
    answer = post(client_of(user), issue, user, "check", **values).json()
    [finding] = answer["checked"]["findings"]
    assert finding["code"] == "rate_unit"
    assert text[finding["start"] : finding["end"]] == "上升⟦80⟧%" == finding["text"]


def test_editing_voids_the_signatures(
    made_year: QualityYear, issue: Bulletin, people: dict[str, User]
) -> None:
    from courts.bulletins.services.signatures import sign

    ask_nobody(made_year, people["office"])
    Bulletin.objects.filter(pk=issue.pk).update(number=1, number_year=2020, dated_on="2020-01-10")
    issue.refresh_from_db()
    issue = sign(user=people["office3"], bulletin=issue, seen=issue.version)
    assert [one.by for one in issue.signatures.all()] == [people["office3"]]
    entry = BlockEntry("measures.5", 1, "培训。", {}, {})
    result = save_block(user=people["office2"], bulletin=issue, language="zh", entry=entry)
    assert result.status is BlockStatus.SAVED
    issue.refresh_from_db()
    assert issue.state == "draft"
    assert not issue.signatures.exists()
    assert Event.objects.filter(action="void_signatures").count() == 1


def test_an_error_of_wording_keeps_the_issue_from_being_signed(
    made_year: QualityYear, issue: Bulletin, people: dict[str, User]
) -> None:
    from courts.bulletins.services.signatures import sign
    from courts.frame.refusals import ReturnError

    ask_nobody(made_year, people["office"])
    Bulletin.objects.filter(pk=issue.pk).update(number=1, number_year=2020, dated_on="2020-01-10")
    entry = BlockEntry("measures.5", 1, "执结率上升很多，共5次。", {}, {})
    save_block(user=people["office2"], bulletin=issue, language="zh", entry=entry)
    issue.refresh_from_db()
    with pytest.raises(ReturnError, match="1处用语错误"):
        sign(user=people["office3"], bulletin=issue, seen=issue.version)
    entry = BlockEntry("measures.5", 2, "培训。", {}, {})
    save_block(user=people["office2"], bulletin=issue, language="zh", entry=entry)
    issue.refresh_from_db()
    issued(issue, people)
    issue.refresh_from_db()
    # What was signed is kept whole, block by block.
    assert issue.state == "published"
    frozen = issue.prose["zh"]["frozen"]
    assert [one["key"] for one in frozen] == [one.key for one in prose_of(issue, "zh").blocks]
    # And nothing of it is edited any more.
    answer = post(
        client_of(people["office2"]),
        issue,
        people["office2"],
        "save",
        block="measures.5",
        seen=3,
        text="改。",
    )
    assert answer.status_code == 409


def test_blocks_are_added_left_out_and_restored(issue: Bulletin, people: dict[str, User]) -> None:
    user = people["office2"]
    client = client_of(user)
    answer = post(client, issue, user, "add", block="problems.cap").json()
    own = answer["result"]["block"]
    order = answer["order"]
    assert order[order.index("problems.cap") + 1] == own
    save = {"block": own, "seen": 1, "text": "主要原因是新类型案件增多。"}
    assert post(client, issue, user, "save", **save).json()["result"]["status"] == "saved"
    entry = {"block": "measures.5", "seen": 1, "text": "培训。"}
    post(client, issue, user, "save", **entry)
    answer = post(client, issue, user, "restore", block="measures.5", seen=2).json()
    assert answer["result"]["status"] == "saved"
    assert "组织视频培训" in block_of(issue, "measures.5")["text"]
    # Of a version that was not seen nothing is left out.
    left = leave_block_out(user=user, bulletin=issue, language="zh", key="measures.5", seen=1)
    assert left.status is BlockStatus.CONFLICT
    post(client, issue, user, "leave_out", block="measures.5", seen=3)
    issue.refresh_from_db()
    assert "measures.5" not in prose_of(issue, "zh").block
    assert own in prose_of(issue, "zh").block


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"act": "save"}', b'{"act": "publish", "user": "1", "language": "zh"}'],
)
def test_what_cannot_be_read_is_refused(
    issue: Bulletin, people: dict[str, User], body: bytes
) -> None:
    client = client_of(people["office2"])
    answer = client.post(f"{ROOT}{issue.pk}/blocks/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer["X-Part"] == "blocks"


def test_nobodys_text_goes_out_under_another_name(issue: Bulletin, people: dict[str, User]) -> None:
    answer = post(
        client_of(people["office2"]),
        issue,
        people["centre"],
        "save",
        block="measures.5",
        seen=1,
        text="培训。",
    )
    assert answer.status_code == 409
    assert not BlockRevision.objects.exists()


def test_number_date_and_title_are_set_over_the_version_seen(
    issue: Bulletin, people: dict[str, User]
) -> None:
    client = client_of(people["office2"])
    address = f"{ROOT}{issue.pk}/edit/"
    values = {
        "carrier": "redhead",
        "number_year": "2020",
        "number": "3",
        "dated_on": "2020-01-10",
        "title": "关于考核情况\r\n的通报",
        "title_ko": "통보",
        "seen": "1",
    }
    assert client.post(address, values).status_code == 302
    issue.refresh_from_db()
    assert (issue.number, issue.title, issue.version) == (3, "关于考核情况\n的通报", 2)
    stale = client.post(address, values | {"number": "4"}).content.decode()
    assert "又有改动" in stale
    apart = client.post(address, values | {"number_year": "", "seen": "2"}).content.decode()
    assert "编号和编号年份须一起填写" in apart
    issue.refresh_from_db()
    assert (issue.number, issue.version) == (3, 2)


def test_receipts_say_who_read_it_and_whom_to_remind(
    made_year: QualityYear, issue: Bulletin, people: dict[str, User]
) -> None:
    ask_nobody(made_year, people["office"])
    desk = client_of(people["desk"])
    assert desk.get(f"{ROOT}{issue.pk}/").status_code == 404
    Bulletin.objects.filter(pk=issue.pk).update(number=1, number_year=2020, dated_on="2020-01-10")
    issue.refresh_from_db()
    issued(issue, people)
    for _time in range(2):
        assert desk.get(f"{ROOT}{issue.pk}/").status_code == 200
    assert BulletinReceipt.objects.get().user == people["desk"]
    page = client_of(people["leader"]).get(f"{ROOT}{issue.pk}/").content.decode()
    remind = page[page.index("待提醒") : page.index("阅读回执")]
    assert "延吉法院" not in remind
    assert "图们法院" in remind
    # A court does not see who else read it.
    assert "待提醒" not in desk.get(f"{ROOT}{issue.pk}/").content.decode()


def test_the_archive_is_searched(
    made_year: QualityYear, issue: Bulletin, people: dict[str, User]
) -> None:
    client = client_of(people["office2"])
    entry = BlockEntry("measures.5", 1, "开展庭审观摩。", {}, {})
    save_block(user=people["office2"], bulletin=issue, language="zh", entry=entry)
    title = "活动考核情况的通报</a>"
    for search, is_found in (
        ("质量年", True),
        ("12月", True),
        ("11月", False),
        ("观摩", True),
        ("质量年 观摩", True),
        ("质量年 演讲", False),
    ):
        page = client.get(ROOT, {"q": search}).content.decode()
        assert (title in page) is is_found, search
    # Nothing of a draft is told to courts.
    assert title not in client_of(people["desk"]).get(ROOT).content.decode()


def test_the_paper_is_set_by_the_office(made_year: QualityYear, people: dict[str, User]) -> None:
    client = client_of(people["office"])
    address = f"{ROOT}paper/"
    page = client.get(address).content.decode()
    assert 'value="延边朝鲜族自治州中级人民法院文件"' in page
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    values |= {"document_code": "延中法", "copies": "20", "reason": "首次设定"}
    values = {name: value for name, value in values.items() if value is not False}
    assert client.post(address, values).status_code == 302
    held = PaperSettings.objects.get()
    assert (held.version, held.copies, held.document_code) == (1, 20, "延中法")
    assert Event.objects.get(action="set_paper").reason == "首次设定"
    # Over what was not seen nothing is set, and a letterhead that breaks the rules is refused.
    assert "刚刚被别人改过" in client.post(address, values).content.decode()
    wrong = values | {"seen": "1", "document_code": ""}
    assert "红头文件须有发文机关代字" in client.post(address, wrong).content.decode()
    assert client_of(people["centre"]).get(address).status_code == 403
    assert PaperSettings.history.count() == 1

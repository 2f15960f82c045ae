"""Right and wrong sentences, one line each: what the checker says of them, and nothing else."""

from __future__ import annotations

import pytest

from courts.papers import findings
from courts.papers.findings import Severity
from courts.papers.wording import Live, check

RIGHT = [
    "全州法院发改指571件，同比减少67件、下降10.50%。",
    "发改指案件571件，同比下降10.50%，占全年上限571件的100.00%。",
    "执结率为88.20%，比目标高8.20个百分点，同比上升3.86个百分点。",
    "基层法院执结率88.20%，同比持平。",
    "申请再审、申诉案件再审率25.00%，同比下降5.97个百分点。",
    "结案平均用时140.10天，比2018年延边州平均值缩短15.15天。",
    "结案平均用时140.10天，同比延长3.20天。",
    "图们法院排名下降1位。",
    "延吉法院排名上升2位，总分上升1.25分。",
    "龙井法院总分91.20分，名次上升1位。",
    "再审被发回重审3件，上年同期为0件。",
    "二审被改判数与2018年全年按月折算数（159.17件）相比下降4.40%。",
    "12月当月执结310件，环比上升5.20%。",
    "1—12月新收案件1000件，12月当月新收90件，环比下降3.00%。",
    "终本合格率80.00%（抽查5件、合格4件）。",
    "根据延中法〔2019〕14号文件，核心指标实现“8090”。",
    "执结率与2018年平均值相比上升2.00个百分点，同比上升3.00个百分点。",
    "督办事项期限内办结率低于目标1.20个百分点。",
    "在编执行人员比例16.00%，比目标高1.00个百分点。",
    "失信名单撤销率比目标低3.10个百分点。",
    "新收案件比延吉法院多20%。",
    "2019年12月31日",
    "数据截至2019年12月31日。",
    "附表1—6见后。",
    "执结率（目标不低于90%）：基层法院92.48%，比目标高2.48个百分点，达到目标。",
    "执结率低于80%的法院有2个。",
    "12月当月新收90件；1—12月新收1000件，同比上升3.00%。",
    # Where it went to is no change.
    "一审服判息诉率由88.20%下降到80.03%，下降8.17个百分点。",
    "督办事项由3件减少到0件。",
    "发改指案件571件，降幅10.50%。",
    "执行局人数增加2名。",
    "附表1—6见后，依据延中法〔2019〕14号。",
    "实际执结率54.56%，比全国平均值（53.48%）高1.08个百分点。",
]

WRONG = [
    # The four mistakes of published bulletins.
    ("执结率为88.20%，同比上升3.86%。", ["rate_unit"]),
    ("一审服判息诉率下降8.7%，低于目标。", ["rate_unit"]),
    ("执行完毕率上升12.95%百分点。", ["unit_twice", "rate_unit"]),
    ("实际执结率比目标高3.20%。", ["rate_apart"]),
    ("执结率低于目标3.20%。", ["rate_apart"]),
    ("基层法院执结率比中级法院高3.20%。", ["rate_apart"]),
    ("执结率与2018年平均值相差3.20%。", ["rate_apart"]),
    ("一审服判息诉率由88.20%降至80.03%，降幅8.17%。", ["rate_unit"]),
    # Units.
    ("新收案件上升3个百分点。", ["count_unit"]),
    ("结案数1000件，下降2.10个百分点。", ["count_unit"]),
    ("结案平均用时下降3.20%。", ["days_unit"]),
    ("结案平均用时减少15天。", ["days_unit"]),
    ("总分上升3.86%。", ["points_unit"]),
    ("排名提高2位。", ["rank_unit"]),
    ("名次上升2.00%。", ["rank_unit"]),
    ("名次上升2名。", ["rank_unit"]),
    ("结案平均用时上升3天。", ["days_unit"]),
    ("结案平均用时缩短3个百分点。", ["days_unit"]),
    ("终本率上升3.86百分点。", ["bare_points"]),
    ("发改指案件占比下降2.00%。", ["rate_unit"]),
    # The sign twice.
    ("发改指案件下降-10.50%。", ["sign_twice"]),
    ("执结率上升+3.86个百分点。", ["sign_twice"]),
    ("执结率比目标低−3.20个百分点。", ["sign_twice"]),
    ("发改指案件下降－10.50%。", ["sign_twice"]),
    ("结案平均用时缩短-3天。", ["sign_twice"]),
    ("名次上升+2位。", ["sign_twice"]),
    # No change, and a change from zero.
    ("执结率同比上升0.00个百分点。", ["no_change"]),
    ("发改指案件同比增加0件。", ["no_change"]),
    ("名次上升0位。", ["no_change"]),
    ("结案平均用时同比缩短0天。", ["no_change"]),
    ("再审被改判3件，上年同期为0件，上升100%。", ["from_zero"]),
    ("指令再审案件由0件增至3件，上升300%。", ["from_zero"]),
    # 同比 and 环比.
    ("与2018年全年按月折算数相比，发改指案件同比下降4.40%。", ["same_period"]),
    ("12月当月新收90件，同比上升3.00%。", ["summed_months"]),
    ("1—12月新收1000件，12月当月新收90件，同比上升3.00%。", ["summed_months"]),
    ("1—11月发改指案件571件，与2018年全年相比，同比下降10.50%。", ["same_period"]),
    ("1—12月新收案件1000件，环比上升5.20%。", ["month_on_month"]),
    ("执结率环比上升1.00个百分点。", ["month_on_month"]),
    ("12月当月新收90件，1—12月新收1000件，环比上升3.00%。", ["month_on_month"]),
    # Spelling.
    ("2019年1-12月新收案件1000件。", ["range"]),
    ("2019年1~11月新收案件900件。", ["range"]),
    ("执结率在90%-95%之间。", ["range"]),
    ("附表1-6见后。", ["range"]),
    ("新收案件1000 件。", ["blank"]),
    ("结案平均用时缩短15 天。", ["blank"]),
    ("名次上升2 位，总分上升1.25 分。", ["blank", "blank"]),
    ("执结率88.20 %。", ["blank"]),
    ("执结率88.20％。", ["blank"]),
    ("执结率上升3.86 个百分点。", ["blank"]),
    # Warnings: another verb than the form has.
    ("发改指案件上升5件。", ["count_verb"]),
    ("发改指案件增长5.00%。", ["count_verb"]),
    ("执结率增长3.86个百分点。", ["rate_verb"]),
    ("总分提升3.86分。", ["points_verb"]),
]

RIGHT_KO = [
    "변경·반송·지령재심은 571건으로 지난해 같은 기간보다 67건 감소하여 10.50% 하락하였다.",
    "집행종결률은 88.20%로 목표보다 8.20%p 높다.",
    "집행종결률은 지난해 같은 기간보다 3.86%p 상승하였다.",
    "평균 소요시간은 140.10일로 15.15일 단축되였다.",
    "연길법원의 순위는 2계단 상승하고 총점은 1.25점 상승하였다.",
    "재심에서 반송된 사건은 3건이며 지난해 같은 기간은 0건이다.",
]

WRONG_KO = [
    ("집행종결률은 3.86% 상승하였다.", ["rate_unit"]),
    ("집행종결률은 목표보다 3.20% 높다.", ["rate_apart"]),
    ("신규접수 사건은 3%p 상승하였다.", ["count_unit"]),
    ("평균 소요시간은 15일 감소하였다.", ["days_unit"]),
    ("집행종결률은 -3.86%p 하락하였다.", ["sign_twice"]),
    ("집행종결률은 0.00%p 상승하였다.", ["no_change"]),
    ("2019년 1-12월 신규접수 사건", ["range"]),
    ("신규접수 사건은 1000 건이다.", ["blank"]),
    ("재심에서 변경된 사건은 3건, 지난해 같은 기간은 0건으로 100% 상승하였다.", ["from_zero"]),
    ("월별 환산수와 비교하면 사건은 동기비 4.40% 하락하였다.", ["same_period"]),
]


def codes(text: str, language: str = "zh") -> list[str]:
    return [one.code for one in check(text, language)]


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_sentence_is_let_through(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_a_wrong_sentence_is_found(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == sorted(expected)


@pytest.mark.parametrize("text", RIGHT_KO)
def test_a_right_korean_sentence_is_let_through(text: str) -> None:
    assert codes(text, "ko") == []


@pytest.mark.parametrize(("text", "expected"), WRONG_KO)
def test_a_wrong_korean_sentence_is_found(text: str, expected: list[str]) -> None:
    assert codes(text, "ko") == expected


def test_a_finding_names_its_place() -> None:
    text = "共结案1000件。执结率上升3.86%。"
    [one] = check(text)
    assert text[one.start : one.end] == "上升3.86%"
    assert one.message == "比率的变化用个百分点表示，不用%。"
    assert one.severity is Severity.ERROR


def test_only_verbs_are_warnings() -> None:
    warned = {rule.code for rule in findings.RULES if rule.severity is Severity.WARNING}
    assert warned == {"rate_verb", "count_verb", "points_verb"}


def test_a_share_of_few_cases_gives_the_counts() -> None:
    text = "终本合格率80.00%。"
    live = Live(5, 10, cases=4, whole=5)
    assert [one.code for one in check(text, live=[live])] == ["few_cases"]
    assert check("终本合格率80.00%（抽查5件、合格4件）。", live=[live]) == ()
    # Counts of another sentence are not beside it, and one count is not both.
    assert check("抽查5件、合格4件。终本合格率80.00%。", live=[Live(15, 20, 4, 5)]) != ()
    assert check("终本合格率80.00%，抽查5件。", live=[live]) != ()
    # Ten are few, eleven are not.
    assert [one.code for one in check(text, live=[Live(5, 10, cases=8, whole=10)])] == ["few_cases"]
    assert check(text, live=[Live(5, 10, cases=9, whole=11)]) == ()


def test_without_the_same_period_nothing_is_year_on_year() -> None:
    text = "发改指案件同比下降4.40%。"
    assert check(text) == ()
    assert [one.code for one in check(text, is_annual=True)] == ["same_period"]


# What a person wrote, with the live number in brackets, as the figures rose or fell by it.
DIRECTIONS = [
    ("发改指案件同比上升[10.50]%。", "zh", True, []),
    ("发改指案件同比上升[10.50]%。", "zh", False, ["direction_down"]),
    ("发改指案件同比减少[67]件、下降[10.50]%。", "zh", True, ["direction_up", "direction_up"]),
    ("执结率上升[3.86]个百分点。", "zh", False, ["direction_down"]),
    ("结案平均用时延长[15.15]天。", "zh", False, ["direction_down"]),
    ("执结率比目标低[3.86]个百分点。", "zh", True, ["direction_up"]),
    ("延吉法院名次升[2]位。", "zh", False, ["direction_down"]),
    ("延吉法院名次降[2]位。", "zh", True, ["direction_up"]),
    ("执结率下降较多，升降见表，变化[3.86]个百分点。", "zh", True, []),
    ("집행종결률은 [3.86]%p 상승하였다.", "ko", False, ["direction_down"]),
    ("집행종결률은 [3.86]%p 하락하였다.", "ko", True, ["direction_up"]),
    ("집행종결률은 [3.86]%p 하락하였다.", "ko", False, []),
]


@pytest.mark.parametrize(("text", "language", "rose", "expected"), DIRECTIONS)
def test_a_word_of_direction_that_its_live_numbers_belie(text, language, rose, expected) -> None:
    live = []
    while "[" in text:
        start = text.index("[")
        end = text.index("]") - 1
        live.append(Live(start, end, rose=rose))
        text = text.replace("[", "", 1).replace("]", "", 1)
    assert [one.code for one in check(text, language, live)] == expected

"""Two documents written by hand: a red-head document in Chinese, an issue of a series in Korean.

The courts and figures are made up; what matters is the form: several pages, tables, live numbers,
one typed by hand, Korean lines, a landscape annex of 29 columns, everything of the imprint.
"""

from courts.papers.document import (
    RED_HEAD,
    SERIES,
    START,
    Annex,
    Cell,
    Column,
    Document,
    Field,
    Heading,
    HeadLine,
    Imprint,
    Marks,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
    Typed,
)

COURTS = ["东山", "西河", "南岭", "北原", "前川", "后塘", "上坪", "下甸"]
KOREAN_COURTS = ["동산", "서하", "남령", "북원", "전천", "후당", "상평", "하전"]


def runs(*pieces: str | Run) -> tuple[Run, ...]:
    """Words and numbers of a sentence."""
    return tuple(Text(piece) if isinstance(piece, str) else piece for piece in pieces)


def live(text: str, place: str = "9999/O1") -> Field:
    """A live number."""
    return Field(f"court/{place}/points", text, "附件1·一·1")


def cells(*texts: str) -> tuple[Cell, ...]:
    """A row's cells; what looks like a number is live."""
    return tuple(Cell((live(text),) if text[:1].isdigit() else (Text(text),)) for text in texts)


def points_table(names: list[str], caption: str, titles: list[str]) -> Table:
    """Points and ranks, the intermediate court apart."""
    rows = [
        Row(cells(name, f"{48 - number}.{number}5", f"{46 - number}.5{number}",
                  f"{94 - 2 * number}.{number}{number}", str(number + 1)))
        for number, name in enumerate(names)
    ]  # fmt: skip
    rows.append(Row(cells(titles[5], "41.20", "40.80", "82.00", "—"), is_apart=True))
    return Table(
        caption=runs(caption),
        columns=tuple(
            Column(title, width=3 if number == 0 else 2) for number, title in enumerate(titles[:5])
        ),
        rows=tuple(rows),
        notes=(Paragraph(runs(titles[6])),),
    )


def wide_table(
    caption: str, court: str, total: str, sides: tuple[str, str], names: list[str]
) -> Table:
    """Every item's points of every court, on the long side of the page."""
    items = [f"L{number}" for number in range(1, 14)] + [f"E{number}" for number in range(1, 15)]
    columns = [Column(court, width=3)]
    columns += [Column(item, group=sides[item[0] == "E"], width=2) for item in items]
    columns.append(Column(total, width=3))
    rows = tuple(
        Row(cells(name, *(f"{(number + place) % 4}.{place:02d}" for place in range(27)),
                  f"{90 - number}.5{number}"))
        for number, name in enumerate(names)
    )  # fmt: skip
    return Table(runs(caption), tuple(columns), rows, landscape=True)


def chinese_document() -> Document:
    """A red-head document of several pages."""
    body: list[Heading | Paragraph | Table] = [
        Paragraph(
            runs(
                "为全面掌握全州法院审判执行质量年活动进展情况，现将2019年1—12月考核情况通报如下。"
                "数据截至2020年1月3日，取自电子法院业务应用系统和执行指挥平台，以第",
                live("3"),
                "版考核规则计算；少数数据因系统原因可能与实际略有误差。",
            )
        ),
        Heading(1, runs("一、总体情况")),
        Heading(2, runs("（一）主要指标")),
        Paragraph(
            runs(
                "全州法院发改案件", live("212"), "件，同比减少", live("38"), "件、下降",
                live("15.2"), "%，占全年上限", live("240"), "件的", live("88.33"),
                "%。服判息诉率", live("91.46"), "%，比目标高", live("1.46"), "个百分点；另有",
                Typed("3", "执行指挥中心2020年1月2日函"), "件因系统迁移未计入。",
            )
        ),
        Heading(3, runs("1.得分与名次。")),
        Paragraph(runs("各法院得分与名次见下表，中级人民法院单列。")),
        points_table(
            COURTS,
            "表1　2019年1—12月得分与名次",
            ["法院", "诉讼", "执行", "总分", "名次", "中级法院", "注：诉讼、执行各50分。"],
        ),
        Heading(4, runs("（1）名次变化。")),
        Paragraph(runs("东山法院上升", live("2"), "位，下甸法院下降", live("1"), "位。")),
    ]  # fmt: skip
    for level, number in enumerate("二三四五", start=2):
        body.append(Heading(1, runs(f"{number}、分项情况")))
        for part in range(1, 5):
            body.append(Heading(2, runs(f"（{'一二三四'[part - 1]}）第{part}项")))
            body.append(
                Paragraph(
                    runs(
                        "本项全州法院为", live(f"{level}{part}.6{part}"),
                        "%，与2018年全年按月折算数相比上升", live(f"{part}.0{level}"),
                        "个百分点。排在前面的是东山、西河法院，排在后面的是上坪、下甸法院；"
                        "各法院应当逐案分析原因，于2020年2月15日前书面报告整改情况。",
                    )
                )
            )  # fmt: skip
    return Document(
        carrier=RED_HEAD,
        language="zh",
        head=(
            HeadLine("연변조선족자치주중급인민법원 문건", "ko"),
            HeadLine("延边朝鲜族自治州中级人民法院文件"),
        ),
        number="延中法〔2020〕7号",
        title=(
            "关于2019年1—12月全州法院",
            "“审判执行质量年”活动考核情况的通报",
        ),
        addressee="各县（市）人民法院，本院各部门：",
        blocks=tuple(body),
        annex_list=("附件：1.各法院各项得分表", "2.说明"),
        annexes=(
            Annex(
                "附件1",
                "各法院各项得分表",
                (
                    wide_table(
                        "2019年1—12月", "法院", "总分", ("诉讼", "执行"), [*COURTS, "中级法院"]
                    ),
                ),
            ),
            Annex(
                "附件2",
                "说明",
                (
                    Paragraph(runs("L7由民主测评产生，详见测评记录。"), is_flush=True),
                    Table(
                        runs("报送情况"),
                        (Column("法院", width=1), Column("内容", width=4, align=START)),
                        (Row(cells("东山", "按时报送，第2次核对后无差异。")),),
                    ),
                ),
            ),
        ),
        signature=("延边朝鲜族自治州中级人民法院",),
        date="2020年1月10日",
        day="2020-01-10",
        imprint=Imprint(
            "抄送：州委政法委，省高级人民法院审判管理办公室、执行指挥中心，本院院领导、"
            "审判委员会委员。",
            "延边朝鲜族自治州中级人民法院办公室",
            "2020年1月10日印发",
            "共印30份",
        ),
        marks=Marks("演示数据", "内部资料"),
        stamp="ab" * 32,
    )


def korean_document() -> Document:
    """An issue of a series in Korean, without a signature."""
    body: list[Heading | Paragraph | Table] = [
        Paragraph(
            runs(
                "전 주 법원의 심판집행 품질의 해 활동 진행 상황을 전면적으로 파악하기 위하여 "
                "2019년 1—12월 심사 상황을 다음과 같이 통보한다. 데이터는 2020년 1월 3일까지의 "
                "것으로 심사규칙 제",
                live("3"),
                "판에 따라 계산하였다.",
            )
        ),
        Heading(1, runs("1. 총체적 상황")),
        points_table(
            KOREAN_COURTS,
            "표1  2019년 1—12월 점수와 순위",
            [
                "법원",
                "소송",
                "집행",
                "총점",
                "순위",
                "중급법원",
                "주: 소송과 집행은 각각 50점이다.",
            ],
        ),
    ]
    for level in range(2, 6):
        body.append(Heading(1, runs(f"{level}. 항목별 상황")))
        for part in range(1, 5):
            body.append(Heading(2, runs(f"({part}) 제{part}항")))
            body.append(
                Paragraph(
                    runs(
                        "본 항목의 전 주 법원 수치는 ", live(f"{level}{part}.6{part}"),
                        "%로 2018년 전년도의 월별 환산 수치와 비교하여 ", live(f"{part}.0{level}"),
                        "퍼센트포인트 상승하였다. 각 법원은 사건별로 원인을 분석하고 2020년 "
                        "2월 15일 전으로 시정 상황을 서면으로 보고하여야 한다.",
                    )
                )
            )  # fmt: skip
    return Document(
        carrier=SERIES,
        language="ko",
        head=(HeadLine("심판집행 품질의 해 통보", "ko"),),
        number="제12호",
        issuer="연변조선족자치주중급인민법원 심판관리판공실",
        title=("2019년 1—12월 전 주 법원", "‘심판집행 품질의 해’ 활동 심사 상황에 관한 통보"),
        addressee="각 현(시) 인민법원, 본원 각 부서:",
        blocks=tuple(body),
        annex_list=("첨부: 1. 각 법원 항목별 점수표",),
        annexes=(
            Annex(
                "첨부 1",
                "각 법원 항목별 점수표",
                (
                    wide_table(
                        "2019년 1—12월",
                        "법원",
                        "총점",
                        ("소송", "집행"),
                        [*KOREAN_COURTS, "중급법원"],
                    ),
                ),
            ),
        ),
        signature=(),
        date="2020년 1월 10일",
        day="2020-01-10",
        imprint=Imprint(
            "참조 발송: 주당위 정법위원회, 성고급인민법원 심판관리판공실.",
            "연변조선족자치주중급인민법원 판공실",
            "2020년 1월 10일 인쇄 발송",
            "총 30부",
        ),
        marks=Marks("시범 데이터", "내부 자료"),
        stamp="cd" * 32,
    )

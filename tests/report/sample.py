"""A report model as a large maker of telecom equipment would have it; figures are made up."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256

from linyin.inventory.report.model import (
    BaseYear,
    Boundary,
    Cause,
    Elimination,
    Entity,
    Estimate,
    Exclusion,
    Factor,
    FindingLine,
    GasAmount,
    Identity,
    Instrument,
    Intensity,
    Label,
    Line,
    Memo,
    Method,
    Recalculation,
    Removal,
    ReportModel,
    Scope2Market,
    Screening,
    SiteTotal,
    Uncertainty,
    YearTotals,
)

T = 10**9
AR6 = {"co2": 1, "ch4": 28, "n2o": 273, "sf6": 24300}
ISO = {1: 1, 2: 2}
ISO3 = {3: 4, 4: 3, 6: 3, 7: 3, 9: 3, 1: 4, 2: 4, 5: 4, 8: 4}

TONNES_2023 = {
    ("1.1", ""): 48_210,
    ("1.2", ""): 9_431,
    ("1.3", ""): 1_204,
    ("1.4", ""): 22_518,
    ("2.1", "location"): 812_337,
    ("2.1", "market"): 655_910,
    ("2.2", "location"): 24_770,
    ("2.2", "market"): 24_770,
    ("3.1", ""): 6_902_115,
    ("3.2", ""): 143_902,
    ("3.3", ""): 171_026,
    ("3.4", ""): 233_418,
    ("3.5", ""): 12_780,
    ("3.6", ""): 96_334,
    ("3.7", ""): 61_870,
    ("3.8", ""): 18_204,
    ("3.9", ""): 40_551,
    ("3.11", ""): 74_382_904,
    ("3.12", ""): 30_125,
    ("3.13", ""): 7_890,
    ("3.15", ""): 52_117,
}
QUALITY = {"1": 1.6, "2": 1.3, "3": 2.9}


def split(line: str, co2e_mg: int) -> tuple[GasAmount, ...]:
    if line == "1.4":
        sf6 = co2e_mg // 10
        return (
            GasAmount("hfc", co2e_mg - sf6),
            GasAmount("sf6", sf6, sf6 // AR6["sf6"]),
        )
    if line in ("3.1", "3.2"):
        return (GasAmount("undivided", co2e_mg),)
    ch4, n2o = co2e_mg // 400, co2e_mg // 300
    return (
        GasAmount("co2", co2e_mg - ch4 - n2o, co2e_mg - ch4 - n2o),
        GasAmount("ch4", ch4, ch4 // AR6["ch4"]),
        GasAmount("n2o", n2o, n2o // AR6["n2o"]),
    )


def iso_category(line: str) -> int:
    scope, number = (int(part) for part in line.split("."))
    return ISO.get(scope) or ISO3.get(number, 5)


def lines() -> tuple[Line, ...]:
    built = []
    for (line, method), tonnes in TONNES_2023.items():
        co2e = tonnes * T + 123_456_789
        built.append(
            Line(
                line,
                method,
                iso_category(line),
                co2e,
                split(line, co2e),
                biogenic_co2_mg=1_312 * T if line == "1.2" else 0,
                estimated_share={"3.4": 0.12, "3.7": 0.4, "1.1": 0.02}.get(line, 0.005),
                supplier_share={"3.1": 0.31, "3.4": 0.22}.get(line, 0.0)
                if line.startswith("3")
                else None,
                quality=QUALITY[line[0]],
                data_sources=Label(
                    "purchase ledger, suppliers' footprints", "采购台账、供应商碳足迹数据"
                )
                if line == "3.1"
                else Label("invoices and meters", "发票与计量表"),
            )
        )
    return tuple(built)


CAMPUSES = [
    ("SZ-HQ", "Shenzhen campus", "深圳总部园区", "CN", 22_010, 181_200, 140_100, 41_000_000),
    ("DG-SSH", "Dongguan campus", "东莞园区", "CN", 18_402, 214_800, 172_300, 19_400_000),
    ("NJ", "Nanjing campus", "南京园区", "CN", 9_871, 96_500, 78_420, 9_120_000),
    ("XA", "Xi'an campus", "西安园区", "CN", 12_664, 101_300, 88_000, 6_800_410),
    ("CS", "Changsha campus", "长沙园区", "CN", 4_310, 61_900, 54_000, 2_411_000),
    ("SH", "Shanghai research centre", "上海研发中心", "CN", 3_980, 74_230, 60_700, 1_980_220),
    ("HY", "Heyuan plant", "河源工厂", "CN", 6_700, 58_400, 50_110, 1_050_000),
    ("MAD", "Madrid office", "马德里办公室", "ES", 260, 1_904, 0, 210_000),
    ("JKT", "Jakarta office (leased)", "雅加达办公室（租赁）", "ID", 96, 3_210, 3_210, 120_404),
]


def sites() -> tuple[SiteTotal, ...]:
    return tuple(
        SiteTotal(code, Label(en, zh), "LINYIN", country, s1 * T, s2l * T, s2m * T, s3 * T)
        for code, en, zh, country, s1, s2l, s2m, s3 in CAMPUSES
    )


def factors() -> tuple[Factor, ...]:
    grid = Factor(
        "CN-GD-2023",
        "mee-grid-2021-2023",
        Label("Electricity, Guangdong, average", "广东省电力平均因子"),
        "0.4419",
        "kWh",
        "CN-GD",
        "combustion",
        "average",
        "Ministry of Ecology and Environment, China",
        "Notice 2025 no. 47",
        "Table 2, row Guangdong",
        "public notice; facts",
        "read",
        3,
        2023,
        date(2025, 12, 1),
        ("2.1",),
        512_400 * T,
        uncertainty_pct=5.0,
        uncertainty_evidence="default",
        quality="1 1 1 1 2",
    )
    diesel = Factor(
        "ipcc2006-diesel-manufacturing",
        "ipcc-fuels-2006",
        Label("Diesel, stationary, manufacturing industries", "柴油，固定源，制造业"),
        "2.6763",
        "L",
        "world",
        "combustion",
        "average",
        "IPCC",
        "2006 Guidelines",
        "Vol. 2, ch. 2, table 2.3; ch. 1, table 1.2",
        "free to use with citation",
        "read",
        2,
        2006,
        date(2006, 10, 1),
        ("1.1", "1.2"),
        31_020 * T,
        uncertainty_pct=2.0,
        uncertainty_evidence="read",
    )
    use = replace(
        grid,
        factor_id="world-use-phase-2023",
        pack="ember-countries-2024",
        name=Label("Electricity, world, life cycle (use of sold products)", "全球电力，全生命周期"),
        value="0.4810",
        place="world",
        boundary="total",
        publisher="Ember (@tgwf/co2)",
        release="0.16.9",
        source="average-intensities.min.js",
        licence="CC BY 4.0",
        evidence="file",
        copies_read=None,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        lines=("3.11",),
        co2e_mg=74_382_904 * T,
        uncertainty_pct=12.0,
    )
    draft = replace(
        diesel,
        factor_id="steam-supplier-HY",
        pack="own",
        name=Label("Steam, Heyuan industrial park", "河源工业园外购蒸汽"),
        value="0.11",
        unit="MJ",
        publisher="Heyuan Industrial Park heat supplier",
        release="letter of 2023-11-02",
        source="evidence/heyuan_industrial_park_steam_supplier_declaration_2023_signed.pdf, p. 1",
        evidence="remembered",
        copies_read=None,
        lines=("2.2",),
        co2e_mg=24_770 * T,
        draft=True,
        waived_by="Chen Li",
        uncertainty_pct=None,
        uncertainty_evidence="",
    )
    spend = replace(
        diesel,
        factor_id="epa-1.3-334413",
        pack="epa-supply-chain-1.3",
        name=Label("Semiconductors and related devices (spend)", "半导体及相关器件（按支出）"),
        value="0.137",
        unit="USD",
        place="US",
        boundary="total",
        publisher="US EPA",
        release="v1.3.0",
        source="SupplyChainGHGEmissionFactors_v1.3.0, NAICS 334413",
        licence="public domain",
        evidence="file",
        copies_read=1,
        data_year=2019,
        lines=("3.1", "3.2"),
        co2e_mg=3_904_118 * T,
        gwp_set="AR4-100",
        uncertainty_pct=30.0,
        uncertainty_evidence="default",
        quality="2 2 3 4 3",
    )
    return (use, spend, grid, diesel, draft)


def years() -> tuple[YearTotals, ...]:
    now = {line: t for (line, method), t in TONNES_2023.items() if method != "market"}
    growth = {2021: Fraction(1199, 1000), 2022: Fraction(1087, 1000), 2023: Fraction(1)}
    return tuple(
        YearTotals(
            year,
            {line: int(t * T * factor) for line, t in now.items()},
            int(680_680 * T * factor),
            restated=year == 2021,
        )
        for year, factor in growth.items()
    )


def base_year() -> BaseYear:
    first = sum(years()[0].lines.values())
    last = sum(line.co2e_mg for line in lines() if line.scope2_method != "market")
    causes = {
        "activity": 2_310_400 * T,
        "factor": -4_120_900 * T,
        "structure": -1_804_000 * T,
        "method": 210_000 * T,
        "instruments": -90_044 * T,
        "new sources": 33_500 * T,
    }
    causes["other"] = last - first - sum(causes.values())
    return BaseYear(
        2021,
        Label(
            "First year with verified data of every category.", "各类别首个经核查数据齐全的年份。"
        ),
        Label(
            "Recalculated when changes of structure, method or errors add up to the threshold.",
            "当结构、方法变化或差错累计达到阈值时重新计算。",
        ),
        5.0,
        (
            Recalculation(
                "acquisition",
                Label("Plant in Heyuan bought in July 2022", "2022年7月收购河源工厂"),
                61_000 * T,
                True,
            ),
            Recalculation(
                "method",
                Label(
                    "Spend factors of category 3.1: v1.2 to v1.3", "类别3.1支出因子由v1.2改为v1.3"
                ),
                -402_000 * T,
                False,
            ),
        ),
        Label(
            "Use phase of products sold before 2021 rests on fleet statistics.",
            "2021年之前售出产品的使用阶段基于保有量统计。",
        ),
        first,
        last,
        "Shapley",
        tuple(Cause(cause, mg) for cause, mg in causes.items()),
        -16.5,
        -19.1,
        -13.8,
        assessed=True,
    )


def uncertainty() -> tuple[Uncertainty, ...]:
    warning = Label(
        "Relative uncertainty above 30%: approach 1 is poor here, read approach 2.",
        "相对不确定性超过30%：方法1在此不可靠，请以方法2为准。",
    )
    rows = [
        ("total", 83_055_706, 11.1, -10.2, 12.4, ()),
        ("scope1", 81_363, 3.1, -3.0, 3.2, ()),
        ("scope2", 837_107, 4.2, -4.1, 4.2, ()),
        ("scope3", 82_137_236, 11.2, -10.4, 12.6, ()),
        ("3.1", 6_902_115, 34.0, -24.8, 41.2, (warning,)),
        ("3.4", 233_418, 18.9, -17.6, 20.2, ()),
        ("3.11", 74_382_904, 12.0, -11.3, 12.9, ()),
    ]
    return tuple(
        Uncertainty(subject, "location", t * T, one, low, high, 100_000, 20230, warnings)
        for subject, t, one, low, high, warnings in rows
    )


def model() -> ReportModel:
    return ReportModel(
        identity=Identity(
            run_id="2023-linyin-operational-AR6-100",
            entity="LINYIN",
            name=Label("Linyin Communications", "林荫通信"),
            standard="GHG Protocol",
            approach="operational_control",
            gwp_set="AR6-100",
            gwp_source="IPCC AR6 WG I, ch. 7, table 7.SM.7",
            year=2023,
            begin=date(2023, 1, 1),
            end=date(2024, 1, 1),
            description=Label(
                "Maker of telecom equipment, devices and cloud services, with 14 campuses in "
                "China and entities in 20 countries. An example; every figure is made up.",
                "通信设备、终端与云服务制造商，在中国有14个园区，在20个国家设有主体。本报告为示例，数据均为虚构。",
            ),
            responsible="Chen Li, head of the carbon office",
            purpose=Label(
                "Yearly inventory for targets and disclosure.", "用于目标管理与信息披露的年度核算。"
            ),
            intended_users=Label(
                "Management, customers, investors and verifiers.",
                "管理层、客户、投资者与核查机构。",
            ),
            verification=Label("Not verified by a third party.", "未经第三方核查。"),
            prepared_by="Wang Fang",
            created="2024-03-18T09:30:00+08:00",
            code_version="0.1.0",
            content_hash="b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
            policies={
                "residual.CN": "excluding traded",
                "upstream_follows": "location",
                "certificates": "proportional",
                "factor_age_limit": "5",
            },
            pins={
                "activities.csv": sha256(b"activities").hexdigest(),
                "organization.csv": sha256(b"organization").hexdigest(),
            },
        ),
        boundary=Boundary(
            Label(
                "All entities over which the group has operational control.",
                "集团拥有运营控制权的全部主体。",
            ),
            Label(
                "Scopes 1 and 2 and every category of scope 3 that applies.",
                "范围一、范围二及所有适用的范围三类别。",
            ),
            Label(
                "An indirect source is significant above 0.1% of the total, or where customers or "
                "regulators ask for it.",
                "占总量0.1%以上，或客户、监管要求披露的间接排放源为重大排放源。",
            ),
            Label(
                "CO₂ from biofuels is reported outside the scopes; CH₄ and N₂O are inside.",
                "生物燃料燃烧的CO₂在范围之外单独报告；CH₄和N₂O计入范围之内。",
            ),
            "market",
        ),
        lines=lines(),
        entities=(
            Entity("LINYIN", Label("Linyin Communications", "林荫通信"), place="CN"),
            Entity(
                "LY-MFG",
                Label("Linyin Manufacturing", "林荫制造"),
                "entity",
                "LINYIN",
                "CN",
                1.0,
                "financial",
                "LY-MFG",
            ),
            Entity(
                "LY-ES",
                Label("Linyin España", "林荫西班牙"),
                "entity",
                "LINYIN",
                "ES",
                1.0,
                "financial",
                "LY-ES",
            ),
            Entity(
                "LY-JV",
                Label("Green Cable joint venture", "绿缆合资公司"),
                "entity",
                "LY-MFG",
                "CN",
                0.5,
                "joint",
                "PARTNER",
                0.0,
            ),
            Entity(
                "SZ-HQ",
                Label("Shenzhen campus", "深圳总部园区"),
                "site",
                "LINYIN",
                "CN",
            ),
        ),
        sites=sites(),
        scope2=(
            Scope2Market(
                "CN",
                1_812_400_000.0,
                260_000_000.0,
                833_989 * T,
                676_470 * T,
                Label(
                    "No official residual mix; average without market-traded non-fossil power.",
                    "无官方剩余组合因子；采用不含市场化交易非化石电量的平均因子。",
                ),
            ),
            Scope2Market(
                "ES", 11_900_000.0, 11_900_000.0, 1_904 * T, 0, Label("AIB 2023", "AIB 2023")
            ),
            Scope2Market(
                "ID",
                3_900_000.0,
                0.0,
                3_210 * T,
                3_210 * T,
                Label("No residual mix; grid average.", "无剩余组合因子；采用电网平均因子。"),
            ),
        ),
        years=years(),
        base_year=base_year(),
        intensities=(
            Intensity(
                Label("Revenue", "营业收入"),
                104_600.0,
                "million CNY",
                "total",
                "location",
                83_055_706 * T,
            ),
            Intensity(
                Label("Revenue", "营业收入"),
                104_600.0,
                "million CNY",
                "scope12",
                "market",
                762_043 * T,
            ),
            Intensity(
                Label("Employees", "员工人数"), 98_400.0, "person", "scope12", "market", 762_043 * T
            ),
        ),
        uncertainty=uncertainty(),
        methods=(
            Method(
                "1.1",
                "",
                "fuel",
                1,
                Label("Fuel burnt", "燃料燃烧"),
                "IPCC 2006 vol. 2 ch. 2, eq. 2.1",
                Label("fuel × factor", "燃料 × 因子"),
                48_210 * T,
                Label("Metered fuel of every boiler is at hand.", "各锅炉燃料均有计量。"),
            ),
            Method(
                "2.1",
                "location",
                "grid",
                1,
                Label("Grid average", "电网平均"),
                "GHG Protocol Scope 2 Guidance, ch. 6",
                Label("power × factor", "电量 × 因子"),
                812_337 * T,
            ),
            Method(
                "2.1",
                "market",
                "instruments",
                1,
                Label("Contractual instruments", "合同工具"),
                "GHG Protocol Scope 2 Guidance, ch. 6–7",
                Label("covered × instrument + rest × residual", "已覆盖 × 工具 + 其余 × 剩余"),
                655_910 * T,
            ),
            Method(
                "3.1",
                "",
                "spend",
                1,
                Label("Spend", "支出法"),
                "GHG Protocol Scope 3 Technical Guidance, ch. 1",
                Label("spend × factor", "支出 × 因子"),
                4_762_000 * T,
                Label("No supplier data for this part of purchases.", "该部分采购无供应商数据。"),
                Label("Prices deflated to 2022, net of VAT.", "价格折算至2022年，不含增值税。"),
                Label("Factors moved from v1.2 to v1.3.", "因子由v1.2更新为v1.3。"),
            ),
            Method(
                "3.11",
                "",
                "use_direct",
                1,
                Label("Direct use phase", "直接使用阶段"),
                "GHG Protocol Scope 3 Technical Guidance, ch. 11",
                Label("units × energy × lifetime × grid", "台数 × 能耗 × 寿命 × 电网"),
                74_382_904 * T,
                Label("Power draw and lifetime are measured.", "功率与寿命均有实测。"),
                Label("Lifetimes of 5 to 10 years.", "寿命按5至10年计。"),
            ),
            Method(
                "3.4",
                "",
                "spend",
                1,
                Label("Spend", "支出法"),
                "GHG Protocol Scope 3 Technical Guidance, ch. 4",
                Label("spend × factor", "支出 × 因子"),
                260_010 * T,
                role="alternative",
            ),
        ),
        factors=factors(),
        estimates=(
            Estimate(
                "JKT",
                "2.1",
                "same_month_last_year",
                "estimated",
                3,
                802 * T,
                Label("Bills for Oct–Dec 2023 missing.", "缺少2023年10–12月账单。"),
            ),
            Estimate("SH", "3.7", "per_head", "default", 12, 24_748 * T),
        ),
        exclusions=(
            Exclusion(
                Label("Refrigerant of office vending machines", "办公室售货机制冷剂"),
                Label("Below 0.001% of the total; no records.", "低于总量0.001%，无记录。"),
                "1.4",
                41 * T,
            ),
        ),
        screening=(
            *(
                Screening(line, "quantified", tonnes > 83_000, tonnes / 83_055_706)
                for (line, _), tonnes in TONNES_2023.items()
                if line.startswith("3")
            ),
            Screening(
                "3.10",
                "excluded",
                False,
                0.0,
                Label(
                    "Few products are processed further; estimated below 0.01%.",
                    "少量产品需再加工，估计低于0.01%。",
                ),
            ),
            Screening(
                "3.14",
                "not_applicable",
                None,
                0.0,
                Label("The group grants no franchises.", "集团无特许经营业务。"),
            ),
        ),
        findings=(
            FindingLine(
                "months-missing",
                "warning",
                Label(
                    "activities.csv, row 1204: Jakarta office, electricity: no rows for October to "
                    "December 2023. Add them or estimate them.",
                    "activities.csv，第1204行：雅加达办公室电力缺少2023年10–12月数据。请补录或估算。",
                ),
            ),
            FindingLine(
                "factor-draft",
                "error",
                Label(
                    "factors.csv, row 7: factor steam-supplier-HY is remembered, not read. Add its "
                    "document or waive it by name.",
                    "factors.csv，第7行：因子steam-supplier-HY凭记忆录入，未核对原文。请补充文件或具名豁免。",
                ),
            ),
            FindingLine(
                "jump",
                "question",
                Label(
                    "Category 3.6: 2.4 times the year before. Is that so?",
                    "类别3.6：为上年的2.4倍。是否属实？",
                ),
            ),
        ),
        instruments=(
            Instrument(
                "GEC-2023-0117",
                "certificate",
                "LINYIN",
                "CN",
                "solar PV",
                "2023-01…2023-12",
                260_000_000.0,
                260_000_000.0,
                "0",
                "China GEC",
                True,
            ),
            Instrument(
                "IREC-ES-88",
                "certificate",
                "LY-ES",
                "ES",
                "wind",
                "2023-01…2023-12",
                14_000_000.0,
                11_900_000.0,
                "0",
                "AIB GO",
                True,
                Label("Surplus of 2.1 GWh is not used.", "2.1 GWh盈余未使用。"),
            ),
        ),
        memos=(
            Memo(
                "montreal",
                Label("HCFC-22 (R22), leakage", "HCFC-22（R22）泄漏"),
                812 * T // 1000,
                1_591 * T,
            ),
            Memo(
                "project_lifetime",
                Label("Solar farm financed in 2023, 25 years", "2023年投资光伏电站，25年"),
                None,
                90_400 * T,
            ),
        ),
        eliminations=(Elimination("3.1", "LINYIN", "LY-MFG", 12_404 * T),),
        removals=(Removal(Label("Afforestation, Heyuan", "河源造林"), "1.3", 820 * T),),
    )

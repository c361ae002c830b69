"""Pages about factor packs, units and gases: what is in them and how well it is known."""

from __future__ import annotations

from collections import Counter

from documentation.text import Lang, code, page, pick, rows_of, table


def factor_packs(lang: Lang) -> str:
    """Return the page about the packs, with the provenance of their rows counted."""
    releases = rows_of("ledger", "packs", "releases.csv")
    contents = {r["pack"]: rows_of("ledger", "packs", f"{r['pack']}.csv") for r in releases}
    head = pick(
        lang,
        "Pack|Rows|For|Places|Average of|Data of|From file|Read|Remembered|Drafts|Licence",
        "因子包|行数|用途|地区数|何地平均|数据年份|取自文件|转录核对|凭记忆|草稿|许可",
    ).split("|")
    sources = table(
        pick(lang, "Pack|Release|Attribution", "因子包|版本|署名").split("|"),
        ((code(r["pack"]), r["release"], r["attribution"]) for r in releases),
    )
    return page(
        pick(lang, "Factor packs", "因子包"),
        pick(
            lang,
            "A released pack never changes; its sha256 is kept in `releases.csv`. *From file*: "
            "read by program from the publisher's or a packaged data file. *Read*: in a "
            "transcription, with the number of independent copies in each row. *Remembered*: a "
            "draft, used and shown as such, that blocks publishing unless waived by name. *Average "
            "of*: the country whose averages stand in elsewhere, told as a question.",
            "已发布的因子包不再变化，其 sha256 记录于 `releases.csv`。"
            "*取自文件*：由程序从发布方文件或打包数据读取。*转录核对*：取自转录文本，每行记有核对的独立副本数。"
            "*凭记忆*：草稿，可以使用并在报告中标明，除非逐个豁免，否则不能发布。"
            "*何地平均*：其平均值在其他地区代用的国家，代用时会提出疑问。",
        ),
        table(head, (_pack_row(r, contents[r["pack"]]) for r in releases)),
        f"## {pick(lang, 'Sources', '来源')}",
        sources,
        f"## {pick(lang, 'Beside the packs', '附属数据表')}",
        table(
            pick(lang, "Table|Rows|Holds", "数据表|行数|内容").split("|"),
            _companions(lang),
        ),
    )


def _pack_row(release: dict[str, str], rows: list[dict[str, str]]) -> list[object]:
    evidence = Counter(row["evidence"] for row in rows)
    years = sorted({int(row["data_year"]) for row in rows})
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return [
        code(release["pack"]),
        len(rows),
        ", ".join(sorted({row["use"] for row in rows})),
        len({row["place"] for row in rows}),
        release["average_of"],
        span,
        evidence["file"] or "",
        evidence["read"] or "",
        evidence["remembered"] or "",
        sum(row["status"] == "draft" for row in rows) or "",
        release["licence"],
    ]


def _companions(lang: Lang) -> list[tuple[object, ...]]:
    told = {
        "gwp": ("global warming potentials, by gas, set and origin", "各气体、版本、来源的GWP"),
        "blends": ("compositions of refrigerant blends", "混合制冷剂组成"),
        "fuels": ("fuels, their names and net-to-gross ratios", "燃料名称与高低位热值比"),
        "fuel_defaults": (
            "heat value, carbon content and oxidation by table",
            "各缺省表的热值、含碳量与氧化率",
        ),
        "oxidation_by_equipment": ("oxidation by equipment", "按设备的碳氧化率"),
        "loss_rates": ("losses of grids", "电网损耗率"),
        "places": ("countries, subdivisions and grid regions", "国家、省级与电网区域"),
        "standard_coal": ("coal equivalents by calorific value", "标准煤折算系数（当量值）"),
        "tce_equivalent": ("coal burnt for a kWh supplied, by year", "供电煤耗（等价值），分年度"),
    }
    rows: list[tuple[object, ...]] = []
    for name, (en, zh) in told.items():
        rows.append(
            (code(name), len(rows_of("ledger", "packs", f"{name}.csv")), pick(lang, en, zh))
        )
    return rows


def units(lang: Lang) -> str:
    """Return the page about units."""
    by_kind: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("ledger", "units.csv"):
        by_kind.setdefault(row["kind"], []).append(row)
    also = pick(lang, "Also written", "其他写法")
    return page(
        pick(lang, "Units", "单位"),
        pick(
            lang,
            "Units are read through this closed table and nothing else; an unknown one is an "
            "error that names similar ones. Products and quotients of units are written with `·` "
            "or `*` and `/`: `t·km`, `kWh/m2`.",
            "单位只按本表识别；未知单位会报错并给出相近写法。单位的乘积与商写作 `·` 或 `*` 与 `/`："
            "`t·km`、`kWh/m2`。",
        ),
        table(
            [*pick(lang, "Unit|Dimension", "单位|量纲").split("|"), also],
            ((code(r["code"]), r["dimension"], _aliases(r)) for r in by_kind["unit"]),
        ),
        f"## {pick(lang, 'Compound units with spellings of their own', '有专门写法的复合单位')}",
        table(
            [pick(lang, "Unit", "单位"), also],
            ((code(r["code"]), _aliases(r)) for r in by_kind["compound"]),
        ),
        f"## {pick(lang, 'Calorific basis of an energy', '能量的热值口径')}",
        table(
            [pick(lang, "Basis", "口径"), also, pick(lang, "Meaning", "含义")],
            ((code(r["basis"]), _aliases(r), r["note"]) for r in by_kind["basis"]),
        ),
        f"## {pick(lang, 'Refused because they are ambiguous', '因含义不明而拒绝')}",
        table(
            pick(lang, "Written|Write one of|Why", "写法|请改写为|原因").split("|"),
            ((_aliases(r), _listed(r["choices"]), r["note"]) for r in by_kind["rejected"]),
        ),
    )


def _aliases(row: dict[str, str]) -> str:
    return _listed(row["aliases"])


def _listed(words: str) -> str:
    return " ".join(code(word) for word in words.split("|") if word)


def gases(lang: Lang) -> str:
    """Return the page about gases and their warming potentials in every set."""
    sets = ("AR4-100", "AR5-100", "AR6-100", "AR4-20", "AR5-20", "AR6-20")
    values: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows_of("ledger", "packs", "gwp.csv"):
        key = (row["family"], row["gas"], row["origin"])
        mark = "*" if row["status"] == "draft" else ""
        values.setdefault(key, {})[row["gwp_set"]] = f"{row['bound']}{row['value']}{mark}"
    head = [*pick(lang, "Gas|Origin|Family", "气体|来源|族").split("|"), *sets]
    return page(
        pick(lang, "Gases and warming potentials", "气体与GWP"),
        pick(
            lang,
            "Mass of CO2 with the same warming over 100 or 20 years. AR5 is without carbon-cycle "
            "feedback. Each value's source stands in `gwp.csv`; * marks a draft. Gases of the "
            "Montreal Protocol are shown outside the scopes.",
            "100年或20年内具有相同增温效应的二氧化碳质量。AR5不含碳循环反馈。"
            "各数值的出处见 `gwp.csv`；* 为草稿。《蒙特利尔议定书》气体在范围外单列。",
        ),
        table(
            head,
            (
                (gas, origin, family, *(found.get(s, "") for s in sets))
                for (family, gas, origin), found in sorted(values.items())
            ),
        ),
    )

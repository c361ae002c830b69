"""A small enterprise as a folder of plain files, worked out by the ledger itself."""

from builders import FolderBuilder

YEARS = (2022, 2023)


def write_enterprise(folder: FolderBuilder) -> FolderBuilder:
    """Two sites, two years, every kind of thing that a report has to show."""
    folder.packs(["mee-grid-2021-2023", "ipcc-fuels-2006", "ashrae-refrigerants-34"])
    folder.config["inventory"] = {
        "gwp": "AR6-100",
        "name_en": "Small Works",
        "name_zh": "小工厂",
        "significance_pct": 1.0,
    }
    folder.config["base_year"] = {"year": 2022, "reason": "First year with meters."}
    folder.config["report"] = {
        "responsible": "Chen Li",
        "purpose": "Yearly inventory",
        "intended_users": "Management",
        "assurance": "Not verified",
        "description": "Makes small things",
        "organizational_boundary": "All sites",
        "reporting_boundary": "Scopes 1 and 2 and purchases",
        "significance_criteria": "Above 1 % of the total",
    }
    folder.node("G", "group", country="CN", name_en="Small Works", name_zh="小工厂")
    folder.node("S", parent="G", country="CN", place="CN-GD", name_en="Plant", name_zh="工厂")
    folder.node("B", parent="G", country="CN", place="CN-JS", name_en="Office", name_zh="办公室")
    for year in YEARS:
        grown = year - YEARS[0]
        folder.electricity("S", 1000 + 100 * grown, str(year))
        folder.electricity("B", 200, str(year), status="estimated")
        rows = [
            ("diesel", "stationary_combustion", "diesel", 5000, "L"),
            ("R410A", "fugitive", "R410A", 12, "kg"),
            ("R22", "fugitive", "R22", 3, "kg"),
            ("steel", "goods", "steel", 40, "t"),
        ]
        for name, source_type, item, quantity, unit in rows:
            folder.activity(
                f"{name}-{year}",
                source_type=source_type,
                item=item,
                quantity=quantity,
                unit=unit,
                period=str(year),
            )
        folder.add("metrics", node="G", metric="revenue", period=str(year), value=50, unit="CNY")
    folder.factor(
        "own-steel",
        use="goods",
        item="steel",
        unit="t",
        boundary="total",
        co2e_kg=1900,
        gwp_set="AR6-100",
        evidence="remembered",
        status="draft",
    )
    folder.config["factors"]["waived"] = ["own-steel"]
    return folder.certificates("G", 300)

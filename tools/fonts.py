"""Subset Noto Sans CJK SC into the two fonts that reports carry.

Run with ``uv run --with fonttools tools/fonts.py REGULAR.ttc BOLD.ttc`` on the two collections
of the Debian package ``fonts-noto-cjk``. Characters: GB 2312 levels 1 and 2 with its symbols,
Latin with the accents of European languages, Greek, Cyrillic, kana, and the signs that reports
print. The font has no inferior figures, so ₀ to ₉ are drawn from its own figures.
"""

import hashlib
import sys
from pathlib import Path

from fontTools.misc.transform import Transform
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FOLDER = Path(__file__).parents[1] / "src/linyin/inventory/report/fonts"
FAMILY = "Noto Sans SC"
SOURCE_FAMILY = "Noto Sans CJK SC"
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x1CD, 0x1DC),
    (0x218, 0x21B),
    (0x391, 0x3C9),
    (0x401, 0x451),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x203B),
    (0x2070, 0x2079),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218B),
    (0x2190, 0x21FF),
    (0x2200, 0x22A5),
    (0x2460, 0x24FF),
    (0x2500, 0x257F),
    (0x25A0, 0x25FF),
    (0x2600, 0x2642),
    (0x2713, 0x2717),
    (0x3000, 0x303F),
    (0x3041, 0x30FF),
    (0x3200, 0x33FF),
    (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE5),
)
INFERIOR_FIGURES = range(0x2080, 0x208A)
INFERIOR_SCALE, INFERIOR_DROP = 0.62, 130
NAME_IDS = {1: FAMILY, 4: FAMILY, 16: FAMILY}


def gb2312() -> set[int]:
    """Code points of all characters of GB 2312."""
    cells = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(char) for cell in cells for char in cell.decode("gb2312", "ignore")}


def wanted() -> set[int]:
    """Code points that the subset keeps where the font has them."""
    return gb2312() | {point for first, last in RANGES for point in range(first, last + 1)}


def open_font(collection: Path) -> TTFont:
    """Return the simplified Chinese font of a collection."""
    for font in TTCollection(str(collection)).fonts:
        if font["name"].getDebugName(1).startswith(SOURCE_FAMILY):
            font.recalcTimestamp = False
            return font
    raise SystemExit(f"{collection}: no font {SOURCE_FAMILY}")


def subset(font: TTFont) -> None:
    """Drop everything that no wanted character needs."""
    options = Options()
    options.layout_features = ["kern", "liga", "locl", "ccmp", "pwid"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.name_languages = [0x409]
    options.desubroutinize = False
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)


def draw_inferior_figures(font: TTFont) -> None:
    """Give U+2080 to U+2089 the outlines of 0 to 9, smaller and lower.

    A CID font cannot simply grow, so they take the glyphs of the circled letters ⓐ to ⓙ, which
    the subset gives up.
    """
    top = font["CFF "].cff.topDictIndex[0]
    glyphs, cmap = font.getGlyphSet(), font.getBestCmap()
    spare = [cmap[point] for point in range(0x24D0, 0x24DA)]
    matrix = Transform(INFERIOR_SCALE, 0, 0, INFERIOR_SCALE, 0, -INFERIOR_DROP)
    for figure, (point, glyph) in enumerate(zip(INFERIOR_FIGURES, spare, strict=True)):
        original = cmap[ord("0") + figure]
        width = round(font["hmtx"][original][0] * INFERIOR_SCALE)
        old = top.CharStrings[glyph]
        pen = T2CharStringPen(width, glyphs)
        glyphs[original].draw(TransformPen(pen, matrix))
        new = pen.getCharString(private=old.private, globalSubrs=old.globalSubrs)
        old.program, old.bytecode = new.program, None
        widths = old.private
        old.program = _with_width(old.program, width - widths.nominalWidthX)
        font["hmtx"][glyph] = (width, round(font["hmtx"][original][1] * INFERIOR_SCALE))
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap.pop(0x24D0 + figure, None)
                table.cmap[point] = glyph


def _with_width(program: list[object], width: int) -> list[object]:
    """Return a charstring program whose first number is its width."""
    return [width, *program[1:]]


def rename(font: TTFont, style: str) -> None:
    """Name the font as reports ask for it."""
    names = font["name"]
    for record in list(names.names):
        if record.nameID in NAME_IDS:
            names.setName(
                NAME_IDS[record.nameID],
                record.nameID,
                record.platformID,
                record.platEncID,
                record.langID,
            )
    postscript = f"NotoSansSC-{style}"
    names.setName(style, 2, 3, 1, 0x409)
    names.setName(style, 17, 3, 1, 0x409)
    names.setName(f"{FAMILY} {style}", 4, 3, 1, 0x409)
    names.setName(postscript, 6, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    cff.topDictIndex[0].FamilyName = FAMILY
    cff.topDictIndex[0].FullName = f"{FAMILY} {style}"


def coverage(points: set[int]) -> str:
    """Return code points as hexadecimal ranges, one a line."""
    lines, ordered = [], sorted(points)
    first = previous = ordered[0]
    for point in [*ordered[1:], -1]:
        if point == previous + 1:
            previous = point
            continue
        lines.append(f"{first:X}" if first == previous else f"{first:X}-{previous:X}")
        first = previous = point
    return "\n".join(lines) + "\n"


def main(regular: str, bold: str) -> None:
    """Write both fonts, the list of their characters, and their checksums."""
    covered: set[int] | None = None
    for style, collection in (("Regular", regular), ("Bold", bold)):
        font = open_font(Path(collection))
        subset(font)
        draw_inferior_figures(font)
        rename(font, style)
        path = FOLDER / f"NotoSansSC-{style}.otf"
        font.save(path)
        points = set(font.getBestCmap())
        covered = points if covered is None else covered & points
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(path.name, path.stat().st_size, len(points), digest)
    (FOLDER / "coverage.txt").write_text(coverage(covered or set()), encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])

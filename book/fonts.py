"""Makes the fonts of the book, in book/src/fonts/, from those of their authors.

    pip install fonttools brotli
    python3 book/fonts.py FOLDER

FOLDER has, somewhere in it: `SourceSerif4[opsz,wght].ttf` and `SourceSerif4-Italic[opsz,wght].ttf`,
`SourceSans3[wght].ttf` and `SourceCodePro[wght].ttf` (in fontpkg-source-serif-4 and its sisters of PyPI),
and `latinmodern-math.otf` (in fonts-lmodern of Debian).
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent / "src/fonts"

# Western European languages, and the signs that pages, outputs and comments use; Greek for figures and code.
LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) + (
    "\u2010\u2011\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2026\u2032\u2033\u2030\u202f\u2009\u20ac"
    "\u2070\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207d\u207e\u207f\u2080\u2081\u2082\u02b2\u02b7"
    "\u2113\u2190\u2191\u2192\u2193\u2202\u2206\u220f\u2211\u2212\u221a\u221e\u222b\u2248\u2260\u2264\u2265\u25cb\u25cf"
)
GREEK = "".join(map(chr, range(0x391, 0x3CA)))

# The file, its source, the place on its axes, the family that it is called.
CUTS = [
    ("book-serif.woff2", "SourceSerif4[opsz,wght].ttf", {"opsz": 14, "wght": 400}, "Book Serif"),
    ("book-serif-italic.woff2", "SourceSerif4-Italic[opsz,wght].ttf", {"opsz": 14, "wght": 400}, "Book Serif"),
    ("book-serif-bold.woff2", "SourceSerif4[opsz,wght].ttf", {"opsz": 14, "wght": 640}, "Book Serif"),
    ("book-display.woff2", "SourceSerif4[opsz,wght].ttf", {"opsz": 40, "wght": 560}, "Book Display"),
    ("book-sans.woff2", "SourceSans3[wght].ttf", {"wght": 400}, "Book Sans"),
    ("book-sans-bold.woff2", "SourceSans3[wght].ttf", {"wght": 620}, "Book Sans"),
    ("book-code.woff2", "SourceCodePro[wght].ttf", {"wght": 420}, "Book Code"),
]


def find(folder, name):
    found = [path for path in Path(folder).rglob("*") if path.name == name]
    return found[0] if found else sys.exit(f"{folder} has no {name}")


def save(font, name, characters, features, family):
    """Cuts a font down. Being modified it bears another name, as its licence asks."""
    options = subset.Options(flavor="woff2", layout_features=features, hinting=False, desubroutinize=True)
    options.name_IDs = [0, 13, 14]
    cut = subset.Subsetter(options)
    cut.populate(text=characters)
    cut.subset(font)
    for place, text in [(1, family), (2, "Regular"), (4, family), (6, family.replace(" ", ""))]:
        font["name"].setName(text, place, 3, 1, 0x409)
    subset.save_font(font, HERE / name, options)
    print(f"{name} {(HERE / name).stat().st_size}")


def primes(font):
    """Chromium draws x' too small unless the prime is the glyph of script size."""
    sizes = {}
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        if record.FeatureTag != "ssty":
            continue
        for lookup in record.Feature.LookupListIndex:
            for table in font["GSUB"].table.LookupList.Lookup[lookup].SubTable:
                table = getattr(table, "ExtSubTable", table)
                glyphs = getattr(table, "alternates", None) or getattr(table, "mapping", None) or {}
                sizes.update({k: v[0] if isinstance(v, list) else v for k, v in glyphs.items()})
    for prime in (0x2032, 0x2033, 0x2034):
        small = sizes.get(font.getBestCmap().get(prime))
        for table in font["cmap"].tables:
            if small and prime in table.cmap:
                table.cmap[prime] = small


def level(font):
    """The foot of a script does not follow the foot of its base: with 200 of 1000 units the indices of
    mu, p, q, g and psi sink below those of their neighbours."""
    font["MATH"].table.MathConstants.SubscriptBaselineDropMin.Value = 31


def main(folder):
    for name, source, axes, family in CUTS:
        font = instantiateVariableFont(TTFont(find(folder, source), recalcTimestamp=False), axes)
        characters = LATIN + GREEK if family in ("Book Sans", "Book Code") else LATIN
        features = ["kern"] if family == "Book Code" else ["kern", "liga", "tnum", "lnum"]
        save(font, name, characters, features, family)
    font = TTFont(find(folder, "latinmodern-math.otf"), recalcTimestamp=False)
    primes(font)
    level(font)
    characters = (HERE / "book-math-characters.txt").read_text()
    save(font, "book-math.woff2", characters, ["kern"], "Book Math")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

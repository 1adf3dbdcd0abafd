"""Rule texts to change one line of, and what loads them."""

from perf.specs.book import load_book


def load(text, name="r.yaml"):
    book, issues = load_book({name: text.lstrip("\n")})
    return book, issues


def codes(issues):
    return [(i.code, i.place.line) for i in issues]


def indicator(points, *, unit="percent", direction="higher", more=""):
    head = f"indicator: x\ntitle: X\nlevel: institution\nunit: {unit}\ndirection: {direction}\nvalue: a / b\n"
    return load(f"{head}points: {points}\n{more}")

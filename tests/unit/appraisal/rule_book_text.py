"""A rule book as plain text, every block of it: what a golden file holds and a person can read through."""

from perf.appraisal.rule_book_view import Grid, Pairs, Paragraph, Steps


def rule_book_text(view) -> str:
    rows = [view.county, view.title, view.subtitle, *(f"{a}\t{b}" for a, b in view.facts), *view.preface, ""]
    rows += [f"{'  ' * level}{title}\t{code}\t#{anchor}" for level, title, code, anchor in view.headings()]
    for chapter in view.chapters:
        rows += ["", f"# {chapter.title}", *lines(chapter.blocks)]
        for section in chapter.sections:
            rows += ["", f"## {section.title}\t{section.code}\t{section.mark}".rstrip(), *lines(section.blocks)]
    words = view.signatures
    rows += [
        "",
        f"# {words.title}",
        words.declaration,
        *(f"{r}\t{words.name}\t{words.date}" for r in words.roles),
        words.seal,
    ]
    return "\n".join([*rows, view.foot, view.page.format(number=1, count=2)]) + "\n"


def lines(blocks):
    for block in blocks:
        match block:
            case Paragraph():
                yield f"{block.label}\t{block.text}".strip()
            case Pairs():
                yield from (f"{label}\t{text}" for label, text in block.rows)
            case Steps():
                yield from (f"{'  ' * depth}{number} {text}" for depth, number, text in block.rows)
            case Grid():
                yield f"[{block.title}]"
                yield " | ".join(column.title for column in block.columns)
                yield from (("* " if n in block.strong else "") + " | ".join(row) for n, row in enumerate(block.rows))

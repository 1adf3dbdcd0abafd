"""The rule book as one page of HTML: self-contained, no script, fit for screen, phone and A4 paper."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from perf.appraisal.rule_book_view import Block, Chapter, Grid, Pairs, Paragraph, RuleBookView, Section, Steps

_STYLE: Final = """
:root{--ink:#16202c;--blue:#0d2b4f;--grey:#56606c;--rule:#c9d0d8;--band:#eef1f4;--pale:#f6f8fa}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:#fff;font:15px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans SC",
"Noto Sans CJK SC","WenQuanYi Micro Hei",system-ui,sans-serif}
main{max-width:1000px;margin:0 auto;padding:0 20px 60px}
header{text-align:center;padding:72px 0 24px;border-bottom:3px solid var(--blue)}
header .county{font-size:20px;font-weight:600}
h1{margin:12px 0 4px;font-size:34px;line-height:1.25;color:var(--blue)}
header p{margin:0;color:var(--grey)}
h2{margin:56px 0 12px;padding-bottom:6px;font-size:24px;color:var(--blue);border-bottom:2px solid var(--blue)}
h3{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;margin:34px 0 8px;padding-left:10px;
border-left:4px solid var(--blue);font-size:18px}
h3 .code{margin-left:auto;font-weight:400;font-size:13px}
.code{color:var(--grey);font-family:ui-monospace,Menlo,Consolas,"Noto Sans Mono CJK SC",monospace;overflow-wrap:anywhere}
.mark{padding:0 8px;font-size:13px;color:#7a3b00;background:#fff4e2;border:1px solid #d99a4a;border-radius:3px}
dl{display:grid;grid-template-columns:minmax(7em,max-content) 1fr;margin:8px 0 14px;border-top:1px solid var(--rule)}
dt,dd{margin:0;padding:5px 8px;border-bottom:1px solid var(--rule)}
dt{color:var(--grey);font-weight:600}
dd{overflow-wrap:anywhere}
.table{margin:10px 0 16px;overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
table.narrow{width:auto;min-width:18em}
caption{padding:4px 0;text-align:left;font-weight:600}
th{padding:5px 8px;text-align:left;font-weight:600;color:var(--grey);background:var(--band);white-space:nowrap}
td{padding:4px 8px;vertical-align:top;border-bottom:1px solid var(--rule);overflow-wrap:break-word}
.n{text-align:right}
tr.strong td{font-weight:600;background:var(--pale)}
p{margin:8px 0;overflow-wrap:anywhere}
p b{margin-right:8px;color:var(--grey)}
p.head{margin-top:14px;font-weight:600}
p.warning{padding:6px 10px;background:#fff4e2;border-left:4px solid #d99a4a}
ul.steps{margin:6px 0 14px;padding:0;list-style:none}
ul.steps li{display:flex;gap:10px;padding:3px 0}
ul.steps b{flex:none;min-width:2em;color:var(--blue)}
.d1{margin-left:28px}.d2{margin-left:56px}.d3{margin-left:84px}
nav ol{margin:0;padding:0;list-style:none}
nav a{display:flex;gap:12px;padding:3px 0;color:inherit;text-decoration:none;border-bottom:1px dotted var(--rule)}
nav a:hover,nav a:focus{color:var(--blue);text-decoration:underline}
nav .l1{margin-top:10px;font-weight:700;color:var(--blue)}
nav .l2{padding-left:18px}
nav .code{margin-left:auto;font-size:13px}
.sign{display:grid;grid-template-columns:minmax(9em,1fr) 2fr 1fr;gap:30px 20px;margin:30px 0;align-items:end}
.sign span{padding-bottom:2px;color:var(--grey);border-bottom:1px solid var(--ink)}
footer{margin-top:40px;padding-top:8px;color:var(--grey);font-size:13px;border-top:1px solid var(--rule);overflow-wrap:anywhere}
@media (max-width:600px){main{padding:0 12px 40px}h1{font-size:26px}h2{font-size:20px}h3{font-size:16px}
dl{grid-template-columns:1fr}dt{padding-bottom:0;border-bottom:0}dd{padding-top:0}
.sign{grid-template-columns:1fr;gap:14px}table{min-width:620px}table.narrow{min-width:16em}.d1{margin-left:14px}.d2{margin-left:28px}.d3{margin-left:42px}}
@media print{body{font-size:10pt}main{max-width:none;padding:0}
h2{break-before:page;margin-top:0}h2.on{break-before:auto;margin-top:24pt}
h2,h3,caption,p.head,dt{break-after:avoid}
dl{display:block}dl dt{float:left;clear:left;width:9em;border:0}dl dd{margin-left:9em}
tr,li,dd{break-inside:avoid}thead{display:table-header-group}
table{font-size:8.5pt}header{padding-top:60mm}nav a{border:0}.table{overflow:visible}}
"""


def rule_book_page(view: RuleBookView) -> str:
    """`view` as a whole HTML document; every text is escaped."""
    lang = "zh-CN" if view.lang == "zh" else "en"
    numbered = _counted(view.page)
    foot = _css_text(view.foot)
    paper = (
        "@page{size:A4;margin:16mm 14mm 18mm;"
        f"@bottom-left{{content:{foot};font-size:7pt;color:#56606c}}"
        f"@bottom-right{{content:{numbered};font-size:8pt}}}}"
    )
    body = "".join(_body(view))
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(view.title)} {escape(view.county)}</title>\n<style>{_STYLE}{paper}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _counted(form: str) -> str:
    """The form of the page number as content of CSS: texts and counters side by side."""
    parts = re.split(r"(\{number\}|\{count\})", form)
    counters = {"{number}": "counter(page)", "{count}": "counter(pages)"}
    return " ".join(counters.get(part) or _css_text(part) for part in parts if part)


def _css_text(text: str) -> str:
    """`text` as a string of CSS that cannot end the style element."""
    return '"' + "".join(c if c.isalnum() or c in " ·-_." else f"\\{ord(c):06x}" for c in text) + '"'


def _body(view: RuleBookView) -> Iterator[str]:
    yield f'<header><div class="county">{escape(view.county)}</div><h1>{escape(view.title)}</h1>'
    yield f"<p>{escape(view.subtitle)}</p></header>\n"
    yield from _block(Pairs(view.facts))
    yield from (f"<p>※ {escape(sentence)}</p>\n" for sentence in view.preface)
    yield f'<h2 id="contents">{escape(view.contents)}</h2>\n<nav aria-label="{escape(view.contents)}"><ol>\n'
    for level, title, code, anchor in view.headings():
        yield f'<li><a class="l{level}" href="#{escape(anchor)}"><span>{escape(title)}</span>{_code(code)}</a></li>\n'
    yield "</ol></nav>\n"
    for chapter in view.chapters:
        yield from _chapter(chapter)
    yield from _signatures(view)
    yield f"<footer>{escape(view.foot)}</footer>\n"


def _chapter(chapter: Chapter) -> Iterator[str]:
    carries_on = "" if chapter.opens_page else ' class="on"'
    yield f'<h2 id="{escape(chapter.anchor)}"{carries_on}>{escape(chapter.title)}</h2>\n'
    for block in chapter.blocks:
        yield from _block(block)
    for section in chapter.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    mark = f'<span class="mark">{escape(section.mark)}</span>' if section.mark else ""
    yield f'<h3 id="{escape(section.anchor)}">{escape(section.title)}{mark}{_code(section.code)}</h3>\n'
    for block in section.blocks:
        yield from _block(block)


def _code(code: str) -> str:
    return f'<span class="code">{escape(code)}</span>' if code else ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            kind = {"formula": ' class="head"', "warning": ' class="warning"'}.get(block.style, "")
            label = f"<b>{escape(block.label)}</b>" if block.label else ""
            yield f"<p{kind}>{label}{escape(block.text)}</p>\n"
        case Pairs():
            yield "<dl>" + "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in block.rows) + "</dl>\n"
        case Steps():
            rows = (
                f'<li class="d{min(depth, 3)}"><b>{escape(number)}</b><span>{escape(text)}</span></li>'
                for depth, number, text in block.rows
            )
            yield f'<ul class="steps">{"".join(rows)}</ul>\n'
        case Grid():
            yield from _grid(block)


def _grid(grid: Grid) -> Iterator[str]:
    narrow = ' class="narrow"' if sum(column.share for column in grid.columns) < 100 else ""
    caption = f"<caption>{escape(grid.title)}</caption>" if grid.title else ""
    widths = "" if narrow else "".join(f'<col style="width:{column.share}%">' for column in grid.columns)
    yield f'<div class="table" tabindex="0"><table{narrow}>{caption}<colgroup>{widths}</colgroup><thead><tr>'
    yield "".join(f'<th scope="col"{_right(c.is_number)}>{escape(c.title)}</th>' for c in grid.columns)
    yield "</tr></thead><tbody>\n"
    for number, row in enumerate(grid.rows):
        strong = ' class="strong"' if number in grid.strong else ""
        yield f"<tr{strong}>{''.join(_cells(grid, row))}</tr>\n"
    yield "</tbody></table></div>\n"


def _cells(grid: Grid, row: Iterable[str]) -> Iterator[str]:
    for column, text in zip(grid.columns, row, strict=True):
        yield f"<td{_right(column.is_number)}>{escape(text)}</td>"


def _right(is_number: bool) -> str:  # noqa: FBT001 - of a column
    return ' class="n"' if is_number else ""


def _signatures(view: RuleBookView) -> Iterator[str]:
    words = view.signatures
    yield f'<h2 id="signatures">{escape(words.title)}</h2>\n<p>{escape(words.declaration)}</p>\n<div class="sign">\n'
    for role in words.roles:
        yield f"<strong>{escape(role)}</strong><span>{escape(words.name)}</span><span>{escape(words.date)}</span>\n"
    yield f"</div>\n<p>{escape(words.seal)}</p>\n"

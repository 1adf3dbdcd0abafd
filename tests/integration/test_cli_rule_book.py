"""`specs docs` from the terminal: both forms, excerpts, refusals that write nothing."""

from html.parser import HTMLParser

from pypdf import PdfReader
from tests.unit.appraisal.rule_book_small import CASES, RULES


def put(terminal, rules=RULES):
    terminal.write({"rules/rules.yaml": rules, "rules/rules.cases.yaml": CASES})


class Page(HTMLParser):
    """What a page holds: tags, ids, links, text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.words = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.words.append(data)


def test_both_forms_are_written_and_the_page_stands_alone(terminal):
    put(terminal)
    said = terminal("specs", "docs", "rules", "--out", "书", "--period", "2025-06", "--county", "庐江县")
    assert said.exit == 0
    page = Page(terminal.read("书.html"))
    assert not page.tags & {"script", "link", "img", "iframe", "form"}
    assert len(page.ids) == len(set(page.ids))
    assert page.links
    assert all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    text = "".join(page.words)
    for words in ("庐江县", "下转人次 ÷ 出院人次", "口径待确认", "新办法 第7条", "审定与签署"):
        assert words in text
    assert len(PdfReader(terminal.folder / "书.pdf").pages) >= 5


def test_the_digest_is_in_the_answer_and_in_both_files(terminal):
    put(terminal)
    answer = terminal("specs", "docs", "rules", "--out", "book.pdf", "--json").json
    assert answer["files"] == ["book.html", "book.pdf"]
    assert answer["digest"] in terminal.read("book.html")
    assert answer["digest"] in PdfReader(terminal.folder / "book.pdf").pages[0].extract_text()


def test_an_excerpt_in_english_holds_the_scheme_and_what_it_stands_on(terminal):
    put(terminal)
    said = terminal(
        "specs", "docs", "rules", "--out", "x.html", "--format", "html", "--scheme", "house_monthly", "--lang", "en"
    )
    assert said.exit == 0
    page = terminal.read("x.html")
    assert "Share referred down = Referred down ÷ Discharges" in page
    assert "Excerpt" in page
    assert "scheme-house_monthly" in page
    assert "distribution-houses" not in page
    assert not (terminal.folder / "x.pdf").exists()


def test_what_rules_say_cannot_become_markup(terminal):
    put(
        terminal,
        RULES.replace("zh: 下转占比", "zh: '<script>alert(1)</script>\"&'").replace("zh: 服务", "zh: '</style><b>'"),
    )
    assert terminal("specs", "docs", "rules", "--out", "b", "--format", "html", "--county", '</style><i>"').exit == 0
    page = Page(terminal.read("b.html"))
    assert "script" not in page.tags
    assert "i" not in page.tags
    assert '<script>alert(1)</script>"&' in "".join(page.words)


def test_a_book_of_broken_rules_is_not_written(terminal):
    put(terminal, RULES.replace("value: down / out", "value: down / nothing_like_it"))
    said = terminal("specs", "docs", "rules", "--out", "book", "--json")
    assert said.exit == 3
    assert "formula-unknown-name" in said.codes()
    assert not list(terminal.folder.glob("book*"))


def test_an_unknown_code_is_told(terminal):
    put(terminal)
    for option in ("--code", "--scheme"):
        said = terminal("specs", "docs", "rules", "--out", "book", option, "nothing")
        assert said.exit != 0
        assert "nothing" in said.err
        assert not list(terminal.folder.glob("book*"))

from fractions import Fraction
from perf.formulas.nodes import Absent, Node
from perf.kernel.facts import FactKey
from perf.kernel.text import Text


class _S:
    def __init__(s, w, subject, period, kw):
        s.w, s.subject, s.period, s.kw = w, subject, period, kw

    def name(s, code, period):
        if code in s.kw["locals"]:
            return s.kw["locals"][code]
        if code in s.kw["parameters"]:
            return Node("name", s.kw["parameters"][code][0].value)
        if code in s.w.book.measures:
            f = s.w.facts.get(FactKey(s.subject, code, period))
            if f is None:
                return Node("fact", Absent("missing", (FactKey(s.subject, code, period),)))
            v = f.value
            if s.w.book.measures[code].unit == "wan_yuan":
                v = v * 10000
            return Node("fact", v)
        seg = s.kw.get("segment") or s.w.roster.at(s.subject, period)
        v = seg.attribute(code) if seg else None
        return Node(
            "attribute", v if v is not None else Absent("missing", (FactKey(s.subject, code, period),)), (), Text(code)
        )

    def members(s):
        return [s.w.scope(c, s.period) for c in s.w.roster.children(s.subject, s.period)]

    def peers(s):
        return []

    def parent(s):
        return None

    def owner(s):
        return s.kw["owner"]

    def score(s, schemes, period):
        return next(
            (s.w.totals[k, s.subject, period] for k in schemes if (k, s.subject, period) in s.w.totals),
            Node("total", Absent("missing")),
        )

    def balance(s, a):
        return s.kw["balance"](a)

    def table(s, name, key):
        return Node("table", s.kw["tables"][name][key.value])


class World:
    def __init__(s, book, roster, facts, totals):
        s.book, s.roster, s.facts, s.totals = book, roster, facts, totals

    def scope(
        s,
        subject,
        period,
        *,
        locals={},
        peers=(),
        peer_values=None,
        segment=None,
        parameters={},
        tables={},
        assume={},
        members=None,
        balance=None,
        owner=None,
    ):
        return _S(
            s,
            subject,
            period,
            dict(locals=locals, segment=segment, parameters=parameters, tables=tables, balance=balance, owner=owner),
        )

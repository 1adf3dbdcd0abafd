"""`show --diff --person` on the screen and as JSON."""

from typing import TYPE_CHECKING

from perf.cli.output import DONE, lang, print_json, say, screen, table
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.services.actors import Actor
    from perf.services.diff_person import PersonDiff
    from perf.storage.store import Store


def show_person(store: "Store", actor: "Actor", old: str, new: str, subject: str, *, as_json: bool) -> int:
    """Both versions of one person side by side, and what is another."""
    from perf.services.diff_person import diff_person

    found = diff_person(store, old=old, new=new, subject=subject, actor=actor)
    if as_json:
        print_json({"old": old, "new": new, **_json(found)})
    else:
        _show(found, old, new)
    return DONE


def _show(found: "PersonDiff", old: str, new: str) -> None:
    console, language = screen(), lang()

    def word(zh: str, en: str) -> str:
        return Text(zh, en).in_lang(language)

    versions = [(old, True), (new, True)]
    pay = [(p.owner, p.line, str(p.old), str(p.new), str(p.new - p.old)) for p in found.lines]
    columns = [(word("单位", "unit"), False), (word("项目", "line"), False), *versions, (word("差额", "by"), True)]
    console.print(table(f"{found.subject} {found.name}", columns, pay))
    for pair in found.lines:
        if pair.old != pair.new:
            console.print(f"{pair.line}", markup=False)
            for run, how in ((old, pair.old_how), (new, pair.new_how)):
                console.print(f"    {run}  {how.in_lang(language)}", markup=False, soft_wrap=True)
    items = [(p.title.in_lang(language), p.old_value, p.new_value, p.old_points, p.new_points) for p in found.items]
    if items:
        heads = [
            (word("指标", "indicator"), False),
            (word("原值", "value before"), True),
            (word("现值", "value now"), True),
        ]
        heads += [(word("原得分", "points before"), True), (word("现得分", "points now"), True)]
        console.print(table(word("得分", "points"), heads, items))
    for fact in found.facts:
        was = f"{fact.old if fact.old is not None else '—'} [{fact.old_cell}]"
        now = f"{fact.new if fact.new is not None else '—'} [{fact.new_cell}]"
        line = f"{word('数据', 'fact')} {fact.subject} {fact.measure} {fact.period}: {was} → {now}"
        console.print(line, markup=False, soft_wrap=True)
    for run, posts in ((old, found.old_posts), (new, found.new_posts)):
        for post in posts:
            console.print(f"{word('任职', 'post')} {run}: {post}", markup=False, soft_wrap=True)
    for rule in found.rules:
        said = f"{rule.title.in_lang(language)} {rule.code} {rule.key}: {rule.old or '—'} → {rule.new or '—'}"
        console.print(f"{word('规则', 'rule')} {said}", markup=False, soft_wrap=True)
    if not (items or found.facts or found.old_posts or found.new_posts or found.rules):
        say(console, Text("本人的数据、任职和规则没有变化", "no fact, post or rule of this person is another"))


def _json(found: "PersonDiff") -> dict[str, object]:
    language = lang()
    return {
        "subject": found.subject,
        "name": found.name,
        "lines": [
            {
                "owner": pair.owner,
                "line": pair.line,
                "old_fen": pair.old.fen,
                "new_fen": pair.new.fen,
                "old_how": pair.old_how.in_lang(language),
                "new_how": pair.new_how.in_lang(language),
            }
            for pair in found.lines
        ],
        "items": [
            {
                "scheme": pair.scheme,
                "title": pair.title.in_lang(language),
                "old_value": pair.old_value,
                "new_value": pair.new_value,
                "old_points": pair.old_points,
                "new_points": pair.new_points,
            }
            for pair in found.items
        ],
        "facts": [
            {
                "subject": fact.subject,
                "measure": fact.measure,
                "period": fact.period,
                "old": fact.old,
                "new": fact.new,
                "old_cell": fact.old_cell,
                "new_cell": fact.new_cell,
            }
            for fact in found.facts
        ],
        "old_posts": list(found.old_posts),
        "new_posts": list(found.new_posts),
        "rules": [
            {"kind": rule.kind, "code": rule.code, "key": rule.key, "old": rule.old, "new": rule.new}
            for rule in found.rules
        ],
    }

"""`verify-statement`: whether a statement, by its code or as a file, is what its run has sealed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from perf.appraisal.institution_view import InstitutionView
from perf.appraisal.statement_code import read_code
from perf.appraisal.views import StatementView
from perf.kernel.errors import InputRefused, NotFound, StateRefused, VerificationFailed, WrongUse
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.pdf.institution import institution_pdf
from perf.pdf.printed import PAGES_MAX, Printed, UnreadablePdf, read_printed
from perf.pdf.statement import statement_pdf
from perf.pdf.words import FINAL_STATES, state_word
from perf.services.actors import Actor
from perf.services.institution_cards import institution_card
from perf.services.load_run import required_run
from perf.services.statements import one_statement, statements_of
from perf.services.verify_run import stored_findings
from perf.storage.runs import Run
from perf.storage.store import Store

FINDINGS_MAX = 40
_UNREADABLE = {
    "broken": Text("不是可以读取的 PDF", "no readable PDF"),
    "encrypted": Text("加了密码,给的密码打不开", "encrypted, and the password does not open it"),
    "too-long": Text(f"超过 {PAGES_MAX} 页", f"more than {PAGES_MAX} pages"),
}


@dataclass(frozen=True, slots=True)
class StatementProof:
    """The outcome for one statement.

    Attributes:
        view: The statement as sealed, to be held beside the paper.
        findings: What differs; none: the code, or the whole file, is what was sealed.
        notes: What is worth knowing and no difference.
    """

    view: StatementView
    findings: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing differs."""
        return not self.findings


def verify_code(store: Store, *, run: str, typed: str, staff_no: str, actor: Actor) -> StatementProof:
    """Whether `typed` is the code of a statement of a sealed run; without a staff number all of the run are tried.

    The code proves which statement a paper claims to be. A paper may bear a true code under false figures, so whoever
    asks is shown the sealed figures.

    Raises:
        WrongUse: what was typed cannot be a code.
        NotFound: no such run or person in scope, or no statement with this code.
        StateRefused: a draft has no codes.
        VerificationFailed: the run itself is not what was sealed.
    """
    code = read_code(typed.rsplit(" ", 1)[-1] if typed.upper().startswith("PERF-PAY ") else typed)
    if code is None:
        raise WrongUse(
            Text(
                "验证码应为四组四位字母数字,如 ABCD-EFGH-IJKL-MNOP",
                "a code is four groups of four letters and digits, such as ABCD-EFGH-IJKL-MNOP",
            )
        )
    _sealed(store, run, actor)
    if staff_no:
        view = one_statement(store, run=run, staff_no=staff_no, actor=actor)
        wrong = Text("验证码与封存的通知单不符", "the code is not that of the sealed statement")
        return StatementProof(view, () if view.code == code else (wrong,))
    found = _by_code(store, run, code, actor)
    if found is None:
        raise VerificationFailed(
            Text(f"{run} 中没有验证码为 {code} 的通知单", f"no statement in {run} has the code {code}")
        )
    return StatementProof(found)


def verify_file(
    store: Store, file: bytes, name: str, *, actor: Actor, password: str = "", run: str = ""
) -> StatementProof:
    """Whether a PDF is the statement that the sealed run gives, in every text and every line drawn.

    Args:
        run: Where the file does not say it.

    Raises:
        InputRefused: the file cannot be read, or is no single statement.
        NotFound: no such run or person in scope.
        StateRefused: a statement of a draft.
        VerificationFailed: the run itself is not what was sealed.
    """
    printed = _read(file, name, password)
    run = run or printed.run
    if not run or not (printed.staff_no or printed.code) or printed.statements > 1:
        what = (
            Text("合订本:一份文件里有多张通知单", "several statements in one file")
            if printed.statements > 1
            else Text("没有批次、工号或验证码", "no run, staff number or code")
        )
        raise _refused(name, what)
    _sealed(store, run, actor)
    view = _named(store, run, printed, actor)
    is_card = printed.is_card and view.level == "institution"
    card = institution_card(store, run=run, institution=view.staff_no, actor=actor) if is_card else None
    return _compared(view, card, file, printed)


def _named(store: Store, run: str, printed: Printed, actor: Actor) -> StatementView:
    try:
        return one_statement(store, run=run, staff_no=printed.staff_no, actor=actor)
    except NotFound:
        found = _by_code(store, run, printed.code, actor) if printed.code else None
        if found is None:
            raise
        return found


def _by_code(store: Store, run: str, code: str, actor: Actor) -> StatementView | None:
    everybody = statements_of(store, run=run, actor=actor)
    subjects = (subject for level in ("person", "institution") for subject in everybody.subjects(level))
    views = (everybody.view(subject) for subject in subjects)
    return next((view for view in views if view is not None and view.code == code), None)


def _sealed(store: Store, run: str, actor: Actor) -> Run:
    """The run, of which what is stored is what was sealed."""
    with store.read() as connection:
        found = required_run(connection, actor, run)
        if not found.is_sealed:
            raise StateRefused(
                Text(
                    f"{run} 是草稿,没有封存:它的通知单未定稿,没有验证码",
                    f"{run} is a draft and not sealed: its statements are not final and have no code",
                )
            )
        findings = stored_findings(connection, actor, found)
    if findings:
        raise VerificationFailed(
            Text(
                f"{run} 已不是封存时的样子,先运行 perf-pay verify {run}",
                f"{run} is not what was sealed; run perf-pay verify {run}",
            )
        )
    return found


def _compared(view: StatementView, card: InstitutionView | None, file: bytes, printed: Printed) -> StatementProof:
    """The file against drawings of every state that the paper may have been printed in; `card`: it is one."""
    nearest: tuple[Text, ...] | None = None
    for state, fresh in _printings(view):
        drawn = statement_pdf(fresh) if card is None else institution_pdf(replace(card, state=state))
        notes = _notes(view, fresh, state)
        if drawn == file:
            return StatementProof(view, (), (Text("与重新绘制的逐字节一致", "the same bytes as drawn anew"), *notes))
        again = read_printed(drawn)
        if [page.drawing for page in again.pages] == [page.drawing for page in printed.pages]:
            same = Text(
                "画面逐项一致;文件另存过、加过密码或签章",
                "the same drawing; the file was saved again, encrypted or signed",
            )
            return StatementProof(view, (), (same, *notes))
        findings = tuple(_differences(printed, again))
        if nearest is None or len(findings) < len(nearest):
            nearest = findings
    return StatementProof(view, nearest or ())


def _printings(view: StatementView) -> Iterator[tuple[str, StatementView]]:
    """The statement as it is printed now, then as it was printed in other states after the seal."""
    for state in (view.state, *sorted(FINAL_STATES - {view.state})):
        yield state, replace(view, state=state)
        if view.take_home is not None:
            yield state, replace(view, state=state, take_home=None)


def _notes(view: StatementView, fresh: StatementView, state: str) -> Iterator[Text]:
    if state != view.state:
        zh, en = state_word(state), state_word(state, "en")
        now_zh, now_en = state_word(view.state), state_word(view.state, "en")
        yield Text(f"打印时状态为“{zh}”,现在为“{now_zh}”", f"printed as “{en}”, now “{now_en}”")
    if fresh.take_home is not view.take_home:
        yield Text("打印在代扣确认之前,没有实发部分", "printed before the payroll was accepted, without the net part")


def _differences(printed: Printed, again: Printed) -> Iterator[Text]:
    """Line by line; where all lines agree, the pages whose drawing differs."""
    count = len(printed.pages)
    if count != len(again.pages):
        yield Text(f"共 {count} 页,应为 {len(again.pages)} 页", f"{count} pages, {len(again.pages)} expected")
    same_text = True
    for number, (page, fresh) in enumerate(zip(printed.pages, again.pages, strict=False), start=1):
        for found, expected in _changed_lines(page.lines, fresh.lines):
            same_text = False
            yield Text(
                f"第 {number} 页  发现“{found or '无'}”  应为“{expected or '无'}”",
                f"page {number}: found “{found or 'nothing'}”, expected “{expected or 'nothing'}”",
            )
    if not same_text:
        return
    for number, (page, fresh) in enumerate(zip(printed.pages, again.pages, strict=False), start=1):
        if page.drawing != fresh.drawing:
            yield Text(
                f"第 {number} 页  文字相同,画面不同:有别的字形、图形或批注",
                f"page {number}: the same text drawn otherwise: other glyphs, shapes or annotations",
            )


def _changed_lines(found: Sequence[str], expected: Sequence[str]) -> Iterator[tuple[str, str]]:
    for kind, a, b, c, d in SequenceMatcher(None, found, expected, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for offset in range(max(b - a, d - c)):
            yield (
                found[a + offset] if a + offset < b else "",
                expected[c + offset] if c + offset < d else "",
            )


def _read(file: bytes, name: str, password: str) -> Printed:
    try:
        return read_printed(file, password)
    except UnreadablePdf as unreadable:
        raise _refused(name, _UNREADABLE[unreadable.reason]) from unreadable


def _refused(name: str, found: Text) -> InputRefused:
    issue = Issue(
        "statement-unreadable",
        Place(name),
        found,
        Text("一张绩效通知单的 PDF", "the PDF of one statement"),
        Text("改用 --run 和 --code 按验证码核对", "verify by --run and --code instead"),
    )
    return InputRefused(Text("不能核对这个文件", "this file cannot be verified"), [issue])

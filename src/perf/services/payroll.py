"""`payroll`: from the ledgers of a month of payment to the net pay: computed, accepted, withdrawn."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from perf.appraisal.month import ENGINE_VERSION
from perf.appraisal.payroll import run_payroll
from perf.appraisal.payroll_models import PayrollInputs, PayrollResult, PersonPayroll, Taken
from perf.distribution.adjustments import RETURNED
from perf.kernel.errors import NotFound, StateRefused, VerificationFailed, WrongUse
from perf.kernel.facts import Facts
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, RunMoney, load_money
from perf.services.payroll_records import as_openings, as_taken, as_withholding
from perf.specs.canonical import content_hash
from perf.specs.models import Payroll, RuleBook
from perf.specs.payroll_models import PayrollVersion
from perf.storage import audit, facts, payrolls, runs
from perf.storage.counters import wait_for_turn
from perf.storage.payrolls import PayrollRecord
from perf.storage.runs import Run
from perf.storage.store import Connection, Store
from perf.storage.viewer import COUNTY, EVERYTHING

_BASE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class PayrollDraft:
    """A computed payroll of some runs of one consortium; nothing of it is stored."""

    consortium: str
    pay_month: Period
    runs: tuple[Run, ...]
    rule: Payroll
    version: PayrollVersion
    rule_digest: str
    inputs: PayrollInputs
    result: PayrollResult

    @property
    def is_partial(self) -> bool:
        """Whether somebody's net pay is not computed (exit 1)."""
        return any(one.status == "not_computed" for one in self.result.people)


def draft_payroll(
    store: Store, *, chosen: Sequence[Run], pay_month: Period | None, book: RuleBook, actor: Actor
) -> PayrollDraft:
    """Compute the payroll of runs of one consortium.

    Args:
        pay_month: The month of payment; None: as published, else the month after the period.
        book: Rules with a payroll; the version in force in the month of payment counts.
    Raises:
        NotFound: no payroll in force in that month.
        WrongUse: runs of several months of payment.
        StateRefused: a run is a correction, is published for another month of payment, is paid by an accepted payroll already, or a
            later month was accepted.
    """
    with store.read() as connection:
        return _draft(store, connection, chosen, pay_month, book, actor)


def accept_payroll(
    store: Store,
    *,
    chosen: Sequence[Run],
    pay_month: Period | None,
    book: RuleBook,
    actor: Actor,
    reason: str,
    now: datetime,
) -> tuple[PayrollDraft, PayrollRecord]:
    """Compute and keep what is withheld; later payrolls of the year count on it. Whoever is not computed is left out.

    Raises:
        WrongUse: no reason.
        NotFound, StateRefused: as in `draft_payroll`; a run that is not published, `gross_only`, or nobody computed.
    """
    if not reason.strip():
        raise WrongUse(Text("确认代扣需要理由(--reason)", "accepting a payroll needs a reason (--reason)"))
    consortium = chosen[0].consortium
    with store.write() as connection:
        wait_for_turn(connection, f"payroll {consortium}")
        draft = _draft(store, connection, chosen, pay_month, book, actor)
        _require_acceptable(draft)
        number = payrolls.next_payroll_number(connection, actor.viewer, consortium, draft.pay_month)
        record = PayrollRecord(
            id=payrolls.payroll_id(consortium, draft.pay_month, number),
            consortium=consortium,
            pay_month=draft.pay_month,
            number=number,
            runs=tuple(run.id for run in draft.runs),
            rule=draft.rule.code,
            version=draft.version.dated.name,
            rule_digest=draft.rule_digest,
            engine=ENGINE_VERSION,
            made_by=actor.name,
            made_at=now,
            reason=reason,
        )
        people = [as_withholding(one) for one in draft.result.people if one.taken is not None]
        record = payrolls.add_payroll(connection, actor.viewer, record, people)
        _audit(connection, actor, record, now, "payroll", reason, {"digest": record.digest, "people": len(people)})
    return draft, record


def withdraw_payroll(store: Store, *, payroll: str, actor: Actor, reason: str, now: datetime) -> PayrollRecord:
    """Let an accepted payroll count no more: before it was paid, and only the last one of its year.

    Raises:
        WrongUse: no reason.
        NotFound: no such payroll in scope.
        StateRefused: withdrawn already, or a later one stands on it.
    """
    if not reason.strip():
        raise WrongUse(Text("撤回需要理由(--reason)", "a withdrawal needs a reason (--reason)"))
    with store.write() as connection:
        every = payrolls.list_payrolls(connection, actor.viewer)
        found = next((one for one in every if one.id == payroll), None)
        if found is None:
            raise NotFound(Text(f"没有代扣 {payroll}", f"no payroll {payroll}"))
        wait_for_turn(connection, f"payroll {found.consortium}")
        standing = [
            one
            for one in every
            if one.consortium == found.consortium
            and one.withdrawn_reason is None
            and one.pay_month.year == found.pay_month.year
        ]
        later = [one.id for one in standing if (one.pay_month, one.number) > (found.pay_month, found.number)]
        if later:
            raise StateRefused(
                Text(
                    f"{later[-1]} 是在 {payroll} 之后算的;先撤回它",
                    f"{later[-1]} stands on {payroll}; withdraw it first",
                )
            )
        if not payrolls.withdraw_payroll(connection, actor.viewer, payroll, at=now, reason=reason):
            raise StateRefused(Text(f"{payroll} 已经撤回", f"{payroll} is withdrawn already"))
        _audit(connection, actor, found, now, "payroll-withdraw", reason, {"digest": found.digest})
    return found


def accepted_for(connection: Connection, actor: Actor, run: Run) -> PayrollRecord | None:
    """The payroll that pays a run, None where none does."""
    for record in payrolls.list_payrolls(connection, actor.viewer, consortium=run.consortium):
        if record.withdrawn_reason is None and run.id in record.runs:
            return record
    return None


def _draft(
    store: Store,
    connection: Connection,
    chosen: Sequence[Run],
    pay_month: Period | None,
    book: RuleBook,
    actor: Actor,
) -> PayrollDraft:
    months = {runs.pay_month_of(run) for run in chosen}
    month = pay_month or max(months)
    if pay_month is None and len(months) > 1:
        raise WrongUse(
            Text("这些核算的发放月不同;写明 --pay-month", "these runs are paid in several months: --pay-month")
        )
    _require_month(chosen, month)
    rule, version = payroll_in_force(book, month)
    for run in chosen:
        paid_by = accepted_for(connection, actor, run)
        if paid_by is not None:
            raise StateRefused(Text(f"{run.id} 已由 {paid_by.id} 发放", f"{run.id} is paid by {paid_by.id} already"))
    consortium = chosen[0].consortium
    taken, covered = _year(connection, actor, consortium, month)
    loaded = [load_money(store, run=run.id, actor=actor) for run in chosen]
    inputs = PayrollInputs(
        book=book,
        rule=rule,
        version=version,
        consortium=consortium,
        pay_month=month,
        roster=loaded[-1].roster,
        facts=_facts(connection, actor, version, consortium, month),
        paid=paid_by_line(loaded),
        openings=as_openings(payrolls.openings_of(connection, actor.viewer, consortium, month.year)),
        taken=taken,
        covered=covered,
        name=f"{consortium}:{month}",
    )
    digest = content_hash("\n".join(book.texts.get(name, "") for name in sorted({rule.place.file})))
    return PayrollDraft(consortium, month, tuple(chosen), rule, version, digest, inputs, run_payroll(inputs))


def payroll_in_force(book: RuleBook, month: Period) -> tuple[Payroll, PayrollVersion]:
    """The payroll that is switched on and in force in a month of payment.

    Raises:
        NotFound: there is none.
    """
    for rule in book.payrolls.values():
        version = rule.version(month)
        if rule.enabled and version is not None:
            return rule, version
    raise NotFound(Text(f"{month} 没有有效的代扣规则(payroll)", f"no payroll rule is in force in {month}"))


def paid_by_line(loaded: Sequence[LoadedRun | RunMoney]) -> Mapping[str, Mapping[str, Money]]:
    """Person -> line -> what the ledgers pay; money that came back from the bank is not taken from the pay."""
    found: dict[str, dict[str, Money]] = {}
    for run in loaded:
        for entry in run.entries:
            for account, amount in ((entry.target, entry.amount), (entry.source, -entry.amount)):
                kind, _, person = account.partition(":")
                if kind == "person" and entry.status != RETURNED:
                    own = found.setdefault(person, {})
                    own[entry.line] = own.get(entry.line, ZERO) + amount
    return found


def _require_month(chosen: Sequence[Run], month: Period) -> None:
    for run in chosen:
        if run.corrects is not None:
            raise StateRefused(
                Text(
                    f"{run.id} 是更正;差额随下一个未发布月份的核算发放,不单独发放",
                    f"{run.id} is a correction: its differences are paid with the next open month",
                )
            )
        if run.is_sealed and runs.pay_month_of(run) != month:
            published = runs.pay_month_of(run)
            raise StateRefused(
                Text(f"{run.id} 发布时的发放月是 {published}", f"{run.id} is published for payment in {published}")
            )


def _require_acceptable(draft: PayrollDraft) -> None:
    for run in draft.runs:
        if not run.is_sealed:
            raise StateRefused(Text(f"{run.id} 还没有发布", f"{run.id} is not published yet"))
    if draft.version.method == "gross_only":
        raise StateRefused(Text("代扣规则只给应发(gross_only),没有可确认的代扣", "the payroll rule is gross_only"))
    if all(one.taken is None for one in draft.result.people):
        raise StateRefused(Text("没有一个人算出实发", "nobody's net pay is computed"), draft.result.issues)


def _year(
    connection: Connection, actor: Actor, consortium: str, month: Period
) -> tuple[tuple[Taken, ...], frozenset[Period]]:
    """What accepted payrolls of the year took, and their months."""
    every = payrolls.list_payrolls(connection, actor.viewer, consortium=consortium, year=month.year)
    standing = [one for one in every if one.withdrawn_reason is None]
    later = [one.id for one in standing if one.pay_month > month]
    if later:
        raise StateRefused(
            Text(
                f"{later[0]} 已确认,不能再算更早的 {month};差额在以后月份结清",
                f"{later[0]} is accepted: {month} is before it; settle the difference in a later month",
            )
        )
    people = payrolls.withholdings_of(connection, actor.viewer, [one.id for one in standing])
    taken: list[Taken] = []
    for record in standing:
        own = people[record.id]
        if not payrolls.is_what_was_accepted(record, own):
            raise VerificationFailed(
                Text(f"{record.id} 存储的内容与确认时不同", f"{record.id} is not what was accepted")
            )
        taken += [as_taken(record, one) for one in own]
    return tuple(taken), frozenset(one.pay_month for one in standing)


def _facts(connection: Connection, actor: Actor, version: PayrollVersion, consortium: str, month: Period) -> Facts:
    """The figures of payroll: of the year so far, and twelve months back for bases."""
    first = min(month.first_month - _BASE_MONTHS + 1, month.year * 12)
    months = [month.shift(first - month.first_month + n) for n in range(month.first_month - first + 1)]
    periods = sorted({str(p) for m in months for p in (m, m.within("year"))})
    measures = sorted({code for code, _ in version.measures()})
    known = facts.newest_versions(
        connection, actor.viewer, consortia=(consortium, COUNTY), periods=periods, measures=measures
    )
    files = facts.files_of(connection, EVERYTHING)  # names only, of files that gave these facts
    return Facts(facts.as_facts(known.values(), files))


def _audit(
    connection: Connection,
    actor: Actor,
    record: PayrollRecord,
    now: datetime,
    action: str,
    reason: str,
    details: Mapping[str, object],
) -> None:
    audit.append(
        connection,
        actor.viewer,
        consortium=record.consortium,
        at=now,
        action=action,
        target=record.id,
        reason=reason,
        details=json.loads(json.dumps(details)),
    )


def people_of(draft: PayrollDraft, person: str | None) -> tuple[PersonPayroll, ...]:
    """Everybody, or one person.

    Raises:
        NotFound: the person is not paid.
    """
    found = tuple(one for one in draft.result.people if person in (None, one.person))
    if person is not None and not found:
        raise NotFound(Text(f"{person} 本次没有发放", f"{person} is not paid this time"))
    return found

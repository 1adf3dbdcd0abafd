"""What accepted payrolls made of a run's pay, for statements."""

from collections.abc import Collection, Mapping

from perf.appraisal.payroll_models import PersonPayroll
from perf.appraisal.payroll_person import COMING
from perf.appraisal.prose import prose
from perf.appraisal.views import TakeHome, TakeHomeLine
from perf.services.actors import Actor
from perf.services.pay_files import accepted_payrolls, people_paid
from perf.storage.payrolls import PayrollRecord
from perf.storage.runs import Run
from perf.storage.store import Store


def take_home_of(
    store: Store, run: Run, *, actor: Actor, people: Collection[str] | None = None
) -> Mapping[str, TakeHome]:
    """Staff number -> the way from gross to net, of everybody or of these people; nothing where no payroll is accepted.

    Raises:
        VerificationFailed: what is stored is not what was accepted.
    """
    found: dict[str, TakeHome] = {}
    for record in accepted_payrolls(store, (run,), actor=actor):
        for one in people_paid(store, record, actor=actor, people=people):
            if one.net is not None:
                found[one.person] = _view(record, one)
    return found


def _view(record: PayrollRecord, one: PersonPayroll) -> TakeHome:
    assert one.net is not None  # noqa: S101 - the caller leaves the others out
    return TakeHome(
        payroll=record.id,
        pay_month=str(record.pay_month),
        lines=tuple(
            TakeHomeLine(prose(line.title), line.amount, prose(line.how), line.kind in COMING) for line in one.lines
        ),
        gross=one.gross,
        deductions=one.deductions,
        tax=one.tax,
        net=one.net,
        working=tuple(prose(text) for text in one.working),
    )

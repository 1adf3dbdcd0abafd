"""Refusals: an action that cannot be done, with a code, an exit status, and what to do instead."""

from collections.abc import Sequence
from typing import ClassVar

from perf.kernel.issues import Issue
from perf.kernel.text import Text


class PerfError(Exception):
    """An action is refused. `message` never holds pay, an ID number or a secret."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    exit_code: ClassVar[int] = 4

    def __init__(self, message: Text, issues: Sequence[Issue] = ()) -> None:
        super().__init__(message.zh)
        self.message = message
        self.issues = tuple(issues)

    def __reduce__(self) -> tuple[object, ...]:
        """What a worker process refuses, the process that asked refuses with the same words."""
        return type(self), (self.message, self.issues)


class WrongUse(PerfError):
    """The call itself is off (exit 2)."""

    code = "wrong-use"
    status = 400
    exit_code = 2


class InputRefused(PerfError):
    """The input has errors; nothing was written (exit 3)."""

    code = "input-refused"
    status = 422
    exit_code = 3


class NotFound(PerfError):
    """No such thing, or none that may be seen."""

    code = "not-found"
    status = 404
    exit_code = 4


class StateRefused(PerfError):
    """The state or the right does not allow it (exit 4)."""

    code = "state-refused"


class VerificationFailed(PerfError):
    """A sealed thing is not what was sealed (exit 5)."""

    code = "verification-failed"
    exit_code = 5


class NotConserved(Exception):
    """Our own fault: money does not add up. Stop, roll back, say so; never caught but at the edge."""

    def __init__(self, where: str, *, expected_fen: int, found_fen: int) -> None:
        super().__init__(
            f"{where}: expected {expected_fen} fen, found {found_fen} fen, difference {found_fen - expected_fen}"
        )
        self._found = (where, expected_fen, found_fen)

    def __reduce__(self) -> tuple[object, ...]:
        return _not_conserved, self._found


def _not_conserved(where: str, expected_fen: int, found_fen: int) -> NotConserved:
    return NotConserved(where, expected_fen=expected_fen, found_fen=found_fen)

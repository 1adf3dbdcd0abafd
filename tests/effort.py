"""How much work something is, in calls: the same on every machine, however busy it is."""

import sys
from collections.abc import Callable
from types import FrameType


def calls_of(work: Callable[[], object]) -> int:
    """Calls of functions, ours and built-in ones, while `work` is done."""
    count = 0

    def seen(_frame: FrameType, event: str, _about: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count

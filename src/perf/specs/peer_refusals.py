"""Peer groups that compare nothing: what is said, and what the rule should say about it."""

from typing import ClassVar

from perf.formulas.arithmetic import RuleFailed
from perf.kernel.text import Text


class PeersRefused(RuleFailed):
    """A peer group that compares nothing, with what the rule should say about it."""

    def __init__(self, message: Text, expected: Text, hint: Text) -> None:
        super().__init__(message)
        self.expected, self.hint = expected, hint


class PeerGroupOfOne(PeersRefused):
    """Nobody but the subject itself has a value."""

    code: ClassVar[str] = "peer-group-of-one"

    def __init__(self, curve: str, key: str) -> None:
        super().__init__(
            Text(
                f"同组只有自己一个有数值,{curve} 无从比较",
                f"nobody else of the peers has a value: {curve} compares nothing",
            ),
            Text(
                f"同组两个以上有数值,或 points 里写明 {key}",
                f"two peers with a value or more, or `{key}` in `points`",
            ),
            Text(
                f"在 points 里写 {key}: 100(只有自己时得的分),或改 peers 使同组更大",
                f"write `{key}: 100` into `points` (what a group of one earns), or widen `peers`",
            ),
        )


class PeersAllEqual(PeersRefused):
    """All peers have one value, or the peer statistics of a curve coincide."""

    code: ClassVar[str] = "peers-all-equal"

    def __init__(self, found: Text, key: str = "all_equal") -> None:
        super().__init__(
            found,
            Text(f"同组数值有高有低,或 points 里写明 {key}", f"peers that differ, or `{key}` in `points`"),
            Text(
                f"在 points 里写 {key}: 100(全部相同时得的分)",
                f"write `{key}: 100` into `points` (what equals earn)",
            ),
        )

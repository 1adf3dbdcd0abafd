"""Draws by name: a figure depends on what it is of and on nothing else, so that no order and no version changes it."""

from hashlib import blake2b

_SEED = b"lujiang-1"


def draw(count: int, *name: object) -> int:
    """A whole number from 0 to `count` - 1, evenly spread over names."""
    text = "|".join(str(part) for part in name).encode()
    return int.from_bytes(blake2b(text, digest_size=8, key=_SEED).digest(), "big") % count


def tilt(reach: int, *name: object) -> int:
    """A whole number from -`reach` to `reach`, small ones more often."""
    first, second = divmod(draw((reach + 1) ** 2, *name), reach + 1)
    return first - second


def pick(weights: tuple[int, ...], *name: object) -> int:
    """An index, as often as its weight says."""
    rest = draw(sum(weights), *name)
    for index, weight in enumerate(weights):
        if rest < weight:
            return index
        rest -= weight
    return len(weights) - 1


def scaled(base: int, *per_mille: int) -> int:
    """`base` times each of the factors in thousandths, whole numbers all the way."""
    for factor in per_mille:
        base = (base * factor + 500) // 1000
    return base

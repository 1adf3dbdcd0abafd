"""QR codes (ISO/IEC 18004) of short texts: bytes, correction level M, versions 1 to 14, one fixed mask.

Everything but the text is the same for a version and is prepared once a process; a code then costs a division of
polynomials and one look through a list of places. Any mask is valid; weighing all eight takes far longer than the rest.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

BYTES_MAX: Final = 362
"""What a code of version 14 holds."""
_BLOCKS: Final = {
    1: (10, (16,)),
    2: (16, (28,)),
    3: (26, (44,)),
    4: (18, (32, 32)),
    5: (24, (43, 43)),
    6: (16, (27,) * 4),
    7: (18, (31,) * 4),
    8: (22, (38, 38, 39, 39)),
    9: (22, (36, 36, 36, 37, 37)),
    10: (26, (43, 43, 43, 43, 44)),
    11: (30, (50, 51, 51, 51, 51)),
    12: (22, (36,) * 6 + (37,) * 2),
    13: (22, (37,) * 8 + (38,)),
    14: (24, (40,) * 4 + (41,) * 5),
}
"""Version -> codewords of correction in each block, codewords of data of each block, at level M."""
_ALIGNED: Final = {
    **{version: (6, 10 + 4 * version) for version in range(2, 7)},
    **{version: (6, 8 + 2 * version, 10 + 4 * version) for version in range(7, 14)},
    14: (6, 26, 46, 66),
}
_LONG: Final = 10
"""The first version whose text has its length in two bytes."""
_MASK: Final = 3
_LEVEL: Final = 0b00  # M
_FORMAT_POLYNOMIAL, _FORMAT_MASK, _VERSION_POLYNOMIAL = 0b10100110111, 0b101010000010010, 0b1111100100101
_FIELD: Final = 0b100011101  # x^8 + x^4 + x^3 + x^2 + 1
_BYTE_MODE: Final = 0b0100
_PADS: Final = (0xEC, 0x11)


def qr_modules(text: str) -> tuple[bytes, ...]:
    """The squares of the code, row by row, 1 where dark; without the quiet zone.

    Raises:
        ValueError: more than `BYTES_MAX` bytes in UTF-8.
    """
    raw = text.encode("utf-8")
    version = next((one for one, (_, sizes) in _BLOCKS.items() if len(raw) + 2 + (one >= _LONG) <= sum(sizes)), None)
    if version is None:
        raise ValueError(f"a text of {len(raw)} bytes; a QR code of ours holds {BYTES_MAX}")
    return _layout(version).filled(_codewords(raw, version))


def _codewords(raw: bytes, version: int) -> bytes:
    """Data and correction of all blocks, in the order in which they are placed."""
    correction, sizes = _BLOCKS[version]
    capacity = sum(sizes)
    counted = 1 + (version >= _LONG)
    packed = (_BYTE_MODE << 8 * counted | len(raw)) << 8 * len(raw) | int.from_bytes(raw)
    data = (packed << 4).to_bytes(len(raw) + counted + 1)
    data += bytes(_PADS[number % 2] for number in range(capacity - len(data)))
    blocks, start = [], 0
    for size in sizes:
        blocks.append(data[start : start + size])
        start += size
    checks = [_remainder(block, correction) for block in blocks]
    mixed = [block[place] for place in range(max(sizes)) for block in blocks if place < len(block)]
    return bytes([*mixed, *(check[place] for place in range(correction) for check in checks)])


def _remainder(block: bytes, correction: int) -> bytes:
    """The codewords of correction: what is left of the data after division by the generator."""
    feedback = _feedback(correction)
    kept = (1 << 8 * (correction - 1)) - 1
    left = 0
    for byte in block:
        left = (left & kept) << 8 ^ feedback[left >> 8 * (correction - 1) ^ byte]
    return left.to_bytes(correction)


@cache
def _feedback(correction: int) -> tuple[int, ...]:
    """Byte -> the generator's coefficients below its highest, each times that byte, as one number."""
    generator = [1]
    root = 1
    for _ in range(correction):
        shifted = [*generator, 0]
        for place, coefficient in enumerate(generator):
            shifted[place + 1] ^= _times(coefficient, root)
        generator, root = shifted, _times(root, 2)
    return tuple(
        int.from_bytes(bytes(_times(byte, coefficient) for coefficient in generator[1:])) for byte in range(256)
    )


def _times(first: int, second: int) -> int:
    """The product in the field of 256 elements."""
    product = 0
    while second:
        if second & 1:
            product ^= first
        first <<= 1
        if first & 0x100:
            first ^= _FIELD
        second >>= 1
    return product


class _Layout(NamedTuple):
    """What is the same of all codes of a version.

    Attributes:
        size: Squares of a side.
        fixed: All squares, 1 where one is dark that holds no data.
        places: Where the bits of the codewords stand, one after the other.
        mask: The bits that the mask turns around, as one number.
    """

    size: int
    fixed: bytes
    places: tuple[int, ...]
    mask: int

    def filled(self, codewords: bytes) -> tuple[bytes, ...]:
        """The squares with the codewords in their places; the few places left over hold zeros."""
        count = len(self.places)
        bits = int.from_bytes(codewords) << count - 8 * len(codewords) ^ self.mask
        modules = bytearray(self.fixed)
        for place, bit in zip(self.places, f"{bits:0{count}b}", strict=True):
            if bit == "1":
                modules[place] = 1
        return tuple(bytes(modules[start : start + self.size]) for start in range(0, len(modules), self.size))


@cache
def _layout(version: int) -> _Layout:
    size = 17 + 4 * version
    fixed = dict(_fixed(version, size))
    places = [row * size + column for row, column in _path(size) if (row, column) not in fixed]
    turned = "".join("1" if (place // size + place % size) % 3 == 0 else "0" for place in places)
    squares = bytes(fixed.get((row, column), 0) for row in range(size) for column in range(size))
    return _Layout(size, squares, tuple(places), int(turned, 2))


def _path(size: int) -> Iterator[tuple[int, int]]:
    """Row and column of the squares in the order of the data: two columns at a time, up and down, from the right."""
    pairs = [*range(size - 1, 6, -2), 5, 3, 1]
    for turn, right in enumerate(pairs):
        for row in range(size) if turn % 2 else range(size - 1, -1, -1):
            yield row, right
            yield row, right - 1


def _fixed(version: int, size: int) -> Iterator[tuple[tuple[int, int], int]]:
    """The squares that hold no data, each 1 where dark; a later one counts."""
    for place in range(size):
        yield (6, place), 1 - place % 2
        yield (place, 6), 1 - place % 2
    centres = _ALIGNED.get(version, ())
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for middle in ((row, column) for row in centres for column in centres if (row, column) not in corners):
        yield from _rings(middle, 2, size, light=1)
    for middle in ((3, 3), (3, size - 4), (size - 4, 3)):
        yield from _rings(middle, 4, size, light=2)
    yield (size - 8, 8), 1
    kind = _LEVEL << 3 | _MASK
    kind = (kind << 10 | _checked(kind << 10, _FORMAT_POLYNOMIAL)) ^ _FORMAT_MASK
    for place, (first, second) in enumerate(zip(_beside_corner(), _beside_others(size), strict=True)):
        yield first, kind >> place & 1
        yield second, kind >> place & 1
    if version >= 7:
        told = version << 12 | _checked(version << 12, _VERSION_POLYNOMIAL)
        for place in range(18):
            yield (place // 3, size - 11 + place % 3), told >> place & 1
            yield (size - 11 + place % 3, place // 3), told >> place & 1


def _rings(middle: tuple[int, int], radius: int, size: int, *, light: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Squares around `middle`, dark but for the rings `light` and, of the corners, the outermost one."""
    row, column = middle
    for down in range(-radius, radius + 1):
        for right in range(-radius, radius + 1):
            if 0 <= row + down < size and 0 <= column + right < size:
                ring = max(abs(down), abs(right))
                yield (row + down, column + right), int(ring not in (light, 4))


def _beside_corner() -> list[tuple[int, int]]:
    """Where the format stands at the upper left corner, its last bit first."""
    down = [(row, 8) for row in (0, 1, 2, 3, 4, 5, 7, 8)]
    return [*down, *((8, column) for column in (7, 5, 4, 3, 2, 1, 0))]


def _beside_others(size: int) -> list[tuple[int, int]]:
    """Where it stands at the two other corners."""
    return [*((8, size - 1 - place) for place in range(8)), *((size - 7 + place, 8) for place in range(7))]


def _checked(number: int, polynomial: int) -> int:
    """What is left of `number` after division by `polynomial` over the field of two elements."""
    while number.bit_length() >= polynomial.bit_length():
        number ^= polynomial << number.bit_length() - polynomial.bit_length()
    return number

"""Which rows of a block are plainly data: several cells, and neither a total nor a note where one would stand."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from heapq import merge

from perf.excel.cell_blocks import CellBlock, blocks_of, single_rows
from perf.excel.cells import CellRecord
from perf.excel.headers import plain
from perf.excel.heading_words import HeadingWords
from perf.excel.row_kinds import is_note, is_sum, is_total

_HEADING = ("text", "blank", "date")


def plainly_data(block: CellBlock, span: range, subjects: Collection[int], names: Collection[int]) -> list[int]:
    """The indices in `span` of the rows that are data without a closer look.

    Args:
        subjects: The columns that name who a row is about.
        names: Those that name its measure.
    """
    said: list[str | None] = [None] * len(span)
    counts = [0] * len(span)
    has_value = [False] * len(span)
    doubtful: set[int] = set()
    for column in block.columns:
        number, (part, kinds) = column.number, column.part(span)
        is_filled = None not in part and isinstance(kinds, str)
        if is_filled and (kinds != "text" or not any(text and text.isspace() for text in set(part))):
            counts = [count + 1 for count in counts]
            has_value = [True] * len(span)
            if kinds == "text":
                said = [text if known is None else known for text, known in zip(part, said, strict=True)]
        else:
            some = [kinds] * len(span) if isinstance(kinds, str) else kinds
            for at, (text, kind) in enumerate(zip(part, some, strict=True)):
                if text is None:
                    continue
                counts[at] += 1
                if text.isspace():
                    continue
                has_value[at] = True
                if kind == "text" and said[at] is None:
                    said[at] = text
        if number in subjects:
            totals = {text for text in _worth_a_look(part) if is_total(plain(text))}
        elif number in names:
            totals = {text for text in _worth_a_look(part) if is_sum(plain(text))}
        else:
            continue
        if totals:
            doubtful.update(at for at, text in enumerate(part) if text in totals)
    heads = {text for text in _worth_a_look(said) if is_total(plain(text)) or is_note(plain(text))}
    return [
        index
        for at, index in enumerate(span)
        if counts[at] > 1 and has_value[at] and said[at] not in heads and at not in doubtful
    ]


def text_rows(block: CellBlock, words: HeadingWords, also: Container[int]) -> Sequence[int]:
    """The numbers of the rows of nothing but texts and days in which one of the words stands, or that are among `also`."""
    left: Sequence[int] = range(len(block.numbers))
    for _, values, kinds, _ in block.columns:
        if isinstance(kinds, str):
            left = left if kinds in _HEADING else [index for index in left if values[index] is None]
        else:
            left = [index for index in left if values[index] is None or kinds[index] in _HEADING]
    if not left:
        return ()
    said: set[int] = set()
    for _, values, _, _ in block.columns:
        if heads := words.among(map(values.__getitem__, left)):
            said.update(index for index in left if values[index] in heads)
    numbers = block.numbers
    return [numbers[index] for index in left if index in said or numbers[index] in also]


def rows_saying(rows: Mapping[int, Mapping[int, CellRecord]], is_word: Callable[[str], bool]) -> Iterator[int]:
    """The numbers of the rows, ascending, in which one of certain words may stand: single rows, and those of blocks where it does."""
    said: set[int] = set()
    for block in blocks_of(rows):
        for column in block.columns:
            words = {text for text in _worth_a_look(column.values) if is_word(text)} if column.kinds != "number" else ()
            if words:
                said.update(block.numbers[at] for at, text in enumerate(column.values) if text in words)
    return merge(single_rows(rows), sorted(said))


def _worth_a_look(texts: Iterable[str | None]) -> list[str]:
    """Each text once; what begins with a digit is neither a total nor a note nor a header."""
    return [text for text in set(texts) if text and not (text.isascii() and text[0].isdigit())]

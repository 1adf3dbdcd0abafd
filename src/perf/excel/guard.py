"""The pre-check of a file that somebody sent: what it is, and limits that hold while it is read.

The directory of the package is judged before anything is inflated; every part is then streamed under a budget, because
a directory can lie. No part that is not needed (pictures, macros, printer settings) is ever inflated. The XML reader
has neither document types nor entities.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from perf.excel.codes import Finding
from perf.kernel.text import Text

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = re.compile(r"xl/workbook\d*\.xml")  # services where several people write at once number it
_Parts = dict[str, zipfile.ZipInfo]
_CHUNK = 1 << 18
_TOKEN_BYTES_MAX = 1 << 20
BROKEN = (  # what the package reader raises over bytes that are no package, found by fuzzing
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OSError,
    ValueError,
    IndexError,
    OverflowError,
)
WORKBOOK = Text(
    "xlsx、xlsm、xls、ods、csv、txt 或网页表格",
    "a workbook (xlsx, xlsm, xls, ods), text (csv, txt) or a table of a web page",
)
_OPEN = Text("没有打开密码的文件", "a file without a password")
_SAVE_AS = Text(
    "用 Excel 或 WPS 打开,另存为“Excel 工作簿(*.xlsx)”后重新上传",
    "Open it in Excel or WPS, save it as .xlsx, upload again",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may be: bytes, counts and characters; what is beyond them by default is refused within two seconds.

    Attributes:
        cells, tags: In all sheets together.
        single_cells, single_tags: Of these, in rows that are read one by one, being unlike what any program writes;
            attributes count as tags.
        page_tags: In a web page, where every tag is read by itself; as many attributes as tags.
        other_cells: In a format other than .xlsx and .xlsm, where every cell is read by itself.
        text_total: Characters of all cells together; one text may stand in many cells.
        memory_bytes, seconds: What the reading may take where the counts do not stop it before; processor time.
    """

    file_bytes: int = 32 << 20
    inflated_bytes: int = 96 << 20
    ratio: int = 250
    ratio_from_bytes: int = 4 << 20
    parts: int = 400
    sheets: int = 100
    rows: int = 200_000
    columns: int = 702
    cells: int = 1_500_000
    tags: int = 12_000_000
    single_cells: int = 250_000
    page_tags: int = 1_200_000
    other_cells: int = 600_000
    single_tags: int = 2_500_000
    text_length: int = 32_767
    text_total: int = 64 << 20
    merged_areas: int = 20_000
    memory_bytes: int = 1 << 30
    seconds: int = 30


LIMITS = Limits()


class WorkbookRefusedError(Exception):
    """Stops the reading of a file; carries the one finding to report."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def damaged(what: str, what_en: str) -> WorkbookRefusedError:
    """The refusal of a file that cannot be read to its end."""
    hint = Text("文件可能没有传完或没有存好;" + _SAVE_AS.zh, "The file may be cut off. " + _SAVE_AS.en)
    return WorkbookRefusedError(
        Finding("workbook-damaged", Text(what, what_en), Text("完整的 .xlsx 文件", "a complete .xlsx file"), hint)
    )


def too_long() -> WorkbookRefusedError:
    """The refusal of a file with a text longer than any program writes into a cell."""
    return damaged("单元格的文字超过 32767 个字", "a cell holds more than 32767 characters")


def damaged_text(line: int, encoding: str) -> WorkbookRefusedError:
    """The refusal of a text that is in this encoding but for some bytes."""
    name = encoding.upper()
    broken = Text(
        f"第 {line} 行有不成字的字节,其余是 {name}", f"line {line} has bytes that are no character, the rest is {name}"
    )
    hint = Text(
        f"文件可能没有传完或被改坏;重新导出,或用编辑器改好第 {line} 行",
        f"Export it again, or mend line {line} in an editor",
    )
    return WorkbookRefusedError(
        Finding(
            "workbook-damaged",
            broken,
            Text("UTF-8 或 GB18030 编码的完整文本", "a whole text in UTF-8 or GB18030"),
            hint,
        )
    )


class Package:
    """A checked package: its parts can be streamed, within the limits of the whole file."""

    def __init__(self, content: bytes, limits: Limits = LIMITS, *, workbook: re.Pattern[str] = _WORKBOOK) -> None:
        """Judge the directory.

        Args:
            workbook: What the part is called without which the package is no workbook.
        Raises:
            WorkbookRefusedError: the file is not a workbook, or not one to be opened.
        """
        self.limits = limits
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN as error:
            raise damaged("文件不完整,打不开", "the file is cut off and cannot be opened") from error
        self._parts, self.workbook = _directory(self._archive.infolist(), limits, workbook)
        self._budget = limits.inflated_bytes
        self._tags = min(limits.tags, limits.single_tags)

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    @property
    def names(self) -> list[str]:
        """Names of all parts, lower case."""
        return list(self._parts)

    def stream(self, part: str) -> Iterator[bytes]:
        """The part's bytes in pieces.

        Raises:
            WorkbookRefusedError: more than the directory said or the limits allow, or a damaged part.
        """
        info = self._parts.get(part.lower())
        if info is None:
            raise damaged(f"缺少部件 {part}", f"the part {part} is missing")
        try:
            with self._archive.open(info) as source:
                while chunk := source.read(_CHUNK):
                    self._budget -= len(chunk)
                    if self._budget < 0:
                        raise WorkbookRefusedError(_inflates(self.limits))
                    yield chunk
        except BROKEN as error:
            raise damaged(f"部件 {part} 读不出来", f"the part {part} cannot be read") from error

    def survey(self, parts: Iterable[str], cell: bytes, cells: int, tags: int) -> dict[str, int]:
        """Count cells and tags in the bytes of all `parts`, before the first of them is parsed; the cells of each.

        Args:
            cell: What stands once in each cell.
            cells, tags: How many there may be.
        Raises:
            WorkbookRefusedError: more than the limits allow.
        """
        found: dict[str, int] = {}
        most = cells
        for part in parts:
            found[part] = 0
            for chunk in self.stream(part):
                count = chunk.count(cell)
                found[part] += count
                cells -= count
                tags -= chunk.count(b"<")
                if cells < 0 or tags < 0:
                    raise WorkbookRefusedError(too_many_cells(self.limits, most))
        self.begin_again()
        return found

    def begin_again(self) -> None:
        """What was inflated and parsed so far does not count; for a part that has to be read a second time."""
        self._budget = self.limits.inflated_bytes
        self._tags = min(self.limits.tags, self.limits.single_tags)

    def parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object] | None = None,
        text: Callable[[str], object] | None = None,
    ) -> None:
        """Run the part through expat with these handlers; document types and entities are refused.

        Raises:
            WorkbookRefusedError: not well-formed, too many tags, a document type or an entity.
        """
        feed = self.feed(part, start, end, text)
        for chunk in self.stream(part):
            feed.take(chunk)
        feed.close()

    def feed(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object] | None = None,
        end: Callable[[str], object] | None = None,
        text: Callable[[str], object] | None = None,
    ) -> "XmlFeed":
        """A parser of the part to which its bytes are given; without handlers it only sees whether they are well-formed."""
        return XmlFeed(part, start, end, text, self.spend_tags if start is not None else None)

    def spend_tags(self, count: int) -> None:
        """Take so many tags that are read one by one.

        Raises:
            WorkbookRefusedError: too many.
        """
        self._tags -= count
        if self._tags < 0:
            raise WorkbookRefusedError(too_many_cells(self.limits))


class XmlFeed:
    """A part on its way through expat; document types and entities are refused."""

    def __init__(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object] | None,
        end: Callable[[str], object] | None,
        text: Callable[[str], object] | None,
        spend: Callable[[int], object] | None,
    ) -> None:
        self._part = part
        self._spend = spend
        self._fed = 0
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        if start is not None:
            parser.StartElementHandler = start
        if end is not None:
            parser.EndElementHandler = end
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_entities
        parser.EntityDeclHandler = _refuse_entities
        parser.ExternalEntityRefHandler = _refuse_entities

    def take(self, chunk: bytes) -> None:
        """Parse the next bytes.

        Raises:
            WorkbookRefusedError: not well-formed, too many tags, a document type or an entity.
        """
        if self._spend is not None:
            self._spend(chunk.count(b"<") + chunk.count(b"="))  # tags and attributes
        self._parse(chunk, is_last=False)
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > _TOKEN_BYTES_MAX:  # each piece is read from its start again
            part = self._part
            raise damaged(f"部件 {part} 中有一个没有尽头的标记", f"the part {part} has a tag without an end")

    def close(self) -> None:
        """The part is at its end.

        Raises:
            WorkbookRefusedError: it should not be.
        """
        self._parse(b"", is_last=True)

    def _parse(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(chunk, is_last)
        except (expat.ExpatError, ValueError, LookupError) as error:  # also an encoding that nobody knows
            if isinstance(error, (IndexError, KeyError)):
                raise
            part = self._part
            raise damaged(f"部件 {part} 不是正确的 XML", f"the part {part} is not well-formed XML") from error


def too_many_odd_cells(limits: Limits) -> Finding:
    """The finding for a workbook with more cells than are read one by one, being written as no program writes them."""
    return Finding(
        "workbook-too-many-cells",
        Text("写法不寻常的单元格太多", "too many cells that are not written as programs write them"),
        Text(f"这样的单元格不超过 {limits.single_cells} 个", f"at most {limits.single_cells} such cells"),
        _SAVE_AS,
    )


def too_many_cells(limits: Limits, most: int = 0) -> Finding:
    """The finding for a file with more cells than are taken: `most`, or as many as of a workbook."""
    most = min(most or limits.cells, limits.cells)
    return Finding(
        "workbook-too-many-cells",
        Text("单元格太多", "too many cells"),
        Text(f"不超过 {most} 个单元格", f"at most {most} cells"),
        Text("删除空白行列与无关工作表,或按月份拆成几个文件", "Remove empty rows and other sheets, or split by month"),
    )


def too_costly(limits: Limits) -> Finding:
    """The finding for a file whose reading took more time or memory than it may."""
    most = f"{limits.memory_bytes >> 20} MB"
    return Finding(
        "workbook-too-costly",
        Text("读取这个文件用完了允许的时间或内存", "reading this file used up the time or memory it may have"),
        Text(f"{limits.seconds} 秒、{most} 内能读完", f"read within {limits.seconds} s and {most}"),
        Text(
            "只复制要上报的表(选择性粘贴为数值)到新文件,另存为 .xlsx 后上传;不是自己做的文件不要上传",
            "Paste the table as values into a new file, save it as .xlsx; do not upload files of unknown origin",
        ),
    )


def too_far(cell: str, limits: Limits) -> Finding:
    """The finding for a cell outside the area that is read."""
    return Finding(
        "workbook-cell-too-far",
        Text(f"单元格 {cell} 离表太远", f"cell {cell} is far outside any table"),
        Text(
            f"数据在前 {limits.rows} 行、前 {limits.columns} 列内",
            f"data within {limits.rows} rows and {limits.columns} columns",
        ),
        Text(
            "删除表格以外的行和列后重新保存上传", "Delete the rows and columns outside the table, save and upload again"
        ),
    )


def require_size(content: bytes, limits: Limits) -> None:
    """Refuse an empty file and one that is too large.

    Raises:
        WorkbookRefusedError: either.
    """
    if not content:
        empty = Text("文件是空的(0 字节)", "the file is empty (0 bytes)")
        again = Text("文件可能没有存好或没有传完;请重新发送", "It was not saved or sent completely; send it again")
        raise WorkbookRefusedError(Finding("workbook-empty", empty, WORKBOOK, again))
    if len(content) > limits.file_bytes:
        size = Text(f"文件有 {len(content) >> 20} MB", f"the file has {len(content) >> 20} MB")
        most = Text(f"不超过 {limits.file_bytes >> 20} MB", f"at most {limits.file_bytes >> 20} MB")
        split = Text("删除图片和无关工作表,或按月份拆开", "Remove pictures and other sheets, or split by month")
        raise WorkbookRefusedError(Finding("workbook-too-large", size, most, split))


def encrypted() -> Finding:
    """The finding for a file that opens only with a password."""
    locked = Text("文件加了打开密码", "the file is encrypted with a password")
    unlock = Text("在 Excel 中取消打开密码后重新上传", "Remove the password in Excel and upload again")
    return Finding("workbook-encrypted", locked, _OPEN, unlock)


def not_a_workbook() -> WorkbookRefusedError:
    """The refusal of a file in none of the formats that are read."""
    other = Text("不是表格文件(只改了扩展名不算)", "no workbook (a changed name does not make one)")
    hint = Text(
        "照片、PDF、Word 不能读;请发原来的表格文件,或用 Excel、WPS 另存为“Excel 工作簿(*.xlsx)”",
        "Pictures, PDF and Word are not read; send the table itself, or save it as “Excel workbook (*.xlsx)”",
    )
    return WorkbookRefusedError(Finding("workbook-not-excel", other, WORKBOOK, hint))


def _directory(infos: list[zipfile.ZipInfo], limits: Limits, workbook: re.Pattern[str]) -> tuple[_Parts, str]:
    if len(infos) > limits.parts:
        found = Text(f"文件内有 {len(infos)} 个部件", f"the file has {len(infos)} parts")
        most = Text(f"不超过 {limits.parts} 个", f"at most {limits.parts}")
        raise WorkbookRefusedError(Finding("workbook-too-many-parts", found, most, _SAVE_AS))
    parts = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}
    if len(parts) != len(infos):
        twice = Text("文件内有重名的部件", "the file has two parts of one name")
        once = Text("每个部件只有一份", "each part once")
        raise WorkbookRefusedError(Finding("workbook-duplicate-parts", twice, once, _SAVE_AS))
    if any(info.flag_bits & 1 for info in infos):
        locked = Text("压缩包加了密码", "the package is encrypted")
        raise WorkbookRefusedError(Finding("workbook-encrypted", locked, _OPEN, _SAVE_AS))
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise damaged("压缩方式不是 Excel 所用的", "compressed in a way that Excel does not use")
    if (main := next(filter(workbook.fullmatch, parts), None)) is None:
        binary = "xl/workbook.bin" in parts
        found = (
            Text("二进制工作簿(.xlsb)", "a binary workbook (.xlsb)")
            if binary
            else Text("压缩包,不是 Excel 工作簿", "a package, but not a workbook")
        )
        raise WorkbookRefusedError(
            Finding("workbook-not-excel", found, Text(".xlsx 工作簿", "an .xlsx workbook"), _SAVE_AS)
        )
    inflated = sum(info.file_size for info in infos)
    steep = any(
        info.file_size > limits.ratio_from_bytes and info.file_size > limits.ratio * max(1, info.compress_size)
        for info in infos
    )
    if inflated > limits.inflated_bytes or steep:
        raise WorkbookRefusedError(_inflates(limits))
    return parts, main


def _inflates(limits: Limits) -> Finding:
    return Finding(
        "workbook-inflates",
        Text("解压后大得不正常", "unpacks to an abnormal size"),
        Text(f"解压后不超过 {limits.inflated_bytes >> 20} MB", f"at most {limits.inflated_bytes >> 20} MB unpacked"),
        Text(
            "删除整列整行的格式和空白单元格后另存;不是自己做的文件不要上传",
            "Clear formats of whole rows and columns and save again; do not upload files of unknown origin",
        ),
    )


def _refuse_entities(*_ignored: object) -> int:
    raise WorkbookRefusedError(
        Finding(
            "workbook-entities",
            Text("文件内定义了实体(DTD),Excel 从不这样写", "the file declares entities (DTD), which Excel never does"),
            Text("Excel 保存的 .xlsx", "an .xlsx saved by Excel"),
            _SAVE_AS,
        )
    )

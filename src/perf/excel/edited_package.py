"""A workbook package whose parts are changed one by one; what is not changed is copied as it stands."""

import io
import re
import zipfile

from perf.excel.guard import BROKEN
from perf.excel.package_xml import (
    UnfamiliarPackageError,
    attributes_of,
    children_of,
    decoded_part,
    end_tag,
    namespace_of,
    prefix_of,
    xml_text,
)

WORKBOOK_PART, STYLES_PART, TYPES_PART = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


class EditedPackage:
    """The parts that change are kept here as text, all others stay in the archive.

    `namespace` is that of the workbook's own elements, `office` that of its relations; strict files have others.
    """

    def __init__(self, content: bytes) -> None:
        """Open a package that was read and found sound.

        Raises:
            UnfamiliarPackageError: its workbook part is not built as spreadsheet programs build it.
        """
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self.names = {name.lower(): name for name in self.archive.namelist()}
        self.changed: dict[str, str] = {}
        self.dropped: set[str] = set()
        self.namespace = namespace_of(self.text(WORKBOOK_PART))
        self.office = _STRICT if "purl.oclc.org" in self.namespace else _OFFICE

    def text(self, part: str) -> str:
        """A part as text, as changed so far."""
        if part in self.changed:
            return self.changed[part]
        name = self.names.get(part.lower())
        if name is None:
            raise UnfamiliarPackageError(part)
        return decoded_part(self._read(self.archive.getinfo(name)))

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        try:
            return self.archive.read(info)
        except BROKEN as error:  # a picture that nobody read before
            raise UnfamiliarPackageError(info.filename) from error

    def has(self, part: str) -> bool:
        """Whether the package has the part."""
        return part in self.changed or part.lower() in self.names

    def free(self, pattern: str) -> str:
        """The first name of a pattern such as `xl/comments{}.xml` that no part has."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> tuple[str, list[dict[str, str]]]:
        """The part that holds the relations of `part`, and each of them by its attributes."""
        folder, _, name = part.rpartition("/")
        where = f"{folder}/_rels/{name}.rels"
        if not self.has(where):
            self.changed[where] = (
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships '
                'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
            )
        text = self._opened(where)
        return where, [attributes_of(text[c.start : text.index(">", c.start) + 1]) for c in children_of(text)]

    def relate(self, part: str, kind: str, target: str) -> str:
        """A further relation of `part` to `target`; its id."""
        where, known = self.relations(part)
        number = 1
        while f"rIdPerf{number}" in {one.get("Id") for one in known}:
            number += 1
        added = f'Id="rIdPerf{number}" Type="{self.office}/{kind}" Target="{xml_text(target)}"'
        self._append(where, "Relationship", added)
        return f"rIdPerf{number}"

    def declare(self, part: str, content_type: str) -> None:
        """Say in the list of types what a new part is."""
        self._append(TYPES_PART, "Override", f'PartName="/{part}" ContentType="{content_type}"')

    def _opened(self, part: str) -> str:
        """A list part whose root may have been written without an end tag of its own."""
        text = self.text(part)
        closed = re.sub(r"<((?:\w+:)?Relationships)\b([^>]*)/>\s*$", r"<\1\2></\1>", text)
        self.changed[part] = closed
        return closed

    def _append(self, part: str, tag: str, attributes: str) -> None:
        text = self._opened(part)
        cut = end_tag(text)
        self.changed[part] = f"{text[:cut]}<{prefix_of(text)}{tag} {attributes}/>{text[cut:]}"

    def written(self) -> bytes:
        """The package with its changes; parts in their order, new ones behind them.

        Raises:
            UnfamiliarPackageError: a part that is copied is damaged.
        """
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            changed = {part.lower(): text for part, text in self.changed.items()}
            for info in self.archive.infolist():
                if info.filename in self.dropped:
                    continue
                text = changed.pop(info.filename.lower(), None)
                content = self._read(info) if text is None else text.encode()
                made.writestr(zipfile.ZipInfo(info.filename, info.date_time), content, zipfile.ZIP_DEFLATED)
            for part, text in self.changed.items():
                if part.lower() in changed:
                    made.writestr(zipfile.ZipInfo(part), text.encode(), zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

"""Mapping files: which header of a workbook is which measure or column."""

from pathlib import Path

from perf.kernel.errors import WrongUse
from perf.kernel.text import Text
from perf.services.files import read_text
from perf.specs.yaml_nodes import Mapped, Scalar
from perf.specs.yaml_reader import read_yaml


def read_mapping(path: Path) -> dict[str, str]:
    """A mapping file: `header: measure code or role` by line."""
    documents, issues = read_yaml(path.name, read_text(path, bytes_max=1 << 20))
    if issues or len(documents) != 1 or not isinstance(documents[0], Mapped):
        raise WrongUse(
            Text(f"{path.name} 不是“表头: 数据项”的 YAML", f"{path.name} is no YAML of `header: measure`"), issues
        )
    entries = documents[0].entries
    return {key: node.text for key, node in entries.items() if isinstance(node, Scalar)}

"""`specs schema`: the JSON Schema of rule files, printed or written for editors."""

import json
from pathlib import Path

from perf.kernel.errors import NotFound
from perf.kernel.text import Text
from perf.services.files import write_atomically
from perf.specs.fields import close_match
from perf.specs.schema import SCHEMA_KINDS, json_schema
from perf.specs.schema_values import Json


def schema_of(kind: str) -> dict[str, Json]:
    """The schema of one kind.

    Raises:
        NotFound: no document kind is called so.
    """
    if kind not in SCHEMA_KINDS:
        near = close_match(kind, SCHEMA_KINDS)
        known = " ".join(SCHEMA_KINDS)
        raise NotFound(
            Text(f"没有“{kind}”这种文档。{near.zh} 可用:{known}", f"no kind {kind}; {near.en} known: {known}")
        )
    return json_schema(kind)


def write_schemas(folder: Path) -> tuple[str, ...]:
    """Write `KIND.schema.json` for every kind; the names written."""
    files = {f"{kind}.schema.json": json_schema(kind) for kind in SCHEMA_KINDS}
    texts = {name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in files.items()}
    write_atomically({folder / name: text for name, text in texts.items()})
    return tuple(texts)

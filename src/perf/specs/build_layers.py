"""`layer:` documents → layers."""

from perf.kernel.text import Text
from perf.specs.dates import read_days
from perf.specs.fields import Fields, code_of
from perf.specs.layer_models import Layer, Setting

LIBRARY = "library"
_SET = "set: {referred_down_share.points.through: [[0.5%, 0], [1.3%, 100]]}"


def build_layer(fields: Fields) -> Layer | None:
    """A layer; None where its code or its source is missing, or its dates are not legible."""
    code = code_of(fields, "layer")
    title = fields.title(required=False)
    before = len(fields.issues)
    first, last = read_days(fields, fields.node.place)
    is_legible = len(fields.issues) == before
    source = fields.get("source", example="{document: 县医共体〔2025〕7号, clause: 附件2}")
    over = fields.choice("over", ("", LIBRARY), "")
    is_given = fields.get("set", example=_SET[5:]) is not None
    settings = tuple(Setting(path, place, node) for path, place, node in (fields.pairs("set") if is_given else ()))
    fields.close()
    if not code or source is None or not is_legible:
        return None
    named = title if title.zh else Text(code)
    return Layer(code, named, first, last, source, over, settings, fields.node.place)

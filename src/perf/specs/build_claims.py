"""`derived:` of the step `apportion` → models."""

from perf.kernel.text import Text
from perf.specs.claim_models import Derived
from perf.specs.fields import Fields

_DERIVED = "{where: head == yes, by: mean(top(3, claims))}"


def read_derived(fields: Fields) -> tuple[Derived, ...]:
    """`derived: [{where: head == yes, by: mean(top(3, claims))}]`; empty where nothing is said."""
    found = list[Derived]()
    for node in fields.rows("derived", f"derived: [{_DERIVED}]"):
        mapped = fields.as_mapped(node, "derived", _DERIVED)
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text("derived"))
        where = inner.formula("where", example="head == yes")
        by = inner.formula("by", example="mean(top(3, claims))")
        inner.close()
        if where is not None and by is not None:
            found.append(Derived(where, by, mapped.place))
    return tuple(found)

"""Names that formulas have of their own: what they mean cannot be changed by a rule."""

FORMULA_WORDS = frozenset(
    {"value", "score", "total", "exact", "grade", "rank", "coefficient", "fund", "rest", "count"}
    | {"members", "peers", "claims", "parent", "owner", "provider", "receiver", "item", "and", "or", "not", "in"}
)

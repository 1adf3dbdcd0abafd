"""One step that shares by a coefficient everybody has, and the codes of what a ledger says."""

EQUAL = "  - apportion: {by: post_coefficient}"


def codes_of(ledger):
    return [issue.code for issue in ledger.issues]

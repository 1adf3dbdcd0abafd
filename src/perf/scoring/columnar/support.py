"""What the columnar evaluator leaves to the exact one."""


class NotColumnar(Exception):
    """A rule, or a shape of data, that the exact evaluator settles; never shown to anybody."""

"""The demonstration county 庐江: invented people and figures, made anew from small readable CSV."""

from perf.services.county.books import write_adjustments, write_workbooks

__all__ = ["write_adjustments", "write_workbooks"]

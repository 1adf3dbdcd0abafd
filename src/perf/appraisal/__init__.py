"""The month as one pure function, the cases of a rule book, and the view models of statements and scorecards."""

from perf.appraisal.month import ENGINE_VERSION, Appraisal, Prior, run_appraisal

__all__ = ["ENGINE_VERSION", "Appraisal", "Prior", "run_appraisal"]

"""PDF statements: drawn from view models; nothing is computed here."""

from perf.pdf.batch import statements_pdf
from perf.pdf.faces import missing_characters
from perf.pdf.statement import statement_pdf

__all__ = ["missing_characters", "statement_pdf", "statements_pdf"]

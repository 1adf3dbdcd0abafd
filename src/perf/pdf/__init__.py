"""PDF statements and rule books: drawn from view models; nothing is computed here."""

from perf.pdf.batch import Order, drawn
from perf.pdf.faces import missing_characters
from perf.pdf.rule_book import rule_book_pdf
from perf.pdf.statement import statement_pdf

__all__ = ["Order", "drawn", "missing_characters", "rule_book_pdf", "statement_pdf"]

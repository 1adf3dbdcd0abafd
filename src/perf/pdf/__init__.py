"""PDF statements: drawn from view models; nothing is computed here."""

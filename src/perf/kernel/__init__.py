"""Values that everybody shares: text, exact numbers, money, periods, identifiers, issues. Standard library only."""

"""Rules: YAML text → typed, dated, checked models; the form of cases; what must be computed before what."""

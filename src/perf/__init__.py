"""Appraisal and pay distribution for county medical consortia."""

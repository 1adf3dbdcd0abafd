"""Fonts, as files of the package."""

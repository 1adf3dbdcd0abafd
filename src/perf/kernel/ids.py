"""Typed identifiers, where two could be confused. All are text; staff numbers keep their leading zeros."""

from typing import NewType

SubjectId = NewType("SubjectId", str)
MeasureCode = NewType("MeasureCode", str)
IndicatorCode = NewType("IndicatorCode", str)
SchemeCode = NewType("SchemeCode", str)
DistributionCode = NewType("DistributionCode", str)
RunId = NewType("RunId", str)

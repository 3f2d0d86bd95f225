"""Whether the house would hold in an emergency: everything is looked at, nothing is mended, nothing is left behind."""

from deployments.doctor.examine import examine
from deployments.doctor.finding import Finding, Verdict, wrong_ones

__all__ = ["Finding", "Verdict", "examine", "wrong_ones"]
